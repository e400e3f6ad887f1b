"""The main job, end to end, as its three people do it in a browser.

Staff import UNDP's form and log an experiment with its evidence, an officer of each programme
reviews it, the head exports the quarter in both languages.
"""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from app.config import ROOT
from app.domain.quarters import quarter_of
from app.services.demonstration import PASSWORD

SEED = ROOT.parent / "shared" / "inputs" / "action-learning-plan-digitalization.txt"
TITLE = "Botones de ayuda en quechua para la app de Agros"
TODAY = date.today()
QUARTER = quarter_of(TODAY)
OWN_FORM = """Title
Please provide a name for your action learning plan.
Internet en el campo
Challenge statement: What is your challenge?
Our challenge is that rural homes have no internet.
Learning question: What is your learning question for this challenge?
How can rural homes be connected?
"""


def sign_in(page: Page, part: str, *, password: str = PASSWORD) -> None:
    page.set_default_timeout(15_000)
    page.goto("/sign-in")
    page.locator("[name=email]").fill(f"{part}@chaski.example")
    page.locator("[name=password]").fill(password)
    page.locator("main form [type=submit]").first.click()
    expect(page).to_have_url(re.compile("/$"))


def send(page: Page, **fields: str) -> None:
    """Fill the fields of the page's form by name and press its first button."""
    for name, value in fields.items():
        field = page.locator(f"main [name={name}]").first
        if field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.locator("main form .button.primary").first.click()


def choose(page: Page, name: str, words: str) -> None:
    """Choose the option that holds these words."""
    option = page.locator(f"[name={name}] option", has_text=words).first
    page.locator(f"[name={name}]").select_option(option.get_attribute("value"))


def open_all(page: Page) -> None:
    """Open the form's folded blocks."""
    folded = page.locator("main form details:not([open]) > summary")
    for summary in reversed(folded.all()):
        summary.click()


def no_error(page: Page) -> None:
    expect(page.locator("[role=alert]")).to_have_count(0)


@pytest.fixture(scope="module")
def form_text() -> str:
    return SEED.read_text(encoding="utf-8") if SEED.exists() else OWN_FORM


def import_the_plan(page: Page, text: str) -> str:
    """Paste, look at what was understood, save. Returns the plan's address."""
    page.goto("/plans/import")
    page.locator("[name=text]").fill(text)
    page.locator("[name=year]").fill("2022")
    page.locator("main form .button.primary").first.click()
    expect(page.locator("main")).to_contain_text("Our challenge is")
    page.locator("main form .button.primary").last.click()
    expect(page).to_have_url(re.compile("/plans/PE-2022-P"))
    return page.url


def log_the_experiment(page: Page, plan: str) -> str:
    """Log it under the plan's question with two programmes. Returns its address."""
    page.goto(plan)
    page.locator("a[href*='/experiments/new?']").first.click()
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=learning_intent]").fill(
        "Si un botón en quechua hace que más familias pidan consejo."
    )
    choose(page, "lead_programme_id", "Ambiente")
    page.locator("[name=stage]").select_option("test")
    page.locator("main form .button.primary").first.click()
    expect(page).to_have_url(re.compile(r"/experiments/PE-\d{4}-\d{3}"))
    no_error(page)
    experiment = page.url.split("?")[0].split("#")[0]
    page.goto(f"{experiment}/edit")
    open_all(page)
    page.get_by_label("Reducción de la pobreza y prosperidad").last.check()
    page.locator("[name=budget_planned_usd]").fill("1 234,5")
    page.locator("main form .button.primary").first.click()
    expect(page.locator("main")).to_contain_text("Reducción de la pobreza y prosperidad")
    return experiment


def give_it_evidence(page: Page, experiment: str) -> None:
    """A hypothesis, two metrics, four readings."""
    page.goto(f"{experiment}/hypotheses/new")
    send(
        page,
        change="un botón de ayuda en quechua",
        audience="las familias de Cusco",
        direction="increase",
        outcome="las familias que piden consejo",
        threshold="10 puntos",
        within="un trimestre",
        because="nueve de cada diez lo hablan en casa",
    )
    expect(page).to_have_url(re.compile(re.escape(experiment)))
    share = add_metric(page, experiment, name="Familias que piden consejo", kind="proportion")
    calls = add_metric(page, experiment, name="Llamadas por semana", kind="count")
    for n, successes in enumerate((22, 35)):
        read(page, experiment, share, days_ago=9 - n, successes=str(successes), n="100")
    for n, count in enumerate(("1 234,5", "1300")):
        read(page, experiment, calls, days_ago=9 - n, count=count)
    page.goto(experiment)
    expect(page.locator("main")).to_contain_text("35")
    expect(page.locator("main")).to_contain_text("1 300".replace(" ", "\u00a0"))


def add_metric(page: Page, experiment: str, *, name: str, kind: str) -> str:
    page.goto(f"{experiment}/metrics/new")
    send(page, name=name, kind=kind, direction="increase", role="primary", baseline="20")
    no_error(page)
    page.goto(experiment)
    link = page.locator("main a[href*='/metrics/']", has_text=name).first
    address = link.get_attribute("href") or ""
    found = re.search(r"/metrics/(\d+)", address)
    assert found, address
    return found[1]


def read(page: Page, experiment: str, metric: str, *, days_ago: int, **numbers: str) -> None:
    page.goto(f"{experiment}/readings/new?metric={metric}")
    day = max(TODAY - timedelta(days=days_ago), QUARTER.starts_on)
    send(page, **numbers, measured_on=day.isoformat())
    no_error(page)


def submit_for_review(page: Page, experiment: str) -> None:
    code = experiment.rsplit("/", 1)[-1]
    page.goto(experiment)
    page.locator(f"main a[href*='/reviews/submit?experiment={code}']").click()
    page.locator("[name=note]").fill("El puesto ya tiene el botón en quechua.")
    page.locator("main form .button.primary").click()
    expect(page.locator("main [role=status]").first).to_contain_text("2")


def review(page: Page, code: str, programme: str, *, accept: bool) -> None:
    page.goto("/reviews")
    page.goto(f"/reviews/{QUARTER}/{programme}/{code}")
    expect(page.locator("main")).to_contain_text("un botón de ayuda en quechua")
    if accept:
        page.locator("[name=impact][value=emerging]").check()
    page.locator("[name=comment]").fill("Más familias piden consejo; falta saber si lo aplican.")
    page.locator(f"[name=state][value={'accepted' if accept else 'returned'}]").click()
    expect(page.locator("[role=status]").first).to_contain_text(code)


def export(page: Page, folder: Path, *, language: str) -> Path:
    page.goto("/reports")
    page.locator("[name=quarter]").fill(str(QUARTER))
    page.locator("[name=language]").select_option(language)
    page.locator("main form .button.primary").first.click()
    expect(page).to_have_url(re.compile(r"/reports/\d+"))
    page.wait_for_selector("a[href$='/file']", timeout=120_000)
    with page.expect_download() as download:
        page.locator("a[href$='/file']").first.click()
    path = folder / f"{language}.pdf"
    download.value.save_as(path)
    return path


def text_of(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def test_from_the_form_to_the_quarterly_pdf(new_page, form_text, tmp_path):
    staff = new_page()
    sign_in(staff, "staff")
    experiment = log_the_experiment(staff, import_the_plan(staff, form_text))
    code = experiment.rsplit("/", 1)[-1]
    give_it_evidence(staff, experiment)
    submit_for_review(staff, experiment)

    officer = new_page()
    sign_in(officer, "officer")
    review(officer, code, "PE-AMB", accept=True)
    other_officer = new_page()
    sign_in(other_officer, "officer.pro")
    review(other_officer, code, "PE-PRO", accept=False)

    head = new_page()
    sign_in(head, "head")
    spanish = text_of(export(head, tmp_path, language="es"))
    english = text_of(export(head, tmp_path, language="en"))
    for text in (spanish, english):
        assert TITLE in " ".join(text.split())
        assert "un botón de ayuda en quechua" in " ".join(text.split())
        assert code in text
    assert "Trimestre" in spanish or "trimestre" in spanish
    assert "Quarterly report" in english

    staff.goto("/")
    expect(staff.locator("main")).to_contain_text("falta saber si lo aplican")


def test_two_people_never_see_each_others_programmes(new_page):
    stranger = new_page()
    sign_in(stranger, "officer.gob")
    stranger.goto("/programmes")
    expect(stranger.locator("main")).not_to_contain_text("Ambiente")
    assert stranger.goto("/programmes/PE-AMB").status == 404
