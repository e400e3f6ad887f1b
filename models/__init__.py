"""The nouns. Importing this package maps every table."""

from models.base import Base
from models.decision import Decision
from models.experiment import Experiment, ExperimentPlace, ExperimentProgramme, StageEntry
from models.finding import Finding
from models.history import HistoryEntry
from models.hypothesis import Hypothesis
from models.imported_page import ImportedPage
from models.job import Job
from models.measurement import Measurement
from models.metric import Metric, PlannedWave
from models.office import Office
from models.partner import Partner, Partnership
from models.person import Membership, Person, SignIn, SignInTry
from models.place import Place
from models.plan import LearningQuestion, Plan, PlanEvidence, Reflection
from models.programme import Programme
from models.registration import Amendment, Registration
from models.report_issue import ReportIssue
from models.review import ImpactReview

__all__ = [
    "Amendment",
    "Base",
    "Decision",
    "Experiment",
    "ExperimentPlace",
    "ExperimentProgramme",
    "Finding",
    "HistoryEntry",
    "Hypothesis",
    "ImpactReview",
    "ImportedPage",
    "Job",
    "LearningQuestion",
    "Measurement",
    "Membership",
    "Metric",
    "Office",
    "Partner",
    "Partnership",
    "Person",
    "Place",
    "Plan",
    "PlanEvidence",
    "PlannedWave",
    "Programme",
    "Reflection",
    "Registration",
    "ReportIssue",
    "SignIn",
    "SignInTry",
    "StageEntry",
]
