"""Reports: asked for, frozen, laid out, issued as editions."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from app.domain.integrity import Taken
from app.domain.quarters import Quarter
from app.domain.refusals import DamagedError, NotReadyError, UnknownError
from app.reports.assemble.quarterly import assemble
from app.reports.snapshot import GapKind, canonical_json, digest, read_json
from app.services import findings, queue, reporting
from app.services.actor import OPERATOR, Actor
from app.services.reporting import Scope
from models import HistoryEntry, Job, Membership, PlannedWave, ReportIssue
from models.vocabulary import (
    Arm,
    ComparisonDesign,
    Door,
    ExperimentState,
    GateItem,
    GateState,
    JobState,
    Language,
    ReviewState,
    Role,
    Stage,
    Verdict,
)
from tests.cast import introduce
from tests.factories import (
    a_decision,
    a_gate,
    a_measurement,
    a_metric,
    a_place,
    a_review,
    a_stage_entry,
    an_experiment,
)

THIRD = Quarter(2026, 3)
TODAY, NOW = date(2026, 11, 24), datetime(2026, 11, 24, 15, tzinfo=UTC)
ES, EN = Language.ES, Language.EN


@pytest.fixture
def people(session):
    return introduce(session)


@pytest.fixture
def metric(session, people):
    experiment = an_experiment(session, people.peru, people.markets, people.inclusion)
    return a_metric(session, experiment)


def make(session, people, *, language=ES, programme=None, introduction="", quarter=THIRD):
    """Everything but the layout, which has its own tests."""
    scope = Scope(people.peru, programme, quarter)
    issue = reporting.begin(
        session, scope, language=language, introduction=introduction, by=OPERATOR
    )
    frozen = reporting.freeze(session, issue, assemble(session, issue, today=TODAY))
    name = frozen.file_name or f"{issue.id:064}.pdf"
    reporting.issue_edition(session, issue, file_name=name, by=OPERATOR, at=NOW)
    session.expire_all()
    return issue, frozen


def test_unchanged_facts_give_the_stored_edition_again(session, people, metric):
    first, _ = make(session, people)
    again, frozen = make(session, people)
    assert (first.edition, again.edition) == (1, 1)
    assert frozen.file_name == first.file_name
    assert again.file_sha256 == first.file_sha256


def test_a_changed_fact_gives_the_next_edition_and_leaves_the_first_as_it_was(
    session, people, metric
):
    first, _ = make(session, people)
    kept = first.snapshot_json
    a_measurement(session, metric, measured_on=date(2026, 9, 1))
    second, frozen = make(session, people)
    assert (second.edition, frozen.file_name) == (2, None)
    assert second.snapshot_sha256 != first.snapshot_sha256
    assert first.snapshot_json == kept


def test_the_same_snapshot_is_the_same_edition_whatever_was_issued_in_between(
    session, people, metric
):
    greeted, _ = make(session, people, introduction="Hola.")
    plain, _ = make(session, people)
    again, frozen = make(session, people, introduction="Hola.")
    plain_again, frozen_plain = make(session, people)
    english, frozen_english = make(session, people, introduction="Hola.", language=EN)
    assert [one.edition for one in (greeted, plain, again, plain_again, english)] == [1, 2, 1, 2, 1]
    assert frozen.file_name == greeted.file_name
    assert frozen_plain.file_name == plain.file_name
    assert frozen_english.file_name is None
    assert make(session, people, introduction="Otra.")[0].edition == 3


def test_both_languages_of_unchanged_facts_are_one_edition_in_two_files(session, people, metric):
    spanish, _ = make(session, people)
    english, frozen = make(session, people, language=EN)
    assert english.edition == spanish.edition == 1
    assert english.snapshot_sha256 == spanish.snapshot_sha256
    assert frozen.file_name is None


def test_a_reading_of_a_later_quarter_leaves_this_one_as_it_is(session, people, metric):
    make(session, people)
    a_measurement(session, metric, measured_on=date(2026, 10, 1))
    again, _ = make(session, people)
    snapshot = read_json(again.snapshot_json)
    assert snapshot.experiments[0].metrics[0].points == ()
    assert again.edition == 1


def test_the_heads_own_sentences_are_facts_too(session, people, metric):
    make(session, people)
    spoken, _ = make(session, people, introduction="A quiet quarter.")
    assert spoken.edition == 2


def test_a_programmes_report_counts_its_own_editions_and_experiments(session, people, metric):
    an_experiment(session, people.peru, people.inclusion)
    make(session, people)
    a_measurement(session, metric, measured_on=date(2026, 9, 1))
    make(session, people)
    alone, frozen = make(session, people, programme=people.markets)
    assert alone.edition == 1
    assert frozen.snapshot.scope == "PE-MERCADOS"
    assert len(frozen.snapshot.experiments) == 1


def test_another_offices_experiments_stay_out(session, people, metric):
    an_experiment(session, people.ecuador, people.galapagos)
    _, frozen = make(session, people)
    assert all(section.code.startswith("PE-") for section in frozen.snapshot.experiments)


def test_an_experiment_in_two_programmes_is_one_section(session, people, metric):
    _, frozen = make(session, people)
    shares = frozen.snapshot.experiments[0].programmes
    assert [share.code for share in shares] == ["PE-MERCADOS", "PE-INCLUSION"]


def test_a_verdict_is_told_as_it_stood_at_the_end_of_the_quarter(session, people):
    compared = an_experiment(
        session, people.peru, people.markets, comparison_design=ComparisonDesign.TWO_GROUPS
    )
    metric = a_metric(session, compared, minimum_meaningful_effect=Decimal("0.05"))

    def read(on, ours, theirs):
        a_measurement(session, metric, measured_on=on, successes=ours)
        a_measurement(session, metric, measured_on=on, successes=theirs, arm=Arm.COMPARISON)
        findings.recompute(session, compared, today=TODAY)
        session.expire_all()

    def told():
        scope = Scope(people.peru, None, THIRD)
        issue = reporting.begin(session, scope, language=ES, introduction="", by=OPERATOR)
        found = assemble(session, issue, today=TODAY).experiments
        return next(one for one in found if one.code == compared.code)

    read(date(2026, 8, 1), 120, 40)
    before = told()
    assert (before.verdict, before.metrics[0].finding.n) == (Verdict.SUPPORTED, 400)
    read(date(2026, 10, 2), 20, 120)
    assert compared.verdict is Verdict.HARM_SIGNAL
    assert told() == before


def test_a_section_holds_what_its_pictures_need_and_nothing_measured_later(session, people):
    compared = an_experiment(
        session,
        people.peru,
        people.markets,
        comparison_design=ComparisonDesign.TWO_GROUPS_BEFORE_AFTER,
        looks_planned=2,
    )
    metric = a_metric(session, compared, minimum_meaningful_effect=Decimal("0.05"))
    for name, month, day in (("first", 7, 1), ("second", 8, 20), ("third", 11, 1)):
        session.add(PlannedWave(metric_id=metric.id, name=name, due_on=date(2026, month, day)))
    for month, ours, theirs in ((3, 40, 50), (7, 100, 60), (10, 150, 60)):
        for arm, successes in zip(Arm, (ours, theirs), strict=True):
            given = {"measured_on": date(2026, month, 2), "arm": arm, "successes": successes}
            a_measurement(session, metric, **given)
        findings.recompute(session, compared, today=TODAY)
    session.expire_all()
    _issue, frozen = make(session, people)
    (section,) = frozen.snapshot.experiments
    (line,) = section.metrics
    assert section.first_measured_on == "2026-03-02"
    assert section.level_lacks == ("Say in the hypothesis why it should work.",)
    assert [wave.taken for wave in line.waves] == [Taken.DONE, Taken.MISSING, Taken.NOT_DUE]
    assert line.looked_on == ("2026-07-02",)
    assert (line.finding.as_of, line.finding.looks_planned) == ("2026-07-02", 2)
    assert [(each.arm, each.before, each.after, each.n) for each in line.finding.groups] == [
        (Arm.TREATMENT, "0.2", "0.5", 200),
        (Arm.COMPARISON, "0.25", "0.3", 200),
    ]


def test_a_section_holds_the_sites_that_were_pooled(session, people):
    at_sites = an_experiment(
        session, people.peru, people.markets, comparison_design=ComparisonDesign.SITES
    )
    metric = a_metric(session, at_sites, minimum_meaningful_effect=Decimal("0.05"))
    for ubigeo, name in (("080101", "Cusco"), ("210101", "Puno")):
        a_place(session, ubigeo, name)
        for arm, successes in zip(Arm, (100, 50), strict=True):
            a_measurement(session, metric, arm=arm, successes=successes, ubigeo=ubigeo)
    findings.recompute(session, at_sites, today=TODAY)
    session.expire_all()
    _issue, frozen = make(session, people)
    line = frozen.snapshot.experiments[0].metrics[0].finding
    assert [(site.name, site.weight) for site in line.sites] == [("Cusco", "0.5"), ("Puno", "0.5")]
    # Twice as many: the logarithm of 2.
    assert {round(float(site.estimate), 3) for site in line.sites} == {0.693}
    assert (line.tau2, line.i2) == ("0", "0")


def test_an_experiment_that_began_later_is_not_in_the_quarter(session, people, metric):
    future = datetime(2026, 10, 20, tzinfo=UTC)
    an_experiment(
        session, people.peru, people.markets, starts_on=date(2026, 10, 20), created_at=future
    )
    _, frozen = make(session, people)
    assert len(frozen.snapshot.experiments) == 1
    _, before = make(session, people, quarter=Quarter(2026, 1))
    assert before.snapshot.experiments == ()


def test_what_is_missing_is_printed_with_who_owes_it(session, people, metric):
    _, frozen = make(session, people)
    kinds = {gap.kind.value for gap in frozen.snapshot.gaps}
    assert {"no_hypothesis", "no_reading", "no_owner", "not_submitted"} <= kinds


def told_on(session, people, today, **how):
    asked = ReportIssue(office_id=people.peru.id, quarter=str(THIRD), introduction="")
    session.expire_all()
    return assemble(session, asked, today=today, **how)


def test_a_running_quarter_misses_only_what_was_due_by_the_day_it_is_told(session, people):
    made = an_experiment(
        session,
        people.peru,
        people.markets,
        state=ExperimentState.RUNNING,
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 8, 20),
    )
    a_stage_entry(
        session,
        made,
        state=ExperimentState.RUNNING,
        entered_at=datetime(2026, 4, 2, tzinfo=UTC),
    )
    a_decision(session, made, decided_on=date(2026, 6, 1), review_on=date(2026, 9, 10))
    a_measurement(session, a_metric(session, made), measured_on=date(2026, 5, 1))
    at_its_end = {
        GapKind.NOT_SUBMITTED,
        GapKind.NO_READING_THIS_QUARTER,
        GapKind.DECISION_REVIEW_OVERDUE,
    }

    def missing(today, **how):
        return {gap.kind for gap in told_on(session, people, today, **how).gaps} & at_its_end

    assert missing(date(2026, 8, 1)) == set()
    assert missing(date(2026, 9, 10)) == {GapKind.DECISION_REVIEW_OVERDUE}
    assert missing(date(2026, 9, 30)) == missing(TODAY) == at_its_end
    assert missing(date(2026, 8, 1), lists_awaited=True) == at_its_end


def test_a_running_quarter_is_told_the_same_until_something_falls_due(session, people):
    made = an_experiment(session, people.peru, people.markets)
    a_decision(session, made, decided_on=date(2026, 6, 1), review_on=date(2026, 9, 10))
    days = {
        date(2026, 8, 1): "2026-07-01",
        date(2026, 9, 9): "2026-07-01",
        date(2026, 9, 10): "2026-09-10",
        date(2026, 9, 29): "2026-09-10",
        date(2026, 9, 30): None,
        TODAY: None,
    }
    told = {day: told_on(session, people, day) for day in days}
    assert {day: one.told_until for day, one in told.items()} == days
    assert len({digest(one) for one in told.values()}) == 3
    assert b"told_until" not in canonical_json(told[TODAY])


def test_an_accepted_review_is_no_gap(session, people, metric):
    experiment = an_experiment(session, people.peru, people.markets)
    a_review(session, experiment, people.markets, state="accepted")
    _, frozen = make(session, people)
    owed = {gap.experiment for gap in frozen.snapshot.gaps if gap.programme}
    assert experiment.code not in owed


def test_the_gates_let_through_by_the_end_of_the_quarter_are_told(session, people):
    experiment = an_experiment(session, people.peru, people.markets)
    told = {
        "asked_by_id": people.staff.id,
        "decided_by_id": people.head.id,
        "missing": ["cost_recorded"],
        "overridden_because": "The sowing does not wait.",
    }
    in_time, late = datetime(2026, 9, 30, 20, tzinfo=UTC), datetime(2026, 10, 1, 20, tzinfo=UTC)
    through = {"state": GateState.LET_THROUGH, "resources_committed": "Two people."}
    a_gate(session, experiment, decided_at=in_time, **through, **told)
    a_gate(session, experiment, decided_at=late, **through, **told)
    a_gate(session, experiment, decided_at=in_time, state=GateState.SENT_BACK, **told)
    a_gate(session, experiment, asked_by_id=people.staff.id)
    _, frozen = make(session, people)
    (gate,) = frozen.snapshot.experiments[0].gates
    assert (gate.to_stage, gate.decided_on, gate.decided_by) == (
        Stage.GROW,
        "2026-09-30",
        "Hilda Torres",
    )
    assert gate.missing == (GateItem.COST_RECORDED,)
    assert (gate.overridden_because, gate.resources_committed) == (
        "The sowing does not wait.",
        "Two people.",
    )


def owed_by(frozen):
    owed = [gap for gap in frozen.snapshot.gaps if gap.programme]
    return {gap.programme: (gap.kind.value, gap.owed_by) for gap in owed}


@pytest.mark.parametrize(
    ("state", "owed"),
    [
        (None, ("not_submitted", "Rosa Quispe")),
        (ReviewState.DRAFT, ("not_submitted", "Rosa Quispe")),
        (ReviewState.RETURNED, ("review_not_accepted", "Rosa Quispe")),
        (ReviewState.SUBMITTED, ("no_review", "Otto Salas")),
    ],
)
def test_what_is_not_submitted_the_lab_owes_and_what_is_not_answered_the_officer(
    session, people, state, owed
):
    experiment = an_experiment(session, people.peru, people.markets, owner_id=people.staff.id)
    if state:
        a_review(session, experiment, people.markets, state=state)
    _, frozen = make(session, people)
    assert owed_by(frozen) == {"PE-MERCADOS": owed}


def test_a_draft_of_a_review_is_the_labs_own_and_changes_no_report(session, people, metric):
    experiment = an_experiment(session, people.peru, people.markets)
    _, before = make(session, people)
    a_review(session, experiment, people.markets, state=ReviewState.DRAFT, note="Not yet.")
    _, after = make(session, people)
    assert after.snapshot == before.snapshot


def test_an_answer_that_waits_to_be_given_anew_is_not_printed_as_the_answer(session, people):
    experiment = an_experiment(session, people.peru, people.markets)
    a_review(
        session,
        experiment,
        people.markets,
        comment="Say who measured it.",
        reviewed_by_id=people.officer.id,
        reviewed_at=NOW,
    )
    _, frozen = make(session, people)
    (told,) = frozen.snapshot.experiments[0].reviews
    assert (told.state, told.comment, told.reviewer) == (ReviewState.SUBMITTED, "", "")


def waiting(session, people):
    """Both programmes of an experiment have its review to answer."""
    experiment = an_experiment(session, people.peru, people.markets, people.inclusion)
    for programme in (people.markets, people.inclusion):
        a_review(session, experiment, programme)


def test_officers_of_the_whole_office_owe_it_too_and_disabled_ones_nothing(session, people):
    waiting(session, people)
    session.add(Membership(person=people.head, role=Role.OFFICER, office=people.peru))
    people.officer.disabled_at = people.other_officer.disabled_at = NOW
    _, frozen = make(session, people)
    assert {name for _kind, name in owed_by(frozen).values()} == {"Hilda Torres"}


def test_nobody_is_named_where_there_is_no_officer(session, people):
    waiting(session, people)
    people.officer.disabled_at = NOW
    _, frozen = make(session, people, programme=people.markets)
    assert owed_by(frozen) == {"PE-MERCADOS": ("no_review", "")}


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "reports"


def issued(session, people, folder, document=b"%PDF-1"):
    issue, _ = make(session, people)
    issue.file_name = reporting.keep_file(folder, document)
    return issue


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_bytes(b"x")])
def test_a_stored_file_lost_or_altered_is_laid_out_again_to_the_byte(
    session, people, metric, folder, harm
):
    issue = issued(session, people, folder)
    assert reporting.is_kept_whole(issue, folder=folder)
    harm(folder / issue.file_name)
    assert not reporting.is_kept_whole(issue, folder=folder)
    again = reporting.document_of(issue, folder=folder, lay_out=lambda _frozen: b"%PDF-1")
    assert again == b"%PDF-1"
    assert reporting.is_kept_whole(issue, folder=folder)


def test_a_document_that_comes_out_another_is_called_damaged_and_never_given(
    session, people, metric, folder
):
    issue = issued(session, people, folder)
    (folder / issue.file_name).write_bytes(b"altered")
    with pytest.raises(DamagedError, match="from a backup"):
        reporting.document_of(issue, folder=folder, lay_out=lambda _frozen: b"%PDF-2")
    assert [path.read_bytes() for path in folder.iterdir()] == [b"altered"]


def test_asking_twice_while_it_is_being_made_gives_the_one_under_way(session, people, metric):
    scope, by = Scope(people.peru, None, THIRD), Actor(people.head, Door.WEB)
    first = reporting.ask(session, scope, language=ES, introduction="", by=by)
    assert reporting.ask(session, scope, language=ES, introduction=" ", by=by) is first
    assert reporting.ask(session, scope, language=EN, introduction="", by=by) is not first
    assert len(session.scalars(select(Job)).all()) == 2


def test_a_cancelled_report_can_be_asked_for_again(session, people, metric):
    scope, by = Scope(people.peru, None, THIRD), Actor(people.head, Door.WEB)
    first = reporting.ask(session, scope, language=ES, introduction="", by=by)
    queue.cancel(session, session.get_one(Job, first.job_id), at=NOW)
    second = reporting.ask(session, scope, language=ES, introduction="", by=by)
    assert second.id != first.id
    assert session.get_one(Job, second.job_id).state is JobState.WAITING


def test_a_snapshot_once_kept_is_the_one_that_is_laid_out(session, people, metric):
    """A worker that takes a dead one's job goes on from the facts as they were frozen."""
    scope = Scope(people.peru, None, THIRD)
    issue = reporting.begin(session, scope, language=ES, introduction="", by=OPERATOR)
    first = reporting.freeze(session, issue, assemble(session, issue, today=TODAY))
    a_measurement(session, metric, measured_on=date(2026, 9, 1))
    session.expire_all()
    again = reporting.freeze(session, issue, assemble(session, issue, today=TODAY))
    assert again.snapshot == first.snapshot


def test_an_issued_edition_is_never_issued_again(session, people, metric):
    issue, _ = make(session, people)
    reporting.issue_edition(session, issue, file_name="0" * 64 + ".pdf", by=OPERATOR, at=NOW)
    assert issue.file_name == f"{issue.id:064}.pdf"
    events = session.scalars(select(HistoryEntry.event).order_by(HistoryEntry.id)).all()
    assert events == ["report.asked", "report.issued"]


def test_a_document_is_stored_under_its_digest_and_whole(tmp_path):
    name = reporting.keep_file(tmp_path / "reports", b"%PDF-")
    assert reporting.keep_file(tmp_path / "reports", b"%PDF-") == name
    assert [path.name for path in (tmp_path / "reports").iterdir()] == [name]
    assert (tmp_path / "reports" / name).read_bytes() == b"%PDF-"


def test_a_full_disk_leaves_no_half_document(tmp_path, monkeypatch):
    monkeypatch.setattr("os.fsync", lambda _fd: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(NotReadyError, match="could not be kept: full"):
        reporting.keep_file(tmp_path, b"%PDF-")
    assert list(tmp_path.iterdir()) == []


def test_assembling_costs_the_same_number_of_statements_however_large_the_portfolio(
    session, people, statements
):
    def cost():
        scope = Scope(people.peru, None, THIRD)
        issue = reporting.begin(session, scope, language=ES, introduction="", by=OPERATOR)
        session.flush()
        ids = issue.id
        session.expunge_all()
        statements.clear()
        assemble(session, session.get_one(ReportIssue, ids), today=TODAY)
        return len(statements)

    def grow(n):
        for _n in range(n):
            peru, markets = session.merge(people.peru), session.merge(people.markets)
            metric = a_metric(session, an_experiment(session, peru, markets))
            a_measurement(session, metric)

    grow(1)
    one = cost()
    grow(6)
    assert cost() == one


@pytest.mark.parametrize("write", [reporting.word_of, reporting.spreadsheet_of])
def test_what_is_made_on_demand_is_of_the_frozen_facts_whatever_was_recorded_since(
    session, people, metric, folder, write
):
    issue = issued(session, people, folder)
    first = write(reporting.issued_facts(issue))
    a_measurement(session, metric)
    people.peru.name = "Another name"
    session.flush()
    assert write(reporting.issued_facts(issue)) == first


@pytest.mark.parametrize("ending", reporting.OTHER_FILES)
def test_word_and_spreadsheet_are_kept_beside_the_pdf_and_made_again_when_lost(
    session, people, metric, folder, ending
):
    issue = issued(session, people, folder)
    made = reporting.OTHER_FILES[ending](reporting.issued_facts(issue))
    assert reporting.other_file_of(issue, ending, folder=folder) == made
    path = (folder / issue.file_name).with_suffix(ending)
    as_kept = BytesIO()
    with ZipFile(as_kept, "w") as archive:
        archive.writestr("kept", "as it was kept")
    path.write_bytes(as_kept.getvalue())
    assert reporting.other_file_of(issue, ending, folder=folder) == as_kept.getvalue()
    for damaged in (made[: len(made) // 2], made.replace(made[60:90], b"?" * 30), b""):
        path.write_bytes(damaged)
        assert reporting.other_file_of(issue, ending, folder=folder) == made


def test_a_word_document_tells_what_changed_since_the_edition_before(session, people, metric):
    make(session, people)
    a_measurement(session, metric)
    second, frozen = make(session, people)
    facts = reporting.issued_facts(second)
    assert facts.before is not None
    assert facts.before == frozen.before
    assert reporting.word_of(facts) != reporting.word_of(replace(facts, before=None))


def test_nothing_is_made_on_demand_of_what_is_not_issued(session, people, metric):
    scope = Scope(people.peru, None, THIRD)
    issue = reporting.begin(session, scope, language=ES, by=OPERATOR)
    with pytest.raises(UnknownError, match="no file yet"):
        reporting.issued_facts(issue)
