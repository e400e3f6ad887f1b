"""Forms taken in: once, complete, and never over what somebody wrote here."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, selectinload

from app.database import unit_of_work
from app.exchange.form_prompts import Form
from app.queries.imports import flags_of, page_of
from app.queries.plan_contents import content_of
from app.services import plans
from app.services.actor import OPERATOR
from app.services.import_reports import Choices, Correction, ImportReport, as_json
from app.services.imports import rehearsal, take_in, take_in_file
from models import (
    Base,
    Experiment,
    HistoryEntry,
    ImportedPage,
    Office,
    Partnership,
    Plan,
    Reflection,
    StageEntry,
)
from models.vocabulary import ChallengeType, ExperimentState, ImportStatus, PageKind, Sector, Stage
from tests import factories
from tests.cast import Cast
from tests.exchange import real_inputs
from tests.exchange.forms import page, partner_text, plan_text, question_text, quoted
from tests.exchange.real_inputs import FILES, SEED, needs_inputs

CHOICES = Choices(office_code="PE", year=2022, this_year=2026)
TEXT = plan_text(
    title="Mercados",
    challenge_type="BIG BET",
    statement="Our challenge is that markets have no internet.",
    tweet="Join in!",
    partners=partner_text("Agros", "Private Sector", "Advice", "Yes"),
    questions=question_text("How do sellers learn? Who teaches them?", "Explore, Test"),
)


def take(session: Session, text: str = TEXT, **choices: object) -> ImportReport:
    """The one report of a text with one form."""
    chosen = replace(CHOICES, **choices)
    (report,) = take_in(session, text, name="plan.txt", choices=chosen, by=OPERATOR)
    return report


def the_plan(session: Session) -> Plan:
    session.expire_all()
    return plans.whole_plan(session, session.scalars(select(Plan.id)).one())


def flags(report: ImportReport) -> dict[str, str]:
    return {flag["field"]: flag["message"] for flag in as_json(report)["flags"]}


def rows(session: Session) -> dict[str, int | None]:
    return {
        table.name: session.scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }


def test_a_form_becomes_a_draft_plan(session: Session, cast: Cast) -> None:
    report = take(session)
    assert (report.status, report.code) == (ImportStatus.ADDED, "PE-2022-P01")
    plan = the_plan(session)
    assert plan.challenge_type is ChallengeType.BIG_BET
    assert not plan.is_submitted
    assert [row.partner.name for row in plan.partnerships] == ["Agros"]
    assert plan.learning_questions[0].stages == ["explore", "test"]


def test_the_source_is_kept_whole_beside_the_plan(session: Session, cast: Cast) -> None:
    take(session)
    kept = page_of(session, plan_id=the_plan(session).id)
    assert kept is not None
    assert kept.text == TEXT
    assert kept.kind is PageKind.PLAN


def test_the_same_content_again_changes_nothing(session: Session, cast: Cast) -> None:
    take(session)
    before = rows(session)
    again = take(session, TEXT + "\n\n")
    assert (again.status, again.code) == (ImportStatus.UNCHANGED, "PE-2022-P01")
    assert rows(session) == before


def test_changed_content_of_the_same_title_updates_the_plan(session: Session, cast: Cast) -> None:
    take(session)
    question = the_plan(session).learning_questions[0].id
    report = take(session, TEXT.replace("Who teaches them?", "Who pays them?"))
    assert (report.status, report.code) == (ImportStatus.UPDATED, "PE-2022-P01")
    (row,) = the_plan(session).learning_questions
    assert row.id == question
    assert row.text == "How do sellers learn? Who pays them?"


def test_going_back_to_an_earlier_content_is_an_update_too(session: Session, cast: Cast) -> None:
    take(session)
    take(session, TEXT.replace("Join in!", "Come!"))
    assert take(session).status is ImportStatus.UPDATED
    assert the_plan(session).tweet == "Join in!"


def test_a_plan_changed_here_is_not_overwritten(session: Session, cast: Cast) -> None:
    take(session)
    plan = the_plan(session)
    mine = replace(content_of(plan), tweet="Mine")
    plans.edit(session, plan, mine, seen_version=plan.version, by=OPERATOR)
    before = rows(session)
    report = take(session, TEXT.replace("Join in!", "Theirs"))
    assert report.status is ImportStatus.REFUSED
    assert "PE-2022-P01 was changed here" in (as_json(report)["error"])
    assert the_plan(session).tweet == "Mine"
    assert rows(session) == before
    assert take(session).status is ImportStatus.UNCHANGED


def test_a_plan_written_here_is_not_overwritten(session: Session, cast: Cast) -> None:
    office = session.get_one(Office, cast.peru.id)
    factories.a_plan(session, office, title="Mercados", year=2022, statement="Mine")
    report = take(session)
    assert report.status is ImportStatus.REFUSED
    assert the_plan(session).statement == "Mine"


def test_a_question_experiments_answer_stays_when_the_file_drops_it(
    session: Session, cast: Cast
) -> None:
    asked = "Learning questions\n" + question_text("Who buys?")
    both = TEXT.replace("Closing\n", f"{asked}\nClosing\n")
    take(session, both)
    kept = the_plan(session).learning_questions[1]
    office = session.get_one(Office, cast.peru.id)
    factories.an_experiment(session, office, learning_question_id=kept.id)
    report = take(session, TEXT.replace("Join in!", "Come!"))
    assert report.status is ImportStatus.UPDATED
    assert "Who buys?" in flags(report)["learning_questions"]
    assert kept.id in [row.id for row in the_plan(session).learning_questions]


def test_a_rehearsal_tells_the_same_and_leaves_nothing(session: Session, cast: Cast) -> None:
    before = rows(session)
    with rehearsal(session):
        rehearsed = take(session, office_code="KE")
    assert rows(session) == before
    assert rehearsed.status is ImportStatus.ADDED
    assert flags(rehearsed) == flags(take(session, office_code="KE"))


def test_an_import_over_the_limits_is_kept_and_flagged(session: Session, cast: Cast) -> None:
    partners = "\n".join(partner_text(f"Partner {n}") for n in range(6))
    text = plan_text(title="Over", challenge_type="BIG BET", tweet="x" * 300, partners=partners)
    take(session)
    report = take(session, text)
    assert report.status is ImportStatus.ADDED
    assert flags(report).keys() >= {"tweet", "partners", "challenge_type"}
    plan = session.scalars(select(Plan).where(Plan.title == "Over")).one()
    assert len(plan.tweet) == 300
    stored = session.scalar(
        select(func.count()).select_from(Partnership).where(Partnership.plan_id == plan.id)
    )
    assert stored == 6


def test_kept_flags_can_be_said_in_spanish(session: Session, cast: Cast) -> None:
    take(session, year=None)
    kept = flags_of(page_of(session, plan_id=the_plan(session).id))
    assert [problem.field for problem in kept] == ["learning_questions", "year"]
    assert kept[1].message.values == {"year": "2026"}


def test_a_year_nobody_states_is_the_current_one_and_flagged(session: Session, cast: Cast) -> None:
    report = take(session, year=None)
    assert report.code == "PE-2026-P01"
    assert report.fields["year"] == 2026
    assert flags(report)["year"] == "No year is stated: taken as 2026."


def test_a_form_without_a_year_is_known_again_in_a_later_year(session: Session, cast: Cast) -> None:
    take(session, year=None)
    again = take(session, year=None, this_year=2027)
    assert (again.status, again.code) == (ImportStatus.UNCHANGED, "PE-2026-P01")


def test_the_page_states_the_year_unless_somebody_says_another(
    session: Session, cast: Cast
) -> None:
    tagged = "[[year:2021]]\n" + TEXT
    assert take(session, tagged, year=None).code == "PE-2021-P01"
    report = take(session, tagged, year=2022)
    assert report.code == "PE-2022-P01"
    assert flags(report)["year"] == "The page says 2021; it was taken in for 2022 as asked."


def test_the_country_of_the_page_names_the_office(session: Session, cast: Cast) -> None:
    report = take(session, "[[country:Perú]]\n" + TEXT, office_code=None)
    assert report.office_code == "PE"
    assert "country" not in flags(report)


def test_a_country_without_an_office_gets_one_and_is_flagged(session: Session, cast: Cast) -> None:
    report = take(session, "[[country:Kenya]]\n" + TEXT, office_code=None)
    assert report.code == "KE-2022-P01"
    assert "UNDP Kenya Accelerator Lab" in flags(report)["country"]
    assert session.scalars(select(Office.code).order_by(Office.code)).all() == ["EC", "KE", "PE"]


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        (TEXT, {"office_code": None}),
        ("[[country:Atlantis]]\n" + TEXT, {"office_code": None}),
        (TEXT, {"office_code": "XX"}),
    ],
    ids=["no country among two offices", "no such country", "no such office"],
)
def test_a_form_of_no_known_office_is_refused(
    session: Session, cast: Cast, text: str, choices: dict
) -> None:
    before = rows(session)
    report = take(session, text, **choices)
    assert report.status is ImportStatus.REFUSED
    assert report.fields["title"] == "Mercados"
    assert "ffice" in as_json(report)["error"]
    assert rows(session) == before


def test_a_form_without_a_country_is_known_again_among_several_offices(
    session: Session, cast: Cast
) -> None:
    take(session)
    again = take(session, office_code=None)
    assert (again.status, again.code) == (ImportStatus.UNCHANGED, "PE-2022-P01")


def test_the_only_office_is_taken_where_nothing_is_said(session: Session) -> None:
    session.add(Office(code="EC", name="UNDP Ecuador Accelerator Lab"))
    session.flush()
    assert take(session, office_code=None).code == "EC-2022-P01"


def test_the_first_office_may_be_the_country_the_challenge_names(session: Session) -> None:
    named = TEXT.replace("markets have", "markets in Peru have")
    report = take(session, named, office_code=None)
    assert report.code == "PE-2022-P01"
    assert "country" in flags(report)


def test_without_any_office_or_country_the_form_is_refused(session: Session) -> None:
    assert take(session, office_code=None).status is ImportStatus.REFUSED


def test_a_form_without_a_title_is_refused(session: Session, cast: Cast) -> None:
    report = take(session, TEXT.replace("\nMercados\n", "\n"))
    assert report.status is ImportStatus.REFUSED


BAD_FILES = {
    "no form": b"Dear all, see you on Monday.",
    "empty": b"",
    "blank": b" \n\n",
    "too large": b"x" * 20_000_000,
    "binary": bytes(range(256)) * 4,
    "wrong encoding": "Título ¿qué?".encode("utf-16-le"),
    "a PDF": b"%PDF-1.7 ...",
    "JSON of others": b'{"plans": []}',
    "broken JSON": b'{"format": ',
}


@pytest.mark.parametrize("content", BAD_FILES.values(), ids=BAD_FILES.keys())
def test_what_is_no_form_is_refused_with_a_sentence(
    session: Session, cast: Cast, content: bytes
) -> None:
    before = rows(session)
    (report,) = take_in_file(session, content, name="file.txt", choices=CHOICES, by=OPERATOR)
    assert report.status is ImportStatus.REFUSED
    assert report.kind is None
    assert len(as_json(report)["error"]) > 20
    assert rows(session) == before


def test_corrections_are_stored_and_do_not_make_another_content(
    session: Session, cast: Cast
) -> None:
    correction = Correction(
        challenge_type=ChallengeType.EXPLORATORY,
        sectors={1: Sector.ACADEMIA},
        split=frozenset({1}),
    )
    report = take(session, corrections={0: correction})
    plan = the_plan(session)
    assert plan.challenge_type is ChallengeType.EXPLORATORY
    assert plan.partnerships[0].sector is Sector.ACADEMIA
    assert [row.text for row in plan.learning_questions] == [
        "How do sellers learn?",
        "Who teaches them?",
    ]
    assert all(row.stages == ["explore", "test"] for row in plan.learning_questions)
    assert "learning_questions" not in flags(report)
    assert take(session).status is ImportStatus.UNCHANGED


CLOSING = page(
    quoted("insights", "Phones are shared.", Form.CLOSING),
    quoted("barriers", "The counterpart changed.", Form.CLOSING),
    tags=("type:learningplan", "country:Peru", "year:2023", "methods:Pilots"),
    heading="Mercados",
)


def test_a_closing_form_finds_the_plan_of_its_year_or_the_year_before(
    session: Session, cast: Cast
) -> None:
    take(session)
    report = take(session, CLOSING, year=None)
    assert (report.kind, report.code) == (PageKind.REFLECTION, "PE-2022-P01")
    reflection = session.scalars(select(Reflection)).one()
    assert (reflection.plan_id, reflection.year) == (the_plan(session).id, 2023)
    assert reflection.insights == "Phones are shared."
    assert reflection.methods == ["Pilots"]


def test_a_closing_form_waits_until_its_plan_arrives(session: Session, cast: Cast) -> None:
    report = take(session, CLOSING, year=None)
    assert report.status is ImportStatus.ADDED
    assert "waits" in flags(report)["title"]
    take(session)
    assert session.scalars(select(Reflection.plan_id)).one() == the_plan(session).id
    changed = take(session, CLOSING.replace("shared", "borrowed"), year=None)
    assert changed.status is ImportStatus.UPDATED


def test_a_closing_form_of_another_year_is_not_attached(session: Session, cast: Cast) -> None:
    take(session, year=2019)
    take(session, CLOSING, year=None)
    assert session.scalars(select(Reflection.plan_id)).one() is None


def test_the_same_closing_form_again_changes_nothing(session: Session, cast: Cast) -> None:
    take(session, CLOSING, year=None)
    before = rows(session)
    assert take(session, CLOSING, year=None).status is ImportStatus.UNCHANGED
    assert rows(session) == before


EXPERIMENT = page(
    quoted("learning_intent", "Whether messages teach.", Form.EXPERIMENT),
    quoted("hypothesis", "IF we write THEN sellers learn.", Form.EXPERIMENT),
    quoted("learning_question", "How do sellers learn? Who teaches them?", Form.EXPERIMENT),
    quoted("partner_names", "Agros, Yape", Form.EXPERIMENT),
    quoted("actual_cost_text", "USD 1,500", Form.EXPERIMENT),
    quoted("replication", "Anywhere.", Form.EXPERIMENT),
    tags=("type:experiment", "country:Peru", "year:2023", "experiment_status:Completed"),
    heading="Messages",
)


def test_an_experiments_form_becomes_an_experiment_under_its_question(
    session: Session, cast: Cast
) -> None:
    take(session)
    report = take(session, EXPERIMENT, year=None)
    assert (report.kind, report.code) == (PageKind.EXPERIMENT, "PE-2023-001")
    experiment = session.scalars(
        select(Experiment).options(
            selectinload(Experiment.hypotheses), selectinload(Experiment.partnerships)
        )
    ).one()
    assert experiment.learning_intent == "Whether messages teach."
    assert experiment.learning_question_id == the_plan(session).learning_questions[0].id
    assert experiment.state is ExperimentState.COMPLETED
    assert experiment.hypotheses[0].free_text == "IF we write THEN sellers learn."
    assert [row.partner.name for row in experiment.partnerships] == ["Agros", "Yape"]
    assert session.scalars(select(StageEntry.stage)).all() == [Stage.TEST]
    assert "stage" in flags(report)


def test_what_an_experiment_has_no_column_for_is_kept_with_its_page(
    session: Session, cast: Cast
) -> None:
    take(session, EXPERIMENT, year=None)
    kept = session.scalars(select(ImportedPage)).one()
    assert kept.fields["replication"] == "Anywhere."


def test_an_experiment_is_updated_until_somebody_changes_it_here(
    session: Session, cast: Cast
) -> None:
    take(session, EXPERIMENT, year=None)
    assert take(session, EXPERIMENT, year=None).status is ImportStatus.UNCHANGED
    changed = EXPERIMENT.replace("messages teach", "letters teach")
    assert take(session, changed, year=None).status is ImportStatus.UPDATED
    experiment = session.scalars(select(Experiment)).one()
    assert experiment.learning_intent == "Whether letters teach."
    experiment.title = "Letters"
    session.flush()
    again = EXPERIMENT.replace("messages teach", "songs teach").replace("# Messages", "# Letters")
    assert take(session, again, year=None).status is ImportStatus.REFUSED


def test_a_file_changes_nothing_of_a_registered_plan(session: Session, cast: Cast) -> None:
    take(session, EXPERIMENT, year=None)
    experiment = session.scalars(select(Experiment)).one()
    factories.a_registration(session, experiment)
    before = rows(session)
    changed = EXPERIMENT.replace("messages teach", "letters teach")
    report = take(session, changed, year=None)
    assert report.status is ImportStatus.REFUSED
    assert "This was registered on Apr 1, 2026" in str(as_json(report)["error"])
    assert rows(session) == before
    assert session.scalars(select(Experiment.learning_intent)).one() == "Whether messages teach."


def test_a_file_is_taken_in_whole_or_not_at_all(session: Session, cast: Cast) -> None:
    both = CLOSING.replace(
        "[[type:learningplan]]",
        "[[type:learningplan]]\n\n" + quoted("statement", "Our challenge is markets."),
    )
    office = session.get_one(Office, cast.peru.id)
    factories.a_plan(session, office, title="Mercados", year=2023, statement="Mine")
    before = rows(session)
    reports = take_in(
        session, both, name="both.md", choices=replace(CHOICES, year=None), by=OPERATOR
    )
    assert {report.kind for report in reports} == {PageKind.PLAN, PageKind.REFLECTION}
    assert all(report.is_refused for report in reports)
    assert "Another form" in " ".join(as_json(report)["error"] for report in reports)
    assert rows(session) == before


def test_every_import_is_told_in_the_history(session: Session, cast: Cast) -> None:
    take(session)
    take(session, TEXT.replace("Join in!", "Come!"))
    told = session.execute(
        select(HistoryEntry.subject, HistoryEntry.event).order_by(HistoryEntry.id)
    ).all()
    assert [tuple(row) for row in told] == [
        ("plan:PE-2022-P01", "plan.imported"),
        ("plan:PE-2022-P01", "plan.updated_from_file"),
    ]


@needs_inputs
@pytest.mark.parametrize("name", FILES)
def test_every_real_form_is_taken_in_once_with_every_word(
    session: Session, cast: Cast, name: str
) -> None:
    content, choices = real_inputs.content_of(name), replace(CHOICES, year=None)
    first = take_in_file(session, content, name=name, choices=choices, by=OPERATOR)
    assert {report.status for report in first} == {ImportStatus.ADDED}
    before = rows(session)
    again = take_in_file(session, content, name=name, choices=choices, by=OPERATOR)
    assert {report.status for report in again} == {ImportStatus.UNCHANGED}
    assert rows(session) == before


@needs_inputs
def test_the_seed_is_understood_completely(session: Session, cast: Cast) -> None:
    (report,) = take_in_file(
        session, real_inputs.content_of(SEED), name=SEED, choices=CHOICES, by=OPERATOR
    )
    assert (report.status, report.code, report.unmapped) == (ImportStatus.ADDED, "PE-2022-P01", [])
    plan = the_plan(session)
    assert plan.title == "Digitalization"
    assert plan.challenge_type is ChallengeType.BIG_BET
    assert [row.kind.value for row in plan.evidence] == ["quantitative", "qualitative"]
    partners = [
        (row.rank, row.partner.name, row.sector, row.new_and_unusual) for row in plan.partnerships
    ]
    assert partners == [
        (1, "Internet para Todos", Sector.PRIVATE_SECTOR, True),
        (2, "Prime Minister's Office", Sector.GOVERNMENT, False),
        (3, "Agros", Sector.PRIVATE_SECTOR, True),
        (4, "UNDP Chief Digital Office", Sector.UNITED_NATIONS, False),
        (5, "Pecha Kucha", Sector.CIVIL_SOCIETY, True),
    ]
    (question,) = plan.learning_questions
    assert question.stages == ["explore", "test", "grow"]
    assert question.text.startswith("What are quick wins")
    assert question.data_gaps.startswith("There is no current assessment")
    assert plan.early_leads.endswith("in the upcominh years.")


@needs_inputs
def test_real_forms_of_one_office_can_all_be_taken_in(engine: Engine, cast: Cast) -> None:
    for name in FILES:
        with unit_of_work(engine) as session:
            for report in take_in_file(
                session,
                real_inputs.content_of(name),
                name=name,
                choices=Choices(office_code="PE", this_year=2026),
                by=OPERATOR,
            ):
                assert not report.is_refused or "changed here" in str(report.error)
