"""For machines that watch: is the process up, is it ready to serve."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import schema
from app.database import engine
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
    """The database answers and stands at the schema this program needs."""
    if schema.schema_is_current(engine()):
        return {"status": "ready"}
    return {"status": "the schema is not current"}, 503
