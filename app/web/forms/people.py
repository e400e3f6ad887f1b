"""Forms of the people pages."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from app.domain.roles import Place
from app.web.forms.base import Form, VersionedForm
from app.web.forms.fields import TextField, WordField
from app.web.layout import programme_name
from models import Office, Programme
from models.vocabulary import Language, Role

EVERYWHERE = "*"


class PlaceField(SelectField):
    """Where a role holds: the whole installation (where offered), an office or a programme."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        self._places: dict[str, Place] = {}
        super().__init__(label, choices=[], **kwargs)

    def offer(
        self, offices: Iterable[Office], programmes: Iterable[Programme], *, everywhere: bool
    ) -> None:
        """Fill the list; what is not in it is refused."""
        office_choices = [(f"office:{one.code}", f"{one.code} · {one.name}") for one in offices]
        programme_choices = [
            (f"programme:{one.code}", f"{one.code} · {programme_name(one)}") for one in programmes
        ]
        self.choices = {
            _("Installation"): [(EVERYWHERE, _("The whole installation"))] if everywhere else [],
            _("Offices"): office_choices,
            _("Programmes"): programme_choices,
        }
        self._places = {EVERYWHERE: Place()} if everywhere else {}
        self._places |= {f"office:{one.code}": Place(office=one) for one in offices}
        self._places |= {f"programme:{one.code}": Place(programme=one) for one in programmes}

    @property
    def place(self) -> Place:
        """The place chosen; only after the form was found valid."""
        return self._places[self.data]


class RoleForm(Form):
    """A role and where it holds."""

    role = WordField(_l("Role"), list(Role))
    place = PlaceField(_l("Where"))


class NewPersonForm(RoleForm):
    """Somebody new, with their first role."""

    name = TextField(_l("Name"), [InputRequired()], render_kw={"autocomplete": "off"})
    email = TextField(
        _l("E-mail"),
        [InputRequired()],
        render_kw={"autocomplete": "off", "type": "email", "inputmode": "email"},
    )
    language = WordField(_l("Language"), list(Language), optional=True)


class PersonForm(VersionedForm):
    """What an account says."""

    name = TextField(_l("Name"), [InputRequired()], render_kw={"autocomplete": "off"})
    email = TextField(
        _l("E-mail"),
        [InputRequired()],
        render_kw={"autocomplete": "off", "type": "email", "inputmode": "email"},
    )
    language = WordField(_l("Language"), list(Language), optional=True)
