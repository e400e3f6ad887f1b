"""What every page shows: navigation, the person, both languages; and how templates say things."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import SQLAlchemyError

from app.database import engine, unit_of_work
from app.domain.refusals import BusyError
from app.language.words import LABELS
from app.queries.demonstration import is_demonstration
from app.security.login import current_person, is_signed_in
from app.security.permissions import Permission
from app.security.policy import may
from app.web.language import current_language, current_speaker, other_language_url
from models.vocabulary import Language

DEMONSTRATION = "demonstration"
NAVIGATION = (
    ("desk.index", _l("Desk"), Permission.READ_PORTFOLIO),
    ("plans.index", _l("Plans"), Permission.READ_PORTFOLIO),
    ("experiments.index", _l("Experiments"), Permission.READ_PORTFOLIO),
    ("programmes.index", _l("Programmes"), Permission.READ_PORTFOLIO),
    ("reviews.index", _l("Reviews"), Permission.REVIEW_IMPACT),
    ("quarters.index", _l("Quarters"), Permission.READ_PORTFOLIO),
    ("reports.index", _l("Reports"), Permission.READ_REPORT),
    ("people.index", _l("People"), Permission.MANAGE_PEOPLE),
)


@dataclass(frozen=True)
class NavigationItem:
    """One link of the main navigation."""

    endpoint: str
    url: str
    label: str
    is_current: bool


class Named(Protocol):
    """Whatever has a name in each language."""

    @property
    def name_en(self) -> str:
        """In English."""

    @property
    def name_es(self) -> str:
        """In Spanish."""


def attach(app: Flask) -> None:
    """Give every template the page's surroundings and the reader's voice."""
    app.context_processor(_surroundings)
    for name in ("say", "word", "date", "instant", "number", "percent", "money"):
        app.add_template_filter(_spoken(name), name)
    app.add_template_filter(programme_name)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def programme_name(programme: Named) -> str:
    """A programme's name in the reader's language, else in the other."""
    names = (programme.name_es, programme.name_en)
    first, second = names if current_language() is Language.ES else reversed(names)
    return first or second


def _surroundings() -> dict[str, Any]:
    return {
        "language": current_language(),
        "other_language_url": other_language_url(),
        "person": current_person() if is_signed_in() else None,
        "navigation": _navigation(),
        "demonstration": holds_demonstration(),
        "allowed": _allowed,
        "LABELS": LABELS,
    }


def holds_demonstration() -> bool:
    """Whether the demonstration is loaded: asked until it is settled, then remembered.

    A page that says the database does not answer must still be shown.
    """
    known: bool | None = current_app.extensions.get(DEMONSTRATION)
    if known is None:
        with suppress(SQLAlchemyError, BusyError), unit_of_work(engine(), writes=False) as session:
            known = current_app.extensions[DEMONSTRATION] = is_demonstration(session)
    return bool(known)


def _navigation() -> list[NavigationItem]:
    if not is_signed_in():
        return []
    return [
        NavigationItem(endpoint, url_for(endpoint), str(label), _is_under(url_for(endpoint)))
        for endpoint, label, permission in NAVIGATION
        if endpoint in current_app.view_functions and may(current_person(), permission)
    ]


def _is_under(url: str) -> bool:
    """Whether the page belongs to this part: /experiments/PE-2026-001/metrics to /experiments."""
    if url == url_for("desk.index"):
        return request.path == url
    return f"{request.path}/".startswith(f"{url}/")


def _allowed(permission: str, *, office_id: int | None = None, programme_ids: Any = None) -> bool:
    """Whether the reader may do this there; templates hide what would be refused."""
    return is_signed_in() and may(
        current_person(),
        Permission(permission),
        office_id=office_id,
        programme_ids=None if programme_ids is None else tuple(programme_ids),
    )


def _spoken(name: str) -> Any:
    def spoken(value: Any, *args: Any, **kwargs: Any) -> Any:
        if value is None:
            return ""
        return getattr(current_speaker(), name)(value, *args, **kwargs)

    return spoken
