"""Forms of an import: what is handed in, and what is corrected before it is saved."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import FieldList, FormField, HiddenField, SelectField
from wtforms import Form as PartForm
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.domain.plans import FIRST_YEAR, LAST_YEAR
from app.domain.refusals import Problem, RefusalError
from app.exchange.readings import Reading
from app.services.import_reports import Correction
from app.web.forms.base import Form
from app.web.forms.fields import LongTextField, TicksField, WordField
from app.web.forms.plans import YearField
from models import Office
from models.vocabulary import ChallengeType, PageKind, Sector


class PlanYearField(YearField):
    """A year a plan may have, or nothing."""

    def read(self, text: str) -> Any:
        """Read a year."""
        year = int(super().read(text))
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError(_l("Write the year with four digits, like 2026."))
        return year


class ImportForm(Form):
    """A text that was pasted or a file; whose it is; which year."""

    office = SelectField(_l("Office"), validate_choice=False)
    year = PlanYearField(_l("Year"))
    text = LongTextField(_l("Paste the text"))
    file = FileField(_l("Or choose a file"))

    def offer_offices(self, offices: Sequence[Office]) -> None:
        """The offices it may be imported for."""
        self.office.choices = [SelectChoice(office.code, office.name) for office in offices]

    def has_one_source(self) -> bool:
        """Whether there is a text or a file, and not both; says so beside the fields."""
        both, neither = self.text.data and self.file.data, not (self.text.data or self.file.data)
        if both:
            said = _l("Paste the text or choose a file, not both: then it is clear which counts.")
        elif neither:
            said = _l("Paste the text of a form, or choose its file.")
        else:
            return True
        self.status = 422
        self.text.errors = [*self.text.errors, said]
        return False

    def refuse(self, refusal: RefusalError) -> None:
        """What is wrong with a pasted text stands beside the text, not beside the file."""
        if self.text.data:
            refusal.problems = [
                Problem("text" if problem.field == "file" else problem.field, problem.message)
                for problem in refusal.problems
            ]
        super().refuse(refusal)


class ReadingForm(PartForm):
    """What can be corrected in one reading."""

    challenge_type = WordField(_l("Challenge type"), list(ChallengeType), optional=True)
    sectors = FieldList(WordField(_l("Sector"), list(Sector), optional=True))
    split = TicksField(_l("Split"), validate_choice=False)

    def correction(self) -> Correction:
        """What was corrected, as the import takes it."""
        return Correction(
            challenge_type=self.challenge_type.data,
            sectors={rank: field.data for rank, field in enumerate(self.sectors, start=1)},
            split=frozenset(int(each) for each in self.split.data or () if each.isdecimal()),
        )


class ReviewForm(Form):
    """The text on its way, and the corrections of its readings."""

    text = HiddenField()
    file_name = HiddenField()
    office = HiddenField()
    year = PlanYearField(_l("Year"))
    readings = FieldList(FormField(ReadingForm))

    def corrections(self) -> dict[int, Correction]:
        """The corrections by the place of their reading."""
        return {place: entry.form.correction() for place, entry in enumerate(self.readings)}


def correctable(readings: Sequence[Reading]) -> list[dict[str, Any]]:
    """The readings as the review form's data."""
    return [
        {
            "challenge_type": _challenge_type(reading),
            "sectors": [partner.sector for partner in reading.partners],
            "split": [],
        }
        for reading in readings
    ]


def _challenge_type(reading: Reading) -> ChallengeType | None:
    kind = reading.text("challenge_type") if reading.kind is PageKind.PLAN else ""
    return ChallengeType(kind) if kind else None
