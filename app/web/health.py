"""For machines that watch: is the process up, is it ready to serve."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from app.database import current_session
from app.security.guards import public

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@public
def up() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "up"}


@pages.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """The database answers."""
    current_session().execute(text("SELECT 1"))
    return {"status": "ready"}
