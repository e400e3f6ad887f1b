"""How many of those invited were reached, came on board, used it and used it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from markupsafe import Markup

from app.language.sentences import N_, sentence
from app.language.speaker import Speaker
from app.reports.charts.drawing import (
    BLUE,
    DARK_BLUE,
    LEFT,
    MOST_ROWS,
    PALE,
    RIGHT,
    Drawn,
    Table,
    box,
    ends,
    foot,
    headline,
    heads,
    listed,
    plate,
    together,
)

STEPS = (N_("Invited"), N_("Reached"), N_("Came on board"), N_("Used it"), N_("Used it again"))
ROW = 32.0


@dataclass(frozen=True)
class Step:
    """One step and how many people took it; None where nobody counted."""

    name: str
    count: int | None


@dataclass(frozen=True)
class Funnel:
    """The steps in their order."""

    name: str
    steps: Sequence[Step]

    @property
    def first(self) -> int | None:
        """What the shares are of: the first step's count."""
        return self.steps[0].count if self.steps else None


def adoption(name: str, counts: Sequence[int | None], speaker: Speaker) -> Funnel:
    """The usual five steps, from invited to used again."""
    steps = zip(STEPS, counts, strict=True)
    return Funnel(name, [Step(speaker.say(step), count) for step, count in steps])


def funnel_chart(funnel: Funnel, speaker: Speaker, *, ident: str) -> Markup:
    """The picture: a bar for each step with its count and its share of the first."""
    shown = funnel.steps[:MOST_ROWS]
    most = max((step.count or 0 for step in shown), default=0)
    rows = [partial(_row, step, funnel.first, most, speaker) for step in shown]
    body = listed(rows, speaker, top=2.0)
    said = [f"{step.name}: {_words(step, funnel.first, speaker)}" for step in funnel.steps]
    return plate(
        together(body, foot(len(funnel.steps), speaker, top=body.bottom)),
        funnel_table(funnel, speaker),
        speaker,
        kind="funnel-chart",
        ident=ident,
        title=headline(funnel.name, *said),
    )


def _row(step: Step, first: int | None, most: int, speaker: Speaker, top: float) -> Drawn:
    whole = RIGHT - LEFT
    done = whole * min(max(step.count or 0, 0), most) / most if most else 0.0
    words = ends(step.name, _words(step, first, speaker), top + 11, fill=DARK_BLUE, bold=True)
    bars = (
        box(LEFT, top + 16, whole, 9, fill=PALE),
        box(LEFT, top + 16, done, 9, fill=BLUE),
    )
    return Drawn((*words, *bars), top + ROW)


def _words(step: Step, of: int | None, speaker: Speaker) -> str:
    if step.count is None:
        return speaker.say(sentence("not counted"))
    count, share = speaker.number(step.count), share_words(step.count, of, speaker)
    return f"{count} · {share}" if share else count


def share_words(count: int | None, of: int | None, speaker: Speaker) -> str:
    """A count as a percentage of another; nothing where there is none."""
    if count is None or not of:
        return ""
    return speaker.percent(Decimal(count) / Decimal(of))


def funnel_table(funnel: Funnel, speaker: Speaker) -> Table:
    """Each step's count, its share of the first and of the step before."""
    before = [None, *(step.count for step in funnel.steps)]
    return Table(
        heads(
            speaker,
            *(N_("Step"), N_("People"), N_("Of the first step"), N_("Of the step before")),
        ),
        tuple(
            (
                step.name,
                speaker.say(sentence("not counted"))
                if step.count is None
                else speaker.number(step.count),
                share_words(step.count, funnel.first, speaker),
                share_words(step.count, previous, speaker),
            )
            for step, previous in zip(funnel.steps, before, strict=False)
        ),
    )
