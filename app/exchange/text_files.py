"""From the bytes of a file, or from pasted text, to clean text; or a sentence saying why not."""

import re
import unicodedata

from app.domain.refusals import InvalidError, Problem
from app.language.sentences import Sentence, sentence

MOST_BYTES = 2_000_000
LEAST_SHARE_OF_CONTROL_SIGNS = 1000

BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
PDF, OFFICE_FILE, PICTURE, ARCHIVE = "PDF", "Word, Excel or ZIP", "picture", "compressed"
KINDS_BY_FIRST_BYTES = (
    (b"%PDF-", PDF),
    (b"PK\x03\x04", OFFICE_FILE),
    (b"PK\x05\x06", OFFICE_FILE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OFFICE_FILE),
    (b"{\\rtf", OFFICE_FILE),
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"\x1f\x8b", ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", ARCHIVE),
    (b"Rar!", ARCHIVE),
)

INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")  # breaks for the eye, never of meaning
LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
CONTROL_SIGNS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
CONTROL_BYTES = re.compile(rb"[\x01-\x08\x0e-\x1f\x7f]")
UTF8_IN_WESTERN_TEXT = re.compile(rb"[\xc2\xc3][\x80-\xbf]|\xe2\x80[\x80-\xbf]")
OUTSIDE_ASCII = re.compile(rb"[\x80-\xff]")
WESTERN = re.compile("[À-ÖØ-öø-ÿŒœŠšŽžŸ€‚ƒ„…†‡ˆ‰‹›‘’“”•–—˜™\xa0-¿×÷]")


def read_text(content: bytes, *, name: str) -> str:
    r"""The file's text: newlines as ``\n``, Unicode composed (NFC), all else as it stands.

    UTF-8, UTF-16 and UTF-32 with their mark, and Western European text (Windows-1252, as Excel
    and Notepad save Spanish) are read. Raises InvalidError beside the field "file" for an empty,
    too large, binary or undecodable file.
    """
    if len(content) > MOST_BYTES:
        raise _refused(
            sentence(
                "%(name)s is larger than 2 MB. Choose the text of one form, without pictures.",
                name=name,
            )
        )
    _refuse_known_binary(content, name)
    return _cleaned(_decoded(content, name), name)


def read_pasted(text: str, *, name: str) -> str:
    """Pasted text, cleaned and refused by the same rules as a file's."""
    return read_text(text.encode("utf-8", "replace"), name=name)


def _refused(message: Sentence) -> InvalidError:
    return InvalidError([Problem("file", message)])


def _refuse_known_binary(content: bytes, name: str) -> None:
    for first_bytes, kind in KINDS_BY_FIRST_BYTES:
        if content.startswith(first_bytes):
            raise _refused(_advice(kind, name))


def _advice(kind: str, name: str) -> Sentence:
    match kind:
        case "PDF":
            return sentence(
                "%(name)s is a PDF. Open it, copy its text and paste it here,"
                " or save it as plain text (.txt).",
                name=name,
            )
        case "picture":
            return sentence(
                "%(name)s is a picture. Choose the text of the form (.txt or .md).", name=name
            )
        case "compressed":
            return sentence(
                "%(name)s is a compressed file. Unpack it and choose the text inside.", name=name
            )
        case _:
            return sentence(
                "%(name)s is a Word, Excel or ZIP file. Open it and save it as plain text (.txt).",
                name=name,
            )


def _decoded(content: bytes, name: str) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _decoded_as(encoding, content, name)
    if b"\x00" in content:
        raise _refused(_no_text(name))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _western_text(content, name)


def _decoded_as(encoding: str, content: bytes, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise _refused(_wrong_encoding(name)) from None


def _western_text(content: bytes, name: str) -> str:
    """Windows-1252 where the result is sensible: accented letters among many plain ones.

    Broken UTF-8 is refused and not taken for it, since that would turn "é" into "Ã©".
    """
    if _has_many_control_signs(len(CONTROL_BYTES.findall(content)), len(content)):
        raise _refused(_no_text(name))
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise _refused(_wrong_encoding(name)) from None
    foreign = len(OUTSIDE_ASCII.findall(content))
    sensible = len(WESTERN.findall(text)) == foreign and foreign * 5 <= len(content)
    if not sensible or len(UTF8_IN_WESTERN_TEXT.findall(content)) * 4 > foreign:
        raise _refused(_wrong_encoding(name))
    return text


def _has_many_control_signs(count: int, length: int) -> bool:
    """One stray sign is a slip of copying; several make a file that is no text."""
    return count > max(1, length // LEAST_SHARE_OF_CONTROL_SIGNS)


def _cleaned(text: str, name: str) -> str:
    text = INVISIBLE.sub("", LINE_ENDS.sub("\n", text)).removesuffix("\x1a")
    strays = len(CONTROL_SIGNS.findall(text))
    if "\x00" in text or _has_many_control_signs(strays, len(text)):
        raise _refused(_no_text(name))
    text = unicodedata.normalize("NFC", CONTROL_SIGNS.sub(" ", text) if strays else text)
    if not text.strip():
        raise _refused(
            sentence("%(name)s is empty. Choose a file with the text of a form.", name=name)
        )
    return text


def _no_text(name: str) -> Sentence:
    return sentence(
        "%(name)s is not a text file. Choose the text of the form (.txt or .md).", name=name
    )


def _wrong_encoding(name: str) -> Sentence:
    return sentence(
        "The letters of %(name)s cannot be read. Save it again as text with the encoding UTF-8.",
        name=name,
    )
