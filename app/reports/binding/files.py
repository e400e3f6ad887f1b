"""The file of a document that was put together."""

from io import BytesIO

from pikepdf import ObjectStreamMode, Pdf


def file_of(document: Pdf) -> bytes:
    """The bytes; the same document gives the same."""
    written = BytesIO()
    document.save(written, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
    return written.getvalue()
