"""Closing forms: written once, changed by version, imported and exported whole."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.database import unit_of_work
from app.domain.plan_content import PartnerEntry
from app.domain.reflections import ReflectionContent
from app.domain.refusals import ChangedMeanwhileError, InvalidError, NotReadyError
from app.exchange.plan_documents import read_plan_document
from app.queries.plan_contents import reflection_content_of
from app.queries.plans import reflection_by_id
from app.queries.scope import EVERYTHING
from app.services import plans, reflections
from app.services.actor import OPERATOR, Actor
from app.services.import_reports import Choices
from app.services.imports import take_in
from app.services.plan_exports import ExportFormat, exported
from models import HistoryEntry, ImportedPage, Office, Partner, Plan, Reflection
from models.vocabulary import Door, HandoverOutcome, ImportStatus, Sector
from tests import backends, factories
from tests.cast import Cast
from tests.exchange import real_inputs
from tests.exchange.real_inputs import FILES, needs_inputs
from tests.services.test_imports import CLOSING
from tests.services.test_imports import TEXT as PLAN_TEXT

KEY = "6f1d2a54-2b0c-4a43-9f0e-0a5f4c1b7e11"
TOLD = ReflectionContent(
    insights=("Phones are shared.\nBy families.", "Cash stays."),
    links=("https://example.org/a", "https://example.org/b"),
    barriers="The counterpart changed.",
    time_sense=10,
    time_explore=20,
    time_test=60,
    time_grow=10,
    handover_outcomes=(HandoverOutcome.GOVERNMENT_ADOPTED, HandoverOutcome.OTHER),
    handover_detail="The ministry goes on.",
    methods=("Pilots", "Ethnography"),
    data_sources=("Surveys",),
    partners=(PartnerEntry("Agros", Sector.PRIVATE_SECTOR, "Training", new_and_unusual=True),),
    bonus="Together.",
    supporting_evidence="Annex 1",
)


def actor(cast: Cast) -> Actor:
    return Actor(person=cast.staff, door=Door.WEB)


def a_plan(session: Session, cast: Cast) -> Plan:
    return a_plan_of(session, cast, "Mercados", code="PE-2026-P01")


def a_plan_of(session: Session, cast: Cast, title: str, **given: Any) -> Plan:
    peru = session.get_one(Office, cast.peru.id)
    plan = factories.a_plan(session, peru, title=title, **given)
    return plans.whole_plan(session, plan.id)


def write(session: Session, cast: Cast, plan: Plan, **change: Any) -> Reflection:
    content = replace(TOLD, **change)
    return reflections.write(session, plan, content, by=actor(cast), key=KEY)


def stored(session: Session, reflection: Reflection) -> Reflection:
    session.expire_all()
    return reflection_by_id(session, reflection.id, scope=EVERYTHING)


def edit(session: Session, cast: Cast, row: Reflection, content: ReflectionContent) -> Reflection:
    seen = row.version
    return reflections.edit(session, row, content, seen_version=seen, by=actor(cast))


def told(session: Session, subject: str) -> list[HistoryEntry]:
    entries = select(HistoryEntry).where(HistoryEntry.subject == subject)
    return list(session.scalars(entries.order_by(HistoryEntry.id)))


def test_a_closing_form_is_stored_as_it_was_written(session: Session, cast: Cast) -> None:
    plan = a_plan(session, cast)
    row = stored(session, write(session, cast, plan))
    assert reflection_content_of(row) == TOLD
    assert (row.plan_id, row.office_id, row.title, row.year) == (
        plan.id,
        cast.peru.id,
        "Mercados",
        2026,
    )


def test_writing_is_told_in_the_history_of_the_plan(session: Session, cast: Cast) -> None:
    plan = a_plan(session, cast)
    write(session, cast, plan)
    (entry,) = told(session, f"plan:{plan.code}")
    assert (entry.event, entry.by_id) == ("plan.reflection_written", cast.staff.id)
    assert entry.changes["time_test"] == [None, 60]
    assert entry.changes["partners.1.name"] == [None, "Agros"]


def test_the_same_form_sent_twice_is_written_once(session: Session, cast: Cast) -> None:
    plan = a_plan(session, cast)
    first = write(session, cast, plan)
    assert write(session, cast, plan).id == first.id
    assert session.scalar(select(func.count()).select_from(Reflection)) == 1
    assert len(told(session, f"plan:{plan.code}")) == 1


def test_a_plan_has_one_closing_form(session: Session, cast: Cast) -> None:
    plan = a_plan(session, cast)
    write(session, cast, plan)
    with pytest.raises(NotReadyError, match="already"):
        write(session, cast, plan, barriers="Another story")
    with pytest.raises(NotReadyError, match="already"):
        reflections.write(session, plan, TOLD, by=actor(cast))


def test_the_key_of_another_plans_closing_form_writes_nothing(session: Session, cast: Cast) -> None:
    write(session, cast, a_plan(session, cast))
    with pytest.raises(NotReadyError):
        write(session, cast, a_plan_of(session, cast, "Another"))


def test_two_people_who_write_at_once_leave_one_closing_form(engine: Engine, cast: Cast) -> None:
    with unit_of_work(engine) as session:
        code = a_plan(session, cast).code

    def send(barriers: str) -> str:
        try:
            with unit_of_work(engine) as session:
                key = session.scalars(select(Plan.id).where(Plan.code == code)).one()
                plan = plans.whole_plan(session, key)
                content = replace(TOLD, barriers=barriers)
                reflections.write(session, plan, content, by=OPERATOR)
        except NotReadyError:
            return "refused"
        return "written"

    with ThreadPoolExecutor(2) as people:
        ends = sorted(people.map(send, ["Time.", "Money."]))
    assert ends == ["refused", "written"]
    with unit_of_work(engine, writes=False) as session:
        assert session.scalar(select(func.count()).select_from(Reflection)) == 1


def test_shares_that_do_not_make_a_hundred_are_refused_and_nothing_is_kept(
    session: Session, cast: Cast
) -> None:
    plan = a_plan(session, cast)
    with pytest.raises(InvalidError, match="add up to 99") as refused:
        write(session, cast, plan, time_test=59)
    assert [problem.field for problem in refused.value.problems] == ["time_sense"]
    assert session.scalar(select(func.count()).select_from(Reflection)) == 0


def test_editing_tells_what_was_and_what_is(session: Session, cast: Cast) -> None:
    plan = a_plan(session, cast)
    row = stored(session, write(session, cast, plan))
    version = row.version
    edit(session, cast, row, replace(TOLD, barriers="Time.", time_sense=20, time_grow=0))
    row = stored(session, row)
    assert (row.barriers, row.time_grow, row.version) == ("Time.", 0, version + 1)
    entry = told(session, f"plan:{plan.code}")[-1]
    assert entry.event == "plan.reflection_edited"
    assert entry.changes == {
        "barriers": ["The counterpart changed.", "Time."],
        "time_sense": [10, 20],
        "time_grow": [10, 0],
    }


def test_a_partner_alone_changed_raises_the_version(session: Session, cast: Cast) -> None:
    row = stored(session, write(session, cast, a_plan(session, cast)))
    version = row.version
    edit(session, cast, row, replace(TOLD, partners=(*TOLD.partners, PartnerEntry("Yape"))))
    row = stored(session, row)
    assert row.version > version
    assert [one.partner.name for one in row.partnerships] == ["Agros", "Yape"]


def test_saving_what_stands_already_changes_and_tells_nothing(session: Session, cast: Cast) -> None:
    plan = a_plan(session, cast)
    row = stored(session, write(session, cast, plan))
    version = row.version
    edit(session, cast, row, replace(TOLD, methods=("Ethnography", "Pilots")))
    assert stored(session, row).version == version
    assert len(told(session, f"plan:{plan.code}")) == 1


def test_a_stale_version_is_refused(session: Session, cast: Cast) -> None:
    row = stored(session, write(session, cast, a_plan(session, cast)))
    seen = row.version
    edit(session, cast, row, replace(TOLD, barriers="Time."))
    with pytest.raises(ChangedMeanwhileError):
        reflections.edit(session, row, TOLD, seen_version=seen, by=actor(cast))
    assert stored(session, row).barriers == "Time."


def test_correcting_the_accent_of_a_partner_corrects_the_organisation(
    session: Session, cast: Cast
) -> None:
    plan = a_plan(session, cast)
    row = write(session, cast, plan, partners=(PartnerEntry("Educacion"),))
    edit(session, cast, stored(session, row), replace(TOLD, partners=(PartnerEntry("Educación"),)))
    assert session.scalars(select(Partner.name)).all() == ["Educación"]


def imported(session: Session, text: str = CLOSING) -> Reflection:
    choices = Choices(office_code="PE", this_year=2026)
    take_in(session, text, name="closing.md", choices=choices, by=OPERATOR)
    return stored(session, session.scalars(select(Reflection)).one())


def test_an_imported_one_that_waits_for_its_plan_can_be_edited(
    session: Session, cast: Cast
) -> None:
    row = imported(session)
    content = replace(reflection_content_of(row), barriers="Time.")
    edit(session, cast, row, content)
    entry = told(session, f"reflection:{row.id}")[-1]
    assert entry.changes == {"barriers": ["The counterpart changed.", "Time."]}


def test_editing_an_imported_one_keeps_its_source_and_no_file_is_laid_over_it(
    session: Session, cast: Cast
) -> None:
    row = imported(session)
    before = session.scalars(select(ImportedPage)).one()
    source = (before.text, dict(before.fields), before.record_version)
    edit(session, cast, row, replace(reflection_content_of(row), barriers="Time."))
    page = session.scalars(select(ImportedPage)).one()
    assert (page.text, dict(page.fields), page.record_version) == source
    assert stored(session, row).version != page.record_version
    (report,) = take_in(
        session,
        CLOSING.replace("shared", "borrowed"),
        name="closing.md",
        choices=Choices(office_code="PE", this_year=2026),
        by=OPERATOR,
    )
    assert report.is_refused
    assert stored(session, row).barriers == "Time."


@needs_inputs
@pytest.mark.parametrize("name", FILES)
def test_saving_a_real_closing_form_untouched_keeps_it_to_the_letter(
    session: Session, cast: Cast, name: str
) -> None:
    choices = Choices(office_code="PE", this_year=2026)
    take_in(session, real_inputs.text_of(name), name=name, choices=choices, by=OPERATOR)
    for key in session.scalars(select(Reflection.id)).all():
        row = reflection_by_id(session, key, scope=EVERYTHING)
        columns = {each.key: getattr(row, each.key) for each in Reflection.__table__.columns}
        edit(session, cast, row, reflection_content_of(row))
        row = stored(session, row)
        assert {name: getattr(row, name) for name in columns} == columns


@pytest.mark.parametrize("share", [-1, 101, 10**12])
def test_a_file_of_ours_with_an_impossible_share_is_refused_by_its_place(
    session: Session, cast: Cast, share: int
) -> None:
    plan = a_plan(session, cast)
    write(session, cast, plan)
    text = exported(session, plan, as_format=ExportFormat.JSON)
    forged = text.replace('"time_sense": 10', f'"time_sense": {share}')
    with pytest.raises(InvalidError, match="time_sense"):
        read_plan_document(forged, name="plan.json")


def test_a_plan_with_a_closing_form_of_the_web_comes_back_equal_from_its_file(
    engine: Engine, cast: Cast
) -> None:
    with unit_of_work(engine) as session:
        plan = a_plan(session, cast)
        write(session, cast, plan)
        first = exported(session, plan, as_format=ExportFormat.JSON)
    backends.empty(engine)
    with unit_of_work(engine) as session:
        choices = Choices(office_code=None, this_year=2026)
        reports = take_in(session, first, name="plan.json", choices=choices, by=OPERATOR)
        assert {report.status for report in reports} == {ImportStatus.ADDED}
    with unit_of_work(engine, writes=False) as session:
        plan = plans.whole_plan(session, session.scalars(select(Plan.id)).one())
        assert exported(session, plan, as_format=ExportFormat.JSON) == first
        row = session.scalars(select(Reflection)).one()
        row = reflection_by_id(session, row.id, scope=EVERYTHING)
        assert (row.plan_id, reflection_content_of(row)) == (plan.id, TOLD)


def test_an_edited_import_is_exported_as_it_stands(session: Session, cast: Cast) -> None:
    choices = Choices(office_code="PE", year=2022, this_year=2026)
    take_in(session, PLAN_TEXT, name="plan.txt", choices=choices, by=OPERATOR)
    row = imported(session)
    edit(session, cast, row, replace(reflection_content_of(row), bonus="Together."))
    plan = plans.whole_plan(session, session.scalars(select(Plan.id)).one())
    document = exported(session, plan, as_format=ExportFormat.JSON)
    assert '"bonus": "Together."' in document
    assert '"insights": "Phones are shared."' in document
