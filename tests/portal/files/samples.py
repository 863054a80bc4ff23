"""Uploads for tests: honest ones of every type, and a corpus that lies, swells or carries something."""

import io
import struct
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def upload(name: str, content: bytes, claimed: str = "application/octet-stream") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=claimed)


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else None).save(out, form, **options)
    return out.getvalue()


def photo_with_exif(orientation: int = 6) -> bytes:
    """A landscape picture that a camera held upright: turned by its EXIF data, which also say where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    return picture(size=(400, 200), exif=exif.tobytes())


def archive(entries: dict[str, bytes], *, folded: bool = True) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if folded else zipfile.ZIP_STORED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return out.getvalue()


def office(part: str = "word/document.xml", **more: bytes) -> bytes:
    entries = {"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<R/>", part: b"<x/>"}
    return archive(entries | {name.replace("__", "/"): content for name, content in more.items()})


def open_document(kind: str = "text") -> bytes:
    return archive(
        {"mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(), "content.xml": b"<x/>"}, folded=False
    )


def old_office(*streams: str) -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 512
        + b"".join(name.encode("utf-16-le") + b"\0" * 16 for name in streams)
    )


def claims_many_pixels(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few bytes whose header promises billions of pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

    header = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def bomb() -> bytes:
    """A Word document of some 60 KB that unfolds to 60 MB."""
    return office(**{"word__media__image1.bmp": b"\0" * 60_000_000})


def overlapping() -> bytes:
    """An archive in which two entries claim the same bytes."""
    content = bytearray(office(part="word/document.xml"))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as made:
        first = made.infolist()[0].header_offset
        directory = made.start_dir
    # The offset stands at byte 42 of each entry of the directory: point the second at the first.
    second = content.index(b"PK\x01\x02", directory + 4)
    content[second + 42 : second + 46] = struct.pack("<I", first)
    return bytes(content)


def locked() -> bytes:
    """An archive whose entries say that they are encrypted."""
    content = bytearray(office())
    at = 0
    while (at := content.find(b"PK\x01\x02", at)) >= 0:
        content[at + 8] |= 1
        at += 4
    return bytes(content)


MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + bytes(range(256)) * 40
WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + b"\0" * 200
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><script>alert(1)</script></html>"

# (kind, name, content, mime that the row must say)
HONEST = [
    ("image", "a.jpg", picture("JPEG"), "image/jpeg"),
    ("image", "a.jpeg", picture("JPEG"), "image/jpeg"),
    ("image", "a.png", picture("PNG"), "image/png"),
    ("image", "clear.png", picture("PNG", mode="RGBA"), "image/png"),
    ("image", "palette.png", picture("PNG", mode="P"), "image/png"),
    ("image", "grey.jpg", picture("JPEG", mode="L"), "image/jpeg"),
    ("image", "cmyk.jpg", picture("JPEG", mode="CMYK"), "image/jpeg"),
    ("image", "a.webp", picture("WEBP"), "image/webp"),
    ("image", "a.gif", picture("GIF"), "image/png"),
    ("document", "a.pdf", PDF, "application/pdf"),
    ("document", "a.docx", office(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (
        "document",
        "a.xlsx",
        office("xl/workbook.xml"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    (
        "document",
        "a.pptx",
        office("ppt/presentation.xml"),
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    ("document", "a.odt", open_document(), "application/vnd.oasis.opendocument.text"),
    ("document", "a.doc", old_office("WordDocument"), "application/msword"),
    ("document", "a.xls", old_office("Workbook"), "application/vnd.ms-excel"),
    ("document", "a.ppt", old_office("PowerPoint Document"), "application/vnd.ms-powerpoint"),
    ("document", "a.txt", "党员大会\n".encode(), "text/plain"),
    ("document", "gb.txt", "党员大会".encode("gb18030"), "text/plain"),
    ("document", "a.csv", b"name,number\na,1\n", "text/plain"),
    ("video", "a.mp4", MP4, "video/mp4"),
    ("video", "a.webm", WEBM, "video/webm"),
    ("scan", "a.pdf", PDF, "application/pdf"),
    ("scan", "a.jpg", picture("JPEG"), "image/jpeg"),
    ("attachment", "a.docx", office(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("attachment", "a.png", picture("PNG"), "image/png"),
]

# (what it tries, kind, name, content)
LYING = [
    ("page called a picture", "image", "a.jpg", HTML),
    ("drawing with a script", "image", "a.svg", SVG),
    ("drawing called a picture", "image", "a.png", SVG),
    ("drawing called text", "attachment", "a.txt", SVG),
    ("page called text", "document", "a.txt", HTML),
    ("page after spaces called text", "document", "a.txt", b"\xef\xbb\xbf \n <ScRiPt>x</script>"),
    ("page", "document", "a.html", HTML),
    ("script", "attachment", "a.js", b"alert(1)"),
    ("shell script called text", "document", "a.txt", b"#!/bin/sh\nrm -rf /\n"),
    ("program called a document", "document", "a.docx", b"MZ" + b"\x90" * 500),
    ("program", "attachment", "a.exe", b"MZ" + b"\x90" * 500),
    ("program for Linux called a film", "video", "a.mp4", b"\x7fELF" + b"\0" * 500),
    ("picture called a film", "video", "a.mp4", picture()),
    ("film called a picture", "image", "a.jpg", MP4),
    ("PDF called a picture", "image", "a.jpg", PDF),
    ("picture called PDF", "scan", "a.pdf", picture()),
    ("PNG called JPEG", "image", "a.jpg", picture("PNG")),
    ("workbook called a text", "document", "a.docx", office("xl/workbook.xml")),
    ("archive called a document", "document", "a.docx", archive({"a.txt": b"x"})),
    ("archive", "attachment", "a.zip", archive({"a.txt": b"x"})),
    (
        "program archive called a document",
        "document",
        "a.docx",
        archive({"META-INF/MANIFEST.MF": b"x", "A.class": b"x"}),
    ),
    ("two documents in one", "document", "a.docx", office(**{"xl__workbook.xml": b"x"})),
    ("macros", "document", "a.docx", office(**{"word__vbaProject.bin": b"x"})),
    ("macros with their own ending", "document", "a.docm", office(**{"word__vbaProject.bin": b"x"})),
    ("macros in the old format", "document", "a.doc", old_office("WordDocument", "_VBA_PROJECT")),
    ("password in the old format", "document", "a.xlsx", old_office("EncryptedPackage")),
    ("password", "document", "a.docx", locked()),
    ("bomb", "document", "a.docx", bomb()),
    ("overlapping entries", "document", "a.docx", overlapping()),
    ("entry that leaves the folder", "document", "a.docx", office(**{"..__..__etc__passwd": b"x"})),
    ("cut archive", "document", "a.docx", office()[:60]),
    ("flood of pixels", "image", "a.png", claims_many_pixels()),
    ("fewer pixels, still too many", "image", "a.png", claims_many_pixels(6000, 6000)),
    ("cut picture", "image", "a.jpg", picture(size=(300, 300))[:200]),
    ("head of a picture only", "image", "a.png", b"\x89PNG\r\n\x1a\n"),
    ("empty", "image", "a.jpg", b""),
    ("no name to speak of", "image", "a", picture()),
    ("double ending", "image", "a.jpg.php", picture()),
    ("film of another format", "video", "a.mp4", b"\x00\x00\x00\x18ftypqt  " + b"\0" * 100),
    ("compressed page", "attachment", "a.pdf", b"\x1f\x8b\x08\x00" + b"\0" * 60),
    ("text with zeros", "document", "a.txt", b"a\x00b"),
    ("bytes called text", "document", "a.txt", bytes(range(128, 255)) * 5),
]
