"""The blank document: an A4 page, real styles in our colours, the language of the reader."""

from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import CharacterStyle, ParagraphStyle

from models.vocabulary import Language

# Everywhere there; Noto Sans of the PDF is on few desks.
FONT = "Calibri"
BLUE = RGBColor(0x1F, 0x5A, 0x95)
INK = RGBColor(0x23, 0x2E, 0x3D)
GREY = RGBColor(0x55, 0x60, 0x6E)
LOCALES = {Language.ES: "es-PE", Language.EN: "en-US"}
# Name → size in points, colour, bold, space before and after.
LOOKS: dict[str, tuple[float, RGBColor, bool, float, float]] = {
    "Normal": (10.5, INK, False, 0, 5),
    "Title": (24, BLUE, False, 0, 4),
    "Subtitle": (14, INK, False, 0, 8),
    "Heading 1": (18, BLUE, False, 0, 8),
    "Heading 2": (13, BLUE, True, 12, 4),
    "Heading 3": (13, INK, True, 2, 4),
    "Heading 4": (11, BLUE, True, 9, 2),
    "TOC Heading": (18, BLUE, False, 0, 8),
    "Caption": (9.5, GREY, True, 8, 3),
    "Quote": (10.5, INK, False, 2, 5),
    "Term": (10.5, INK, True, 5, 1),
    "Note": (9, GREY, False, 0, 5),
    "Read out": (9, GREY, False, 2, 5),
    "Table text": (9, INK, False, 1, 1),
    "toc 1": (10.5, INK, True, 4, 2),
    "toc 2": (10.5, INK, False, 2, 1),
    "toc 3": (10.5, INK, False, 0, 1),
}
IDENTS = {"Term": "Term", "Note": "Note", "Read out": "ReadOut", "Table text": "TableText"}
WITH_NEXT = ("Heading 1", "Heading 2", "Heading 3", "Heading 4", "Caption", "Term", "TOC Heading")
INDENTS = {"toc 2": Mm(5), "toc 3": Mm(10), "Quote": Mm(5)}
TABLE = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="ChaskiTable">
  <w:name w:val="Chaski table"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/>
  <w:tblPr><w:tblBorders>
    <w:top w:val="single" w:sz="6" w:space="0" w:color="55606E"/>
    <w:bottom w:val="single" w:sz="6" w:space="0" w:color="55606E"/>
    <w:insideH w:val="single" w:sz="4" w:space="0" w:color="A9B1B7"/>
  </w:tblBorders><w:tblCellMar>
    <w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/>
  </w:tblCellMar></w:tblPr>
  <w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr>
    <w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="E6EBF0"/></w:tcPr></w:tblStylePr>
  <w:tblStylePr w:type="firstCol"><w:rPr><w:b/></w:rPr></w:tblStylePr>
</w:style>"""


def blank(language: Language) -> Document:
    """A document with nothing in it yet."""
    document = docx.Document()
    _set_page(document)
    _set_styles(document)
    _set_language(document, LOCALES[language])
    _forget_template(document)
    return document


def _set_page(document: Document) -> None:
    (section,) = document.sections
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(22)


def _set_styles(document: Document) -> None:
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), FONT)
    for name, looks in LOOKS.items():
        _set_style(_style(document, name), *looks)
    for name in WITH_NEXT:
        _style(document, name).paragraph_format.keep_with_next = True
    for name, indent in INDENTS.items():
        _style(document, name).paragraph_format.left_indent = indent
    for name in ("Header", "Footer"):
        _style(document, name).font.size = Pt(8.5)
    _add_character_styles(document)
    document.styles.element.append(parse_xml(TABLE))


def _style(document: Document, name: str) -> ParagraphStyle:
    """The paragraph style of a name, added where the template has none."""
    if name not in document.styles:
        is_ours = name in IDENTS
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=not is_ours)
        added = document.styles[name]
        added.element.set(qn("w:styleId"), IDENTS.get(name, name.upper().replace(" ", "")))
        added.base_style = document.styles["Normal"]
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)
    return style


def _set_style(
    style: ParagraphStyle, size: float, colour: RGBColor, is_bold: bool, before: float, after: float
) -> None:
    style.font.size, style.font.bold, style.font.color.rgb = Pt(size), is_bold, colour
    style.font.italic = style.name == "Quote"
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.line_spacing = 1.1
    borders = style.element.find(f"{qn('w:pPr')}/{qn('w:pBdr')}")
    if borders is not None:
        borders.getparent().remove(borders)


def _add_character_styles(document: Document) -> None:
    for name, colour, is_bold, is_italic in (
        ("Missing", RGBColor(0xA1, 0x2A, 0x1C), False, True),
        ("Demonstration", RGBColor(0x7A, 0x4B, 0x00), True, False),
        ("Detail", GREY, False, False),
        ("Hyperlink", BLUE, False, False),
    ):
        style = document.styles.add_style(
            name, WD_STYLE_TYPE.CHARACTER, builtin=name == "Hyperlink"
        )
        assert isinstance(style, CharacterStyle)
        style.font.color.rgb = colour
        style.font.bold, style.font.italic = is_bold or None, is_italic or None


def _set_language(document: Document, locale: str) -> None:
    for spoken in document.styles.element.iter(qn("w:lang")):
        spoken.set(qn("w:val"), locale)
    document.settings.element.find(qn("w:themeFontLang")).set(qn("w:val"), locale)


def _forget_template(document: Document) -> None:
    """Leave out the template's picture of an empty page, and its old mode of compatibility."""
    package = document.part.package
    for ident, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del package.rels[ident]
    _set_mode(document.settings.element)


def _set_mode(settings: Any) -> None:
    for mode in settings.iter(qn("w:compatSetting")):
        if mode.get(qn("w:name")) == "compatibilityMode":
            mode.set(qn("w:val"), "15")
