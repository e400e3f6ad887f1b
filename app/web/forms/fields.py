"""Fields that read what people write, in their language, and keep what could not be read."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.widgets import CheckboxInput, ListWidget, TextArea, TextInput

from app.domain.dates import UnreadableDayError, read_day
from app.domain.numbers import UnreadableNumberError, read_decimal, read_whole
from app.domain.texts import is_blank, one_line
from app.domain.waves import UnreadableWaveError, Wave, read_waves, written
from app.web.language import current_language, current_speaker

NOT_LISTED = _l("Choose one from the list.")


class _ReadField(Field):
    """Shows again exactly what was typed when it could not be understood."""

    widget: Any = TextInput()
    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.written(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        try:
            self.data = self.read(text)
        except (UnreadableNumberError, UnreadableDayError, UnreadableWaveError) as unreadable:
            raise ValueError(current_speaker().say(unreadable.message)) from unreadable

    def read(self, text: str) -> Any:
        raise NotImplementedError

    def written(self, value: Any) -> str:
        return str(value)


class NumberField(_ReadField):
    """A decimal: "1 234,5" in Spanish, "1,234.5" in English."""

    def read(self, text: str) -> Decimal:
        """Read a decimal in the reader's language."""
        return read_decimal(text, language=current_language())

    def written(self, value: Decimal) -> str:
        """Write it back the way the reader writes it."""
        return current_speaker().number(value)


class WholeNumberField(NumberField):
    """A number without decimals."""

    def read(self, text: str) -> Any:
        """Read a whole number, refusing decimals."""
        return read_whole(text, language=current_language())


class DayField(_ReadField):
    """A day; the browser's own picker where it has one, else typed as 30/09/2026."""

    def read(self, text: str) -> date:
        """Read a day."""
        return read_day(text)

    def written(self, value: date) -> str:
        """Write it as the browser's picker wants it."""
        return value.isoformat()


class WavesField(_ReadField):
    """Planned waves, one a line: "week 6; 30/09/2026"."""

    widget = TextArea()

    def read(self, text: str) -> tuple[Wave, ...]:
        """Read the waves in the order of their days."""
        return read_waves(text)

    def written(self, value: Sequence[Wave]) -> str:
        """Write them back, one a line."""
        return written(value)


class WordField(SelectField):
    """One word of a vocabulary list, labelled in the reader's language."""

    def __init__(
        self, label: Any, members: Sequence[StrEnum], *, optional: bool = False, **kwargs: Any
    ) -> None:
        self.members = {member.value: member for member in members}
        self.is_optional = optional
        super().__init__(label, coerce=self._member, choices=self._listed, **kwargs)
        self.invalid_value_message = self.invalid_choice_message = NOT_LISTED

    def _listed(self) -> list[SelectChoice]:
        say = current_speaker().word
        listed = [SelectChoice(value, say(member)) for value, member in self.members.items()]
        return [SelectChoice("", "—"), *listed] if self.is_optional else listed

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Forget what stood there before: a word that is not in the list is none."""
        self.data = None if valuelist else self.data
        super().process_formdata(valuelist)

    def _member(self, value: Any) -> Any:
        if value in ("", None):
            return None
        if value not in self.members:
            raise ValueError(value)
        return self.members[value]


class TicksField(SelectMultipleField):
    """Several of a list as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Forget what stood there before."""
        self.data = []
        super().process_formdata(valuelist)


class WordsField(TicksField):
    """Several words of a vocabulary list as tick boxes; data are their values."""

    def __init__(self, label: Any, members: Sequence[StrEnum], **kwargs: Any) -> None:
        self.members = list(members)
        super().__init__(label, choices=self._listed, **kwargs)

    def _listed(self) -> list[SelectChoice]:
        say = current_speaker().word
        return [SelectChoice(member.value, say(member)) for member in self.members]


class TextField(StringField):
    """One line of text, without blanks around it and without what nobody sees."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep what is seen."""
        self.data = one_line(valuelist[0]) if valuelist else ""


class LongTextField(TextAreaField):
    """Several lines of text; line ends as Unix writes them."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Strip the blanks and unify line ends: browsers send CR LF."""
        text = valuelist[0].replace("\r\n", "\n").strip() if valuelist else ""
        self.data = "" if is_blank(text) else text


class Sometimes:
    """Marks a field that other answers make necessary: it is not called optional."""

    field_flags: ClassVar[dict[str, bool]] = {"sometimes": True}

    def __call__(self, _form: Any, _field: Any) -> None:
        """Ask for nothing here: the rule that knows the other answers does."""
