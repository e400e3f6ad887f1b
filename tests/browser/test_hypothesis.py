"""The hypothesis reads the same while it is typed as it does once it is saved."""

import pytest
from playwright.sync_api import Page, expect

from app.domain.hypotheses import Form, Slots, said
from app.language.speaker import Speaker
from app.services.demonstration import PASSWORD
from models.vocabulary import Direction, Language

pytestmark = pytest.mark.browser

HYPOTHESES = (
    Slots(),
    Slots(change="un curso por WhatsApp"),
    Slots(because="Porque lo pidieron."),
    Slots(
        change="Un mensaje semanal, con un consejo;",
        audience="para Vendedoras de Ate & Lima <b>",
        direction=Direction.INCREASE,
        outcome="la proporción de ventas al 100 %",
        threshold="por lo menos 10 $& puntos",
        within="en un plazo de 12 semanas",
        because="porque lo pidieron [change]",
    ),
    Slots(change="The lessons", outcome="The waiting days", direction=Direction.DECREASE),
)


@pytest.mark.parametrize("language", Language)
def test_what_is_typed_reads_as_what_is_saved(new_page, language):
    page, speaker = signed_in(new_page), Speaker(language)
    page.goto(f"/experiments/PE-2026-001/hypotheses/new?lang={language.value}")
    for slots in HYPOTHESES:
        write(page, slots)
        believed, if_then = (page.locator(f'[data-preview="{form}"]') for form in Form)
        expect(believed).to_have_text(speaker.say(said(slots, Form.BELIEVED)))
        expect(if_then).to_have_text(
            speaker.say(said(slots, Form.IF_THEN)) if slots.is_filled else ""
        )


def signed_in(new_page) -> Page:
    page = new_page()
    page.goto("/sign-in")
    page.fill("[name=email]", "staff@chaski.example")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/")
    return page


def write(page: Page, slots: Slots) -> None:
    for name in ("change", "audience", "outcome", "threshold", "within", "because"):
        page.fill(f"[name={name}]", getattr(slots, name))
    page.select_option("[name=direction]", slots.direction.value if slots.direction else "")


def test_remarks_follow_what_is_typed_and_are_read_out(new_page):
    page = signed_in(new_page)
    page.goto("/experiments/PE-2026-001/hypotheses/new?lang=en")
    remarks = page.locator("#remarks")
    assert remarks.get_attribute("aria-live") == "polite"
    page.fill("[name=change]", "a weekly message and also a visit")
    expect(remarks).to_contain_text("these look like several changes")
    page.fill("[name=change]", "a weekly message")
    expect(remarks).not_to_contain_text("these look like several changes")
    expect(remarks).to_contain_text("It does not say for whom.")
    page.goto("/experiments/PE-2026-001/hypotheses/new?lang=es")
    page.fill("[name=change]", "un mensaje")
    expect(page.locator("#remarks")).to_contain_text("No dice para quién.")
