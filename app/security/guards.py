"""Every route wears a guard. A route without one is closed.

``@public`` opens a route to everybody, ``@signed_in`` to any person, ``@requires(permission)``
to those who hold it somewhere; ``ensure`` then asks for the record at hand.
"""

from collections.abc import Callable, Collection
from itertools import chain
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from werkzeug.routing import IntegerConverter, Map

from app.database import SAFE_METHODS
from app.domain.refusals import NotAllowedError
from app.errors import answer
from app.language.sentences import sentence
from app.security.login import current_person, is_signed_in
from app.security.permissions import Permission
from app.security.policy import may

# The largest number a row can have in either database.
LARGEST_NUMBER = 2**31 - 1
View = TypeVar("View", bound=Callable[..., Any])
PUBLIC, SIGNED_IN = "public", "signed in"
# All that is open to who signed in with a password somebody else made up.
FOR_A_NEW_PASSWORD = frozenset({"account.password", "account.change_password", "account.sign_out"})
csrf = CSRFProtect()


class RowNumber(IntegerConverter):
    """A row's number in an address; a larger one than any row's is no address."""

    def __init__(self, url_map: Map, **given: Any) -> None:
        super().__init__(url_map, **({"max": LARGEST_NUMBER} | given))


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
    permission: Permission,
    *,
    office_id: int | None = None,
    programme_ids: Collection[int] | None = None,
) -> None:
    """Refuse unless the person holds the permission in that place; see ``policy.may``."""
    if not may(current_person(), permission, office_id=office_id, programme_ids=programme_ids):
        raise NotAllowedError(sentence("Your role does not allow this here."))


def attach(app: Flask) -> None:
    """Judge every request before its view runs; the form token after the permission."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    csrf.init_app(app)
    app.url_map.converters["int"] = RowNumber
    app.before_request(_judge)


def guard_of(app: Flask, endpoint: str) -> str | None:
    """The guard an endpoint wears, or None."""
    return getattr(app.view_functions[endpoint], "guard", None)


def _judge() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    _refuse_nul(request.path, *chain.from_iterable(request.args.items(multi=True)))
    guard = guard_of(current_app, request.endpoint)
    if guard is None:
        raise NotAllowedError(sentence("This address is closed."))
    if guard != PUBLIC:
        if not is_signed_in():
            return _ask_to_sign_in()
        if current_person().has_temporary_password and request.endpoint not in FOR_A_NEW_PASSWORD:
            return redirect(url_for("account.password"), 303)
        if guard != SIGNED_IN:
            ensure(Permission(guard))
    if request.method not in SAFE_METHODS:
        csrf.protect()
    return None


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.method in SAFE_METHODS:
        return redirect(url_for("account.sign_in", next=_way_back()), 303)
    if request.endpoint == "account.sign_out":
        return redirect(url_for("account.sign_in"), 303)
    # Somebody's time ran out while they were writing: what they wrote is shown to them.
    return answer(401, sentence("You were signed out meanwhile, so nothing was saved."))


def _way_back() -> str:
    # The language is asked for anew at the door, and that choice stands.
    asked = [(name, text) for name, text in request.args.items(multi=True) if name != "lang"]
    path = quote(request.path)
    return f"{path}?{urlencode(asked)}" if asked else path


def _refuse_nul(*texts: str) -> None:
    """No keyboard types it, and PostgreSQL keeps no text that holds it."""
    if any("\0" in text for text in texts):
        abort(400)
