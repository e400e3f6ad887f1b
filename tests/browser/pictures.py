"""Take the pictures of the guide anew: ``make screenshots``.

Each language has an installation of its own, with the demonstration portfolio and one experiment
logged as the guide tells it. Exactly the pictures that the guide shows must come out.
"""

import io
import re
import shutil
import subprocess
import tempfile
from datetime import date, timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from app.config import ROOT
from app.reports.binding import places_in
from app.services.demonstration import PASSWORD
from models.vocabulary import Language, Stage
from tests.browser import chromium
from tests.served import Served, until

DOCS = ROOT / "docs"
COLOURS, WIDTH = 40, 900
# A picture ends where its reader has seen enough: height in pixels of the page, by width.
WIDEST, HEIGHTS = 1280, {1280: 1150, 360: 1500}
# The pages shown of the quarterly report, by what stands on them.
QUARTERLY = {
    **{name: name for name in ("cover", "portfolio", "movement", "gaps", "register", "signoff")},
    "programme": "programme-PE-AMB",
    "experiment": "PE-2026-006",
}
STAGES = {Stage.EXPLORE: "PE-2026-001", Stage.TEST: "PE-2026-006", Stage.GROW: "PE-2026-009"}
PLAN = {"plan-form": "plan", "plan-questions": "questions"}
QUARTER = "2026-Q3"
ADVICE = "/advisor?kind=proportion&n=30&baseline=40&least=20&cluster_size=10&icc=0.05"
LOCALES = {Language.EN: "en-US", Language.ES: "es-PE"}
TOLD = {
    Language.EN: {
        "title": "Help buttons in Quechua for the Agros app",
        "learning_intent": "Whether a button in Quechua makes more families ask for advice.",
        "change": "a help button in Quechua",
        "audience": "the families of Cusco",
        "outcome": "the families that ask for advice",
        "threshold": "10 points",
        "within": "one quarter",
        "because": "nine of ten speak it at home",
        "metric": "Families that ask for advice",
        "comment": "More families ask for advice; whether they use it is not known yet.",
    },
    Language.ES: {
        "title": "Botones de ayuda en quechua para la app de Agros",
        "learning_intent": "Si un botón en quechua hace que más familias pidan consejo.",
        "change": "un botón de ayuda en quechua",
        "audience": "las familias de Cusco",
        "outcome": "las familias que piden consejo",
        "threshold": "10 puntos",
        "within": "un trimestre",
        "because": "nueve de cada diez lo hablan en casa",
        "metric": "Familias que piden consejo",
        "comment": "Más familias piden consejo; falta saber si lo aplican.",
    },
}


class Album:
    """The pictures of one language."""

    def __init__(self, browser: Browser, address: str, language: Language, folder: Path) -> None:
        self.browser, self.address, self.folder = browser, address, folder
        self.language, self.told = language, TOLD[language]

    def signed_in(self, part: str) -> Page:
        """A page of that part of the demonstration."""
        page = self.opened()
        page.goto("/sign-in")
        self._fill(page, email=f"{part}@chaski.example", password=PASSWORD)
        page.wait_for_url("**/")
        return page

    def opened(self) -> Page:
        """A page of somebody who has not signed in."""
        return self.browser.new_context(
            base_url=self.address,
            locale=LOCALES[self.language],
            timezone_id="America/Lima",
            viewport={"width": WIDEST, "height": 800},
        ).new_page()

    def keep(self, page: Page, name: str, *, width: int = WIDEST, begins: str = "body") -> None:
        """A picture of the page from an element on."""
        page.set_viewport_size({"width": width, "height": 700})
        whole = page.evaluate("document.documentElement.scrollHeight")
        # What sticks to the lower edge of the window stands at that of the picture.
        page.set_viewport_size({"width": width, "height": min(whole, HEIGHTS[width])})
        top = page.locator(begins).evaluate("it => it.getBoundingClientRect().y + scrollY")
        height = min(whole - top, HEIGHTS[width])
        clip = {"x": 0, "y": top, "width": width, "height": height}
        self._store(page.screenshot(full_page=True, clip=clip), f"{name}-{width}")

    def staff(self) -> str:
        """What the lab does. Returns the address of the experiment it logs."""
        self.keep(self._at(self.opened(), "/sign-in"), "sign-in")
        page = self.signed_in("staff")
        self.keep(page, "desk-staff")
        self._import(page)
        experiment = self._log(self._at(page, "/experiments/new"))
        self._measure(page, experiment)
        self._at(page, f"/reviews/submit?experiment={experiment.rpartition('/')[2]}")
        page.click("main form .button.primary")
        self.keep(self._at(page, experiment), "experiment")
        self.keep(page, "experiment", width=360)
        self.keep(self._at(page, ADVICE), "advisor")
        return experiment

    def officer(self, experiment: str) -> None:
        """What a programme does with it."""
        page = self.signed_in("officer")
        self.keep(self._at(page, "/programmes/PE-AMB"), "programme")
        self.keep(self._at(page, "/reviews"), "reviews")
        page.locator(f"main a[href$='{experiment.rpartition('/')[2]}']").first.click()
        page.check("[name=impact][value=emerging]")
        page.fill("[name=comment]", self.told["comment"])
        for width in HEIGHTS:
            self.keep(page, "review-accept", width=width, begins="#answer")

    def head(self) -> None:
        """The report, on its pages and as it is printed."""
        page = self._at(self.signed_in("head"), "/reports")
        page.fill("[name=quarter]", QUARTER)
        page.select_option("[name=language]", self.language.value)
        self.keep(page, "reports")
        pdf = self._made(page)
        self.keep(page, "report")
        self._print(pdf, {f"quarterly-{name}": place for name, place in QUARTERLY.items()})
        self.keep(self._at(page, f"{page.url}/read"), "report-read")
        for stage, code in STAGES.items():
            self._at(page, f"/experiments/{code}/reports")
            page.select_option("[name=stage]", stage.value)
            page.select_option("[name=language]", self.language.value)
            self._print(self._made(page), {f"stage-{stage.value}": code})
        link = self._at(page, "/plans").locator("main a[href*='/plans/PE-2023']").first
        self._at(page, f"{link.get_attribute('href')}/report")
        page.select_option("[name=language]", self.language.value)
        self._print(self._made(page), PLAN)
        self.keep(self._at(page, f"/quarters/{QUARTER}"), "quarter")

    def _made(self, page: Page) -> bytes:
        """The report that a filled form asks for."""
        page.click("main form .primary")
        page.wait_for_selector("a[href$='/file']", timeout=300_000)
        address = page.get_attribute("a[href$='/file']", "href")
        return page.request.get(f"{self.address}{address}").body()

    def _print(self, pdf: bytes, pages: dict[str, str]) -> None:
        """Pictures of the pages on which these places of a report stand."""
        places, _length = places_in(pdf)
        for name, place in pages.items():
            self._store(printed(pdf, places[place]), name)

    def _import(self, page: Page) -> None:
        """The demonstration's own plan, exported and read again for another year."""
        link = self._at(page, "/plans").locator("main a[href*='/plans/PE-']").first
        text = page.request.get(f"{self.address}{link.get_attribute('href')}/export/form").text()
        # Its first line says the year, which forms of UNDP do not.
        self._at(page, "/plans/import").fill("[name=text]", text.partition("\n")[2])
        page.fill("[name=year]", "2025")
        self.keep(page, "import")
        page.click("main form .primary")
        self.keep(page, "import-review")
        page.locator("main form .primary").last.click()
        page.wait_for_url("**/plans/PE-*")
        self.keep(page, "plan")

    def _log(self, page: Page) -> str:
        for name in ("title", "learning_intent"):
            page.fill(f"[name={name}]", self.told[name])
        lead = page.locator("[name=lead_programme_id] option", has_text="Ambient")
        ours = lead.or_(page.locator("[name=lead_programme_id] option", has_text="Environment"))
        page.select_option("[name=lead_programme_id]", ours.first.get_attribute("value"))
        page.select_option("[name=stage]", "test")
        page.select_option("[name=learning_question_id]", index=1)
        self.keep(page, "experiment-new")
        page.click("main form .primary")
        page.wait_for_url("**/experiments/PE-*")
        return page.url.partition("?")[0].partition("#")[0]

    def _measure(self, page: Page, experiment: str) -> None:
        parts = ("change", "audience", "outcome", "threshold", "within", "because")
        self._at(page, f"{experiment}/hypotheses/new")
        page.select_option("[name=direction]", "increase")
        self._fill(page, **{part: self.told[part] for part in parts})
        self._at(page, f"{experiment}/metrics/new")
        for name, value in (("kind", "proportion"), ("direction", "increase"), ("role", "primary")):
            page.select_option(f"[name={name}]", value)
        self._fill(page, name=self.told["metric"], baseline="20", target="45")
        metric = self._at(page, experiment).get_attribute(
            "a[href*='/readings/new?metric=']", "href"
        )
        for days_ago, successes in ((9, "22"), (0, "35")):
            today = self._at(page, f"{self.address}{metric}").input_value("[name=measured_on]")
            day = date.fromisoformat(today) - timedelta(days=days_ago)
            self._fill(page, successes=successes, n="100", measured_on=day.isoformat())

    def _at(self, page: Page, address: str) -> Page:
        page.goto(address)
        return page

    def _fill(self, page: Page, **fields: str) -> None:
        """Fill in the page's form and send it; a form that is refused would be shown again."""
        for name, value in fields.items():
            page.fill(f"main [name={name}]", value)
        with page.expect_navigation():
            page.click("main form [type=submit].primary")
        assert page.locator("[aria-invalid=true]").count() == 0, page.url

    def _store(self, png: bytes, name: str) -> None:
        picture = Image.open(io.BytesIO(png)).convert("RGB")
        picture.thumbnail((WIDTH, picture.height), Image.Resampling.LANCZOS)
        few = picture.quantize(COLOURS, kmeans=2, dither=Image.Dither.NONE)
        few.save(self.folder / f"{name}.png", optimize=True)


def printed(pdf: bytes, number: int) -> bytes:
    """A page of the PDF as a PNG."""
    page = str(number)
    command = ["pdftoppm", "-png", "-r", "72", "-f", page, "-l", page, "-singlefile", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout


def shown(language: Language) -> set[str]:
    """The names of the pictures that the guide shows."""
    guide = (DOCS / "guide" / f"{language.value}.md").read_text(encoding="utf-8")
    return set(re.findall(rf"screenshots/{language.value}/([\w-]+\.png)", guide))


def take(browser: Browser, language: Language, folder: Path) -> None:
    """All pictures of a language, instead of those that are there."""
    pictures, instance = folder / "pictures", folder / "site"
    pictures.mkdir()
    instance.mkdir()
    site = Served(instance, "--prepare", demo=True)
    try:
        until(site.is_ready, "it did not start")
        album = Album(browser, site.url, language, pictures)
        album.officer(album.staff())
        album.head()
    finally:
        site.stop()
    taken = {each.name for each in pictures.iterdir()}
    assert taken == shown(language), f"the guide and this differ: {taken ^ shown(language)}"
    kept = DOCS / "screenshots" / language.value
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(pictures, kept)


def main() -> None:
    """Both languages."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.path(),
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        )
        for language in Language:
            with tempfile.TemporaryDirectory() as folder:
                take(browser, language, Path(folder))


if __name__ == "__main__":
    main()
