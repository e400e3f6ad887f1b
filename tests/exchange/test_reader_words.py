"""What is doubtful in an import is said in the reader's words, never in ours for the machine."""

import json

import pytest

from app.exchange.drafts import Draft
from app.exchange.form_documents import read_document
from app.exchange.form_prompts import Form
from app.exchange.option_words import ASSIGNMENTS
from app.language.kept_sentences import kept, restored
from app.language.speaker import Speaker
from models.vocabulary import Assignment, Language, PageKind
from tests.exchange.forms import page, quoted


@pytest.mark.parametrize("language", Language)
def test_several_answers_are_named_by_their_labels_also_when_kept_and_read_again(language):
    draft, speaker = Draft(PageKind.EXPERIMENT), Speaker(language)
    draft.choose_one("assignment", "Non-random\nRandom", ASSIGNMENTS)
    (flag,) = draft.reading().flags
    stored = restored(json.loads(json.dumps(kept(flag.message))))
    for message in (flag.message, stored):
        said = speaker.say(message)
        assert all(
            speaker.word(word) in said for word in (Assignment.RANDOM, Assignment.NON_RANDOM)
        )
        assert "non_random" not in said


def test_a_share_that_is_none_is_kept_beside_the_words_of_its_question():
    text = page(quoted("time_grow", "120", Form.CLOSING), tags=("type: reflection",))
    (reading,) = read_document(text, name="closing.md")
    assert "time_grow" not in "\n".join(reading.unmapped)
    assert "Grow: 120" in reading.unmapped
