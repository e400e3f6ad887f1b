"""Signing in and out, and the person's own account."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from app.clock import now
from app.database import current_session, engine, keep_changes, unit_of_work
from app.domain.devices import device_name
from app.domain.refusals import RefusalError, TooManyTriesError
from app.security.guards import public, signed_in
from app.security.login import (
    close_device,
    current_actor,
    current_device,
    current_person,
    is_signed_in,
    open_device,
)
from app.security.ways_back import own_page
from app.services import passwords, people, sign_ins
from app.web.forms.account import AccountForm, LettersForm, PasswordForm, SignInForm
from app.web.language import current_language, remember_language
from models import Person

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
            person = _person_at_the_door(form)
        except TooManyTriesError as refusal:
            form.refuse(refusal)
        else:
            if person:
                open_device(person)
                return redirect(_next_page(), 303)
            form.status = 422
            form.form_errors.append(_("E-mail and password do not match."))
    return render_template("account/sign_in.html", form=form), form.status


@pages.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    """Close this device."""
    close_device()
    flash(_("You are signed out."), "success")
    return redirect(url_for("account.sign_in"), 303)


@pages.get("/account")
@signed_in
def show() -> ResponseReturnValue:
    """Roles, language, password and devices of the person signed in."""
    language = current_person().language or current_language()
    return _page(AccountForm(formdata=None, language=language))


@pages.post("/account")
@signed_in
def update() -> ResponseReturnValue:
    """Change the language the person reads."""
    form = AccountForm()
    if not form.validate_on_submit():
        return _page(form)
    language = form.language.data
    people.choose_language(
        current_session(), current_person(), language=language, by=current_actor()
    )
    with force_locale(language.value):
        flash(_("Saved."), "success")
    response = make_response(redirect(url_for("account.show"), 303))
    remember_language(response, language)
    return response


@pages.post("/account/letters")
@signed_in
def choose_letters() -> ResponseReturnValue:
    """Ask for the weekly letter, or stop it."""
    form = LettersForm()
    if form.validate_on_submit():
        people.choose_letters(
            current_session(),
            current_person(),
            wants_digest=form.wants_digest.data,
            by=current_actor(),
        )
        flash(_("Saved."), "success")
    return redirect(url_for("account.show", _anchor="letters"), 303)


@pages.get("/account/password")
@signed_in
def password() -> ResponseReturnValue:
    """The form for a new password."""
    return _password_page(PasswordForm(formdata=None))


@pages.post("/account/password")
@signed_in
def change_password() -> ResponseReturnValue:
    """Change one's own password; every other device signs in again."""
    form = PasswordForm()
    if form.validate_on_submit():
        person = current_person()
        # A wrong current password is counted although the answer is an error.
        keep_changes()
        try:
            passwords.change_own(
                current_session(),
                person,
                current=form.current_password.data or "",
                new=form.new_password.data or "",
                address=request.remote_addr or "",
                at=now(),
                by=current_actor(),
            )
        except RefusalError as refusal:
            form.refuse(refusal)
        else:
            open_device(person)
            flash(_("Your password has changed. Other devices must sign in again."), "success")
            return redirect(url_for("account.show"), 303)
    return _password_page(form)


@pages.post("/account/devices/<int:device_id>/sign-out")
@signed_in
def sign_out_device(device_id: int) -> ResponseReturnValue:
    """Sign one of the person's devices out."""
    if device_id == current_device().id:
        return sign_out()
    sign_ins.sign_out_device(
        current_session(), current_person(), sign_in_id=device_id, by=current_actor()
    )
    flash(_("The device is signed out."), "success")
    return redirect(url_for("account.show"), 303)


@pages.post("/account/devices/sign-out")
@signed_in
def sign_out_others() -> ResponseReturnValue:
    """Sign all of the person's devices out but this one."""
    this_one = current_device().id
    sign_ins.sign_out_others(
        current_session(), current_person(), this_one=this_one, by=current_actor()
    )
    flash(_("All other devices are signed out."), "success")
    return redirect(url_for("account.show"), 303)


def _person_at_the_door(form: SignInForm) -> Person | None:
    """Compare in a transaction of its own: argon2 takes its time, and others want to write."""
    email, address, at = form.email.data or "", request.remote_addr or "", now()
    with unit_of_work(engine(), writes=False) as reading:
        recognized = sign_ins.recognize(
            reading, email=email, password=form.password.data or "", address=address, at=at
        )
    # A miss is counted although the answer is an error.
    keep_changes()
    return sign_ins.admit(current_session(), recognized, email=email, address=address, at=at)


def _page(form: AccountForm) -> ResponseReturnValue:
    devices = sign_ins.devices_of(current_session(), current_person(), at=now())
    page = render_template(
        "account/show.html",
        form=form,
        letters=LettersForm(formdata=None, obj=current_person()),
        devices=devices,
        this_one=current_device().id,
        device_name=device_name,
    )
    return page, form.status


def _password_page(form: PasswordForm) -> ResponseReturnValue:
    is_temporary = current_person().has_temporary_password
    page = render_template("account/password.html", form=form, is_temporary=is_temporary)
    return page, form.status


def _next_page() -> str:
    """Where the person was going, if that is a page of ours."""
    return own_page(request.args.get("next", "")) or url_for("desk.index")
