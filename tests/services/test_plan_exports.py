"""A plan that was written to a file and read again is the same plan."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.database import unit_of_work
from app.domain.plan_content import EvidencePiece, PartnerEntry, PlanContent, QuestionEntry
from app.queries.imports import page_of
from app.queries.plan_contents import content_of
from app.services import plans
from app.services.actor import OPERATOR
from app.services.import_reports import Choices
from app.services.imports import take_in, take_in_file
from app.services.plan_exports import ExportFormat, exported
from models import Office, Plan, Reflection
from models.vocabulary import ChallengeType, EvidenceKind, ImportStatus, Sector
from tests import backends
from tests.cast import Cast
from tests.exchange import real_inputs
from tests.exchange.real_inputs import FILES, needs_inputs

WHOLE = PlanContent(
    title="Mercados «digitales»",
    year=2025,
    challenge_type=ChallengeType.EXPLORATORY,
    statement="Nuestro desafío es que…\n\nDos párrafos.",
    background="# not a heading\n> not a quote\n- not a list",
    value_proposition="[[year:1999]] is text here",
    tweet="🌊 ¡Únete!",
    early_leads="Yanapaq",
    comments="Ñandú",
    thematic_areas=("digital inclusion", "gender"),
    sdgs=(5, 9),
    methods=("Pilots", "Co-creation"),
    data_sources=("surveys",),
    evidence=(EvidencePiece(EvidenceKind.QUANTITATIVE, "5.9 %"),),
    partners=(
        PartnerEntry("Agros", Sector.PRIVATE_SECTOR, "Title\nBackground", True),
        PartnerEntry("Yape", None, "", None),
        PartnerEntry("Municipalidad", Sector.GOVERNMENT, "", False),
    ),
    learning_questions=(
        QuestionEntry("¿Cómo?", ("explore", "grow"), ("Pilots",), "So", "New ones", "Many"),
        QuestionEntry("Who?"),
    ),
)
ONLY_IN_JSON = {
    "evidence": (
        EvidencePiece(EvidenceKind.QUALITATIVE, "A signal", "https://example.org/a"),
        EvidencePiece(EvidenceKind.QUANTITATIVE, "", "https://example.org/b"),
        EvidencePiece(EvidenceKind.QUANTITATIVE, "Twice"),
    )
}


def read_again(engine: Engine, text: str, *, name: str, office: str | None = None) -> None:
    with unit_of_work(engine) as session:
        choices = Choices(office_code=office, this_year=2026)
        reports = take_in(session, text, name=name, choices=choices, by=OPERATOR)
        assert {report.status for report in reports} == {ImportStatus.ADDED}


def the_only(session: Session) -> Plan:
    return plans.whole_plan(session, session.scalars(select(Plan.id)).one())


def written(engine: Engine, cast: Cast, content: PlanContent, as_format: ExportFormat) -> str:
    with unit_of_work(engine) as session:
        office = session.get_one(Office, cast.peru.id)
        plan = plans.add(session, office, content, by=OPERATOR)
        plan.submitted_at = datetime(2025, 12, 1, 10, 30, tzinfo=UTC)
        return exported(session, plan, as_format=as_format)


@pytest.mark.parametrize("as_format", list(ExportFormat))
def test_a_plan_comes_back_equal_from_its_file(
    engine: Engine, cast: Cast, as_format: ExportFormat
) -> None:
    content = replace(WHOLE, **ONLY_IN_JSON) if as_format is ExportFormat.JSON else WHOLE
    text = written(engine, cast, content, as_format)
    backends.empty(engine)
    read_again(engine, text, name="plan", office="PE")
    with unit_of_work(engine, writes=False) as session:
        assert content_of(the_only(session)).flat() == content.flat()


def test_json_brings_code_submission_and_office_along(engine: Engine, cast: Cast) -> None:
    text = written(engine, cast, WHOLE, ExportFormat.JSON).replace("-P01", "-P07")
    backends.empty(engine)
    read_again(engine, text, name="plan.json")
    with unit_of_work(engine, writes=False) as session:
        plan = the_only(session)
        assert plan.code == "PE-2025-P07"
        assert plan.office.code == "PE"
        assert plan.submitted_at == datetime(2025, 12, 1, 10, 30, tzinfo=UTC)


def test_an_export_that_is_still_here_is_unchanged(engine: Engine, cast: Cast) -> None:
    for as_format, title in zip(ExportFormat, ("One", "Two"), strict=True):
        text = written(engine, cast, replace(WHOLE, title=title), as_format)
        with unit_of_work(engine) as session:
            choices = Choices(office_code="PE", this_year=2026)
            (report,) = take_in(session, text, name="plan", choices=choices, by=OPERATOR)
            assert report.status is ImportStatus.UNCHANGED


def test_shares_of_time_that_do_not_add_up_are_told_with_their_numbers_and_kept_as_read(
    engine: Engine, cast: Cast
) -> None:
    document = json.loads(written(engine, cast, WHOLE, ExportFormat.JSON))
    shares = {"time_sense": 40, "time_explore": 30, "time_test": 20, "time_grow": 20}
    document["reflections"] = [{"title": WHOLE.title, "year": WHOLE.year, **shares}]
    backends.empty(engine)
    with unit_of_work(engine) as session:
        choices = Choices(office_code="PE", this_year=2026)
        text = json.dumps(document)
        _plan, form = take_in(session, text, name="plan.json", choices=choices, by=OPERATOR)
        (told,) = (flag for flag in form.flags if flag.field == "time_sense")
        assert "add up to 110 and not to 100 (40 + 30 + 20 + 20)" in str(told.message)
        reflection = session.scalars(select(Reflection)).one()
        assert [getattr(reflection, name) for name in shares] == [None] * 4
        kept = page_of(session, reflection_id=reflection.id)
        assert kept is not None
        assert shares.items() <= kept.fields.items()


def test_a_taken_code_gives_way_to_the_next(engine: Engine, cast: Cast) -> None:
    text = written(engine, cast, WHOLE, ExportFormat.JSON).replace("Mercados", "Ferias")
    read_again(engine, text, name="plan.json")
    with unit_of_work(engine, writes=False) as session:
        codes = session.scalars(select(Plan.code).order_by(Plan.code)).all()
        assert codes == ["PE-2025-P01", "PE-2025-P02"]


@needs_inputs
@pytest.mark.parametrize("name", [name for name in FILES if "experiments" not in name])
def test_real_plans_and_closing_forms_come_back_equal(
    engine: Engine, cast: Cast, name: str
) -> None:
    with unit_of_work(engine) as session:
        choices = Choices(office_code="PE", this_year=2026)
        take_in_file(session, real_inputs.content_of(name), name=name, choices=choices, by=OPERATOR)
        plan_id = session.scalar(select(Plan.id))
        if plan_id is None:
            reflection = session.scalars(select(Reflection)).one()
            office = session.get_one(Office, cast.peru.id)
            title = PlanContent(title=reflection.title, year=reflection.year or 2022)
            plan_id = plans.add(session, office, title, by=OPERATOR).id
            reflection.plan_id = plan_id
            session.flush()
        plan = plans.whole_plan(session, plan_id)
        first = exported(session, plan, as_format=ExportFormat.JSON)
    backends.empty(engine)
    read_again(engine, first, name="plan.json")
    with unit_of_work(engine, writes=False) as session:
        assert exported(session, the_only(session), as_format=ExportFormat.JSON) == first
