"""Read any text of UNDP's forms, flat or archive page, plan, reflection or experiment."""

from app.exchange.archive_pages import read_pages
from app.exchange.learning_plan_form import read_forms
from app.exchange.page_marks import looks_like_a_page
from app.exchange.readings import Reading


def read_document(text: str, *, name: str) -> list[Reading]:
    """Every form the text holds, each as a reading, in the order they stand.

    Most texts give one. A page with a plan and its closing form gives the plan and the
    reflection. ``name`` is the file's. Raises InvalidError for a text that is no form.
    """
    lines = text.split("\n")
    return read_pages(text, name=name) if looks_like_a_page(lines) else read_forms(text, name=name)
