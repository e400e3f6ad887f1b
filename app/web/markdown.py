"""What people write as small Markdown, as HTML that can do nothing: text, lists, quotes, links."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

RULES = ("emphasis", "list", "blockquote", "backticks", "autolink", "link", "newline", "escape")
TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "code", "a"}
MARKDOWN = MarkdownIt("zero", {"html": False, "breaks": True}).enable(RULES)


def rendered(text: str) -> Markup:
    """The text with its Markdown laid out. Whatever else it holds is shown as it was typed."""
    html = nh3.clean(
        MARKDOWN.render(text),
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}, "*": set()},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(html)
