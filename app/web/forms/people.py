"""Forms of the people pages."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
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
        # Nothing is chosen beforehand: a role given everywhere by oversight is found late.
        self._places: dict[str, Place] = {}
        self._listed = [SelectChoice("", "—")]
        super().__init__(label, choices=[], **kwargs)

    def offer(
        self, offices: Iterable[Office], programmes: Iterable[Programme], *, everywhere: bool
    ) -> None:
        """Fill the list; what is not in it is refused."""
        if everywhere:
            self._add(EVERYWHERE, _("The whole installation"), Place())
        for office in offices:
            label = f"{office.code} · {office.name}"
            self._add(f"office:{office.code}", label, Place(office=office), _("Offices"))
        for one in programmes:
            label = f"{one.code} · {programme_name(one)}"
            self._add(f"programme:{one.code}", label, Place(programme=one), _("Programmes"))
        self.choices = self._listed

    @property
    def place(self) -> Place:
        """The place chosen; only after the form was found valid."""
        return self._places[self.data]

    def _add(self, value: str, label: str, place: Place, group: str | None = None) -> None:
        self._listed.append(SelectChoice(value, label, optgroup=group))
        self._places[value] = place


class RoleForm(Form):
    """A role and where it holds."""

    role = WordField(_l("Role"), list(Role), validators=[InputRequired()])
    place = PlaceField(_l("Where"), validators=[InputRequired()])


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
