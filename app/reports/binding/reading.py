"""What a report's file says of itself."""

import re
from io import BytesIO

from pikepdf import Pdf, PdfError

DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


def digest_in(pdf: bytes) -> str | None:
    """The digest of the frozen facts that the file's description names; None when it names none."""
    try:
        with Pdf.open(BytesIO(pdf)) as document:
            said = DIGEST.search(str(document.docinfo.get("/Subject", "")))
    except PdfError:
        return None
    return said[0] if said else None
