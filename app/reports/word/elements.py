"""WordprocessingML, element by element; lengths are in twips (1/1440 inch).

python-docx's own way of making them is several times as slow, and reports have many.
"""

from typing import Any, Final

from docx.oxml.ns import nsmap, qn
from lxml.etree import SubElement  # type: ignore[import-untyped]

W: Final = f"{{{nsmap['w']}}}"


def element(name: str, parent: Any, /, **attributes: object) -> Any:
    """A new ``w:`` element at the end of its parent; attributes are ``w:`` too."""
    told = {W + attribute: str(value) for attribute, value in attributes.items()}
    return SubElement(parent, W + name, told)


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
