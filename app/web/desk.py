"""The desk: what waits for the person who opens it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.security.guards import signed_in

pages = Blueprint("desk", __name__)


@pages.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """What is due, returned or missing."""
    return render_template("desk/index.html")
