"""The form of an Action Learning Plan, and between its fields and the plan's content."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from app.domain.plan_content import EvidencePiece, PartnerEntry, PlanContent, QuestionEntry
from app.domain.plans import MOST_PARTNERS
from app.domain.texts import one_line
from app.language.goals import GOALS
from app.queries.plan_contents import partner_of
from app.web.forms.base import Form, PartForm, VersionedForm
from app.web.forms.choices import Asked, YesNoField
from app.web.forms.fields import (
    LongTextField,
    TextField,
    TicksField,
    WholeNumberField,
    WordField,
    WordsField,
)
from app.web.language import current_speaker
from models import LearningQuestion, Office, Plan
from models.vocabulary import ChallengeType, EvidenceKind, Sector, Stage

YEAR, KEY = re.compile("[0-9]{4}"), re.compile("[0-9]{1,9}")
GOAL_KEYS = frozenset(map(str, GOALS))


class YearField(WholeNumberField):
    """A year: four digits, without grouping."""

    def read(self, text: str) -> Any:
        """Read a year."""
        if not YEAR.fullmatch(text):
            raise ValueError(_l("Write the year with four digits, like 2026."))
        return int(text)

    def written(self, value: Any) -> str:
        """As years are written."""
        return str(value)


class ListField(LongTextField):
    """Several short texts, one a line; data is the text, ``items`` the texts."""

    @property
    def items(self) -> tuple[str, ...]:
        """Each line once, without blanks around it."""
        lines = (one_line(line) for line in (self.data or "").split("\n"))
        return tuple(dict.fromkeys(line for line in lines if line))


class EvidenceForm(PartForm):
    """One piece of evidence."""

    kind = WordField(
        _l("Kind"),
        list(EvidenceKind),
        validators=[Asked()],
        default=EvidenceKind.QUANTITATIVE,
    )
    text = LongTextField(_l("What it says"))
    link = TextField(_l("Link"), render_kw={"inputmode": "url"})


class PartnerForm(PartForm):
    """One partner; its rank is its place."""

    name = TextField(_l("Name of the partner"))
    sector = WordField(_l("Sector"), list(Sector), optional=True)
    collaboration = LongTextField(_l("Intended collaboration"))
    new_and_unusual = YesNoField(_l("Is it new and unusual for UNDP?"))


class QuestionForm(PartForm):
    """One learning question. ``key`` names its row while the plan is edited."""

    key = HiddenField()
    text = LongTextField(_l("Learning question"))
    stages = WordsField(_l("Stages of the learning cycle"), list(Stage))
    methods = ListField(_l("Planned methods"))
    method_use = LongTextField(_l("How the methods will be used"))
    new_data_sources = LongTextField(_l("New data sources"))
    data_gaps = LongTextField(_l("Existing data gaps"))


class PlanForm(VersionedForm):
    """Every field of a plan."""

    office = SelectField(_l("Office"), validate_choice=False)
    title = TextField(_l("Title"), [InputRequired()])
    year = YearField(_l("Year"), [InputRequired()])
    challenge_type = WordField(_l("Challenge type"), list(ChallengeType), optional=True)
    statement = LongTextField(_l("Challenge statement"))
    background = LongTextField(_l("Background"))
    evidence = FieldList(FormField(EvidenceForm), _l("Evidence"), min_entries=1)
    value_proposition = LongTextField(_l("Value proposition"))
    tweet = LongTextField(_l("Short summary (tweet)"))
    partners = FieldList(FormField(PartnerForm), _l("Partners"), min_entries=1)
    learning_questions = FieldList(FormField(QuestionForm), _l("Learning questions"), min_entries=1)
    early_leads = LongTextField(_l("Early leads to grow"))
    thematic_areas = ListField(_l("Thematic areas"))
    sdgs = TicksField(_l("Sustainable Development Goals"))
    methods = ListField(_l("Methods of the whole plan"))
    data_sources = ListField(_l("Data sources of the whole plan"))
    comments = LongTextField(_l("Comments"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say = current_speaker().say
        self.sdgs.choices = [
            SelectChoice(str(goal), f"{goal}. {say(name)}") for goal, name in GOALS.items()
        ]
        # Only now: given to the field itself, the limit would silently drop what is over it.
        self.partners.max_entries = max(MOST_PARTNERS, len(self.partners.entries))

    def offer_offices(self, offices: Sequence[Office]) -> None:
        """The offices a new plan may belong to."""
        self.office.choices = [SelectChoice(office.code, office.name) for office in offices]

    def content(self) -> PlanContent:
        """What was typed, as the services take it. Rows left blank are none."""
        return PlanContent(
            title=self.title.data or "",
            year=self.year.data or 0,
            challenge_type=self.challenge_type.data,
            statement=self.statement.data or "",
            background=self.background.data or "",
            value_proposition=self.value_proposition.data or "",
            tweet=self.tweet.data or "",
            early_leads=self.early_leads.data or "",
            comments=self.comments.data or "",
            thematic_areas=self.thematic_areas.items,
            sdgs=tuple(int(goal) for goal in self.sdgs.data or () if goal in GOAL_KEYS),
            methods=self.methods.items,
            data_sources=self.data_sources.items,
            evidence=tuple(_evidence(part) for part in filled(self.evidence, "text", "link")),
            partners=tuple(partner_entry(part) for part in filled(self.partners, *PARTNER_PARTS)),
            learning_questions=tuple(
                _question(part) for part in filled(self.learning_questions, *QUESTION_PARTS)
            ),
        )

    def put_back(self, questions: Iterable[LearningQuestion]) -> None:
        """Show questions again that may not be removed."""
        shown = {entry.form.key.data for entry in self.learning_questions}
        for question in questions:
            if str(question.id) not in shown:
                self.learning_questions.append_entry(_question_shown(question))

    def _placed(self, path: str | None) -> str | None:
        """Blank rows are none for the rules, and shift the rows below them."""
        for name, parts in ROW_PARTS.items():
            found = re.fullmatch(rf"{name}\.(\d+)\.(\w+)", path or "")
            if found:
                places = list(places_filled(getattr(self, name), *parts))
                return f"{name}.{places[int(found[1])]}.{found[2]}"
        return path


class SubmitForm(VersionedForm):
    """The buttons that submit a plan or take it back."""


class AttachForm(Form):
    """Which plan a closing form belongs to."""

    plan = SelectField(_l("Plan"), [InputRequired()])


PARTNER_PARTS = ("name", "sector", "collaboration", "new_and_unusual")
QUESTION_PARTS = ("text", "stages", "methods", "method_use", "new_data_sources", "data_gaps")
ROW_PARTS: Mapping[str, Sequence[str]] = {
    "evidence": ("text", "link"),
    "partners": PARTNER_PARTS,
    "learning_questions": QUESTION_PARTS,
}


def shown(plan: Plan) -> dict[str, Any]:
    """A stored plan as the form's data."""
    plain = (
        "title year challenge_type statement background value_proposition tweet early_leads"
        " comments version"
    )
    return {
        **{name: getattr(plan, name) for name in plain.split()},
        "sdgs": [str(goal) for goal in plan.sdgs],
        **{
            name: "\n".join(getattr(plan, name))
            for name in ("thematic_areas", "methods", "data_sources")
        },
        "evidence": [
            {"kind": row.kind, "text": row.text, "link": row.link} for row in plan.evidence
        ],
        "partners": [asdict(partner_of(row)) for row in plan.partnerships],
        "learning_questions": [_question_shown(row) for row in plan.learning_questions],
    }


def _question_shown(row: LearningQuestion) -> dict[str, Any]:
    return {
        "key": str(row.id),
        "text": row.text,
        "stages": row.stages,
        "methods": "\n".join(row.methods),
        "method_use": row.method_use,
        "new_data_sources": row.new_data_sources,
        "data_gaps": row.data_gaps,
    }


def places_filled(rows: Any, *parts: str) -> Iterator[int]:
    """The places of the rows in which anything is filled in."""
    for place, entry in enumerate(rows):
        if any(entry.form[part].data not in (None, "", []) for part in parts):
            yield place


def filled(rows: Any, *parts: str) -> list[Any]:
    """The parts of the rows in which anything is filled in."""
    return [rows[place].form for place in places_filled(rows, *parts)]


def _evidence(part: Any) -> EvidencePiece:
    return EvidencePiece(
        kind=part.kind.data or EvidenceKind.QUANTITATIVE,
        text=part.text.data,
        link=part.link.data,
    )


def partner_entry(part: Any) -> PartnerEntry:
    """A row of partners as the services take it."""
    return PartnerEntry(
        name=part.name.data,
        sector=part.sector.data,
        collaboration=part.collaboration.data,
        new_and_unusual=part.new_and_unusual.data,
    )


def _question(part: Any) -> QuestionEntry:
    key = part.key.data or ""
    return QuestionEntry(
        text=part.text.data,
        stages=tuple(part.stages.data),
        methods=part.methods.items,
        method_use=part.method_use.data,
        new_data_sources=part.new_data_sources.data,
        data_gaps=part.data_gaps.data,
        id=int(key) if KEY.fullmatch(key) else None,
    )
