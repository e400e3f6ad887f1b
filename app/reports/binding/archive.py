"""A report that lasts: PDF/A-3a besides PDF/UA-1, with the facts it was made from attached.

See ISO 19005-3 (PDF/A-3, level A) and ISO 14289-1 (PDF/UA-1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources

from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Object, Pdf
from pikepdf.models.metadata import encode_pdf_date

COLOURS = "sRGB2014.icc"
PRINTED = 4  # annotation flag, ISO 32000-1 table 165
END_OF_METADATA = b"</rdf:RDF>"
# PDF/A allows no property that no schema describes; that of PDF/UA is not among its own.
IDENTIFIED = b"""
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
  pdfaid:part="3" pdfaid:conformance="A"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed
</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


@dataclass(frozen=True)
class Attachment:
    """A file that goes with the document: ``name`` as it is shown, ``kind`` as in text/csv."""

    name: str
    kind: str
    content: bytes
    description: str
    at: datetime


def make_lasting(document: Pdf, attachments: Sequence[Attachment] = ()) -> None:
    """Say by what the colours are meant, that it is archival, and attach the files."""
    for page in document.pages:
        page.obj.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)
        for annotation in page.obj.get("/Annots", ()):
            annotation.F = PRINTED
    document.Root.OutputIntents = Array([document.make_indirect(_colours(document))])
    described = document.Root.Metadata.read_bytes()
    document.Root.Metadata.write(
        described.replace(END_OF_METADATA, IDENTIFIED + END_OF_METADATA), filter=None
    )
    specs = [_attached(document, attachment) for attachment in attachments]
    if specs:
        document.Root.AF = Array(specs)


def _attached(document: Pdf, attachment: Attachment) -> Object:
    said_at = encode_pdf_date(attachment.at)
    spec = AttachedFileSpec(
        document,
        attachment.content,
        filename=attachment.name,
        description=attachment.description,
        mime_type=attachment.kind,
        creation_date=said_at,
        mod_date=said_at,
        relationship=Name.Source,
    )
    document.attachments[attachment.name] = spec
    return document.attachments[attachment.name].obj


def _colours(document: Pdf) -> Dictionary:
    profile = document.make_stream(_profile(), N=3)
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=COLOURS,
        Info=COLOURS,
        DestOutputProfile=profile,
    )


@cache
def _profile() -> bytes:
    # The layout engine brings the profile that the International Color Consortium gives away.
    return (resources.files("weasyprint.pdf") / COLOURS).read_bytes()
