"""Every route wears a guard. A route without one is closed.

``@public`` opens a route to everybody, ``@signed_in`` to any person, ``@requires(permission)``
to those who hold it somewhere; ``ensure`` then asks for the record at hand.
"""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect

from app.database import SAFE_METHODS
from app.domain.refusals import NotAllowedError
from app.language.sentences import sentence
from app.security.login import current_person, is_signed_in
from app.security.permissions import Permission
from app.security.policy import may

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC, SIGNED_IN = "public", "signed in"
csrf = CSRFProtect()


def public(view: View) -> View:
    """Open to everybody."""
    view.guard = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Open to every person signed in."""
    view.guard = SIGNED_IN  # type: ignore[attr-defined]
    return view


def requires(permission: Permission) -> Callable[[View], View]:
    """Open to persons who hold the permission in some office or programme."""

    def guarded(view: View) -> View:
        view.guard = permission  # type: ignore[attr-defined]
        return view

    return guarded


def ensure(
    permission: Permission, *, office_id: int | None = None, programme_ids: Collection[int] = ()
) -> None:
    """Refuse unless the person holds the permission in that place."""
    if not may(current_person(), permission, office_id=office_id, programme_ids=programme_ids):
        raise NotAllowedError(sentence("Your role does not allow this here."))


def attach(app: Flask) -> None:
    """Judge every request before its view runs; the form token after the permission."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    csrf.init_app(app)
    app.before_request(_judge)


def guard_of(app: Flask, endpoint: str) -> str | None:
    """The guard an endpoint wears, or None."""
    return getattr(app.view_functions[endpoint], "guard", None)


def _judge() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    guard = guard_of(current_app, request.endpoint)
    if guard is None:
        raise NotAllowedError(sentence("This address is closed."))
    if guard != PUBLIC:
        if not is_signed_in():
            return redirect(url_for("account.sign_in", next=_way_back()), 303)
        if guard != SIGNED_IN:
            ensure(Permission(guard))
    if request.method not in SAFE_METHODS:
        csrf.protect()
    return None


def _way_back() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None
