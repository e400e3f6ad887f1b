"""Closing forms: one with its source, and tying it to its plan."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.database import current_session
from app.queries.imports import flags_of, page_of
from app.queries.plans import plan_by_code, plans_of_office, reflection_by_id
from app.security.guards import ensure, requires
from app.security.login import current_actor, current_person
from app.security.permissions import Permission
from app.security.policy import scope_of
from app.services.reflection_links import attach as attach_to_plan
from app.web.forms.plans import AttachForm
from app.web.reading_words import reading_words
from models import Reflection

pages = Blueprint("plan_reflections", __name__, url_prefix="/plans/reflections")


@pages.get("/<int:key>")
@requires(Permission.READ_PORTFOLIO)
def show(key: int) -> ResponseReturnValue:
    """The closing form field by field, with what it was imported from."""
    reflection = _reflection(key)
    return _page(reflection, _attach_form(reflection))


@pages.post("/<int:key>/attach")
@requires(Permission.WRITE_PLAN)
def attach(key: int) -> ResponseReturnValue:
    """Tie it to the chosen plan of its office."""
    reflection = _reflection(key)
    ensure(Permission.WRITE_PLAN, office_id=reflection.office_id)
    form = _attach_form(reflection)
    if not form.validate_on_submit():
        return _page(reflection, form)
    session = current_session()
    plan = plan_by_code(session, form.plan.data, scope=scope_of(current_person()))
    attach_to_plan(session, reflection, plan, by=current_actor())
    flash(_("The closing form now belongs to %(code)s.", code=plan.code), "success")
    return redirect(url_for("plans.show", code=plan.code), 303)


def _reflection(key: int) -> Reflection:
    return reflection_by_id(current_session(), key, scope=scope_of(current_person()))


def _attach_form(reflection: Reflection) -> AttachForm:
    form = AttachForm(plan=reflection.plan.code if reflection.plan else None)
    plans = plans_of_office(current_session(), reflection.office_id)
    form.plan.choices = [SelectChoice(plan.code, f"{plan.code} · {plan.title}") for plan in plans]
    return form


def _page(reflection: Reflection, form: AttachForm) -> ResponseReturnValue:
    page = page_of(current_session(), reflection_id=reflection.id)
    body = render_template(
        "plans/reflection.html",
        reflection=reflection,
        form=form,
        page=page,
        flags=flags_of(page),
        **reading_words(),
    )
    return body, form.status
