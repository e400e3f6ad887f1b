"""What an archive page states about itself, ``[[tag:value]]``, as fields."""

import re

from app.exchange.drafts import Draft
from app.exchange.form_marks import Tag
from app.exchange.form_text import decoded, excerpt
from app.exchange.option_words import (
    ASSIGNMENTS,
    CONTROL_GROUPS,
    COST_BANDS,
    DESIGN_TYPES,
    QUALITY_CHECKS,
    SAMPLE_BANDS,
    SCALING_OUTCOMES,
    SECTORS,
    STAGES,
    STATES,
    Rules,
    understood,
    understood_goals,
)
from app.language.sentences import sentence
from models.vocabulary import PageKind

TAG = re.compile(r"\[\[\s*([A-Za-z][\w -]{0,40}?)\s*:(.*?)\]\](?!\])")
TAG_LINE = re.compile(rf"\s*(?:[-*•]\s+)?(?:{TAG.pattern}\s*)+")

SPELLINGS = {
    "datasource": "datasources",
    "data_source": "datasources",
    "data_sources": "datasources",
    "method": "methods",
    "sdg": "sdgs",
    "theme": "thematic_areas",
    "themes": "thematic_areas",
    "thematic_area": "thematic_areas",
    "learning_cycle_stages": "learning_cycle_stage",
    "partnering_sectors": "partnering_sector",
    "quality_checks": "quality_check",
    "countries": "country",
}
LISTS = {
    "methods": "methods",
    "datasources": "data_sources",
    "thematic_areas": "thematic_areas",
}
CHOICES_OF_ONE: dict[str, tuple[str, Rules]] = {
    "control_group": ("control_group", CONTROL_GROUPS),
    "assignment_type": ("assignment", ASSIGNMENTS),
    "sample_size": ("sample_band", SAMPLE_BANDS),
    "total_cost": ("cost_band", COST_BANDS),
    "experiment_status": ("state", STATES),
    "experiment_type": ("design_type", DESIGN_TYPES),
}
CHOICES_OF_MANY: dict[str, tuple[str, Rules]] = {
    "scaling": ("scaling_outcomes", SCALING_OUTCOMES),
    "quality_check": ("quality_checks", QUALITY_CHECKS),
    "partnering_sector": ("partner_sectors", SECTORS),
}
KINDS_OF_PAGES = {
    "learningplan": {PageKind.PLAN, PageKind.REFLECTION},
    "experiment": {PageKind.EXPERIMENT},
}
MOST_GOALS_OR_THEMES = 5


def tags_in(line: str) -> list[Tag]:
    """The tags of a line that holds nothing but tags, their names in one spelling."""
    if not TAG_LINE.fullmatch(line):
        return []
    return [Tag(_name(name), decoded(value).strip()) for name, value in TAG.findall(line)]


def _name(written: str) -> str:
    name = re.sub(r"[\s-]+", "_", written.strip().casefold())
    return SPELLINGS.get(name, name)


def is_known(tag: Tag) -> bool:
    """Whether the archive is known to use the tag."""
    return tag.name in {
        "year",
        "country",
        "latlng",
        "type",
        "sdgs",
        "learning_cycle_stage",
        *LISTS,
        *CHOICES_OF_ONE,
        *CHOICES_OF_MANY,
    }


def record_tags(draft: Draft, tags: list[Tag]) -> None:
    """Put every tag into its field; what has none, or says nothing usable, is kept as it stands."""
    for tag in tags:
        if tag.value:
            _record(draft, tag)
    _point_at_many(draft)


def _record(draft: Draft, tag: Tag) -> None:
    name, value = tag.name, tag.value
    if name in LISTS:
        draft.add_to_list(LISTS[name], value)
    elif name == "year":
        _record_year(draft, tag)
    elif name == "country":
        _record_country(draft, tag)
    elif name == "latlng":
        _record_place(draft, tag)
    elif name == "type":
        _record_type(draft, tag)
    elif name == "sdgs":
        _record_goals(draft, tag)
    elif name == "learning_cycle_stage":
        draft.choose_many("learning_cycle_stages", value, STAGES)
    elif name in CHOICES_OF_ONE or name in CHOICES_OF_MANY:
        _record_choice(draft, tag)
    else:
        _keep(draft, tag)


def _keep(draft: Draft, tag: Tag) -> None:
    draft.keep(f"{tag.name}: {tag.value}")


def _record_year(draft: Draft, tag: Tag) -> None:
    standing = draft.value("year")
    if standing is None and re.fullmatch(r"(19|20)\d\d", tag.value):
        draft.set("year", int(tag.value))
    elif str(standing) != tag.value:
        _keep(draft, tag)
        draft.flag(
            "year",
            sentence("The page states the year “%(text)s” as well.", text=excerpt(tag.value)),
        )


def _record_country(draft: Draft, tag: Tag) -> None:
    standing = draft.value("country")
    if not standing:
        draft.set("country", tag.value)
    elif standing != tag.value:
        _keep(draft, tag)
        draft.flag(
            "country", sentence("The page names %(country)s as well.", country=excerpt(tag.value))
        )


def _record_place(draft: Draft, tag: Tag) -> None:
    found = re.fullmatch(r"(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)", tag.value)
    if found and not draft.value("latitude") and _is_on_earth(*found.groups()):
        draft.set("latitude", found[1])
        draft.set("longitude", found[2])
    else:
        _keep(draft, tag)
        draft.flag(
            "latitude", sentence("“%(text)s” is not one place on a map.", text=excerpt(tag.value))
        )


def _is_on_earth(latitude: str, longitude: str) -> bool:
    return abs(float(latitude)) <= 90 and abs(float(longitude)) <= 180


def _record_type(draft: Draft, tag: Tag) -> None:
    kinds = KINDS_OF_PAGES.get(tag.value.casefold().replace(" ", "").replace("_", ""))
    if kinds is None:
        _keep(draft, tag)
    elif draft.kind not in kinds:
        _keep(draft, tag)
        draft.flag(
            "title",
            sentence(
                "The page calls itself “%(type)s”, but its questions are another form's.",
                type=excerpt(tag.value),
            ),
        )


def _record_goals(draft: Draft, tag: Tag) -> None:
    meant = understood_goals(tag.value)
    draft.record("sdgs", meant)
    for text in meant.unknown:
        draft.keep(f"sdgs: {text}")
        draft.flag("sdgs", sentence("“%(text)s” is none of the 17 goals.", text=excerpt(text)))


def _record_choice(draft: Draft, tag: Tag) -> None:
    """A choice of experiments; a page of another kind has no field for it."""
    field, rules = CHOICES_OF_ONE.get(tag.name) or CHOICES_OF_MANY[tag.name]
    meant = understood(tag.value, rules)
    if not draft.has(field) or meant.unknown:
        _keep(draft, tag)
        if draft.has(field):
            draft.flag(
                field,
                sentence("“%(text)s” is not among the answers here.", text=excerpt(tag.value)),
            )
    elif tag.name in CHOICES_OF_ONE:
        draft.choose_one(field, tag.value, rules)
    else:
        draft.choose_many(field, tag.value, rules)


def _point_at_many(draft: Draft) -> None:
    """A plan may have five goals and five themes; other pages any number."""
    for field in ("sdgs", "thematic_areas"):
        count = len(draft.listed(field))
        if draft.kind is PageKind.PLAN and count > MOST_GOALS_OR_THEMES:
            draft.flag(
                field,
                sentence(
                    "There are %(count)s where a plan may have 5; all were kept.", count=count
                ),
            )
