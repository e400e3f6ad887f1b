"""One table: which answer each family of refusal gets, and the page that carries it."""

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.database import only_read
from app.domain.refusals import (
    BusyError,
    ChangedMeanwhileError,
    DamagedError,
    InvalidError,
    NotAllowedError,
    NotReadyError,
    RefusalError,
    TooManyTriesError,
    UnknownError,
)
from app.language.sentences import Sentence, sentence
from app.security.login import forget_person

STATUS: dict[type[RefusalError], int] = {
    InvalidError: 422,
    UnknownError: 404,
    NotAllowedError: 403,
    NotReadyError: 409,
    ChangedMeanwhileError: 409,
    TooManyTriesError: 429,
    DamagedError: 500,
    BusyError: 503,
}
EXPLAINED: dict[int, Sentence] = {
    400: sentence("The request could not be read. Go back and try again."),
    404: sentence("There is nothing at this address, or it is not open to you."),
    405: sentence("This address does not accept that kind of request."),
    413: sentence("What you sent is too large. Send a smaller file."),
    500: sentence("Something went wrong on our side. Nothing of yours was changed."),
}
# Answers given before a form was looked at: the session or the form's token had run out, or
# nobody could write.
UNREAD_FORM = frozenset({400, 401, 503})
SECRETS = ("password", "token")


def status_of(refusal: RefusalError) -> int:
    """The HTTP status of a refusal."""
    return next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS)


def attach(app: Flask) -> None:
    """Answer refusals, HTTP errors and failures with a page in the reader's language."""
    app.register_error_handler(RefusalError, _refused)
    app.register_error_handler(BusyError, _busy)
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(500, _failed)


def answer(status: int, message: Sentence) -> ResponseReturnValue:
    """The page of a refusal; a form that was not looked at is shown again, so nothing is lost."""
    typed = _typed() if status in UNREAD_FORM else []
    page = render_template("errors/refused.html", status=status, message=message, typed=typed)
    return page, status


def _refused(refusal: RefusalError) -> ResponseReturnValue:
    return answer(status_of(refusal), refusal.message)


def _busy(refusal: BusyError) -> ResponseReturnValue:
    only_read()
    return answer(status_of(refusal), refusal.message)


def _form_too_old(_error: CSRFError) -> ResponseReturnValue:
    return answer(
        400,
        sentence("This form is no longer valid. Go back, reload the page and send it again."),
    )


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    return answer(status, EXPLAINED.get(status, EXPLAINED[400 if status < 500 else 500]))


def _failed(_error: Exception) -> ResponseReturnValue:
    forget_person()
    return answer(500, EXPLAINED[500])


def _typed() -> list[tuple[str, str]]:
    """What was written into the form, but for secrets: nobody reads a password off a page."""
    return [
        (name.replace("_", " ").replace("-", " "), text.replace("\0", ""))
        for name, text in request.form.items(multi=True)
        if not any(secret in name for secret in SECRETS)
    ]
