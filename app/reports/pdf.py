"""HTML to PDF: the one module that knows WeasyPrint.

The same HTML gives the same bytes: fonts are ours alone, dates come from the document, and the
file's identifier from its text. Nothing is fetched: a document may use our named assets and
pictures written into it; any other address stops the rendering.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Final

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from app.reports.binding.margins import set_margins_apart

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
ASSETS: Final = {
    "asset:fonts.css": (HERE / "assets" / "fonts.css", "text/css"),
    "asset:print.css": (HERE / "assets" / "print.css", "text/css"),
    **{f"asset:{font.name}": (font, "font/ttf") for font in sorted(FONTS.glob("*.ttf"))},
}
VARIANT = "pdf/ua-1"
ENGINES = ("weasyprint", "pydyf", "pikepdf", "fonttools")


def _fingerprint() -> bytes:
    sources = [Path(__file__), HERE / "binding" / "margins.py", HERE / "binding" / "files.py"]
    files = [*sources, *(path for path, _kind in ASSETS.values())]
    made_by = " ".join(map(version, ENGINES))
    digests = [hashlib.sha256(path.read_bytes()).digest() for path in files]
    return hashlib.sha256(made_by.encode() + b"".join(digests)).digest()


# Changes whenever a document could be laid out otherwise: with the engine, the styles, the fonts.
FINGERPRINT: Final = _fingerprint()

_fontconfig = Lock()


class RefusedAddressError(Exception):
    """The document names an address that no report may read; nothing was rendered."""


class _RefusedAddress(FatalURLFetchingError):  # type: ignore[misc]  # noqa: N818 - its family's name
    """Carries the refusal through WeasyPrint, which swallows every ordinary exception."""


class AssetFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no type hints
    """Serves named assets and ``data:image/`` addresses; refuses everything else.

    ``refused`` keeps what was refused: inside vector pictures the engine swallows even fatal
    errors, and a document that asked for an outside address must not be issued.
    """

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The asset of that name, or a refusal that stops the rendering."""
        if url in ASSETS:
            path, content_type = ASSETS[url]
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": content_type})
        if url.startswith("data:image/"):
            return super().fetch(url, headers)
        self.refused.append(url)
        raise _RefusedAddress(url)


class Press:
    """Lays documents out, with the fonts and styles read once for all of them."""

    def __init__(self) -> None:
        self._fetcher = AssetFetcher()
        self._fonts = _our_fonts()
        # Without any font the text engine crashes the process, so no document need name them.
        self._styles = [self._style("asset:fonts.css"), self._style("asset:print.css")]

    def pdf(self, html: str) -> bytes:
        """A tagged PDF/UA-1 document; title, language and dates are those the HTML states.

        Raises RefusedAddressError when the HTML, its styles or its pictures name any address that
        is neither one of our assets nor a ``data:image/``.
        """
        self._fetcher.refused.clear()
        written = b""
        with suppress(_RefusedAddress):
            written = HTML(string=html, url_fetcher=self._fetcher).write_pdf(
                stylesheets=self._styles,
                font_config=self._fonts,
                pdf_variant=VARIANT,
                pdf_identifier=hashlib.sha256(html.encode()).digest()[:16],
            )
        if self._fetcher.refused:
            raise RefusedAddressError(self._fetcher.refused[0])
        return set_margins_apart(written)

    def _style(self, address: str) -> CSS:
        return CSS(url=address, url_fetcher=self._fetcher, font_config=self._fonts)


def write_pdf(html: str) -> bytes:
    """One document, laid out by a press of its own; see ``Press.pdf``."""
    return Press().pdf(html)


def _our_fonts() -> FontConfiguration:
    """A font configuration that knows no font of the machine."""
    with _fontconfig, _fonts_hidden():
        return FontConfiguration()


@contextmanager
def _fonts_hidden() -> Iterator[None]:
    """Point fontconfig to our empty configuration while it is being read, and back again.

    The library takes its configuration from the environment only; programs started later
    (a browser, in tests) must not inherit it.
    """
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before
