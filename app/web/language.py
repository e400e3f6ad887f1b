"""The reader's language: asked for in the address, remembered, else the browser's, else Spanish."""

from urllib.parse import urlencode

from flask import Flask, Response, g, request
from flask_babel import Babel

from app.language.speaker import Speaker
from app.security.login import current_person, is_signed_in
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


def other_language_url() -> str:
    """The current address in the other language."""
    other = Language.EN if current_language() is Language.ES else Language.ES
    query = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return f"{request.path}?{urlencode([*query, ('lang', other.value)])}"


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
        response.set_cookie(COOKIE, asked.value, max_age=A_YEAR, samesite="Lax", httponly=True)
    return response
