"""UNDP's questions and the fields they ask for: the alias table of every form reader.

The wordings are those of UNDP's public forms (Action Learning Plan with its two closing forms,
experiment versions 1 and 2), with the spellings found in real pages ("Parter", "our"/"your").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """The three kinds of form; versions of one kind are read alike."""

    INITIAL = "initial"
    CLOSING = "closing"
    EXPERIMENT = "experiment"


@dataclass(frozen=True)
class Prompt:
    """One question of a form.

    ``must_have``: words of which a similar wording must hold one to be taken for this question,
    where sister questions differ by a word only. ``is_short``: the wording is so short that it
    may as well be an answer, so its place decides.
    """

    field: str
    section: str
    forms: frozenset[Form]
    texts: tuple[str, ...]
    must_have: frozenset[str] = frozenset()
    is_short: bool = False


INITIAL = frozenset({Form.INITIAL})
CLOSING = frozenset({Form.CLOSING})
PLAN_FORMS = frozenset({Form.INITIAL, Form.CLOSING})
EXPERIMENT = frozenset({Form.EXPERIMENT})
EVERY_FORM = frozenset(Form)

SECTIONS: Mapping[Form, tuple[str, ...]] = {
    Form.INITIAL: (
        "Title",
        "Challenge statement",
        "Challenge classification",
        "Partners",
        "Learning questions",
        "Closing",
    ),
    Form.CLOSING: ("Learnings on your challenge", "Data and Methods", "Partners", "End"),
    Form.EXPERIMENT: ("Overview", "Design", "Results", "Learning"),
}

# Headings are translated on some pages while the questions below them are not.
TRANSLATED_SECTIONS: Mapping[str, str] = {
    "Título": "Title",
    "Declaración de desafío": "Challenge statement",
    "Declaración del desafío": "Challenge statement",
    "Clasificación del desafío": "Challenge classification",
    "Socios": "Partners",
    "Preguntas de aprendizaje": "Learning questions",
    "Clausura": "Closing",
    "Cierre": "Closing",
    "Aprendizajes sobre su desafío": "Learnings on your challenge",
    "Datos y métodos": "Data and Methods",
    "Fin": "End",
    "Resumen": "Overview",
    "Diseño": "Design",
    "Resultados": "Results",
    "Aprendizaje": "Learning",
    "Learning question": "Learning questions",
    "Partner": "Partners",
}

COMMENTS_HEADINGS = ("Comments", "Comentarios")

# What UNDP's site and forms print around the answers.
DISCLAIMER = (
    "Please be aware that the content herein has not been peer reviewed. It consists of personal"
    " reflections, insights, and learnings of the contributor(s). It may not be exhaustive, nor"
    " does it aim to be authoritative knowledge."
)
NOTES = (
    "Please note: we ask you to only submit a maximum of 3 challenges - 1x Big Bet,"
    " 2x Exploratory. Each challenge must be submitted individually.",
    DISCLAIMER,
    "This section is to explain the basics of the activity",
    "Explain the design of the experimental activity. In general, experimental activities consist"
    " on trying to learn how results are connected to a stimuli.",
    "Only complete this section when presenting results",
    "This section is aimed at presenting the learning outcomes from this activity.",
)
DISCLAIMER_HEADING = "Disclaimer"
SIGN_IN_NOTE = "Log in to add a comment or reply."

BLOCK_STARTERS = frozenset({"partners_heading", "partner_name", "question_text"})


def _asked(
    field: str,
    section: str,
    forms: frozenset[Form],
    *texts: str,
    must_have: str = "",
    is_short: bool = False,
) -> Prompt:
    return Prompt(field, section, forms, texts, frozenset(must_have.split()), is_short)


_PLAN = (
    _asked("title", "Title", INITIAL, "Please provide a name for your action learning plan."),
    _asked(
        "challenge_type",
        "Challenge statement",
        INITIAL,
        "Challenge type: If you are working on multiple challenges, please indicate if this is"
        ' your "big bet" or "exploratory" challenge.',
    ),
    _asked(
        "statement",
        "Challenge statement",
        INITIAL,
        "Challenge statement: What is your challenge? (Please answer in specific terms:"
        ' "Our challenge is that...”.)',
    ),
    _asked(
        "background",
        "Challenge statement",
        INITIAL,
        "Background: What is the history of your challenge? What is causing or driving it?"
        " Who is involved? How does the current situation look like? What undesired effects does"
        " it produce?",
    ),
    _asked(
        "quantitative_evidence",
        "Challenge statement",
        INITIAL,
        "Quantitative evidence: What (official) data sources do you have on this challenge that"
        " better exemplifies the importance and urgency of this frontier challenge? You can add"
        " text, a link, or a picture.",
        must_have="quantitative official",
    ),
    _asked(
        "qualitative_evidence",
        "Challenge statement",
        INITIAL,
        "Qualitative evidence: What weak signals have you recently spotted that characterizes its"
        " urgency? Please provide qualitative information that better exemplifies the importance"
        " and urgency of this frontier challenge. You can add text, a link, or a picture.",
        must_have="qualitative signals",
    ),
    _asked(
        "value_proposition",
        "Challenge statement",
        INITIAL,
        "Value proposition: What added value or unique value proposition is your Accelerator Lab"
        " bringing to solving this challenge? Why is it your Lab that needs to work on this"
        " challenge and not other actors within UNDP, other stakeholders in the country"
        " respectively? Why is it worth investing resources to this challenge?",
    ),
    _asked(
        "tweet",
        "Challenge statement",
        INITIAL,
        "Short “tweet” summary: We would like to tweet what you are working on, can you summarize"
        " your challenge in a maximum of 280 characters?",
    ),
    _asked(
        "partners_heading",
        "Partners",
        INITIAL,
        "Who are your top 5 partners for this challenge? Please submit from MOST to LEAST"
        " important and state Name, Sector and a brief description of the (intended)"
        " collaboration.",
    ),
    _asked(
        "question_text",
        "Learning questions",
        INITIAL,
        "Learning question: What is your learning question for this challenge? What do you need"
        " to know or understand to work on your challenge statement?",
    ),
    _asked(
        "question_stages",
        "Learning questions",
        INITIAL,
        "To what stage(s) in the learning cycle does your learning question relate?",
    ),
    _asked(  # not asked on UNDP's pages, which keep it in their tags; printed by write_form
        "question_methods",
        "Learning questions",
        INITIAL,
        "Planned methods: Which methods & tools will you use for this learning question?",
        must_have="which planned",
    ),
    _asked(
        "question_method_use",
        "Learning questions",
        INITIAL,
        "Usage of methods: Relating to your choice above, how will you use your methods & tools"
        " for this learning question? What value do these add in answering your learning"
        " question?",
        must_have="methods tools",
    ),
    _asked(  # as above
        "question_new_data_sources",
        "Learning questions",
        INITIAL,
        "New sources of data: Which new sources of data will you use for this learning question?",
    ),
    _asked(
        "question_data_gaps",
        "Learning questions",
        INITIAL,
        "Existing data gaps: Relating to your choice above, what existing gaps in data or"
        " information do these new sources of data addressing? What value do these add in"
        " answering your learning question?",
        must_have="gaps",
    ),
    _asked(
        "early_leads",
        "Closing",
        INITIAL,
        "Early leads to grow: Think about the possible grow phase for this challenge - who might"
        " benefit from your work on this challenge or who might be the champions in your country"
        " that you should inform or collaborate with early on to help you grow this challenge?",
    ),
    _asked(
        "closing_words",
        "Closing",
        INITIAL,
        "END OF ACTION LEARNING PLAN: Thank you! The form saves automatically and your submission"
        " has been recorded. You may now exit this window.",
        "END OF ACTION LEARNING PLAN",
    ),
)

# Asked in the plan and again, about the partners really worked with, in the closing form of 2023.
_PARTNERS = (
    _asked(
        "partner_name",
        "Partners",
        PLAN_FORMS,
        "Please state the name of the partner:",
        "Please state the name of the Parter:",
    ),
    _asked(
        "partner_sector",
        "Partners",
        PLAN_FORMS,
        "What sector does our partner belong to?",
        "What sector does your partner belong to?",
    ),
    _asked(
        "partner_collaboration",
        "Partners",
        PLAN_FORMS,
        "Please provide a brief description of the collaboration.",
        "Please provide a brief description of the partnership.",
    ),
    _asked(
        "partner_is_new",
        "Partners",
        PLAN_FORMS,
        "Is this a new and unusual partner for UNDP?",
    ),
)

_CLOSING = (
    _asked(
        "insights",
        "Learnings on your challenge",
        CLOSING,
        "What are the top 5 key insights you generated about your frontier challenge during this"
        " Action Learning Plan?",
        "What are the top key insights you generated about your learning challenge during this"
        " Action Learning Plan? (Please list a maximum of 5 key insights)",
    ),
    _asked(
        "links",
        "Learnings on your challenge",
        CLOSING,
        "Please paste the link(s) to the blog(s) that articulate the learnings on your frontier"
        " challenge.",
        "Please paste any link(s) to blog(s) or publication(s) that articulate the learnings on"
        " your frontier challenge.",
    ),
    _asked(
        "barriers",
        "Learnings on your challenge",
        CLOSING,
        "Did you experience any barriers or bottlenecks when impacting the system, working on"
        " your frontier challenge respectively?",
    ),
    _asked(
        "handover_outcomes",
        "Learnings on your challenge",
        CLOSING,
        "Considering the outcomes of this learning challenge, which of the following best"
        " describe the handover process? (Please select all that apply)",
        must_have="handover",
    ),
    _asked(
        "handover_detail",
        "Learnings on your challenge",
        CLOSING,
        "Can you provide more detail on your handover process?",
    ),
    _asked(
        "time",
        "Learnings on your challenge",
        CLOSING,
        "For this frontier challenge, how much of your time did you dedicate to the stages in the"
        " learning cycle? Please make sure that your answers adds up to 100%.",
    ),
    _asked("time_sense", "Learnings on your challenge", CLOSING, "Sense", is_short=True),
    _asked("time_explore", "Learnings on your challenge", CLOSING, "Explore", is_short=True),
    _asked("time_test", "Learnings on your challenge", CLOSING, "Test", is_short=True),
    _asked("time_grow", "Learnings on your challenge", CLOSING, "Grow", is_short=True),
    _asked(
        "data_used",
        "Data and Methods",
        CLOSING,
        "Relating to your types of data, why did you chose these? What gaps in available data"
        " were these addressing?",
        must_have="data",
    ),
    _asked(
        "methods_used",
        "Data and Methods",
        CLOSING,
        "Why was it necessary to apply the above innovation method on your frontier challenge?"
        " How did these help you to unpack the system?",
    ),
    _asked(
        "partners_civil_society",
        "Partners",
        CLOSING,
        "If applicable, what civil society organisations did you actually work with and what did"
        " you do with them?",
        must_have="civil society",
    ),
    _asked(
        "partners_academia",
        "Partners",
        CLOSING,
        "If applicable, what academic partners (and related institutions) did you actually work"
        " with and what did you do with them?",
        must_have="academic academia",
    ),
    _asked(
        "partners_private_sector",
        "Partners",
        CLOSING,
        "If applicable, what private sector partners did you actually work with and what did you"
        " do with them?",
        must_have="private",
    ),
    _asked(
        "partners_government",
        "Partners",
        CLOSING,
        "If applicable, what government partners (and related institutions) did you actually work"
        " with and what did you do with them?",
        must_have="government governmental public",
    ),
    _asked(
        "partners_united_nations",
        "Partners",
        CLOSING,
        "If applicable, which UN internal partners did you actually work with and what did you do"
        " with them?",
        must_have="un nations",
    ),
    _asked(
        "partners_new_and_unusual",
        "Partners",
        CLOSING,
        "Relating to your answers above: who of the partners listed were new and unusual partners"
        " for UNDP, and what made them special?",
        must_have="unusual",
    ),
    _asked(
        "partners_heading",
        "Partners",
        CLOSING,
        "Please indicate what partners you have actually worked with for this learning challenge.",
        must_have="indicate",
    ),
    _asked(
        "bonus",
        "End",
        CLOSING,
        "Bonus question: How did the interplay of innovation methods, new forms of data and"
        " unusual partners enable you to learn & generate insights, that otherwise you would have"
        " not been able to achieve?",
    ),
    _asked(
        "supporting_evidence",
        "End",
        CLOSING,
        "Please upload any further supporting evidence / documents / data you have produced on"
        " your frontier challenge that showcase your learnings.",
        must_have="evidence",
    ),
)

_EXPERIMENT = (
    _asked("title", "Overview", EXPERIMENT, "Name of the experimental activity"),
    _asked("prepared_by", "Overview", EXPERIMENT, "Prepared by (Name of the experimenter)"),
    _asked("on_date", "Overview", EXPERIMENT, "On date (Day/Month/Year)"),
    _asked("status_text", "Overview", EXPERIMENT, "Current status of experimental activity"),
    _asked(
        "portfolio",
        "Overview",
        EXPERIMENT,
        "What portfolio does this activity correspond to? If any",
        must_have="portfolio",
    ),
    _asked(
        "challenge",
        "Overview",
        EXPERIMENT,
        "What is the frontier challenge does this activity responds to?",
        must_have="challenge",
    ),
    _asked(
        "learning_question",
        "Overview",
        EXPERIMENT,
        "What is the learning question(from your action learning plan) is this activity related"
        " to?",
        must_have="question",
    ),
    _asked(  # version 2, in place of challenge and learning question: names the plan
        "action_learning_plan",
        "Overview",
        EXPERIMENT,
        "What action learning plan is this activity related to?",
        must_have="plan",
    ),
    _asked(
        "design_type",
        "Overview",
        EXPERIMENT,
        "Please categorize the type that best identifies this experimental activity:",
        must_have="type categorize categorise",
    ),
    _asked(
        "partner_sectors",
        "Overview",
        EXPERIMENT,
        "Which sector are you partnering with for this activity? Please select all that apply",
    ),
    _asked(
        "partner_names",
        "Overview",
        EXPERIMENT,
        "Please list the names of partners mentioned in the previous question:",
        must_have="names",
    ),
    _asked(  # version 2 asks for the importance in the same question
        "learning_intent",
        "Design",
        EXPERIMENT,
        "What is the specific learning intent of the activity?",
        "What is the specific learning intent of the activity? Why is it important to do this"
        " experiment?",
        must_have="intent",
    ),
    _asked("hypothesis", "Design", EXPERIMENT, "What is your hypothesis? IF... THEN...."),
    _asked(
        "control_group",
        "Design",
        EXPERIMENT,
        "Does the activity use a control group for comparison?",
    ),
    _asked(
        "assignment",
        "Design",
        EXPERIMENT,
        "How is the intervention assigned to different groups in your experiment?",
    ),
    _asked(  # version 2 asks with whom, where and when as well
        "actions",
        "Design",
        EXPERIMENT,
        "Describe which actions will you take to test your hypothesis:",
        "Describe which actions, with whom, where, when will you (or did you) take to test your"
        " hypothesis:",
        must_have="actions",
    ),
    _asked(
        "unit_of_analysis",
        "Design",
        EXPERIMENT,
        "What is the unit of analysis of this experimental activity?",
        must_have="unit",
    ),
    _asked(
        "data_collection",
        "Design",
        EXPERIMENT,
        "Please describe the data collection technique proposed",
    ),
    _asked(
        "timeline",
        "Design",
        EXPERIMENT,
        "What is the timeline of the experimental activity? (Months/Days)",
        must_have="timeline",
    ),
    _asked(
        "sample_band",
        "Design",
        EXPERIMENT,
        "What is the estimated sample size?",
        must_have="sample",
    ),
    _asked(
        "cost_band",
        "Design",
        EXPERIMENT,
        "What is the total estimated monetary resources needed for this experiment?",
        must_have="total",
    ),
    _asked("quality_checks", "Design", EXPERIMENT, "Quality Check", is_short=True),
    _asked(
        "images",
        "Design",
        EXPERIMENT,
        "Please upload any supporting images or visuals for this experiment.",
        must_have="images visuals",
    ),
    _asked("links", "Design", EXPERIMENT, "Please upload any supporting links", must_have="links"),
    _asked(
        "resources_non_monetary",
        "Design",
        EXPERIMENT,
        "What are the estimated non- monetary resources required for this experiment? (time"
        " allocation from team, external resources, etc) If any.",
        must_have="non nonmonetary",
    ),
    _asked(  # version 2, the same question as the partners' sectors of version 1
        "partner_sectors",
        "Design",
        EXPERIMENT,
        "If you worked with partners, please choose what sector they belong to (select all that"
        " apply)",
    ),
    _asked(  # version 2 asks in the same breath how the results support it
        "outcome_statement",
        "Results",
        EXPERIMENT,
        "Was the original hypothesis (If.. then) proven or disproven?",
        "Was the original hypothesis (If.. then) proven or disproven? In which way do the results"
        " support the original hypothesis or not?",
        must_have="proven disproven",
    ),
    _asked(
        "methodology_observations",
        "Results",
        EXPERIMENT,
        "Do you have observations about the methodology chosen for the experiment? What would you"
        " change?",
    ),
    _asked(
        "duration_text",
        "Results",
        EXPERIMENT,
        "From design to results, how long did this activity take? (Time in months)",
    ),
    _asked(
        "actual_cost_text",
        "Results",
        EXPERIMENT,
        "What were the actual monetary resources invested in this activity? (Amount in USD)",
        must_have="actual invested",
    ),
    _asked(
        "follow_up",
        "Results",
        EXPERIMENT,
        "Does this activity have a follow up or a next stage? Please explain",
    ),
    _asked(
        "scaling_plan",
        "Results",
        EXPERIMENT,
        "Is this experiment planned to scale? How? With whom?",
        must_have="scale",
    ),
    _asked(
        "images",
        "Results",
        EXPERIMENT,
        "Please include any supporting images that could be used to showcase this activity",
        must_have="images visuals",
    ),
    _asked(
        "scaling_outcomes",
        "Results",
        EXPERIMENT,
        "Considering the outcomes of this experimental activity, which of the following best"
        " describe what happened after? (Please select all that apply)",
        must_have="after happened",
    ),
    _asked(
        "links",
        "Results",
        EXPERIMENT,
        "Please add any supporting links that describe the planning, implementation, results of"
        " learning of this activity? For example a tweet, a blog, or a report.",
        must_have="links",
    ),
    _asked(  # version 2's "learning outcomes and recommended changes" is nearest to this
        "learnings",
        "Learning",
        EXPERIMENT,
        "What do you know now about the action plan learning question that you did not know"
        " before? What were your main learnings during this experiment?",
    ),
    _asked(
        "learnings",
        "Results",
        EXPERIMENT,
        "What are the most important learning outcomes of the experiment? Are any changes"
        " recommended?",
        must_have="outcomes",
    ),
    _asked(  # version 2 asks for advice in the same question; obstacles come first in both
        "obstacles",
        "Learning",
        EXPERIMENT,
        "What were the main obstacles and challenges you encountered during this activity?",
        "What were the main obstacles and challenges you encountered during this activity? What"
        " advise would you give colleagues trying to replicate this experimental activity?",
        must_have="obstacles challenges",
    ),
    _asked(
        "beneficiaries_inside",
        "Learning",
        EXPERIMENT,
        "Who at UNDP might benefit from the results of this experimental activity? Why?",
        must_have="at inside within",
    ),
    _asked(
        "beneficiaries_outside",
        "Learning",
        EXPERIMENT,
        "Who outside UNDP might benefit from the results of this experiment? and why?",
        must_have="outside",
    ),
    _asked(
        "iterations",
        "Learning",
        EXPERIMENT,
        "Did this experiment require iterations? If so, how many and what did you change/adjust"
        " along the way? and why?",
    ),
    _asked(
        "advice",
        "Learning",
        EXPERIMENT,
        "What advice would you give someone wanting to replicate this experimental activity?",
        must_have="advice advise",
    ),
    _asked(
        "replication",
        "Learning",
        EXPERIMENT,
        "Can this experiment be replicated in another thematic area or other SDGs? If yes, what"
        " would need to be considered, if no, why not?",
    ),
    _asked(
        "cycle_influence",
        "Learning",
        EXPERIMENT,
        'How much the "sense" and "explore" phases of the learning cycle influenced/shaped this'
        " experiment? In hindsight, what would you have done differently with your fellow Solution"
        " Mapper and Explorer?",
    ),
    _asked("surprises", "Learning", EXPERIMENT, "What surprised you?", is_short=True),
)

COMMENTS = Prompt("comments", "", EVERY_FORM, ())

PROMPTS: tuple[Prompt, ...] = (*_PLAN, *_PARTNERS, *_CLOSING, *_EXPERIMENT)


def prompt_for(field: str, form: Form) -> Prompt:
    """The first question of the form that asks for the field."""
    return next(each for each in PROMPTS if each.field == field and form in each.forms)
