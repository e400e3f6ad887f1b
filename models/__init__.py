"""The nouns. Importing this package maps every table."""

from models.base import Base
from models.comment import Comment, Mention
from models.decision import Decision
from models.experiment import Experiment, ExperimentPlace, ExperimentProgramme, StageEntry
from models.finding import Finding
from models.gate import Gate
from models.history import HistoryEntry
from models.hypothesis import Hypothesis
from models.imported_page import ImportedPage
from models.job import Job
from models.mail import Mail
from models.measurement import Measurement
from models.metric import Metric, PlannedWave
from models.office import Office
from models.partner import Partner, Partnership
from models.person import Membership, Person, SignIn, SignInTry
from models.place import Place
from models.plan import LearningQuestion, Plan, PlanEvidence, Reflection
from models.programme import Programme
from models.quarter import Closing, Nudge, OfficeQuarter, QuarterException
from models.registration import Amendment, Registration
from models.report_issue import ReportIssue
from models.review import ImpactReview

__all__ = [
    "Amendment",
    "Base",
    "Closing",
    "Comment",
    "Decision",
    "Experiment",
    "ExperimentPlace",
    "ExperimentProgramme",
    "Finding",
    "Gate",
    "HistoryEntry",
    "Hypothesis",
    "ImpactReview",
    "ImportedPage",
    "Job",
    "LearningQuestion",
    "Mail",
    "Measurement",
    "Membership",
    "Mention",
    "Metric",
    "Nudge",
    "Office",
    "OfficeQuarter",
    "Partner",
    "Partnership",
    "Person",
    "Place",
    "Plan",
    "PlanEvidence",
    "PlannedWave",
    "Programme",
    "QuarterException",
    "Reflection",
    "Registration",
    "ReportIssue",
    "SignIn",
    "SignInTry",
    "StageEntry",
]
