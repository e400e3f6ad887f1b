"""Closing forms: writing and changing one, one with its source, and tying it to its plan."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.database import current_session
from app.domain.planned_and_actual import planned_methods
from app.domain.reflections import problems_of
from app.queries.imports import flags_of, page_of
from app.queries.plan_contents import content_of, reflection_content_of
from app.queries.plans import plan_by_code, plans_of_office, reflection_by_id, reflections_of
from app.security.guards import ensure, requires
from app.security.login import current_actor, current_person
from app.security.permissions import Permission
from app.security.policy import scope_of
from app.services import reflections
from app.services.reflection_links import attach as attach_to_plan
from app.web.forms.conflicts import Differences, saved, saved_or_compared, take_chosen
from app.web.forms.plans import AttachForm
from app.web.forms.reflections import NewReflectionForm, ReflectionForm, shown
from app.web.forms.rows import asks_for_rows, rearranged
from app.web.history import entries_shown
from app.web.plan_history import reflection_history
from app.web.planned import planned_and_actual
from app.web.reading_words import reading_words
from models import Plan, Reflection

pages = Blueprint("plan_reflections", __name__, url_prefix="/plans")


@pages.get("/<code>/reflection/new")
@requires(Permission.WRITE_PLAN)
def new(code: str) -> ResponseReturnValue:
    """An empty closing form; where the plan has one, that one."""
    plan = _writable_plan(code)
    if written := reflections_of(current_session(), plan):
        return redirect(url_for("plan_reflections.edit", key=written[-1].id), 303)
    return _new_page(NewReflectionForm(), plan)


@pages.post("/<code>/reflection/new")
@requires(Permission.WRITE_PLAN)
def create(code: str) -> ResponseReturnValue:
    """Write it, once however often it is sent."""
    plan = _writable_plan(code)
    form = NewReflectionForm(formdata=rearranged(request.form))
    made = None
    if not asks_for_rows(request.form):
        made = saved(
            form,
            lambda: reflections.write(
                current_session(),
                plan,
                form.content(),
                by=current_actor(),
                key=form.submission_key.data,
            ),
            rules=lambda: problems_of(form.content()),
        )
    return _new_page(form, plan) if made is None else _kept(made)


@pages.get("/reflections/<int:key>")
@requires(Permission.READ_PORTFOLIO)
def show(key: int) -> ResponseReturnValue:
    """The closing form field by field, with what it was imported from."""
    reflection = _reflection(key)
    return _page(reflection, _attach_form(reflection))


@pages.get("/reflections/<int:key>/edit")
@requires(Permission.WRITE_PLAN)
def edit(key: int) -> ResponseReturnValue:
    """The closing form in its form."""
    reflection = _writable(key)
    return _edit_page(ReflectionForm(data=shown(reflection)), reflection)


@pages.post("/reflections/<int:key>/edit")
@requires(Permission.WRITE_PLAN)
def update(key: int) -> ResponseReturnValue:
    """Change it; what cannot be saved stays in the form, beside what somebody else saved."""
    reflection = _writable(key)
    form = ReflectionForm(formdata=rearranged(request.form))
    _offer(form, _plan_of(reflection), reflection)
    if asks_for_rows(request.form):
        take_chosen(form, lambda: _standing(key))
        return _edit_page(form, reflection)
    before = reflection_content_of(reflection)
    is_saved, differences = saved_or_compared(
        form,
        lambda: reflections.edit(
            current_session(),
            reflection,
            form.content(),
            seen_version=form.seen_version,
            by=current_actor(),
        ),
        standing=lambda: _standing(key),
        rules=lambda: problems_of(form.content(), before=before),
    )
    return _kept(reflection) if is_saved else _edit_page(form, reflection, differences)


@pages.post("/reflections/<int:key>/attach")
@requires(Permission.WRITE_PLAN)
def attach(key: int) -> ResponseReturnValue:
    """Tie it to the chosen plan of its office."""
    reflection = _writable(key)
    form = _attach_form(reflection)
    if not form.validate_on_submit():
        return _page(reflection, form)
    plan = _plan(form.plan.data)
    attach_to_plan(current_session(), reflection, plan, by=current_actor())
    flash(_("The closing form now belongs to %(code)s.", code=plan.code), "success")
    return redirect(url_for("plans.show", code=plan.code), 303)


def _plan(code: str) -> Plan:
    return plan_by_code(current_session(), code, scope=scope_of(current_person()))


def _writable_plan(code: str) -> Plan:
    plan = _plan(code)
    ensure(Permission.WRITE_PLAN, office_id=plan.office_id)
    return plan


def _reflection(key: int) -> Reflection:
    return reflection_by_id(current_session(), key, scope=scope_of(current_person()))


def _writable(key: int) -> Reflection:
    reflection = _reflection(key)
    ensure(Permission.WRITE_PLAN, office_id=reflection.office_id)
    return reflection


def _plan_of(reflection: Reflection) -> Plan | None:
    return _plan(reflection.plan.code) if reflection.plan else None


def _standing(key: int) -> ReflectionForm:
    """The closing form as somebody else left it meanwhile."""
    session, seen = current_session(), _reflection(key)
    for row in (*seen.partnerships, seen):
        session.expire(row)
    reflection = _reflection(key)
    form = ReflectionForm(formdata=None, data=shown(reflection))
    _offer(form, _plan_of(reflection), reflection)
    return form


def _offer(form: ReflectionForm, plan: Plan | None, reflection: Reflection | None = None) -> None:
    """Names to tick: what the plan named, and what this closing form did."""
    content = content_of(plan) if plan else None
    form.offer(
        methods=[
            *(planned_methods(content) if content else ()),
            *(reflection.methods if reflection else ()),
        ],
        data_sources=[
            *(content.data_sources if content else ()),
            *(reflection.data_sources if reflection else ()),
        ],
    )


def _kept(reflection: Reflection) -> ResponseReturnValue:
    flash(_("The closing form is saved."), "success")
    return redirect(url_for("plan_reflections.show", key=reflection.id), 303)


def _new_page(form: NewReflectionForm, plan: Plan) -> ResponseReturnValue:
    _offer(form, plan)
    written = reflections_of(current_session(), plan)
    body = render_template(
        "plans/reflection_form.html",
        form=form,
        plan=plan,
        reflection=None,
        written=written[-1] if written else None,
    )
    return body, form.status


def _edit_page(
    form: ReflectionForm, reflection: Reflection, differences: Differences | None = None
) -> ResponseReturnValue:
    plan = _plan_of(reflection)
    _offer(form, plan, reflection)
    body = render_template(
        "plans/reflection_form.html",
        form=form,
        plan=plan,
        reflection=reflection,
        differences=differences,
    )
    return body, form.status


def _attach_form(reflection: Reflection) -> AttachForm:
    form = AttachForm(plan=reflection.plan.code if reflection.plan else None)
    plans = plans_of_office(current_session(), reflection.office_id)
    form.plan.choices = [SelectChoice(plan.code, f"{plan.code} · {plan.title}") for plan in plans]
    return form


def _page(reflection: Reflection, form: AttachForm) -> ResponseReturnValue:
    session, plan = current_session(), _plan_of(reflection)
    page = page_of(session, reflection_id=reflection.id)
    subject = f"plan:{plan.code}" if plan else f"reflection:{reflection.id}"
    body = render_template(
        "plans/reflection.html",
        reflection=reflection,
        form=form,
        page=page,
        flags=flags_of(page),
        compared=planned_and_actual(plan) if plan else None,
        history=reflection_history(entries_shown(subject)),
        **reading_words(),
    )
    return body, form.status
