"""Verdict, level and decision on the pages: what stands there, and that none of it is computed."""

import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.database import unit_of_work
from app.domain.decisions import Ruling
from app.domain.measurements import Circumstances, Numbers
from app.queries.experiments import experiment_by_code
from app.queries.scope import EVERYTHING
from app.services import findings, measurements
from app.services.actor import Actor
from app.services.decisions import record
from models import Decision, Experiment, Metric, PlannedWave
from models.vocabulary import Arm, ComparisonDesign, DecisionKind, Door, MetricRole, Verdict
from tests.cast import Cast
from tests.factories import (
    a_hypothesis,
    a_measurement,
    a_metric,
    a_registration,
    an_experiment,
)
from tests.pages import document_of, text_of

TODAY = date(2026, 10, 5)
DECIDED = {
    "kind": "grow",
    "decided_on": "2026-09-01",
    "people": "Head of experimentation",
    "reason": "The market asks for it.",
    "resources_committed": "USD 5000",
}


@pytest.fixture
def judged(engine, cast):
    """Two groups of 100 with a primary share, judged; ``judged(ours, theirs)`` gives the code."""

    def made(ours=60, theirs=20, **given):
        with unit_of_work(engine) as session:
            people = Cast(**{name: session.merge(row) for name, row in vars(cast).items()})
            experiment = an_experiment(
                session,
                people.peru,
                people.markets,
                comparison_design=ComparisonDesign.TWO_GROUPS,
                **given,
            )
            a_hypothesis(session, experiment)
            metric = a_metric(session, experiment, minimum_meaningful_effect=Decimal("0.1"))
            for arm, successes in zip(Arm, (ours, theirs), strict=True):
                a_measurement(session, metric, arm=arm, successes=successes, n=100)
            findings.recompute(session, experiment, today=TODAY)
            return experiment.code

    return made


def part_of(response, ident):
    (section,) = [one for one in document_of(response).iter() if one.get("id") == ident]
    return text_of(section)


def error_beside(response, name):
    for each in document_of(response).iter("p"):
        if each.get("id") == f"{name}-error":
            return text_of(each)
    return ""


def test_the_page_says_the_verdict_in_words_with_its_interval_and_its_limits(
    client_of, cast, judged
):
    said = part_of(client_of(cast.officer).get(f"/experiments/{judged()}"), "verdict")
    assert "Supported: the difference between the groups is 40 percentage points" in said
    assert "95% interval" in said
    assert "What this cannot tell you" in said
    assert "Evidence level 2 of 5" in said
    assert "Register the plan before the first measurement." in said


def test_integrity_stands_before_any_result(client_of, cast, judged):
    said = part_of(
        client_of(cast.officer).get(f"/experiments/{judged(sample_planned=300)}"), "verdict"
    )
    assert said.index("200 were measured and 300 were planned") < said.index("Not assessable:")


def test_the_list_shows_verdict_and_level_and_narrows_by_both(client_of, cast, judged):
    supported, harmed = judged(60, 20), judged(10, 40)
    reader = client_of(cast.officer)
    page = text_of(document_of(reader.get("/experiments")))
    assert "Harm signal" in page
    assert "level 2" in page

    def codes(query):
        shown = text_of(document_of(reader.get(f"/experiments?{query}")))
        return {code for code in (supported, harmed) if code in shown}

    assert codes("verdict=harm_signal") == {harmed}
    assert codes("verdict=supported&level=2") == {supported}
    assert codes("level=5") == set()
    assert codes("verdict=nonsense") == {supported, harmed}
    assert codes("sort=verdict") == {supported, harmed}


def test_a_decision_against_the_verdict_asks_why_beside_the_field(client_of, cast, judged, engine):
    code = judged(10, 40)
    head = client_of(cast.head)
    refused = head.submit(f"/experiments/{code}/decisions/new", DECIDED)
    assert refused.status_code == 422
    assert "say why you decide otherwise" in error_beside(refused, "against_because")
    head.submit(f"/experiments/{code}/decisions/new", DECIDED | {"against_because": "It rained."})
    with unit_of_work(engine, writes=False) as session:
        kept = session.scalars(select(Decision)).one()
        assert (kept.verdict, kept.against_because) == (Verdict.HARM_SIGNAL, "It rained.")
    page = part_of(head.get(f"/experiments/{code}"), "decisions")
    for said in ("Harm signal", "Against the verdict", "It rained."):
        assert said in page


def test_a_decision_keeps_the_verdict_as_it_stood(client_of, cast, judged, engine):
    code = judged(60, 20)
    with unit_of_work(engine) as session:
        experiment = experiment_by_code(session, code, scope=EVERYTHING)
        by = Actor(session.merge(cast.head), Door.WEB)
        ruling = Ruling(
            kind=DecisionKind.GROW,
            decided_on=TODAY,
            people="Hilda",
            reason="It works",
            resources_committed="USD 5000",
        )
        record(session, experiment, ruling, by=by, today=TODAY)
        metric = session.scalars(select(Metric)).one()
        for arm, successes in zip(Arm, (10, 60), strict=True):
            measurements.record(
                session,
                experiment,
                metric,
                Numbers(successes=successes, n=100),
                Circumstances(measured_on=date(2026, 9, 1), arm=arm),
                by=by,
                today=TODAY,
            )
    with unit_of_work(engine, writes=False) as session:
        assert session.scalars(select(Experiment)).one().verdict is Verdict.HARM_SIGNAL
        assert session.scalars(select(Decision)).one().verdict is Verdict.SUPPORTED


def test_a_guardrail_is_shown_by_its_margin(client_of, cast, judged, engine):
    code = judged()
    with unit_of_work(engine) as session:
        experiment = session.scalars(select(Experiment)).one()
        guard = a_metric(
            session,
            experiment,
            position=2,
            name="Sellers who keep accounts",
            role=MetricRole.GUARDRAIL,
            guardrail_margin=Decimal("0.05"),
        )
        for arm, successes in zip(Arm, (20, 60), strict=True):
            a_measurement(session, guard, arm=arm, successes=successes, n=100)
        findings.recompute(session, experiment, today=TODAY)
    said = part_of(client_of(cast.officer).get(f"/experiments/{code}"), "verdict")
    assert "Beyond its margin" in said
    assert "Harm signal" in said


def pictures_in(response, ident):
    (section,) = [one for one in document_of(response).iter() if one.get("id") == ident]
    return [one.get("class").split()[1] for one in section.iter() if one.get("role") == "img"]


def test_the_page_shows_the_pictures_its_facts_can_fill(client_of, cast, judged, engine):
    code = judged()
    with unit_of_work(engine) as session:
        a_registration(session, session.scalars(select(Experiment)).one())
        metric = session.scalars(select(Metric)).one()
        session.add(PlannedWave(metric_id=metric.id, name="end", due_on=date(2026, 6, 30)))
    page = client_of(cast.officer).get(f"/experiments/{code}")
    assert pictures_in(page, "registration") == ["registration-chart"]
    assert pictures_in(page, "verdict") == ["effect-forest"]
    assert pictures_in(page, "metrics") == ["waves-chart", "sparkline", "metric-chart"]


def test_every_name_of_a_picture_is_the_only_one_on_its_page(client_of, cast, judged):
    page = document_of(client_of(cast.officer).get(f"/experiments/{judged()}"))
    idents = [one.get("id") for one in page.iter() if one.get("id")]
    assert len(idents) == len(set(idents))


def test_the_head_lowers_a_level_with_a_reason(client_of, cast, judged):
    code, head = judged(), client_of(cast.head)
    refused = head.submit(f"/experiments/{code}/level", {"to": "1", "because": ""})
    assert refused.status_code == 422
    assert error_beside(refused, "because")
    head.submit(f"/experiments/{code}/level", {"to": "1", "because": "They talked"})
    said = part_of(head.get(f"/experiments/{code}"), "level")
    assert "Evidence level 1 of 5" in said
    assert "They talked" in said


def test_a_level_of_nought_cannot_be_lowered(client_of, cast, engine):
    with unit_of_work(engine) as session:
        people = Cast(**{name: session.merge(row) for name, row in vars(cast).items()})
        code = an_experiment(session, people.peru, people.markets).code
    page = text_of(document_of(client_of(cast.head).get(f"/experiments/{code}/level")))
    assert "cannot be lowered further" in page


def test_a_page_takes_as_many_statements_however_often_it_was_judged(
    client_of, cast, judged, engine, statements
):
    code, reader = judged(), client_of(cast.officer)

    def counted():
        statements.clear()
        reader.get(f"/experiments/{code}")
        return len(statements)

    few = counted()
    with unit_of_work(engine) as session:
        experiment = session.scalars(select(Experiment)).one()
        metric = session.scalars(select(Metric)).one()
        for day in range(1, 6):
            a_measurement(session, metric, measured_on=date(2026, 8, day), successes=60 + day)
            findings.recompute(session, experiment, today=TODAY)
    assert counted() == few


FRESH = """
import re
import sys
from pathlib import Path
from app.factory import create_app
from app.config import Settings
from tests.cast import PASSWORD
app = create_app(Settings(instance=Path({instance!r}), secret_key={secret!r}, database_url={url!r}))
app.testing = True
client = app.test_client()
page = client.get("/sign-in").text
token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page).group(1)
form = {{"csrf_token": token, "email": {email!r}, "password": PASSWORD}}
print(client.post("/sign-in", data=form).status_code)
for path in ("/experiments", "/experiments?verdict=supported", "/experiments/{code}", "/advisor"):
    print(client.get(path).status_code)
print("scipy" in sys.modules, "numpy" in sys.modules)
"""


def test_lists_and_pages_never_load_scipy(engine, settings, cast, judged):
    code = judged()
    script = FRESH.format(
        instance=str(settings.instance),
        secret=settings.secret_key
        if isinstance(settings.secret_key, str)
        else settings.secret_key.get_secret_value(),
        url=settings.database_url,
        email=cast.officer.email,
        code=code,
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=120
    )
    assert ran.stdout.split() == ["303", "200", "200", "200", "200", "False", "False"], ran.stderr
