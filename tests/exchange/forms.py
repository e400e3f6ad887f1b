"""Forms written by the tests: a flat plan, and archive pages, question by question."""

from app.exchange.form_prompts import NOTES, Form, prompt_for

CHALLENGE_FIELDS = (
    "statement",
    "background",
    "quantitative_evidence",
    "qualitative_evidence",
    "value_proposition",
    "tweet",
)


def wording(field: str, form: Form = Form.INITIAL) -> str:
    return prompt_for(field, form).texts[0]


def plan_text(*, partners: str = "", questions: str = "", **answers: str) -> str:
    """A flat plan with all its questions and sections, answered as given."""
    lines = ["Title", wording("title"), answers.get("title", "Mercados")]
    lines += ["Challenge statement", wording("challenge_type"), NOTES[0]]
    lines += [answers.get("challenge_type", "")]
    for field in CHALLENGE_FIELDS:
        lines += [wording(field), answers.get(field, "")]
    lines += ["Challenge classification", "Partners", partners or wording("partners_heading")]
    lines += ["Learning questions", questions or question_text()]
    lines += ["Closing", wording("early_leads"), answers.get("early_leads", "")]
    return "\n".join(line for line in lines if line)


def partner_text(name: str, sector: str = "", collaboration: str = "", is_new: str = "") -> str:
    lines = [wording("partners_heading"), wording("partner_name"), name]
    lines += [wording("partner_sector"), sector]
    lines += [wording("partner_collaboration"), collaboration]
    lines += [wording("partner_is_new"), is_new]
    return "\n".join(line for line in lines if line)


def question_text(text: str = "", stages: str = "", use: str = "", gaps: str = "") -> str:
    lines = [wording("question_text"), text, wording("question_stages"), stages]
    lines += [wording("question_method_use"), use, wording("question_data_gaps"), gaps]
    return "\n".join(line for line in lines if line)


def page(*blocks: str, tags: tuple[str, ...] = (), heading: str = "A page") -> str:
    """An archive page: heading, tags, then blocks such as ``quoted`` makes."""
    head = [f"# {heading}", *(f"[[{tag}]]" for tag in tags)]
    return "\n\n".join([*head, *blocks]) + "\n"


def quoted(field: str, answer: str = "", form: Form = Form.INITIAL) -> str:
    return f"> {wording(field, form)}\n\n{answer}"
