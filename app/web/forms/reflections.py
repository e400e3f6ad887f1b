"""The closing form of a plan, and between its fields and the content the services take."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.domain.names import folded
from app.domain.reflections import MOST_INSIGHTS, MOST_PARTNERS, ReflectionContent
from app.domain.texts import one_line
from app.queries.plan_contents import PLAIN_IN_REFLECTION, reflection_content_of
from app.web.forms.base import VersionedForm
from app.web.forms.fields import LongTextField, TextField, TicksField, WholeNumberField, WordsField
from app.web.forms.keys import KeyField
from app.web.forms.plans import (
    PARTNER_PARTS,
    ListField,
    PartnerForm,
    filled,
    partner_entry,
    places_filled,
)
from models import Reflection
from models.vocabulary import HandoverOutcome

# Names that were ticked were short enough before: a refused one was typed.
TYPED = {"methods": "other_methods", "data_sources": "other_data_sources"}
OUTCOMES = {outcome.value: outcome for outcome in HandoverOutcome}


class NamesField(TicksField):
    """Names to tick. What was ticked once stays a choice, though the plan changed meanwhile."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, choices=[], validate_choice=False, **kwargs)

    def offer(self, names: Iterable[str]) -> None:
        """Set the names to choose among: each once, spelled as it was ticked."""
        spelled = {folded(name): name for name in (*names, *self.items)}
        self.choices = [SelectChoice(name, name) for key, name in spelled.items() if key]

    @property
    def items(self) -> tuple[str, ...]:
        """What is ticked."""
        return tuple(one_line(name) for name in self.data or ())


class WorkedWithForm(PartnerForm):
    """One partner actually worked with; its rank is its place."""

    collaboration = LongTextField(_l("What you did together"))


class ReflectionForm(VersionedForm):
    """Every field of a closing form."""

    insights = FieldList(LongTextField(_l("Key insight")), _l("Key insights"), min_entries=1)
    links = FieldList(
        TextField(_l("Link"), render_kw={"inputmode": "url"}), _l("Links"), min_entries=1
    )
    barriers = LongTextField(_l("Barriers"))
    time_sense = WholeNumberField(_l("Sense"))
    time_explore = WholeNumberField(_l("Explore"))
    time_test = WholeNumberField(_l("Test"))
    time_grow = WholeNumberField(_l("Grow"))
    methods = NamesField(_l("Methods used"))
    other_methods = ListField(_l("Other methods used"))
    methods_used = LongTextField(_l("Methods used, and why"))
    data_sources = NamesField(_l("Data used"))
    other_data_sources = ListField(_l("Other data used"))
    data_used = LongTextField(_l("Data used, and why"))
    partners = FieldList(FormField(WorkedWithForm), _l("Partners worked with"), min_entries=1)
    partners_civil_society = LongTextField(_l("Partners from civil society"))
    partners_academia = LongTextField(_l("Partners from academia"))
    partners_private_sector = LongTextField(_l("Partners from the private sector"))
    partners_government = LongTextField(_l("Partners from government"))
    partners_united_nations = LongTextField(_l("Partners from the United Nations"))
    partners_new_and_unusual = LongTextField(_l("New and unusual partners"))
    handover_outcomes = WordsField(_l("Handover"), list(HandoverOutcome))
    handover_detail = LongTextField(_l("Handover in detail"))
    bonus = LongTextField(_l("Bonus question"))
    supporting_evidence = LongTextField(_l("Supporting evidence"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Only now: given to the field itself, the limit would silently drop what is over it.
        for rows, most in ((self.insights, MOST_INSIGHTS), (self.partners, MOST_PARTNERS)):
            rows.max_entries = max(most, len(rows.entries))

    def offer(self, *, methods: Iterable[str], data_sources: Iterable[str]) -> None:
        """What can be ticked as used: what the plan named."""
        self.methods.offer(methods)
        self.data_sources.offer(data_sources)

    def content(self) -> ReflectionContent:
        """What was typed, as the services take it. Rows left blank are none."""
        return ReflectionContent(
            insights=tuple(entry.data for entry in self.insights if entry.data),
            links=tuple(entry.data for entry in self.links if entry.data),
            handover_outcomes=tuple(
                OUTCOMES[each] for each in self.handover_outcomes.data or () if each in OUTCOMES
            ),
            methods=_each_once(self.methods.items + self.other_methods.items),
            data_sources=_each_once(self.data_sources.items + self.other_data_sources.items),
            partners=tuple(partner_entry(part) for part in filled(self.partners, *PARTNER_PARTS)),
            **{name: self[name].data for name in PLAIN_IN_REFLECTION},
        )

    def _placed(self, path: str | None) -> str | None:
        """Blank rows are none for the rules, and shift the rows below them."""
        rows, _dot, rest = (path or "").partition(".")
        place, _dot, part = rest.partition(".")
        if not place:
            return TYPED.get(rows, path)
        return ".".join((rows, str(self._typed_at(rows)[int(place)]), *filter(None, (part,))))

    def _typed_at(self, rows: str) -> list[int]:
        if rows == "partners":
            return list(places_filled(self.partners, *PARTNER_PARTS))
        return [place for place, entry in enumerate(self[rows]) if entry.data]


class NewReflectionForm(ReflectionForm):
    """A closing form that is not there yet: sent twice, it is written once."""

    submission_key = KeyField()


def shown(reflection: Reflection) -> Mapping[str, Any]:
    """A stored closing form as the form's data."""
    content = reflection_content_of(reflection)
    return {
        **{name: getattr(content, name) for name in PLAIN_IN_REFLECTION},
        "version": reflection.version,
        "insights": content.insights,
        "links": content.links,
        "handover_outcomes": [each.value for each in content.handover_outcomes],
        "methods": content.methods,
        "data_sources": content.data_sources,
        "partners": [asdict(partner) for partner in content.partners],
    }


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    once: dict[str, str] = {}
    for name in names:
        once.setdefault(folded(name), name)
    return tuple(name for key, name in once.items() if key)
