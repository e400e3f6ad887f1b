"""Reports: asking for one, watching it being made, fetching what was issued."""

from functools import partial
from io import BytesIO
from pathlib import Path

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.clock import now, today
from app.database import current_session
from app.domain.quarters import LONGEST_INTRODUCTION, quarter_of, read_quarter
from app.domain.refusals import RefusalError
from app.language.kept_sentences import restored
from app.printing import layout_of
from app.queries.programmes import offices_in, programmes_in
from app.queries.reports import Reach, first_issue, report_issue, report_issues, succession_of
from app.queries.scope import Scope as Area
from app.reports.render import STYLE
from app.security.guards import ensure, requires, signed_in
from app.security.login import current_actor, current_person
from app.security.permissions import Permission
from app.security.policy import may, scope_of
from app.services import queue, reporting
from app.services.reporting import Scope
from app.web.forms.reports import QuarterlyForm
from app.web.history import entries_shown
from app.web.language import current_language
from app.web.layout import programme_name
from app.web.record_history import record_history
from models import ReportIssue

pages = Blueprint("reports", __name__, url_prefix="/reports")
_OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
}


@pages.get("")
@requires(Permission.READ_REPORT)
def index() -> ResponseReturnValue:
    """The newest reports, and the form for the next where the reader may ask."""
    form = None
    if may(current_person(), Permission.MAKE_REPORT):
        form = _form(quarter=str(quarter_of(today())), language=current_language())
    return _index(form)


@pages.post("")
@requires(Permission.MAKE_REPORT)
def create() -> ResponseReturnValue:
    """Ask for a quarterly report; a worker makes it."""
    form = _form()
    if form.validate_on_submit():
        try:
            issue = reporting.ask(
                current_session(),
                _asked_scope(form),
                language=form.language.data,
                introduction=form.introduction.data or "",
                by=current_actor(),
            )
        except RefusalError as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("reports.show", issue_id=issue.id), 303)
    return _index(form)


@pages.get("/<int:issue_id>")
@requires(Permission.READ_REPORT)
def show(issue_id: int) -> ResponseReturnValue:
    """How far it is, or the edition to fetch; one issued before is shown as it was then."""
    issue = _issue(issue_id)
    first = first_issue(current_session(), issue)
    if first is not issue:
        flash(_("Nothing had changed: this edition was issued before."), "info")
        return redirect(url_for("reports.show", issue_id=first.id))
    error = issue.job.error if issue.job else {}
    return render_template(
        "reports/show.html",
        issue=issue,
        succession=succession_of(current_session(), issue),
        history=record_history(entries_shown(f"report:{issue.id}")),
        error=restored(error) if error else None,
        records_nothing=reporting.records_nothing(issue),
        is_kept_whole=reporting.is_kept_whole(issue, folder=_folder()),
    )


@pages.get("/<int:issue_id>/file")
@requires(Permission.READ_REPORT)
def file(issue_id: int) -> ResponseReturnValue:
    """The PDF as issued."""
    issue = _issue(issue_id)
    layout = layout_of(current_app.config["SETTINGS"])
    lay_out = partial(reporting.lay_out, layout=layout)
    content = BytesIO(reporting.document_of(issue, folder=_folder(), lay_out=lay_out))
    return send_file(
        content, mimetype="application/pdf", as_attachment=True, download_name=_name(issue)
    )


@pages.get("/<int:issue_id>/read", defaults={"key": ""})
@pages.get("/<int:issue_id>/read/<key>")
@requires(Permission.READ_REPORT)
def read(issue_id: int, key: str) -> ResponseReturnValue:
    """A section of the frozen facts, the first by itself: while pages are laid out, and after."""
    issue = _issue(issue_id)
    rendering = reporting.rendering_of(reporting.frozen_facts(issue))
    keys = rendering.keys()
    key = key or keys[0]
    if key not in keys:
        abort(404)
    addresses = {one: url_for("reports.read", issue_id=issue.id, key=one) for one in keys}
    addresses[""] = url_for("reports.show", issue_id=issue.id)
    return rendering.for_the_screen(key, addresses=addresses, style=url_for("reports.style"))


@pages.get("/print.css")
@signed_in
def style() -> ResponseReturnValue:
    """How a section looks that is read here; as in print, in the reader's own fonts."""
    return send_file(STYLE, mimetype="text/css", max_age=300)


@pages.get("/<int:issue_id>/word")
@requires(Permission.READ_REPORT)
def word(issue_id: int) -> ResponseReturnValue:
    """The edition as a Word document, for who must edit it."""
    return _other_file(issue_id, ".docx")


@pages.get("/<int:issue_id>/spreadsheet")
@requires(Permission.READ_REPORT)
def spreadsheet(issue_id: int) -> ResponseReturnValue:
    """The edition's facts as a spreadsheet."""
    return _other_file(issue_id, ".xlsx")


@pages.post("/<int:issue_id>/cancel")
@requires(Permission.MAKE_REPORT)
def cancel(issue_id: int) -> ResponseReturnValue:
    """Stop making it."""
    issue = _issue(issue_id)
    ensure(
        Permission.MAKE_REPORT,
        office_id=issue.office_id,
        programme_ids=[issue.programme_id] if issue.programme_id else (),
    )
    if issue.job and queue.cancel(current_session(), issue.job, at=now()):
        flash(_("The report is cancelled."), "success")
    return redirect(url_for("reports.show", issue_id=issue.id), 303)


def _other_file(issue_id: int, ending: str) -> ResponseReturnValue:
    issue = _issue(issue_id)
    content = reporting.other_file_of(issue, ending, folder=_folder())
    name = _name(issue).removesuffix(".pdf") + ending
    return send_file(
        BytesIO(content), mimetype=TYPES[ending], as_attachment=True, download_name=name
    )


def _folder() -> Path:
    folder: Path = current_app.config["SETTINGS"].reports_folder
    return folder


def _issue(issue_id: int) -> ReportIssue:
    return report_issue(current_session(), issue_id, _reach())


def _reach() -> Reach:
    return Reach(
        reads=_scope(Permission.READ_REPORT),
        makes=_scope(Permission.MAKE_REPORT),
        makes_stages=_scope(Permission.MAKE_STAGE_REPORT),
        makes_plans=_scope(Permission.MAKE_PLAN_REPORT),
    )


def _scope(permission: Permission) -> Area:
    return scope_of(current_person(), permission)


def _form(**values: object) -> QuarterlyForm:
    form = QuarterlyForm(**values)
    session, reach = current_session(), _scope(Permission.MAKE_REPORT)
    offices = [
        SelectChoice(f"office:{office.code}", _("All programmes of %(office)s", office=office.name))
        for office in offices_in(session, scope=reach)
    ]
    programmes = [
        SelectChoice(f"programme:{programme.code}", programme_name(programme))
        for programme in programmes_in(session, scope=reach)
    ]
    form.scope.choices = [*offices, *programmes]
    return form


def _asked_scope(form: QuarterlyForm) -> Scope:
    quarter = read_quarter(form.quarter.data or "", today=today())
    kind, _colon, code = str(form.scope.data).partition(":")
    session, reach = current_session(), _scope(Permission.MAKE_REPORT)
    if kind == "office":
        offices = offices_in(session, scope=reach)
        return Scope(next(one for one in offices if one.code == code), None, quarter)
    programmes = programmes_in(session, scope=reach)
    programme = next(one for one in programmes if one.code == code)
    return Scope(programme.office, programme, quarter)


def _index(form: QuarterlyForm | None) -> ResponseReturnValue:
    page = render_template(
        "reports/index.html",
        issues=report_issues(current_session(), _reach()),
        form=form,
        longest_introduction=LONGEST_INTRODUCTION,
    )
    return page, form.status if form else 200


def _name(issue: ReportIssue) -> str:
    place = issue.programme.code if issue.programme else issue.office.code
    scope = issue.about if issue.experiment or issue.plan else f"{place}-{issue.quarter}"
    stage = f"-{issue.stage.value}" if issue.stage else ""
    return f"chaski-{scope}{stage}-{issue.language.value}-{issue.edition}.pdf"
