"""A form saved as a web page (HTML), as the lines a reader of it sees."""

import re
from html.parser import HTMLParser

from app.exchange.form_text import encoded, has_words

BEGINS_AS_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
BEGINS_WITH_A_BLOCK = re.compile(
    r"\s*</?(?:p|h[1-6]|li|ul|ol|tr|td|table|div|blockquote|br)\b", re.IGNORECASE
)
ENDS_WITH_A_BREAK = re.compile(
    r"(?:<br\s*/?>|</(?:p|h[1-6]|li|td|tr|blockquote)>)\s*$", re.IGNORECASE
)
UNSEEN = frozenset({"script", "style", "head", "template", "noscript", "svg"})
BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body br caption center dd details div dl dt fieldset"
        " figure figcaption footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol option p"
        " pre section summary table tbody td tfoot th thead tr ul",
    )
)
SIGNS = {"h1": "# ", "h2": "## ", "li": "- ", "blockquote": "> "}


def is_saved_page(text: str) -> bool:
    """Whether the text is HTML as a whole, and not a form with a few tags in its answers."""
    if BEGINS_AS_HTML.match(text):
        return True
    if "<" not in text:
        return False
    written = [line for line in text.split("\n") if line.strip()]
    tagged = sum(
        bool(BEGINS_WITH_A_BLOCK.match(line) and ENDS_WITH_A_BREAK.search(line)) for line in written
    )
    return tagged * 2 > len(written)


def text_of_page(page: str) -> str:
    """What the page shows, a block a line, with the signs the archive writes before some."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    reader.end_block()
    return "\n".join(reader.lines)


class _Reader(HTMLParser):
    """Collects the text of each block; what no reader sees is left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._block: list[str] = []
        self._sign = ""
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, or something unseen; a body ends a head that nothing else ends."""
        if tag == "body":
            self._unseen.clear()
        if tag in BLOCKS:
            self.end_block()
        if tag in UNSEEN:
            self._unseen.append(tag)
        self._sign = SIGNS.get(tag, self._sign)

    def handle_endtag(self, tag: str) -> None:
        """End a block, or something unseen."""
        if tag in BLOCKS:
            self.end_block()
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]
        if tag in SIGNS:
            self._sign = ""

    def handle_data(self, data: str) -> None:
        """Take text that is seen."""
        if not self._unseen:
            self._block.append(data)

    def end_block(self) -> None:
        """Write the block as one line."""
        line = "".join(self._block).replace("\n", " ").strip()
        self._block = []
        if has_words(line):
            self.lines.append(self._sign + encoded(line))
            self._sign = ""
