"""Who is signed in: flask-login over our own sign-in rows.

The cookie carries a random secret; the row behind it can be closed on the server, so a copied
cookie is worth nothing after sign-out, a password change or the closing of an account.
"""

from datetime import UTC, datetime
from typing import cast

from flask import Flask
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from app.database import current_session
from app.services import people
from app.services.actor import Actor
from models import Person
from models.vocabulary import Door


class SignedIn(UserMixin):  # type: ignore[misc]
    """A person on one device, in the shape flask-login asks for."""

    def __init__(self, person: Person, token: str) -> None:
        self.person = person
        self.token = token

    def get_id(self) -> str:
        """The device's secret; flask-login keeps it in the signed cookie."""
        return self.token


def attach(app: Flask) -> None:
    """Let flask-login find the current person."""
    manager = LoginManager(app)
    # A phone's address changes on the way; our sign-in rows revoke instead.
    manager.session_protection = None
    manager.user_loader(_load)


def current_person() -> Person:
    """The person signed in; only for views that require one."""
    return cast(Person, current_user.person)


def is_signed_in() -> bool:
    """Whether somebody is signed in on this device."""
    return bool(current_user.is_authenticated)


def current_actor() -> Actor:
    """The signed-in person, acting through the web pages."""
    return Actor(person=current_person(), door=Door.WEB)


def open_device(person: Person, token: str) -> None:
    """Remember the device; the old cookie's content is dropped first."""
    cookie.clear()
    cookie.permanent = True
    login_user(SignedIn(person, token))


def close_device() -> None:
    """Sign this device out."""
    if is_signed_in():
        people.sign_out(current_session(), token=current_user.token)
    logout_user()
    cookie.clear()


def _load(token: str) -> SignedIn | None:
    person = people.person_signed_in(current_session(), token=token, at=datetime.now(UTC))
    return SignedIn(person, token) if person else None
