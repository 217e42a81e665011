"""PDF and Word files for tests, written by hand, so that every byte is known."""

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
FONTS = b"<< /F1 3 0 R /F2 4 0 R >>"


def printed(*lines):
    """The content of a page: (x, y, text), or with size and font F1 or F2 (bold)."""
    parts = [b"BT"]
    for x, y, text, *more in lines:
        size, font = (*more, 11, "F1")[:2] if len(more) < 2 else more
        shown = text.encode("cp1252")
        for sign in (b"\\", b"(", b")"):
            shown = shown.replace(sign, b"\\" + sign)
        parts.append(
            b"/%s %d Tf 1 0 0 1 %d %d Tm (%s) Tj" % (font.encode(), size, x, y, shown)
        )
    return b"\n".join([*parts, b"ET"])


PICTURE = b"q 500 0 0 700 50 50 cm /Im1 Do Q"


def make_pdf(*pages, info=b"", objects=(), catalog=b""):
    """A PDF of pages with these contents; a picture may be drawn as /Im1."""
    made = [b"", b""]
    for name in (b"Helvetica", b"Helvetica-Bold"):
        made.append(
            b"<< /Type /Font /Subtype /Type1 /BaseFont /%s "
            b"/Encoding /WinAnsiEncoding >>" % name
        )
    made.append(
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 "
        b"/ColorSpace /DeviceGray /Length 1 >>\nstream\n\xff\nendstream"
    )
    kids = []
    for content in pages:
        if not content.startswith(b"<<"):
            content = b"<< /Length %d >>\nstream\n%s\nendstream" % (
                len(content), content,
            )  # fmt: skip
        made.append(content)
        images = b"/XObject << /Im1 5 0 R >>" if b"/Im1" in content else b""
        made.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font %s %s >> >>" % (len(made), FONTS, images)
        )
        kids.append(b"%d 0 R" % len(made))
    made[0] = b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog
    made[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (
        b" ".join(kids), len(kids),
    )  # fmt: skip
    made += objects
    if info:
        made.append(b"<< %s >>" % info)
    trailer = b"/Info %d 0 R" % len(made) if info else b""
    return _numbered(made, trailer)


def _numbered(made, trailer):
    file, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(made, 1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(made) + 1
    return file + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R %s >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, trailer, len(file))
    )


def make_docx(body, *, styles="", numbering="", notes="", core="", parts=()):
    """A Word document with this XML in its body, and what other parts hold."""
    related = {"styles": styles, "numbering": numbering, "footnotes": notes}
    main = {"officeDocument": "word/document.xml", "core-properties": "core.xml"}
    files = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _relations(main),
        "word/document.xml": _part("document", f"<w:body>{body}</w:body>"),
        "word/_rels/document.xml.rels": _relations(
            {kind: f"{kind}.xml" for kind in related}
        ),
        **{f"word/{kind}.xml": _part(kind, xml) for kind, xml in related.items()},
        "core.xml": f'<p:core xmlns:p="p" xmlns:dc="d" xmlns:t="t">{core}</p:core>',
        **dict(parts),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _part(name, xml):
    return f'<w:{name} xmlns:w="{W}" xmlns:r="{R}" xmlns:mc="mc">{xml}</w:{name}>'


def _relations(targets):
    rows = "".join(
        f'<Relationship Id="r{n}" Type="{R}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets.items())
    )
    return f'<Relationships xmlns="{RELATIONS}">{rows}</Relationships>'


def paragraph(text, *, style="", properties=""):
    """A paragraph of one run."""
    if style:
        properties += f'<w:pStyle w:val="{style}"/>'
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"


def run(text, properties=""):
    return (
        f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'
    )
