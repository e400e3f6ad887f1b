"""Read any text of UNDP's forms, flat or archive page, plan, reflection or experiment."""

from app.exchange.archive_pages import read_pages
from app.exchange.copied_text import as_lines
from app.exchange.flat_marks import flat_marks
from app.exchange.learning_plan_form import read_forms
from app.exchange.page_marks import asks_behind_signs, states_its_kind
from app.exchange.readings import Reading


def read_document(text: str, *, name: str) -> list[Reading]:
    """Every form the text holds, each as a reading, in the order they stand.

    Most texts give one. A page with a plan and its closing form gives the plan and the
    reflection. ``name`` is the file's. Raises InvalidError for a text that is no form.
    """
    text = as_lines(text)
    lines = text.split("\n")
    is_page = asks_behind_signs(lines) or (states_its_kind(lines) and not flat_marks(lines))
    return read_pages(text, name=name) if is_page else read_forms(text, name=name)
