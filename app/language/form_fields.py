"""The names of the fields of UNDP's forms, as people read them."""

import re
from collections.abc import Mapping

from app.language.sentences import N_, Sentence, sentence

LABELS: Mapping[str, str] = {
    "title": N_("Title"),
    "challenge_type": N_("Challenge type"),
    "statement": N_("Challenge statement"),
    "background": N_("Background"),
    "quantitative_evidence": N_("Quantitative evidence"),
    "qualitative_evidence": N_("Qualitative evidence and weak signals"),
    "value_proposition": N_("Value proposition"),
    "tweet": N_("Short summary (tweet)"),
    "early_leads": N_("Early leads to grow"),
    "partners": N_("Partners"),
    "learning_questions": N_("Learning questions"),
    "insights": N_("Key insights"),
    "links": N_("Links"),
    "barriers": N_("Barriers"),
    "time_sense": N_("Share of time on Sense"),
    "time_explore": N_("Share of time on Explore"),
    "time_test": N_("Share of time on Test"),
    "time_grow": N_("Share of time on Grow"),
    "handover_outcomes": N_("Handover"),
    "handover_detail": N_("Handover in detail"),
    "data_used": N_("Data used, and why"),
    "methods_used": N_("Methods used, and why"),
    "partners_civil_society": N_("Partners from civil society"),
    "partners_academia": N_("Partners from academia"),
    "partners_private_sector": N_("Partners from the private sector"),
    "partners_government": N_("Partners from government"),
    "partners_united_nations": N_("Partners from the United Nations"),
    "partners_new_and_unusual": N_("New and unusual partners"),
    "bonus": N_("Bonus question"),
    "supporting_evidence": N_("Supporting evidence"),
    "prepared_by": N_("Prepared by"),
    "on_date": N_("Date of the form"),
    "state": N_("State"),
    "status_text": N_("Status in the form's words"),
    "portfolio": N_("Portfolio"),
    "challenge": N_("Frontier challenge"),
    "action_learning_plan": N_("Action learning plan"),
    "learning_question": N_("Learning question"),
    "design_type": N_("Type of design"),
    "partner_sectors": N_("Sectors of the partners"),
    "partner_names": N_("Names of the partners"),
    "learning_intent": N_("What we want to learn"),
    "hypothesis": N_("Hypothesis"),
    "control_group": N_("Comparison group"),
    "assignment": N_("Assignment"),
    "actions": N_("Actions to test the hypothesis"),
    "unit_of_analysis": N_("Unit of analysis"),
    "data_collection": N_("Data collection"),
    "timeline": N_("Timeline"),
    "sample_band": N_("Sample size (band)"),
    "cost_band": N_("Planned cost (band)"),
    "quality_checks": N_("Quality check"),
    "resources_non_monetary": N_("Resources other than money"),
    "images": N_("Pictures"),
    "outcome_statement": N_("What happened"),
    "methodology_observations": N_("Observations on the method"),
    "duration_text": N_("How long it took"),
    "duration_months": N_("Months it took"),
    "actual_cost_text": N_("What it cost, in words"),
    "actual_cost_usd": N_("What it cost (USD)"),
    "follow_up": N_("Follow-up"),
    "scaling_plan": N_("Plan to scale"),
    "scaling_outcomes": N_("Scaling"),
    "learnings": N_("Main learnings"),
    "obstacles": N_("Obstacles"),
    "beneficiaries_inside": N_("Who benefits inside UNDP"),
    "beneficiaries_outside": N_("Who benefits outside UNDP"),
    "iterations": N_("Iterations"),
    "advice": N_("Advice"),
    "replication": N_("Replication"),
    "cycle_influence": N_("Influence on the learning cycle"),
    "surprises": N_("What surprised us"),
    "stage": N_("Stage"),
    "page_title": N_("Heading of the page"),
    "year": N_("Year"),
    "country": N_("Country"),
    "latitude": N_("Latitude"),
    "longitude": N_("Longitude"),
    "methods": N_("Methods"),
    "data_sources": N_("Data sources"),
    "thematic_areas": N_("Thematic areas"),
    "sdgs": N_("Sustainable Development Goals"),
    "learning_cycle_stages": N_("Stages of the learning cycle"),
    "comments": N_("Comments"),
    "options_as_written": N_("Answers as they were worded"),
}
PARTNER_SECTOR = re.compile(r"partner (\d+) sector")
PARTNER_IS_NEW = re.compile(r"partner (\d+) new")
QUESTION_STAGES = re.compile(r"question (\d+) stages")


def field_name(name: str) -> Sentence:
    """The name of a field; of a partner's or a learning question's, with its number."""
    if found := PARTNER_SECTOR.fullmatch(name):
        return sentence("Sector of partner %(rank)s", rank=found[1])
    if found := PARTNER_IS_NEW.fullmatch(name):
        return sentence("Partner %(rank)s: new and unusual for UNDP", rank=found[1])
    if found := QUESTION_STAGES.fullmatch(name):
        return sentence("Stages of learning question %(number)s", number=found[1])
    return Sentence(LABELS[name]) if name in LABELS else Sentence("%(name)s", {"name": name})


def answer_as_written(kept: str) -> Sentence:
    """One of the answers kept as worded, "field: wording", with the field's name."""
    name, _, wording = kept.partition(": ")
    return Sentence("%(field)s: %(wording)s", {"field": field_name(name), "wording": wording})
