"""Plans: the list, one plan whole, writing and submitting it."""

from collections.abc import Sequence
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now, today
from app.database import current_session
from app.domain.plans import MOST_TWEET, missing_from, outline_of, problems_of
from app.domain.refusals import InvalidError, RefusalError
from app.language.goals import GOALS
from app.queries.imports import flags_of, page_of
from app.queries.plan_contents import content_of
from app.queries.plans import (
    PlanFilters,
    experiments_by_question,
    plan_by_code,
    plans_page,
    reflections_of,
    waiting_reflections,
    years_of_plans,
)
from app.queries.programmes import offices_in
from app.security.guards import ensure, requires
from app.security.login import current_actor, current_person
from app.security.permissions import Permission
from app.security.policy import scope_of
from app.services import plans
from app.services.plan_exports import ExportFormat, exported
from app.web.addresses import page_number, whole, words
from app.web.forms.conflicts import Differences, saved_or_compared, take_chosen
from app.web.forms.plans import PlanForm, SubmitForm, shown
from app.web.forms.rows import asks_for_rows, rearranged
from app.web.history import entries_shown
from app.web.own_offices import own_office, own_offices
from app.web.plan_history import plan_history
from app.web.planned import planned_and_actual
from app.web.reading_words import reading_words
from models import Office, Plan
from models.vocabulary import ChallengeType, EvidenceKind, Stage

pages = Blueprint("plans", __name__, url_prefix="/plans")


@pages.get("")
@requires(Permission.READ_PORTFOLIO)
def index() -> ResponseReturnValue:
    """The plans open to the reader and what each lacks, filtered by the address."""
    session, scope = current_session(), scope_of(current_person())
    offices = offices_in(session, scope=scope)
    found = plans_page(session, scope=scope, filters=_filters(offices), page=page_number())
    return render_template(
        "plans/index.html",
        found=found,
        missing={line.plan.id: missing_from(line.outline) for line in found.lines},
        offices=offices,
        years=years_of_plans(session, scope=scope),
        types=list(ChallengeType),
        waiting=waiting_reflections(session, scope=scope),
        page_url=_page_url,
    )


@pages.get("/new")
@requires(Permission.WRITE_PLAN)
def new() -> ResponseReturnValue:
    """An empty form."""
    form = PlanForm(year=today().year)
    return _form_page(form, plan=None)


@pages.post("")
@requires(Permission.WRITE_PLAN)
def create() -> ResponseReturnValue:
    """Add a plan to one of the person's own offices."""
    form = PlanForm(formdata=rearranged(request.form))
    if not asks_for_rows(request.form) and form.validate_on_submit(
        rules=lambda: problems_of(form.content())
    ):
        try:
            office = own_office(form.office.data)
            plan = plans.add(current_session(), office, form.content(), by=current_actor())
        except RefusalError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved as a draft."), "success")
            return redirect(url_for("plans.show", code=plan.code), 303)
    return _form_page(form, plan=None)


@pages.get("/<code>")
@requires(Permission.READ_PORTFOLIO)
def show(code: str) -> ResponseReturnValue:
    """The whole plan, the experiments under its questions, its import and its history."""
    return _plan_page(_plan(code), SubmitForm())


@pages.get("/<code>/edit")
@requires(Permission.WRITE_PLAN)
def edit(code: str) -> ResponseReturnValue:
    """The plan in its form."""
    plan = _writable_plan(code)
    return _form_page(PlanForm(data=shown(plan)), plan=plan)


@pages.post("/<code>")
@requires(Permission.WRITE_PLAN)
def update(code: str) -> ResponseReturnValue:
    """Change the plan; what cannot be saved stays in the form, beside what somebody else saved."""
    plan = _writable_plan(code)
    form = PlanForm(formdata=rearranged(request.form))
    if asks_for_rows(request.form):
        take_chosen(form, lambda: _standing(plan))
        return _form_page(form, plan=plan)
    before = content_of(plan)
    is_saved, differences = saved_or_compared(
        form,
        lambda: _edited(plan, form),
        standing=lambda: _standing(plan),
        rules=lambda: problems_of(form.content(), before=before),
    )
    if not is_saved:
        return _form_page(form, plan=plan, differences=differences)
    flash(_("Saved."), "success")
    return redirect(url_for("plans.show", code=plan.code), 303)


@pages.post("/<code>/submit")
@requires(Permission.WRITE_PLAN)
def submit(code: str) -> ResponseReturnValue:
    """Submit the plan, or say everything that is in the way."""
    plan, form = _writable_plan(code), SubmitForm()
    try:
        seen = form.seen_version or 0
        plans.submit(current_session(), plan, seen_version=seen, by=current_actor(), at=now())
    except RefusalError as refusal:
        form.refuse(refusal)
        return _plan_page(plan, form)
    flash(_("The plan is submitted."), "success")
    return redirect(url_for("plans.show", code=code), 303)


@pages.post("/<code>/take-back")
@requires(Permission.WRITE_PLAN)
def take_back(code: str) -> ResponseReturnValue:
    """Make a submitted plan a draft again."""
    plan, form = _writable_plan(code), SubmitForm()
    try:
        seen = form.seen_version or 0
        plans.take_back(current_session(), plan, seen_version=seen, by=current_actor())
    except RefusalError as refusal:
        form.refuse(refusal)
        return _plan_page(plan, form)
    flash(_("The plan is a draft again."), "success")
    return redirect(url_for("plans.show", code=code), 303)


@pages.get("/<code>/export/<as_format>")
@requires(Permission.READ_PORTFOLIO)
def export(code: str, as_format: str) -> ResponseReturnValue:
    """The plan as a file: JSON, or the text of UNDP's form."""
    if as_format not in list(ExportFormat):
        abort(404)
    chosen = ExportFormat(as_format)
    text = exported(current_session(), _plan(code), as_format=chosen)
    kind, ending = {
        ExportFormat.JSON: ("application/json", "json"),
        ExportFormat.FORM: ("text/plain; charset=utf-8", "txt"),
    }[chosen]
    answer = Response(text, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{code}.{ending}"'
    return answer


def _plan(code: str) -> Plan:
    return plan_by_code(current_session(), code, scope=scope_of(current_person()))


def _writable_plan(code: str) -> Plan:
    plan = _plan(code)
    ensure(Permission.WRITE_PLAN, office_id=plan.office_id)
    return plan


def _edited(plan: Plan, form: PlanForm) -> Plan:
    """Edit the plan; a question that may not be removed is shown again."""
    try:
        return plans.edit(
            current_session(),
            plan,
            form.content(),
            seen_version=form.seen_version or 0,
            by=current_actor(),
        )
    except InvalidError:
        form.put_back(_held_questions(plan))
        raise


def _standing(plan: Plan) -> PlanForm:
    """The plan as somebody else left it meanwhile."""
    return PlanForm(formdata=None, data=shown(plans.whole_plan(current_session(), plan.id)))


def _held_questions(plan: Plan) -> list[Any]:
    """The questions experiments hang on."""
    held = experiments_by_question(current_session(), plan, scope=scope_of(current_person()))
    return [row for row in plan.learning_questions if held[row.id].count]


def _plan_page(plan: Plan, form: SubmitForm) -> ResponseReturnValue:
    session = current_session()
    experiments = experiments_by_question(session, plan, scope=scope_of(current_person()))
    content = content_of(plan)
    lonely = sum(1 for found in experiments.values() if not found.count)
    page = page_of(session, plan_id=plan.id)
    reflections = reflections_of(session, plan)
    body = render_template(
        "plans/show.html",
        plan=plan,
        content=content,
        form=form,
        experiments=experiments,
        missing=missing_from(outline_of(content, questions_without_experiment=lonely)),
        reflections=reflections,
        compared=planned_and_actual(plan, reflections),
        page=page,
        flags=flags_of(page),
        evidence_kinds=list(EvidenceKind),
        stages=list(Stage),
        goal_names=GOALS,
        most_tweet=MOST_TWEET,
        **reading_words(),
        history=plan_history(entries_shown(f"plan:{plan.code}")),
    )
    return body, form.status


def _form_page(
    form: PlanForm, *, plan: Plan | None, differences: Differences | None = None
) -> ResponseReturnValue:
    if plan is None:
        form.offer_offices(own_offices())
    body = render_template(
        "plans/form.html", form=form, plan=plan, differences=differences, most_tweet=MOST_TWEET
    )
    return body, form.status


def _filters(offices: Sequence[Office]) -> PlanFilters:
    """What the address asks for; words that mean nothing are left out."""
    asked = request.args
    office = next((each.id for each in offices if each.code == asked.get("office")), None)
    kind = asked.get("type", "")
    return PlanFilters(
        office_id=office,
        year=whole("year"),
        challenge_type=ChallengeType(kind) if kind in list(ChallengeType) else None,
        words=words("q"),
    )


def _page_url(page: int) -> str:
    """The list at another page, with the same filters."""
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name != "page"}
    return url_for("plans.index", **kept, page=page)
