"""The offices a person writes in."""

from app.database import current_session
from app.domain.refusals import InvalidError, Problem
from app.language.sentences import sentence
from app.queries.programmes import offices_in
from app.security.login import current_person
from app.security.permissions import Permission
from app.security.policy import scope_of
from models import Office


def own_offices(permission: Permission = Permission.WRITE_PLAN) -> list[Office]:
    """The offices in which the person signed in may do this."""
    return offices_in(current_session(), scope=scope_of(current_person(), permission))


def own_office(code: str | None, permission: Permission = Permission.WRITE_PLAN) -> Office:
    """The chosen one of them; the only one when none was chosen. InvalidError beside "office"."""
    own = own_offices(permission)
    chosen = [office for office in own if office.code == code or (not code and len(own) == 1)]
    if not chosen:
        raise InvalidError([Problem("office", sentence("Choose one of your offices."))])
    return chosen[0]
