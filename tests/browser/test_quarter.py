"""A whole quarter as its three roles live it in a browser: reviewed, through a gate, closed.

The review and the gate are of the present quarter; the closing is of the one before, because a
quarter is closed once it has ended.
"""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from app.domain.quarters import quarter_of
from tests.browser.test_journey import add_metric, choose, no_error, send, sign_in, text_of

TODAY = date.today()
NOW, LAST = quarter_of(TODAY), quarter_of(TODAY).previous
WITHIN_LAST = LAST.starts_on.replace(day=20)
# Times two seconds; six documents are laid out one after the other.
PATIENCE = 75

pytestmark = pytest.mark.browser


def log_the_experiment(page: Page, title: str) -> str:
    """Log one that has been explored since the quarter before. Returns its address."""
    page.goto("/experiments/new")
    page.locator("[name=title]").fill(title)
    page.locator("[name=learning_intent]").fill("Si el aviso llega a tiempo a la caleta.")
    choose(page, "lead_programme_id", "Ambiente")
    page.locator("[name=stage]").select_option("explore")
    page.locator("main form details > summary").click()
    page.locator("[name=state]").select_option("running")
    page.locator("[name=on]").fill(LAST.starts_on.isoformat())
    page.locator("main form .button.primary").first.click()
    expect(page).to_have_url(re.compile(r"/experiments/PE-\d{4}-\d{3}"))
    return page.url.split("?")[0].split("#")[0]


def read(page: Page, experiment: str, metric: str, day: date, successes: int) -> None:
    page.goto(f"{experiment}/readings/new?metric={metric}")
    send(page, successes=str(successes), n="100", measured_on=day.isoformat())


def submit_for_review(page: Page, experiment: str, note: str) -> None:
    page.goto(experiment)
    page.locator("main a[href*='/reviews/submit?']").first.click()
    send(page, note=note)
    expect(page.locator("main [role=status]").first).to_contain_text("Enviadas: 1 revisión.")


def open_from_the_queue(page: Page, title: str) -> None:
    """Walk the officer's queue with the keyboard until the line, and open it."""
    page.goto("/reviews")
    links = page.locator("[data-steps] th a").all_inner_texts()
    for _line in range(links.index(title) + 1):
        page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(":focus")).to_have_text(title)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def press_with_keys(page: Page, button: Locator) -> None:
    """Press a button as somebody without a mouse does."""
    button.focus()
    page.keyboard.press("Enter")


def return_it(page: Page, code: str, comment: str) -> None:
    page.locator("[name=comment]").focus()
    page.keyboard.type(comment)
    press_with_keys(page, page.get_by_role("button", name="Pedir cambios"))
    expect(page.get_by_role("status").first).to_contain_text(code)


def accept_it(page: Page, code: str) -> None:
    page.locator("[name=impact]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    press_with_keys(page, page.locator("[name=state][value=accepted]"))
    expect(page.get_by_role("status").first).to_contain_text(code)


def correct_it(page: Page, experiment: str, metric: str, successes: int) -> None:
    page.goto(f"{experiment}/metrics/{metric}")
    page.locator("a[href*='/correct']").first.click()
    page.locator("[name=successes]").fill(str(successes))
    page.locator("main form .button.primary").click()
    expect(page.locator("#reason_code-error")).to_be_visible()
    send(page, reason_code="counted_twice", reason="Dos botes se contaron dos veces.")
    no_error(page)
    readings = page.locator("#readings")
    expect(readings.locator("del").nth(1)).to_have_text("33 %")
    expect(readings).to_contain_text("Dos botes se contaron dos veces.")


def test_a_reading_is_returned_mended_accepted_and_leads_through_the_gate(new_page):
    title = "Aviso de oleaje por radio en la caleta"
    staff, officer, head = new_page(), new_page(), new_page()
    for page, part in ((staff, "staff"), (officer, "officer"), (head, "head")):
        sign_in(page, part)
    experiment = log_the_experiment(staff, title)
    code = experiment.rsplit("/", 1)[-1]
    metric = add_metric(staff, experiment, name="Botes que esperan", kind="proportion")
    read(staff, experiment, metric, TODAY, 33)
    submit_for_review(staff, experiment, "Primera lectura.")

    open_from_the_queue(officer, title)
    expect(officer.locator("#changes")).to_contain_text("todo es nuevo")
    return_it(officer, code, "¿Quién contó los botes?")
    staff.goto("/")
    expect(staff.locator("main")).to_contain_text("¿Quién contó los botes?")
    correct_it(staff, experiment, metric, 31)
    submit_for_review(staff, experiment, "Contó Rosa, dos veces.")
    open_from_the_queue(officer, title)
    expect(officer.locator("#answer")).to_contain_text("Contó Rosa, dos veces.")
    accept_it(officer, code)

    staff.goto(f"{experiment}/metrics/{metric}")
    staff.locator("a[href*='/correct']").first.click()
    expect(staff.locator("main")).to_contain_text("PE-AMB aceptó el trimestre con esta medición")
    read(staff, experiment, metric, TODAY, 46)
    no_error(staff)
    submit_for_review(staff, experiment, "Hay una segunda lectura.")
    open_from_the_queue(officer, title)
    changed = officer.locator("#changes dl")
    expect(changed).to_contain_text("Botes que esperan")
    expect(changed).to_contain_text("31")
    expect(changed).to_contain_text("46")
    accept_it(officer, code)
    staff.goto(experiment)
    review = staff.locator("#reviews li", has_text=str(NOW))
    expect(review).to_contain_text("Aceptad")
    expect(review).to_contain_text("Enviada por")
    expect(review).to_contain_text("Respondida por")
    through_the_gate(staff, head, experiment)


def through_the_gate(staff: Page, head: Page, experiment: str) -> None:
    staff.goto(f"{experiment}/gate")
    for tick in staff.locator("#ask [name=ticked]").all():
        tick.focus()
        staff.keyboard.press("Space")
    send(staff, note="La caleta y la capitanía quieren probar.")
    expect(staff.locator("main")).to_contain_text("El paso está pedido")
    expect(staff.locator("#decide")).to_have_count(0)
    head.goto("/")
    head.locator(f"main a[href$='{experiment.rsplit('/', 1)[-1]}/gate']").first.click()
    decide = head.locator("#decide")
    expect(head.locator("#asked")).to_contain_text("La caleta y la capitanía quieren probar.")
    expect(head.locator("#checklist")).to_contain_text("El plan no está registrado")
    decide.locator("[name=answer][value=let_through]").check()
    decide.locator(".button.primary").click()
    expect(head.locator("#overridden_because-error")).to_be_visible()
    decide.locator("[name=overridden_because]").fill("La temporada no espera.")
    decide.locator(".button.primary").click()
    expect(head.locator("main")).to_contain_text("El paso está autorizado")
    staff.goto(experiment)
    expect(staff.locator("#gates")).to_contain_text("La temporada no espera.")
    expect(staff.locator("#stages li").first).to_contain_text("Probar")


def begin_to_close(page: Page) -> None:
    """The demonstration may have begun already; then it is left for later and begun anew."""
    page.goto(f"/quarters/{LAST}")
    later = page.get_by_role("button", name="Dejarlo para después")
    if later.count():
        later.click()
    page.locator("form[action*='/begin'] button").click()
    expect(page.locator("main")).to_contain_text("Todavía no se bloquea nada")


def nudge_everybody(page: Page) -> None:
    page.locator("#missing form[action*='/nudge'] button").first.click()
    expect(page.locator("#missing")).to_contain_text("Recordado el")


def close_it(page: Page) -> None:
    page.locator(f"main a[href*='/quarters/{LAST}/close']").click()
    page.locator("main form .button.primary").click()
    expect(page.locator("main")).to_contain_text("Congelado.")


def give_an_exception(page: Page, code: str) -> None:
    choose(page, "experiment", code)
    page.locator("[name=until]").fill((TODAY + timedelta(days=7)).isoformat())
    page.locator("[name=reason]").fill("Las fichas llegaron tarde.")
    page.locator("form[action*='/exceptions'] button").click()
    expect(page.locator("#exceptions table")).to_contain_text("Las fichas llegaron tarde.")


def correct_the_quarter(page: Page) -> None:
    page.goto(f"/quarters/{LAST}")
    page.locator("[name=correction]").fill("Faltaba la lectura de la chacra.")
    page.locator("form[action*='/corrections'] button").click()


def editions_of(page: Page) -> Locator:
    return page.locator("#editions .panel")


def wait_for_reports(page: Page) -> None:
    """Both editions get their report in both languages; the page is asked now and then."""
    page.goto(f"/quarters/{LAST}")
    wanted = [f"Informe en {word}" for word in ("Español", "English")]
    for _time in range(PATIENCE):
        told = [edition.inner_text() for edition in editions_of(page).all()]
        if all(link in text for link in wanted for text in told):
            return
        page.wait_for_timeout(2_000)
        page.reload()
    raise AssertionError(f"not every edition got its reports: {told}")


def corrected_report(page: Page, folder: Path) -> str:
    """The text of the newest edition's report, as it is downloaded."""
    editions_of(page).first.get_by_role("link", name="Informe en Español").click()
    with page.expect_download() as download:
        page.locator("a[href$='/file']").first.click()
    download.value.save_as(folder / "corrected.pdf")
    return " ".join(text_of(folder / "corrected.pdf").split())


def test_a_closed_quarter_refuses_takes_an_exception_and_is_corrected_in_a_new_edition(
    new_page, tmp_path
):
    title = "Bitácora de lluvia en la chacra"
    staff, head = new_page(), new_page()
    sign_in(staff, "staff")
    sign_in(head, "head")
    experiment = log_the_experiment(staff, title)
    code = experiment.rsplit("/", 1)[-1]
    metric = add_metric(staff, experiment, name="Días anotados", kind="proportion")

    begin_to_close(head)
    nudge_everybody(head)
    close_it(head)
    expect(editions_of(head)).to_have_count(1)
    read(staff, experiment, metric, WITHIN_LAST, 40)
    refused = staff.locator("main [role=alert]")
    expect(refused).to_contain_text(f"{LAST} está cerrado desde")
    expect(refused).to_contain_text("Pida una excepción a la jefatura")
    expect(staff.locator("[name=successes]")).to_have_value("40")
    staff.goto(f"{experiment}/metrics/{metric}")
    expect(staff.locator("#readings")).not_to_contain_text("40 %")

    give_an_exception(head, code)
    read(staff, experiment, metric, WITHIN_LAST, 40)
    no_error(staff)
    staff.goto(f"{experiment}/metrics/{metric}")
    expect(staff.locator("#readings")).to_contain_text("40 %")

    correct_the_quarter(head)
    expect(editions_of(head)).to_have_count(2)
    corrected, closed = editions_of(head).first, editions_of(head).last
    expect(corrected).to_contain_text("Corrección 1")
    expect(corrected).to_contain_text("Faltaba la lectura de la chacra.")
    expect(closed).to_contain_text("Reemplazada")
    wait_for_reports(head)
    report = corrected_report(head, tmp_path)
    assert title in report
    assert "Faltaba la lectura de la chacra." in report
