"""Pages of UNDP's public archive: markdown with tags, sections and marked questions."""

from app.exchange.form_marks import Paper, take_apart
from app.exchange.form_readings import readings_of
from app.exchange.form_refusals import no_form
from app.exchange.form_text import decoded
from app.exchange.page_marks import marked_page
from app.exchange.readings import Reading


def read_page(text: str, *, name: str) -> Reading:
    """The first form of an archive page; ``read_pages`` gives all of them.

    ``name`` is the file's. Raises InvalidError where the page is no form.
    """
    return read_pages(text, name=name)[0]


def read_pages(text: str, *, name: str) -> list[Reading]:
    """Every form of an archive page; one that holds a plan and its closing form gives both.

    ``name`` is the file's. Raises InvalidError where no question is found and the tags do not
    call the page a plan or an experiment.
    """
    lines = text.split("\n")
    page = marked_page(lines)
    paper = Paper(heading=decoded(page.heading), tags=page.tags)
    paper.preamble = [decoded(each) for each in page.preamble]
    paper.answers, paper.loose = take_apart(lines, page.marks)
    readings = readings_of(paper)
    if not readings:
        raise no_form(name)
    return readings
