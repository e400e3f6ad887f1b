"""Signing in and out, and the person's own account."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.database import current_session, keep_changes
from app.domain.refusals import RefusalError
from app.security.guards import public, signed_in
from app.security.login import (
    close_device,
    current_actor,
    current_person,
    is_signed_in,
    open_device,
)
from app.services import people
from app.web.forms.account import AccountForm, PasswordForm, SignInForm

pages = Blueprint("account", __name__)


@pages.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Ask for e-mail and password; a miss is counted and slowed down."""
    if is_signed_in():
        return redirect(_next_page(), 303)
    form = SignInForm()
    if form.validate_on_submit():
        try:
            if _opened(form):
                return redirect(_next_page(), 303)
        except RefusalError as refusal:
            form.refuse(refusal)
        else:
            form.status = 422
            form.form_errors.append(_("E-mail and password do not match."))
    return render_template("account/sign_in.html", form=form), form.status


@pages.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    """Close this device."""
    close_device()
    return redirect(url_for("account.sign_in"), 303)


@pages.get("/account")
@signed_in
def show() -> ResponseReturnValue:
    """Roles, language and password of the person signed in."""
    form = AccountForm(language=current_person().language)
    return render_template("account/show.html", form=form, password_form=PasswordForm())


@pages.post("/account")
@signed_in
def update() -> ResponseReturnValue:
    """Change the language the person reads."""
    form = AccountForm()
    if form.validate_on_submit():
        people.choose_language(
            current_session(), current_person(), language=form.language.data, by=current_actor()
        )
        flash(_("Saved."))
        return redirect(url_for("account.show", lang=form.language.data.value), 303)
    return render_template("account/show.html", form=form, password_form=PasswordForm()), 422


@pages.post("/account/password")
@signed_in
def change_password() -> ResponseReturnValue:
    """Change one's own password; every device signs in again."""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            people.change_password(
                current_session(),
                current_person(),
                current=form.current.data or "",
                new=form.new.data or "",
                by=current_actor(),
            )
        except RefusalError as refusal:
            form.refuse(refusal)
        else:
            close_device()
            flash(_("Your password has changed. Sign in with the new one."))
            return redirect(url_for("account.sign_in"), 303)
    account_form = AccountForm(formdata=None, language=current_person().language)
    page = render_template("account/show.html", form=account_form, password_form=form)
    return page, form.status


def _opened(form: SignInForm) -> bool:
    session, at = current_session(), datetime.now(UTC)
    keep_changes()
    person = people.check_password(
        session,
        email=form.email.data or "",
        password=form.password.data or "",
        address=request.remote_addr or "",
        at=at,
    )
    if person is None:
        return False
    days = current_app.config["SETTINGS"].session_days
    device = request.user_agent.string
    open_device(person, people.sign_in(session, person, device=device, at=at, days=days))
    return True


def _next_page() -> str:
    """Where the person was going, if that is a page of ours."""
    wanted = request.args.get("next", "")
    parts = urlsplit(wanted)
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if is_ours and not parts.netloc else url_for("desk.index")
