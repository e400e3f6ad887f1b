"""A Word document as bytes that no clock changes."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.document import Document


def packed(document: Document) -> bytes:
    """The file; its parts bear the first day a zip can, whatever day it is."""
    made, fixed = BytesIO(), BytesIO()
    document.save(made)
    with ZipFile(made) as parts, ZipFile(fixed, "w") as again:
        for name in parts.namelist():
            part = ZipInfo(name)
            part.compress_type = ZIP_DEFLATED
            again.writestr(part, parts.read(name))
    return fixed.getvalue()
