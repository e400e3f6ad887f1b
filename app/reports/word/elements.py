"""WordprocessingML, element by element: python-docx's own way is ten times as slow on long tables.

Lengths are in twips (1/1440 inch).
"""

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn


def element(name: str, parent: Any = None, /, **attributes: object) -> Any:
    """A new ``w:`` element, at the end of its parent; attributes are ``w:`` too."""
    made = OxmlElement(f"w:{name}")
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), str(value))
    if parent is not None:
        parent.append(made)
    return made


def text_in(run: Any, text: str) -> None:
    """Write into a run; a line end becomes Word's."""
    for n, line in enumerate(text.split("\n")):
        if n:
            element("br", run)
        if line:
            written = element("t", run)
            written.text = line
            written.set(qn("xml:space"), "preserve")


def begin_field(paragraph: Any, code: str) -> None:
    """Word works the field out anew when asked; until then it shows what follows."""
    element("fldChar", element("r", paragraph), fldCharType="begin")
    told = element("instrText", element("r", paragraph))
    told.text = f" {code} "
    told.set(qn("xml:space"), "preserve")
    element("fldChar", element("r", paragraph), fldCharType="separate")


def end_field(paragraph: Any) -> None:
    """What the field shows ends here."""
    element("fldChar", element("r", paragraph), fldCharType="end")
