"""The desk: what waits for the person who opens it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.clock import now, today
from app.database import current_session
from app.domain.quarters import quarter_of
from app.queries.waiting import Part
from app.security.desks import desk_for
from app.security.guards import signed_in
from app.security.login import current_person

pages = Blueprint("desk", __name__)


@pages.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """What is due, returned or missing, by what the person's roles allow."""
    desk = desk_for(current_session(), current_person(), at=now())
    return render_template(
        "desk/index.html", desk=desk, quarter=quarter_of(today()), today=today(), Part=Part
    )
