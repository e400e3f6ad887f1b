"""Take files of UNDP's forms, and our own JSON, into the portfolio; or rehearse it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.plans import FIRST_YEAR, LAST_YEAR
from app.domain.refusals import InvalidError, Problem, RefusalError
from app.exchange.form_documents import read_document
from app.exchange.plan_documents import PlanDocument, looks_like_json, read_plan_document
from app.exchange.plan_readings import Fitted, reading_from
from app.exchange.readings import FieldValue, Reading
from app.exchange.text_files import read_text
from app.language.sentences import Sentence, sentence
from app.services.actor import Actor
from app.services.arrivals import Arrival, Landed
from app.services.import_corrections import corrected
from app.services.import_experiments import take_experiment
from app.services.import_offices import office_for
from app.services.import_plans import take_plan
from app.services.import_reflections import take_reflection
from app.services.import_reports import Choices, ImportReport, refused, unread
from app.services.imported_pages import Source, offices_of, records_like
from models import Plan
from models.vocabulary import ImportStatus, PageKind

TAKERS: dict[PageKind, Callable[[Session, Arrival], Landed]] = {
    PageKind.PLAN: take_plan,
    PageKind.REFLECTION: take_reflection,
    PageKind.EXPERIMENT: take_experiment,
}
Understood = tuple[Reading, PlanDocument | None]


def take_in_file(
    session: Session, content: bytes, *, name: str, choices: Choices, by: Actor
) -> list[ImportReport]:
    """Read a file and take its forms in: all of them, or none where one is refused.

    Answers one report for each form, one alone where the file cannot be read.
    """
    try:
        text = read_text(content, name=name)
    except RefusalError as refusal:
        return [unread(name, refusal)]
    return take_in(session, text, name=name, choices=choices, by=by)


def take_in(
    session: Session, text: str, *, name: str, choices: Choices, by: Actor
) -> list[ImportReport]:
    """Take the forms of a clean text in, as ``take_in_file`` does."""
    try:
        understood = forms_in(text, name=name)
    except RefusalError as refusal:
        return [unread(name, refusal)]
    source = Source(file_name=name, text=text)
    landing = session.begin_nested()
    reports = [
        _taken(session, source, one, place, choices, by) for place, one in enumerate(understood)
    ]
    if any(report.is_refused for report in reports):
        landing.rollback()
        return [_undone(report) for report in reports]
    landing.commit()
    return reports


@contextmanager
def rehearsal(session: Session) -> Iterator[None]:
    """Whatever is taken in within this block is undone at its end; its reports stay true."""
    landing = session.begin_nested()
    try:
        yield
    finally:
        landing.rollback()


def rehearsed(reports: Sequence[ImportReport]) -> list[ImportReport]:
    """Reports of a rehearsal: a code of what is not stored yet is none."""
    return [replace(report, code=None, record_id=None) for report in reports]


def forms_in(text: str, *, name: str) -> list[Understood]:
    """Every form of a text as a reading; of our own JSON the document too.

    Raises InvalidError beside "file" for a text that is neither.
    """
    if not looks_like_json(text):
        return [(reading, None) for reading in read_document(text, name=name)]
    document = read_plan_document(text, name=name)
    reading = reading_from(document.content())
    return [(reading, document)] + [(each.reading(), None) for each in document.reflections]


def _taken(
    session: Session,
    source: Source,
    understood: Understood,
    place: int,
    choices: Choices,
    by: Actor,
) -> ImportReport:
    reading = corrected(understood[0], choices.corrections.get(place))
    try:
        arrival = _arrival(session, source, reading, understood[1], choices, by)
        landed = TAKERS[reading.kind](session, arrival)
    except RefusalError as refusal:
        return refused(source.file_name, reading, refusal.message)
    return ImportReport(
        file=source.file_name,
        kind=reading.kind,
        status=landed.status,
        code=landed.code,
        record_id=landed.record.id,
        office_code=arrival.office.code,
        fields=_with_year(arrival),
        partners=reading.partners,
        learning_questions=reading.learning_questions,
        flags=arrival.flags,
        unmapped=arrival.unmapped,
    )


def _arrival(
    session: Session,
    source: Source,
    reading: Reading,
    document: PlanDocument | None,
    choices: Choices,
    by: Actor,
) -> Arrival:
    if not reading.text("title"):
        raise _refusal("title", sentence("The form has no title, so it cannot be told apart."))
    fitted = Fitted()
    office = office_for(
        session,
        code=choices.office_code or (document.office.code if document else None),
        country=reading.text("country"),
        statement=reading.text("statement"),
        earlier=offices_of(session, reading.kind, source.digest_of(reading)),
        fitted=fitted,
    )
    on_page = reading.fields.get("year")
    stated = choices.year or (on_page if isinstance(on_page, int) else None)
    if stated is not None and not FIRST_YEAR <= stated <= LAST_YEAR:
        raise _refusal("year", sentence("%(year)s is no year of a plan.", year=str(stated)))
    arrival = Arrival(
        source=source,
        reading=reading,
        office=office,
        year=stated or choices.this_year,
        year_is_stated=stated is not None,
        fitted=fitted,
        by=by,
        document=document,
    )
    return _year_found(session, arrival, on_page)


def _year_found(session: Session, arrival: Arrival, on_page: object) -> Arrival:
    """Say where the year came from. A form that came before without a year keeps its year."""
    if arrival.year_is_stated:
        if isinstance(on_page, int) and on_page != arrival.year:
            arrival.fitted.flag(
                "year",
                sentence(
                    "The page says %(page)s; it was taken in for %(year)s as asked.",
                    page=str(on_page),
                    year=str(arrival.year),
                ),
            )
        return arrival
    if arrival.reading.kind is PageKind.REFLECTION:
        return arrival
    earlier = _year_given_before(session, arrival)
    arrival = replace(arrival, year=earlier or arrival.year)
    arrival.fitted.flag(
        "year", sentence("No year is stated: taken as %(year)s.", year=str(arrival.year))
    )
    return arrival


def _year_given_before(session: Session, arrival: Arrival) -> int | None:
    ids = records_like(session, PageKind.PLAN, arrival.digest)
    return session.scalar(
        select(Plan.year)
        .where(Plan.id.in_(ids), Plan.office_id == arrival.office.id)
        .order_by(Plan.year.desc())
    )


def _with_year(arrival: Arrival) -> dict[str, FieldValue]:
    """The fields as read, with the year the record got."""
    if arrival.reading.kind is PageKind.REFLECTION and not arrival.year_is_stated:
        return dict(arrival.reading.fields)
    return {**arrival.reading.fields, "year": arrival.year}


def _undone(report: ImportReport) -> ImportReport:
    """A form that was fine, in a file of which another form was refused."""
    if report.is_refused:
        return report
    return replace(
        report,
        status=ImportStatus.REFUSED,
        code=None,
        record_id=None,
        error=sentence("Another form in the same file was refused, so nothing of it was stored."),
    )


def _refusal(field: str, message: Sentence) -> InvalidError:
    return InvalidError([Problem(field, message)])
