"""Door 1: the pages. One module per noun; each has a blueprint of its own."""

from flask import Flask

from app.web import (
    account,
    advisor,
    comments,
    conclusions,
    decisions,
    desk,
    experiments,
    gates,
    health,
    hypotheses,
    layout,
    measurements,
    metrics,
    people,
    plan_imports,
    plan_reflections,
    plan_reports,
    plans,
    programmes,
    quarters,
    registration,
    removals,
    reports,
    review_submissions,
    reviews,
    stage_reports,
    steps,
)
from app.web.addresses import WholeConverter

PAGES = (
    account.pages,
    advisor.pages,
    comments.own,
    comments.pages,
    conclusions.pages,
    decisions.pages,
    desk.pages,
    experiments.pages,
    gates.pages,
    health.pages,
    hypotheses.pages,
    measurements.pages,
    metrics.pages,
    people.pages,
    plan_imports.pages,
    plan_reflections.pages,
    plan_reports.pages,
    plans.pages,
    programmes.pages,
    quarters.pages,
    registration.pages,
    removals.pages,
    reports.pages,
    review_submissions.pages,
    stage_reports.pages,
    reviews.pages,
    steps.pages,
)


def attach(app: Flask) -> None:
    """Open the pages and give templates what every page shows."""
    layout.attach(app)
    app.url_map.converters["int"] = WholeConverter
    for pages in PAGES:
        app.register_blueprint(pages)
