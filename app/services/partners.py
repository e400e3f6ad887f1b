"""Partners: one row for each organisation, however its name is spelled."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.names import folded
from app.domain.plans import MOST_NAME
from models import Partner
from models.vocabulary import Sector


def partner_named(
    session: Session, name: str, *, sector: Sector | None = None, respell: bool = False
) -> Partner:
    """The organisation of this name, added when it is new.

    Its own sector is the first one anybody stated; what a plan says stays on the partnership.
    ``respell`` takes over the spelling: a person who corrects an accent means the organisation.
    """
    key, written = folded(name)[:MOST_NAME], name.strip()[:MOST_NAME]
    partner = _known(session, key) or _added(session, written, key)
    if respell and partner.name != written:
        partner.name = written
    if partner.sector is None:
        partner.sector = sector
    return partner


def _known(session: Session, key: str) -> Partner | None:
    return session.scalar(select(Partner).where(Partner.folded_name == key))


def _added(session: Session, name: str, key: str) -> Partner:
    """Add it; where somebody else adds it in the same moment, theirs is taken."""
    partner = Partner(name=name, folded_name=key)
    try:
        with session.begin_nested():
            session.add(partner)
    except IntegrityError:
        theirs = _known(session, key)
        if theirs is None:
            raise
        return theirs
    return partner
