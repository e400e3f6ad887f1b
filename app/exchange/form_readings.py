"""From a paper taken apart to the readings of the forms on it."""

from collections.abc import Sequence

from app.exchange.drafts import Draft
from app.exchange.experiment_answers import record_experiment
from app.exchange.form_marks import Answer, Paper, by_form
from app.exchange.form_prompts import Form
from app.exchange.form_text import excerpt, key_of
from app.exchange.page_tags import KINDS_OF_PAGES, record_tags
from app.exchange.plan_answers import record_plan
from app.exchange.readings import Reading
from app.exchange.reflection_answers import record_reflection
from app.language.sentences import sentence
from models.vocabulary import PageKind

KINDS = {
    Form.INITIAL: PageKind.PLAN,
    Form.CLOSING: PageKind.REFLECTION,
    Form.EXPERIMENT: PageKind.EXPERIMENT,
}
RECORDERS = {
    Form.INITIAL: record_plan,
    Form.CLOSING: record_reflection,
    Form.EXPERIMENT: record_experiment,
}


def readings_of(paper: Paper) -> list[Reading]:
    """One reading for each form on the paper, in their order.

    A page without any question that calls itself a plan or an experiment is one reading as well;
    any other paper is none. What the paper says once (heading, tags) is said of every form on
    it; text that stands under no question is kept with the first.
    """
    forms = by_form(paper.answers) or _form_by_type(paper)
    drafts = []
    for form, answers in forms.items():
        draft = Draft(KINDS[form])
        RECORDERS[form](draft, answers)
        _record_title(draft, paper.heading)
        drafts.append(draft)
    if drafts:
        _record_rest(drafts, paper)
    return [draft.reading() for draft in drafts]


def _form_by_type(paper: Paper) -> dict[Form, list[Answer]]:
    kinds = {
        kind
        for tag in paper.tags
        if tag.name == "type"
        for kind in KINDS_OF_PAGES.get(tag.value.casefold(), ())
    }
    form = next((form for form, kind in KINDS.items() if kind in kinds), None)
    return {form: []} if form is not None else {}


def _record_title(draft: Draft, heading: str) -> None:
    """The form's own title, or else the heading; a heading that says something else is kept."""
    title = draft.text("title")
    if not title:
        draft.set("title", heading)
    elif heading and key_of(heading) != key_of(title):
        draft.set("page_title", heading)
        draft.flag(
            "title",
            sentence(
                "The page is headed “%(heading)s”, the form is titled “%(title)s”.",
                heading=excerpt(heading),
                title=excerpt(title),
            ),
        )
    if not (title or heading):
        draft.flag("title", sentence("The form has no title."))


def _record_rest(drafts: Sequence[Draft], paper: Paper) -> None:
    record_tags(drafts[0], paper.tags)
    shared = [tag for tag in paper.tags if tag.name != "type"]
    for draft in drafts[1:]:
        record_tags(draft, shared)
    for text in (*paper.preamble, *paper.loose):
        drafts[0].keep(text)
