"""The words of the work that a report explains to who reads it first: term, then meaning."""

from app.language.sentences import N_

ENTRIES: tuple[tuple[str, str], ...] = (
    (
        N_("Experiment"),
        N_("Something tried in order to learn, with what was measured and decided."),
    ),
    (
        N_("Sense, Explore, Test, Grow"),
        N_(
            "The stages of learning: noticing, finding out what could work, testing a hypothesis "
            "against data, and making what works larger."
        ),
    ),
    (
        N_("Gate"),
        N_(
            "What stands between two stages: a list of what must be there, and a second person "
            "who lets through or sends back."
        ),
    ),
    (
        N_("Override"),
        N_("Letting through with something missing, with a reason that is printed."),
    ),
    (
        N_("Registration"),
        N_(
            "The hypotheses, metrics and design frozen with their day and SHA-256; best before "
            "the first measurement."
        ),
    ),
    (
        N_("Amendment"),
        N_(
            "A change of a registered plan. Major: it touches what decides the result; minor: "
            "wording."
        ),
    ),
    (
        N_("Baseline and target"),
        N_("Where a metric stood before, and where it should be by a day."),
    ),
    (
        N_("Guardrail"),
        N_("A metric that must not get worse than its margin while another is improved."),
    ),
    (N_("Supported"), N_("Even the weaker end of the interval is an effect that matters.")),
    (
        N_("Promising"),
        N_("The effect goes the right way; whether it is large enough is not certain."),
    ),
    (N_("Inconclusive"), N_("An effect that matters and none at all both fit the data.")),
    (N_("Not supported"), N_("Even the stronger end of the interval falls short of what matters.")),
    (
        N_("No meaningful effect"),
        N_("The interval holds only effects too small to matter, in either direction."),
    ),
    (
        N_("Harm signal"),
        N_("It went the wrong way for certain, or a guardrail is wholly beyond its margin."),
    ),
    (N_("Not assessable"), N_("Something needed for a verdict is missing; it is named.")),
    (
        N_("Impact review"),
        N_(
            "What a programme's officer says of one experiment in one quarter. Nobody accepts "
            "their own entry."
        ),
    ),
    (
        N_("Edition"),
        N_("A report as it was issued: never edited. Changed facts give the next one."),
    ),
)
