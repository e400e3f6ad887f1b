"""Streams and files as archives want them."""

import zlib
from io import BytesIO

from pikepdf import Name, Object, ObjectStreamMode, Pdf, Stream

CARRIAGE_RETURN = b"\r"


def packed(content: bytes) -> bytes:
    """The content compressed, so that its end cannot be taken for the end of a line.

    A packed stream may end in a carriage return; with the line feed that follows it in the file,
    readers would count one byte less than the stream has. Blanks at the end change no page.
    """
    while (data := zlib.compress(content)).endswith(CARRIAGE_RETURN):
        content += b" "
    return data


def stream(document: Pdf, content: bytes) -> Object:
    """A new packed stream of a page's content."""
    return Stream(document, packed(content), Filter=Name.FlateDecode)


def pack(there: Object, content: bytes) -> None:
    """Put this content into a stream that is there."""
    there.write(packed(content), filter=Name.FlateDecode)


def repack(document: Pdf) -> None:
    """Pack anew every stream whose end could be taken for the end of a line."""
    for each in document.objects:
        if isinstance(each, Stream) and each.read_raw_bytes().endswith(CARRIAGE_RETURN):
            pack(each, each.read_bytes())


def file_of(document: Pdf) -> bytes:
    """The file; the same document gives the same bytes."""
    written = BytesIO()
    document.save(written, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
    return written.getvalue()
