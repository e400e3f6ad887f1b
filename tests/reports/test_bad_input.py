"""What people can write or paste, and a report makes of it: pages, or a clear refusal."""

import io
import re
from collections.abc import Iterator

import pytest
from pypdf import PdfReader

from app.domain.refusals import NotReadyError
from app.language.speaker import Speaker
from app.reports.layout import Layout
from app.reports.presses import LayoutError, Presses
from app.reports.render import Rendering
from app.reports.snapshot import ExperimentSection, QuarterlySnapshot
from app.services import reporting
from app.services.reporting import Frozen
from models.vocabulary import Language
from tests.reports import samples


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Layout]:
    with Presses() as presses:
        yield Layout(tmp_path_factory.mktemp("parts"), presses=presses)


def of(section: ExperimentSection) -> QuarterlySnapshot:
    return samples.quarter(experiments=(section,))


def printed(layout: Layout, snapshot: QuarterlySnapshot) -> list[str]:
    pdf = layout.pdf(Rendering(snapshot, Speaker(Language.ES)))
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_a_finding_of_forty_thousand_words_is_printed_to_its_last_word(layout: Layout) -> None:
    text = " ".join(f"palabra{n}" for n in range(40_000))
    told = " ".join(printed(layout, of(samples.experiment(what_happened=text))))
    assert set(re.findall(r"palabra\d+", told)) == set(text.split())


def test_an_experiment_of_five_hundred_metrics_prints_each(layout: Layout) -> None:
    metrics = tuple(samples.selling(name=f"Metric {n};") for n in range(500))
    told = " ".join(printed(layout, of(samples.experiment(metrics=metrics))))
    assert {int(n) for n in re.findall(r"Metric (\d+);", told)} >= set(range(500))


def test_a_word_of_five_thousand_letters_is_broken_and_none_of_it_runs_off(layout: Layout) -> None:
    told = "".join(printed(layout, of(samples.experiment(places=("ñ" * 5000,)))))
    assert told.count("ñ") >= 5000


@pytest.mark.parametrize(
    "text",
    [
        "<td colspan=1000000>x</td>",
        "</section></body></html>",
        '<img src="https://example.org/x.png">',
        '<a href="#gaps">{{ snapshot }}</a>',
        '<link rel=attachment href="file:///etc/passwd">',
    ],
)
def test_markup_in_a_text_is_printed_as_it_was_written(layout: Layout, text: str) -> None:
    told = " ".join(printed(layout, of(samples.experiment(what_happened=text))))
    assert re.sub(r"\s", "", text) in re.sub(r"\s", "", told)


def test_text_from_right_to_left_and_emoji_leave_a_mark_and_a_note(layout: Layout) -> None:
    told = " ".join(printed(layout, of(samples.experiment(what_happened="مرحبا 😀 fin"))))
    assert "□" in told
    assert Speaker(Language.ES).say("Signs that cannot be printed") in told


def test_a_quarter_with_nothing_in_it_is_a_report(layout: Layout) -> None:
    assert len(printed(layout, samples.empty_quarter())) > 3


def test_what_cannot_be_laid_out_is_refused_in_plain_words(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stuck(_presses: Presses, _documents: object, **_told: object) -> list[bytes]:
        raise LayoutError("it took too long")

    monkeypatch.setattr(Presses, "print_all", stuck)
    frozen = Frozen(of(samples.experiment(title="Another")), Language.ES, 1, None)
    with pytest.raises(NotReadyError, match="too much time or memory"):
        reporting.lay_out(frozen, layout)
