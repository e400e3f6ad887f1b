"""The design advisor's questions. Asked by GET: an answer can be sent on as an address."""

from decimal import Decimal

from flask_babel import lazy_gettext as _l

from app.domain import advice
from app.domain.advice import Wish
from app.domain.refusals import InvalidError, Problem
from app.domain.statistics.clusters import Clusters
from app.domain.statistics.menu import OUTCOMES, Outcome
from app.language.sentences import sentence
from app.web.forms.base import PartForm
from app.web.forms.choices import Asked
from app.web.forms.fields import NumberField, WholeNumberField, WordField
from app.web.language import current_speaker
from models.vocabulary import ComparisonDesign, Direction, MetricKind

# Without these nothing else can be judged.
CHOICES = frozenset({"design", "kind", "direction"})


class AdvisorForm(PartForm):
    """What one wants to find out, and how many people one can get.

    Shares and their differences are written in percent.
    """

    design = WordField(
        _l("How it is compared"),
        list(ComparisonDesign),
        default=ComparisonDesign.TWO_GROUPS,
        validators=[Asked()],
    )
    kind = WordField(
        _l("Kind of number"),
        list(MetricKind),
        default=MetricKind.PROPORTION,
        validators=[Asked()],
    )
    direction = WordField(
        _l("Direction"), list(Direction), default=Direction.INCREASE, validators=[Asked()]
    )
    n = WholeNumberField(_l("People you can get in each group"), [Asked()])
    baseline = NumberField(_l("Share today, or the target, in %"))
    sd = NumberField(_l("Standard deviation, if you know it"))
    least = NumberField(_l("Smallest effect that matters"))
    cluster_size = NumberField(_l("People in each village, caleta or school"))
    icc = NumberField(_l("How alike they are (correlation within a cluster, 0 to 1)"))

    def wish(self) -> Wish | None:
        """The question; None where it cannot be asked, with what is in the way beside its field."""
        self.validate()
        unread = {name for name, field in self._fields.items() if field.errors}
        if unread & CHOICES:
            return None
        try:
            wish = self._read()
            problems = advice.problems_of(wish)
        except InvalidError as refusal:
            wish, problems = None, list(refusal.problems)
        if self.n.data is None:
            problems.append(Problem("n", sentence("Say how many people you can get.")))
        for problem in problems:
            field = self[problem.field or "n"]
            if field.short_name not in unread:
                field.errors = [*field.errors, current_speaker().say(problem.message)]
        return None if problems or unread else wish

    def _read(self) -> Wish:
        is_share = OUTCOMES[self.kind.data] is Outcome.PROPORTION
        in_one = Decimal(100 if is_share else 1)
        baseline = self.baseline.data
        return Wish(
            design=self.design.data,
            outcome=OUTCOMES[self.kind.data],
            n=1 if self.n.data is None else self.n.data,
            baseline=0.5 if baseline is None else float(baseline / 100),
            sd=_float(self.sd.data),
            least=None if self.least.data is None else float(self.least.data / in_one),
            direction=self.direction.data,
            clusters=Clusters(
                size=1.0 if self.cluster_size.data is None else float(self.cluster_size.data),
                icc=float(self.icc.data or 0),
            ),
        )


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
