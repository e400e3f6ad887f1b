"""A real headless Chromium, and the whole thing running as `make run` starts it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.browser import chromium
from tests.served import Served, until


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    path = chromium.path()
    if path is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        # A container gives Chromium neither a sandbox of its own nor much shared memory.
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Server and worker on a database of their own, with the demonstration portfolio."""
    served = Served(tmp_path_factory.mktemp("site"), "--prepare", demo=True)
    until(served.is_ready, "it did not start")
    yield served
    served.stop()


class Watched:
    """What went wrong in pages without anybody seeing it."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.faults: list[str] = []

    def watch(self, page: Page) -> None:
        """Note scripts that fail, what the page policy stops, and requests to elsewhere."""
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("console", self._note_message)
        page.on("request", self._note_request)

    def _note_message(self, message: ConsoleMessage) -> None:
        # The browser also reports answers such as 404 or 422 here, which may be meant.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text}")

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.faults.append(f"outside: {request.url}")


@pytest.fixture
def new_page(browser: Browser, site: Served) -> Iterator[Callable[..., Page]]:
    """``new_page(width=360, locale="es-PE")``: a page of a person who has not signed in yet.

    Each call is a browser of its own, with its own cookies. Addresses may be relative. At the
    end of the test nothing may have gone wrong in any of them unseen.
    """
    watched, contexts = Watched(site.url), []

    def opened(*, width: int = 1280, locale: str = "es-PE") -> Page:
        context = browser.new_context(
            base_url=site.url,
            locale=locale,
            timezone_id="America/Lima",
            viewport={"width": width, "height": 800},
        )
        contexts.append(context)
        page = context.new_page()
        watched.watch(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert watched.faults == []
