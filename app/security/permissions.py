"""What can be asked for: a verb on a noun."""

from enum import StrEnum


class Permission(StrEnum):
    """A verb on a noun; ``policy.TABLE`` says which roles hold it."""

    READ_PORTFOLIO = "portfolio:read"
    WRITE_PLAN = "plan:write"
    WRITE_EXPERIMENT = "experiment:write"
    TAKE_DECISION = "decision:take"
    DECIDE_GATE = "gate:decide"
    REVIEW_IMPACT = "impact:review"
    CLOSE_QUARTER = "quarter:close"
    READ_REPORT = "report:read"
    MAKE_REPORT = "report:make"
    MAKE_STAGE_REPORT = "stage_report:make"
    MAKE_PLAN_REPORT = "plan_report:make"
    MANAGE_PEOPLE = "people:manage"
