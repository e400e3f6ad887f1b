"""What to say of a text that is none of UNDP's forms."""

from app.domain.refusals import InvalidError, Problem
from app.exchange.form_prompts import Form, prompt_for
from app.language.sentences import sentence

LOOKED_FOR = (
    ("title", Form.INITIAL),
    ("insights", Form.CLOSING),
    ("learning_intent", Form.EXPERIMENT),
)


def no_form(name: str | None = None) -> InvalidError:
    """The refusal of a text without any question of UNDP's forms: what was looked for.

    ``name`` is the file's; None for text without a file.
    """
    questions = [prompt_for(field, form).texts[0] for field, form in LOOKED_FOR]
    message = sentence(
        "%(name)s is not the text of a UNDP form: none of its questions was found, such as"
        " “%(plan)s”, “%(reflection)s” or “%(experiment)s”. Choose the whole text of an Action"
        " Learning Plan, of its closing form or of an experiment, with its questions.",
        name=name or sentence("This"),
        plan=questions[0],
        reflection=questions[1],
        experiment=questions[2],
    )
    return InvalidError([Problem("file", message)])
