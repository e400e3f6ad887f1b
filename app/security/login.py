"""Who is signed in: flask-login over our own sign-in rows.

The cookie carries a random secret; the row behind it can be closed on the server, so a copied
cookie is worth nothing after sign-out, a password change or the closing of an account.
"""

from contextlib import suppress
from typing import cast

from flask import Flask, Response, current_app, g, request
from flask import session as cookie
from flask_login import (
    AnonymousUserMixin,
    LoginManager,
    UserMixin,
    current_user,
    login_user,
    logout_user,
)
from sqlalchemy.exc import OperationalError

from app.clock import now
from app.database import SAFE_METHODS, current_session, engine, unit_of_work
from app.domain.refusals import BusyError
from app.security.cookies import AgelessCookies
from app.services import sign_ins
from app.services.actor import Actor
from models import Person, SignIn
from models.vocabulary import Door


class SignedIn(UserMixin):  # type: ignore[misc]
    """A person on one device, in the shape flask-login asks for."""

    def __init__(self, device: SignIn, token: str) -> None:
        self.device = device
        self.token = token

    def get_id(self) -> str:
        """The device's secret; flask-login keeps it in the signed cookie."""
        return self.token


def attach(app: Flask) -> None:
    """Let flask-login find the current person."""
    app.session_interface = AgelessCookies()
    manager = LoginManager(app)
    # A phone's address changes on the way; our sign-in rows revoke instead.
    manager.session_protection = None
    manager.user_loader(_load)
    app.after_request(_note_seen)


def current_person() -> Person:
    """The person signed in; only for views that require one."""
    return current_device().person


def current_device() -> SignIn:
    """The device they are signed in on."""
    return cast(SignIn, current_user.device)


def is_signed_in() -> bool:
    """Whether somebody is signed in on this device."""
    return bool(current_user.is_authenticated)


def current_actor() -> Actor:
    """The signed-in person, acting through the web pages."""
    return Actor(person=current_person(), door=Door.WEB)


def open_device(person: Person) -> None:
    """Sign a person in on this device under a new secret; the old cookie's content is dropped."""
    session, at = current_session(), now()
    days = current_app.config["SETTINGS"].session_days
    device = request.user_agent.string
    token = sign_ins.sign_in(session, person, device=device, at=at, days=days)
    cookie.clear()
    cookie.permanent = True
    opened = cast(SignIn, sign_ins.device_signed_in(session, token=token, at=at))
    login_user(SignedIn(opened, token))


def close_device() -> None:
    """Sign this device out."""
    if is_signed_in():
        sign_ins.sign_out(current_session(), sign_in_id=current_device().id)
    logout_user()
    cookie.clear()


def forget_person() -> None:
    """Answer the rest of a failed request as to nobody: the database may not answer again."""
    g._login_user = AnonymousUserMixin()


def _load(token: str) -> SignedIn | None:
    device = sign_ins.device_signed_in(current_session(), token=token, at=now())
    if device is None:
        # The door was closed meanwhile: the secret is good for nothing and is not asked for again.
        cookie.pop("_user_id", None)
        return None
    return SignedIn(device, token)


def _note_seen(response: Response) -> Response:
    user = g.get("_login_user")
    if not isinstance(user, SignedIn) or response.status_code >= 400:
        return response
    if sign_ins.is_seen_long_ago(user.device, at=now()):
        if request.method in SAFE_METHODS:
            _note_seen_apart(user.device.id)
        else:
            sign_ins.note_seen(current_session(), sign_in_id=user.device.id, at=now())
    return response


def _note_seen_apart(sign_in_id: int) -> None:
    # Reading goes on when nothing can be written: a full disk, a long restore.
    with suppress(OperationalError, BusyError), unit_of_work(engine()) as session:
        sign_ins.note_seen(session, sign_in_id=sign_in_id, at=now())
