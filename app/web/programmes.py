"""Programmes: what is tried in them, at which stage, and how its review stands."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.clock import today
from app.database import current_session
from app.domain.quarters import quarter_of
from app.queries.programmes import experiments_of, programme_by_code, programme_lines
from app.queries.reviews import review_queue
from app.queries.scope import Scope
from app.security.guards import requires
from app.security.login import current_person
from app.security.permissions import Permission
from app.security.policy import scope_of
from app.web.history import entries_shown
from app.web.record_history import record_history
from models.vocabulary import Stage

pages = Blueprint("programmes", __name__, url_prefix="/programmes")


@pages.get("")
@requires(Permission.READ_PORTFOLIO)
def index() -> ResponseReturnValue:
    """Every programme open to the reader, with its experiments by stage."""
    lines = programme_lines(current_session(), scope=scope_of(current_person()))
    return render_template("programmes/index.html", lines=lines, stages=list(Stage))


@pages.get("/<code>")
@requires(Permission.READ_PORTFOLIO)
def show(code: str) -> ResponseReturnValue:
    """One programme, its experiments and the current quarter's reviews."""
    session = current_session()
    programme = programme_by_code(session, code, scope=scope_of(current_person()))
    quarter = quarter_of(today())
    queue = review_queue(
        session, quarter=quarter, scope=Scope(programme_ids=frozenset({programme.id}))
    )
    return render_template(
        "programmes/show.html",
        programme=programme,
        links=experiments_of(session, programme),
        reviews={line.experiment.id: line for line in queue},
        quarter=quarter,
        stages=list(Stage),
        history=record_history(entries_shown(f"programme:{programme.code}")),
    )
