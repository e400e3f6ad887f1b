"""Text in the margins of a page is no part of the document: readers skip it.

The layout engine marks running heads and feet like content, last on each page, and leaves their
tags out of the tree; here they become the artifacts that they are.
"""

import re
from io import BytesIO

from pikepdf import Object, Pdf

from app.reports.binding.files import file_of

MARK = re.compile(rb"/\w+\s<</MCID (\d+)>>\sBDC")
HEAD = b"/Artifact <</Type /Pagination /Subtype /Header>> BDC"


def set_margins_apart(pdf: bytes) -> bytes:
    """The document with all that is marked outside of its tag tree turned into artifacts."""
    with Pdf.open(BytesIO(pdf)) as document:
        _set_apart(document)
        return file_of(document)


def _set_apart(document: Pdf) -> None:
    tree = document.Root.StructTreeRoot
    top = tree.K[0]
    within = {child.objgen for child in top.K}
    listed = list(tree.ParentTree.Nums)
    owners = {int(key): owner for key, owner in zip(listed[::2], listed[1::2], strict=True)}
    for page in document.pages:
        marked = owners[int(page.StructParents)]
        first = len(marked)
        while first and _outermost(marked[first - 1], top) not in within:
            first -= 1
        if first < len(marked):
            page.Contents.write(_unmarked(page.Contents.read_bytes(), first))
            del marked[first:]


def _outermost(tag: Object, top: Object) -> tuple[int, int]:
    while tag.P.objgen != top.objgen:
        tag = tag.P
    return tag.objgen


def _unmarked(content: bytes, first: int) -> bytes:
    def said(mark: re.Match[bytes]) -> bytes:
        return mark[0] if int(mark[1]) < first else HEAD

    return MARK.sub(said, content)
