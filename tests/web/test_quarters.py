"""Closing a quarter through its pages."""

from datetime import UTC, datetime, timedelta

import pytest
from babel.dates import format_date
from sqlalchemy import func, select

from app.clock import now, today
from app.database import unit_of_work
from app.domain.quarters import Quarter, quarter_of
from app.queries.experiments import experiment_by_code
from app.queries.quarters import newest_closing
from app.queries.scope import EVERYTHING
from app.reports.assemble.readiness import as_it_stands
from app.reports.snapshot import GapKind, read_json
from models import (
    Closing,
    Measurement,
    Membership,
    Metric,
    Nudge,
    OfficeQuarter,
    Person,
    QuarterException,
)
from models.vocabulary import ExperimentState, Language, Role, Stage
from tests.cast import PASSWORD_HASH
from tests.factories import (
    a_closing,
    a_measurement,
    a_metric,
    a_plan,
    a_quarter_exception,
    a_stage_entry,
    an_experiment,
)
from tests.pages import document_of, text_of

LAST = quarter_of(today()).previous
WITHIN = LAST.starts_on.replace(day=10)
PAGE = f"/quarters/{LAST}"


@pytest.fixture
def code(engine, cast):
    """An experiment of Rosa's that ran last quarter, with a reading."""
    with unit_of_work(engine) as session:
        peru, markets = session.merge(cast.peru), session.merge(cast.markets)
        one = an_experiment(
            session,
            peru,
            markets,
            starts_on=LAST.starts_on,
            stage=Stage.TEST,
            state=ExperimentState.RUNNING,
            owner_id=cast.staff.id,
        )
        entered_at = datetime.combine(LAST.starts_on, datetime.min.time(), tzinfo=UTC)
        a_stage_entry(
            session, one, stage=Stage.TEST, state=ExperimentState.RUNNING, entered_at=entered_at
        )
        a_measurement(session, a_metric(session, one), measured_on=WITHIN)
        return one.code


@pytest.fixture
def head(client_of, cast):
    return client_of(cast.head)


def close(head):
    assert (
        head.submit(PAGE, {}, action=f"{PAGE}/begin?office=PE", follow_redirects=False).status_code
        == 303
    )
    assert (
        head.submit(
            f"{PAGE}/close", {}, action=f"{PAGE}/close?office=PE", follow_redirects=False
        ).status_code
        == 303
    )


def log(client, code, day=WITHIN):
    sent = {"successes": "60", "n": "200", "measured_on": day.isoformat()}
    return client.submit(f"/experiments/{code}/readings/new", sent, follow_redirects=False)


def test_the_head_closes_a_quarter_from_its_page(head, code):
    page = head.get(PAGE)
    assert "It is open" in page.text
    close(head)
    page = head.get(PAGE)
    assert "Frozen. Nothing dated in it" in page.text
    assert "Closing" in page.text


def test_before_closing_the_head_sees_what_is_frozen_and_what_stays_missing(head, code):
    head.submit(PAGE, {}, action=f"{PAGE}/begin?office=PE")
    page = head.get(f"{PAGE}/close")
    assert "One action for all experiments" in page.text
    assert "Missing, and printed as missing" in page.text


@pytest.mark.parametrize("part", ["staff", "head"])
def test_nobody_logs_a_reading_into_a_closed_quarter(engine, cast, client_of, head, code, part):
    close(head)
    answer = log(client_of(getattr(cast, part)), code)
    assert answer.status_code == 409
    assert f"{LAST} is closed since" in answer.text
    with unit_of_work(engine, writes=False) as session:
        assert session.scalar(select(func.count()).select_from(Measurement)) == 1


def test_the_form_says_before_one_types_that_the_quarter_is_closed(client_of, cast, head, code):
    close(head)
    page = client_of(cast.staff).get(f"/experiments/{code}/readings/new")
    assert f"{LAST} is closed since" in page.text
    assert f'value="{today().isoformat()}"' in page.text


def test_the_metric_form_says_beside_the_baseline_that_its_quarter_is_closed(
    engine, client_of, cast, head, code
):
    with unit_of_work(engine) as session:
        metric = session.scalars(select(Metric)).one()
        metric.baseline_on = WITHIN
        session.flush()
        form = f"/experiments/{code}/metrics/{metric.id}/edit"
    staff = client_of(cast.staff)
    assert "is closed since" not in staff.get(form).text
    close(head)
    for page in (form, f"/experiments/{code}/metrics/new"):
        [group] = [
            part for part in staff.get(page).text.split("<fieldset") if "Where it starts" in part
        ]
        assert f"{LAST} is closed since" in group.split("</fieldset>")[0]
    answer = staff.submit(form, {"baseline": "30"}, action=form, follow_redirects=False)
    assert answer.status_code == 409
    assert staff.submit(form, {"unit": "stalls"}, action=form).status_code == 200
    with unit_of_work(engine, writes=False) as session:
        assert session.scalars(select(Metric)).one().unit == "stalls"


def test_the_quarter_of_the_baseline_is_named_however_many_were_closed_since(
    engine, client_of, cast, code
):
    quarters = [LAST.previous.previous, LAST.previous, LAST]
    with unit_of_work(engine) as session:
        metric = session.scalars(select(Metric)).one()
        metric.baseline_on = quarters[0].starts_on
        for one in quarters:
            a_closing(session, session.merge(cast.peru), one)
        session.flush()
        form = f"/experiments/{code}/metrics/{metric.id}/edit"
    page = client_of(cast.staff).get(form).text
    assert page.index(f"{quarters[0]} is closed since") < page.index(f"{LAST} is closed since")


def test_an_exception_opens_the_quarter_to_its_experiment(engine, cast, client_of, head, code):
    close(head)
    with unit_of_work(engine, writes=False) as session:
        from_list = session.scalar(select(Measurement.metric_id))
    assert from_list
    page = head.get(PAGE)
    value = page.text.split(f">{code} ·")[0].rsplit('value="', 1)[1].split('"')[0]
    until = (today() + timedelta(days=7)).isoformat()
    answer = head.submit(
        PAGE, {"experiment": value, "until": until, "reason": "Came late."}, follow_redirects=False
    )
    assert answer.status_code == 303
    page = head.get(PAGE)
    assert "Came late." in page.text
    day = format_date(today() + timedelta(days=7), "medium", locale="en")
    assert f"the end of {day}" in page.text
    assert log(client_of(cast.staff), code).status_code == 303


def test_the_head_ends_an_exception_and_nothing_more_is_written(
    engine, cast, client_of, head, code
):
    close(head)
    with unit_of_work(engine) as session:
        row = session.scalars(select(OfficeQuarter)).one()
        one = experiment_by_code(session, code, scope=EVERYTHING)
        given = a_quarter_exception(session, row.id, one, until=now() + timedelta(days=3))
        action = f"{PAGE}/exceptions/{given.id}/end?office=PE"
    assert action not in client_of(cast.staff).get(PAGE).text
    assert "Exception ended" in head.submit(PAGE, {}, action=action).text
    assert action not in head.get(PAGE).text
    assert log(client_of(cast.staff), code).status_code == 409


def test_an_exception_without_a_day_says_so_beside_the_field(engine, head, code):
    close(head)
    answer = head.submit(PAGE, {"reason": "Came late."}, action=f"{PAGE}/exceptions?office=PE")
    assert answer.status_code == 422
    assert "An exception ends on a day to come." in answer.text
    assert "Came late." in answer.text
    with unit_of_work(engine, writes=False) as session:
        assert session.scalar(select(func.count()).select_from(QuarterException)) == 0


def test_a_correction_is_listed_above_the_edition_it_supersedes(engine, cast, head, code):
    close(head)
    with unit_of_work(engine) as session:
        metric_id = session.scalar(select(Measurement.metric_id))
        session.add(
            Measurement(metric_id=metric_id, measured_on=WITHIN, successes=9, n=10, arm="treatment")
        )
    answer = head.submit(
        PAGE,
        {"correction": "One was missed."},
        action=f"{PAGE}/corrections?office=PE",
        follow_redirects=False,
    )
    assert answer.status_code == 303
    page = head.get(PAGE).text
    assert page.index("Correction 1") < page.index("Superseded")
    assert "One was missed." in page


def test_the_head_sees_what_a_correction_would_change_before_freezing_it(engine, head, code):
    close(head)
    address = f"{PAGE}/differences"
    assert "nothing to correct" in head.get(address).text
    with unit_of_work(engine) as session:
        metric_id = session.scalar(select(Measurement.metric_id))
        session.add(
            Measurement(metric_id=metric_id, measured_on=WITHIN, successes=9, n=10, arm="treatment")
        )
    page = head.get(address).text
    assert code in page
    assert "90%" in page
    assert "nothing to correct" not in page


def test_a_correction_of_nothing_is_refused_and_what_was_typed_stays(engine, head, code):
    close(head)
    answer = head.submit(PAGE, {"correction": "Just so."}, action=f"{PAGE}/corrections?office=PE")
    assert answer.status_code == 409
    assert "nothing to correct" in answer.text
    assert "Just so." in answer.text
    with unit_of_work(engine, writes=False) as session:
        assert session.scalar(select(func.count()).select_from(Closing)) == 1


def test_a_second_head_who_closes_too_is_told_and_closes_nothing(engine, head, code):
    head.submit(PAGE, {}, action=f"{PAGE}/begin?office=PE")
    page = head.get(f"{PAGE}/close")
    token = page.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    sent = {"csrf_token": token}
    assert head.post(f"{PAGE}/close?office=PE", data=sent).status_code == 303
    answer = head.post(f"{PAGE}/close?office=PE", data=sent)
    assert answer.status_code == 409
    assert "closed meanwhile" in answer.text
    with unit_of_work(engine, writes=False) as session:
        assert session.scalar(select(func.count()).select_from(Closing)) == 1


def test_the_introduction_is_kept_and_frozen(engine, cast, head, code):
    head.submit(PAGE, {"introduction": "A dry quarter."})
    assert "A dry quarter." in head.get(PAGE).text
    close(head)
    with unit_of_work(engine, writes=False) as session:
        closing = newest_closing(session, cast.peru.id, str(LAST))
        assert read_json(closing.snapshot_json).introduction == "A dry quarter."


def test_two_heads_writing_the_introduction_see_both_versions(head, code):
    head.submit(PAGE, {"introduction": "The first."})
    page = head.get(PAGE)
    head.submit(PAGE, {"introduction": "The second."})
    token = page.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    sent = {"csrf_token": token, "version": "1", "introduction": "The third."}
    answer = head.post(f"{PAGE}/introduction?office=PE", data=sent)
    assert answer.status_code == 409
    assert "The second." in answer.text
    assert "The third." in answer.text


def test_who_owes_something_is_nudged_from_the_list(engine, cast, head, code):
    head.submit(PAGE, {}, action=f"{PAGE}/begin?office=PE")
    page = head.get(PAGE)
    assert code in page.text
    action = f"{PAGE}/nudge?person={cast.staff.id}&office=PE"
    assert head.submit(PAGE, {}, action=action, follow_redirects=False).status_code == 303
    with unit_of_work(engine, writes=False) as session:
        assert session.scalars(select(Nudge.person_id)).all() == [cast.staff.id]
    assert "Nudged on" in head.get(PAGE).text


def test_the_list_puts_what_the_quarter_waits_for_above_the_folded_standing_gaps(
    engine, cast, head, code
):
    with unit_of_work(engine) as session:
        old = an_experiment(
            session,
            session.merge(cast.peru),
            session.merge(cast.markets),
            starts_on=LAST.previous.starts_on,
            ends_on=LAST.previous.ends_on,
            state=ExperimentState.COMPLETED,
            owner_id=cast.staff.id,
        ).code
        told = as_it_stands(session, cast.peru.id, str(LAST), today=today()).gaps
    [awaited] = [gap for gap in told if gap.kind is GapKind.NOT_SUBMITTED]
    assert awaited.experiment == code
    [missing] = document_of(head.get(PAGE)).iterfind(".//section[@id='missing']")
    page = text_of(missing)
    assert f"1 thing for this quarter · {len(told) - 1} standing gaps" in page
    assert page.index("submit") < page.index(f"Also missing in {code}:")
    assert page.index(f"Also missing in {code}:") < page.index(f"Also missing in {old}:")
    assert len(missing.findall(".//li")) == len(told)


def test_an_officer_sees_what_concerns_their_programmes_only(engine, cast, client_of, code):
    with unit_of_work(engine) as session:
        other = an_experiment(
            session,
            session.merge(cast.peru),
            session.merge(cast.inclusion),
            starts_on=LAST.starts_on,
            state=ExperimentState.RUNNING,
            owner_id=cast.staff.id,
        ).code
    page = client_of(cast.officer).get(PAGE).text
    assert f">{code}</a>" in page
    assert other not in page
    assert "Begin to close" not in page


def test_the_head_of_another_office_finds_nothing_there(engine, cast, client_of, code):
    with unit_of_work(engine) as session:
        hector = Person(
            email="hector@example.org",
            name="Hector Luna",
            password_hash=PASSWORD_HASH,
            language=Language.EN,
            memberships=[Membership(role=Role.HEAD, office=session.merge(cast.ecuador))],
        )
        session.add(hector)
    client = client_of(hector)
    assert client.get(f"{PAGE}?office=PE").status_code == 404
    assert "Ecuador" in client.get(f"/quarters/{quarter_of(today())}").text


@pytest.fixture
def began_last_quarter(engine, cast):
    """Nothing of the office is from before the quarter that ended last."""
    with unit_of_work(engine) as session:
        an_experiment(
            session,
            session.merge(cast.peru),
            starts_on=WITHIN,
            created_at=datetime.combine(WITHIN, datetime.min.time(), tzinfo=UTC),
        )


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize(
    "asked", ["1990-Q1", LAST.previous, quarter_of(today()).next, Quarter(2090, 1), "soon"]
)
@pytest.mark.usefixtures("began_last_quarter")
def test_a_quarter_the_office_cannot_have_does_not_exist(head, asked, language):
    head.get(f"/?lang={language}")
    token = document_of(head.get("/account")).find(".//input[@name='csrf_token']").get("value")
    shown = head.get(f"/quarters/{asked}")
    written_to = head.post(f"/quarters/{asked}/begin", data={"csrf_token": token})
    for refused in (shown, written_to):
        assert refused.status_code == 404
        assert f"{LAST}" in refused.text


@pytest.mark.usefixtures("began_last_quarter")
def test_the_list_links_the_quarters_since_the_first_plan_or_experiment(engine, cast, head):
    def linked():
        links = [each.get("href") or "" for each in document_of(head.get("/quarters")).iter("a")]
        return [link for link in links if link.startswith("/quarters/")]

    assert [str(quarter_of(today())), str(LAST)] == [link[10:17] for link in linked()]
    with unit_of_work(engine) as session:
        a_plan(session, session.merge(cast.peru), year=LAST.year - 2)
    assert linked()[-1].startswith(f"/quarters/{LAST.year - 2}-Q1")
    for link in (linked()[0], linked()[-1]):
        assert head.get(link).status_code == 200


def test_an_office_without_anything_has_the_present_quarter_only(client_of, cast, head):
    assert head.get(f"/quarters/{quarter_of(today())}").status_code == 200
    assert head.get(PAGE).status_code == 404
    assert f"{LAST} is not closed yet" not in head.get("/").text


def test_the_list_says_where_each_quarter_stands(head, code, cast):
    close(head)
    page = head.get("/quarters").text
    assert str(LAST) in page
    assert cast.head.name in page


def test_the_page_takes_as_many_statements_for_many_experiments(
    engine, cast, head, code, statements
):
    def count():
        statements.clear()
        head.get(PAGE)
        return len(statements)

    head.get(PAGE)
    few = count()
    with unit_of_work(engine) as session:
        for _n in range(4):
            one = an_experiment(
                session,
                session.merge(cast.peru),
                session.merge(cast.markets),
                starts_on=LAST.starts_on,
                state=ExperimentState.RUNNING,
                owner_id=cast.staff.id,
            )
            a_measurement(session, a_metric(session, one), measured_on=WITHIN)
    assert count() == few
