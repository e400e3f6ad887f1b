"""Closed lists of the portfolio's words, as the database, files and addresses spell them.

No imports but ``enum``, no behaviour. Labels in English and Spanish: ``app/language/words.py``.
"""

from enum import StrEnum


class Language(StrEnum):
    EN = "en"
    ES = "es"


class Role(StrEnum):
    """What a person may do in an office or a programme."""

    STAFF = "staff"
    OFFICER = "officer"
    HEAD = "head"
    ADMIN = "admin"
    READER = "reader"


class ChallengeType(StrEnum):
    BIG_BET = "big_bet"
    EXPLORATORY = "exploratory"


class Stage(StrEnum):
    """The learning cycle. Sense is accepted everywhere; reports exist for the other three."""

    SENSE = "sense"
    EXPLORE = "explore"
    TEST = "test"
    GROW = "grow"


class ExperimentState(StrEnum):
    IDEA = "idea"
    DESIGN = "design"
    UNDER_REVIEW = "under_review"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    STOPPED_EARLY = "stopped_early"
    ARCHIVED = "archived"


class PauseReason(StrEnum):
    """The obstacles labs name when an experiment is paused."""

    COUNTERPART_CHANGED = "counterpart_changed"
    PROCUREMENT = "procurement"
    CONNECTIVITY = "connectivity"
    TIME = "time"
    DATA = "data"
    RECRUITMENT = "recruitment"
    BUDGET = "budget"
    SEASON = "season"
    OTHER = "other"


class ExperimentKind(StrEnum):
    PILOT = "pilot"
    PROTOTYPE = "prototype"
    SURVEY = "survey"
    CAMPAIGN = "campaign"
    GATHERING = "gathering"
    OTHER = "other"


class DesignType(StrEnum):
    PRE_EXPERIMENTAL = "pre_experimental"
    QUASI_EXPERIMENTAL = "quasi_experimental"
    EXPERIMENTAL = "experimental"


class ControlGroup(StrEnum):
    DIFFERENT_GROUP = "different_group"
    SAME_GROUP_BEFORE = "same_group_before"
    NONE = "none"
    UNKNOWN = "unknown"


class Assignment(StrEnum):
    RANDOM = "random"
    NON_RANDOM = "non_random"
    OTHER = "other"


class SampleBand(StrEnum):
    """UNDP's bands, derived from the planned sample and never typed."""

    ONE = "1"
    FROM_2_TO_9 = "2-9"
    FROM_10_TO_49 = "10-49"
    FROM_50_TO_99 = "50-99"
    FROM_100_TO_999 = "100-999"
    OVER_1000 = "1000+"


class CostBand(StrEnum):
    """UNDP's bands in US dollars, derived from the budget and never typed."""

    UNDER_1000 = "under_1000"
    FROM_1000_TO_9999 = "1000_9999"
    FROM_10000_TO_20000 = "10000_20000"
    OVER_20000 = "over_20000"


class Sector(StrEnum):
    PRIVATE_SECTOR = "private_sector"
    GOVERNMENT = "government"
    UNITED_NATIONS = "united_nations"
    CIVIL_SOCIETY = "civil_society"
    ACADEMIA = "academia"
    OTHER = "other"


class ProgrammeRole(StrEnum):
    """The part a programme plays in an experiment."""

    LEAD = "lead"
    CONTRIBUTING = "contributing"


class EvidenceKind(StrEnum):
    QUANTITATIVE = "quantitative"
    QUALITATIVE = "qualitative"


class QualityCheck(StrEnum):
    CLEAR_HYPOTHESIS = "clear_hypothesis"
    CPD_RELEVANT = "cpd_relevant"
    COLLABORATION = "collaboration"
    SCALING_POTENTIAL = "scaling_potential"
    LOW_RISK = "low_risk"


class ScalingOutcome(StrEnum):
    NOT_YET = "not_yet"
    PARTNERSHIPS = "partnerships"
    NEW_WAYS_OF_WORKING = "new_ways_of_working"
    PUBLIC_POLICY = "public_policy"
    SCALED_IN_NUMBERS = "scaled_in_numbers"
    RESOURCES_MOBILIZED = "resources_mobilized"


class HandoverOutcome(StrEnum):
    OFFICE_PROGRAMMING = "office_programming"
    EXPANDED_IN_COUNTRY = "expanded_in_country"
    EXPANDED_ABROAD = "expanded_abroad"
    GOVERNMENT_ADOPTED = "government_adopted"
    PRIVATE_SECTOR_ADOPTED = "private_sector_adopted"
    CIVIL_SOCIETY_ADOPTED = "civil_society_adopted"
    NOT_YET = "not_yet"
    OTHER = "other"


class MetricKind(StrEnum):
    """Which sufficient numbers a measurement of the metric holds."""

    PROPORTION = "proportion"
    MEAN = "mean"
    COUNT = "count"
    RATE = "rate"
    SCORE = "score"
    NPS = "nps"
    ORDINAL = "ordinal"
    MONEY = "money"


class MetricRole(StrEnum):
    PRIMARY = "primary"
    SECONDARY = "secondary"
    GUARDRAIL = "guardrail"


class Direction(StrEnum):
    INCREASE = "increase"
    DECREASE = "decrease"


class Cumulation(StrEnum):
    """How the readings of a metric add up over time."""

    NOT_CUMULATIVE = "not_cumulative"
    SUMS = "sums"
    LATEST = "latest"


class ComparisonDesign(StrEnum):
    """How treatment is compared, as the analysis takes it."""

    TWO_GROUPS = "two_groups"
    ONE_GROUP_TARGET = "one_group_target"
    BEFORE_AFTER_SAME = "before_after_same"
    TWO_GROUPS_BEFORE_AFTER = "two_groups_before_after"
    SITES = "sites"


class LookRule(StrEnum):
    """How planned looks at the data share out the false alarms."""

    POCOCK = "pocock"
    OBRIEN_FLEMING = "obrien_fleming"


class Arm(StrEnum):
    """Which group a measurement was taken in."""

    TREATMENT = "treatment"
    COMPARISON = "comparison"


class Verdict(StrEnum):
    """What the numbers say of a hypothesis; computed, never typed."""

    SUPPORTED = "supported"
    PROMISING = "promising"
    INCONCLUSIVE = "inconclusive"
    NOT_SUPPORTED = "not_supported"
    NO_MEANINGFUL_EFFECT = "no_meaningful_effect"
    HARM_SIGNAL = "harm_signal"
    NOT_ASSESSABLE = "not_assessable"


class DecisionKind(StrEnum):
    GROW = "grow"
    PERSEVERE = "persevere"
    PIVOT = "pivot"
    RERUN = "rerun"
    PAUSE = "pause"
    STOP = "stop"


class ReviewState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class GateState(StrEnum):
    """What became of asking to pass to the next stage."""

    ASKED = "asked"
    LET_THROUGH = "let_through"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"


class GateItem(StrEnum):
    """What a gate asks for: first what the tracker sees itself, then what people vouch for."""

    HYPOTHESIS_REGISTERED = "hypothesis_registered"
    BASELINE_RECORDED = "baseline_recorded"
    CONSENT_DONE = "consent_done"
    REVIEW_ACCEPTED = "review_accepted"
    VERDICT_REACHED = "verdict_reached"
    EVIDENCE_LEVEL_REACHED = "evidence_level_reached"
    COST_RECORDED = "cost_recorded"
    PARTNERS_AGREE = "partners_agree"
    TEAM_READY = "team_ready"
    RISKS_DISCUSSED = "risks_discussed"
    CHAMPION_NAMED = "champion_named"
    HANDOVER_AGREED = "handover_agreed"


class QuarterState(StrEnum):
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"


class ChangeReason(StrEnum):
    """Why reported data are changed; words go with it."""

    TYPING_ERROR = "typing_error"
    BETTER_SOURCE = "better_source"
    MISSED_DATA = "missed_data"
    COUNTED_TWICE = "counted_twice"
    METHOD_CORRECTED = "method_corrected"
    PRIVACY = "privacy"
    OTHER = "other"


class MailKind(StrEnum):
    """Why somebody gets an e-mail."""

    DIGEST = "digest"
    NUDGE = "nudge"


class Impact(StrEnum):
    """How the programme officer rates the impact so far."""

    NOT_YET = "not_yet"
    EMERGING = "emerging"
    CLEAR = "clear"
    NEGATIVE = "negative"


class PageKind(StrEnum):
    """What a file of UNDP's forms turned out to be."""

    PLAN = "plan"
    REFLECTION = "reflection"
    EXPERIMENT = "experiment"


class ImportStatus(StrEnum):
    ADDED = "added"
    UNCHANGED = "unchanged"
    UPDATED = "updated"
    REFUSED = "refused"


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobKind(StrEnum):
    QUARTERLY_REPORT = "quarterly_report"
    STAGE_REPORT = "stage_report"
    PLAN_REPORT = "plan_report"
    MAIL = "mail"
    DIGEST = "digest"


class ReportKind(StrEnum):
    QUARTERLY = "quarterly"
    STAGE = "stage"
    PLAN = "plan"


class Door(StrEnum):
    """Through which door a change came in."""

    WEB = "web"
    API = "api"
    CLI = "cli"
    JOB = "job"
