"""The language a reader is answered in.

Asked for in the address, else remembered on the device, else the person's own, else the
browser's, else Spanish.
"""

from urllib.parse import quote, urlencode

from flask import Flask, Response, current_app, g, request
from flask_babel import Babel

from app.database import SAFE_METHODS
from app.language.speaker import Speaker
from app.security.login import current_person, is_signed_in
from app.security.ways_back import opens_by_get
from models.vocabulary import Language

COOKIE = "lang"
A_YEAR = 365 * 24 * 3600


def attach(app: Flask) -> None:
    """Choose a language for every request and remember one that was asked for."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    app.config["BABEL_DEFAULT_LOCALE"] = Language.ES.value
    Babel(app, locale_selector=lambda: current_language().value)
    app.after_request(_remember)


def current_language() -> Language:
    """The language of this answer."""
    if "language" not in g:
        g.language = _asked() or _remembered() or _browsers() or Language.ES
    return Language(g.language)


def current_speaker() -> Speaker:
    """The voice of this answer."""
    if "speaker" not in g:
        g.speaker = Speaker(current_language())
    speaker: Speaker = g.speaker
    return speaker


def other_language_url() -> str | None:
    """The current address in the other language; None where only forms are sent to."""
    if request.method not in SAFE_METHODS and not opens_by_get(request.path):
        return None
    other = Language.EN if current_language() is Language.ES else Language.ES
    query = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    # One slash only: two would lead to another host.
    path = "/" + quote(request.path.lstrip("/"))
    return f"{path}?{urlencode([*query, ('lang', other.value)])}"


def remember_language(response: Response, language: Language) -> None:
    """Keep a choice on this device for a year."""
    response.set_cookie(
        COOKIE,
        language.value,
        max_age=A_YEAR,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def _asked() -> Language | None:
    return _known(request.args.get("lang"))


def _remembered() -> Language | None:
    cookie = _known(request.cookies.get(COOKIE))
    if cookie or not is_signed_in():
        return cookie
    return current_person().language


def _browsers() -> Language | None:
    return _known(request.accept_languages.best_match([Language.ES.value, Language.EN.value]))


def _known(text: str | None) -> Language | None:
    return Language(text) if text in set(Language) else None


def _remember(response: Response) -> Response:
    if asked := _asked():
        remember_language(response, asked)
    return response
