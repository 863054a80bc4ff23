"""Make an uploaded picture harmless and handy: upright, without metadata, of sensible size, with renditions."""

import io
import warnings
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from portal.web.refusals import RuleError

from .rules import FORMATS, LONGEST_SIDE, RENDITIONS, Format

# A JPEG is decoded at a fraction of its size; all others need every pixel in memory.
JPEG_PIXELS_MAX = 50_000_000
PIXELS_MAX = 25_000_000
_SAVED_AS = {"JPEG": "jpeg", "PNG": "png", "WEBP": "webp", "GIF": "png"}
_OPTIONS = {
    "jpeg": {"quality": 86, "optimize": True, "progressive": True},
    "png": {"optimize": False, "compress_level": 6},
    "webp": {"quality": 82, "method": 2},
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture written anew: nothing of the uploaded bytes is left in it."""

    content: bytes
    format: Format
    width: int
    height: int
    renditions: dict[str, bytes]


def redraw(stream: BinaryIO) -> Picture:
    """Decode a picture and write it anew with its renditions.

    The size in the header is judged before a pixel is decoded. Raises ``RuleError`` for pictures that are damaged or
    have too many pixels.
    """
    stream.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(stream, formats=["JPEG", "PNG", "WEBP", "GIF"]) as image:
                return _redraw(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RuleError(_too_large()) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, ArithmeticError) as error:
        raise RuleError(_("The picture is damaged and cannot be opened.")) from error


def _redraw(image: Image.Image) -> Picture:
    source = image.format or ""
    whole = source == "JPEG" and not image.info.get("progressive")
    if image.width * image.height > (JPEG_PIXELS_MAX if whole else PIXELS_MAX):
        raise RuleError(_too_large())
    if source == "JPEG":
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    image.seek(0)
    image.load()
    orientation = image.getexif().get(0x0112, 1)
    drawn = _plain(image)
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    drawn = _upright(drawn, orientation)
    code = _SAVED_AS[source]
    if code == "jpeg" and drawn.mode != "RGB":
        drawn = drawn.convert("RGB")
    return Picture(
        content=_encoded(drawn, code),
        format=FORMATS[code],
        width=drawn.width,
        height=drawn.height,
        renditions={name: _rendition(drawn, side) for name, side in RENDITIONS.items()},
    )


def _plain(image: Image.Image) -> Image.Image:
    """Return the pixels alone, in RGB or RGBA: no palette, profile, comment or further frame."""
    clear = image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info
    drawn = image.convert("RGBA" if clear else "RGB")
    drawn.info = {}
    return drawn


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    if orientation not in range(2, 9):
        return image
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.info["exif"] = exif.tobytes()
    turned = ImageOps.exif_transpose(image)
    turned.info = {}
    return turned


def _rendition(image: Image.Image, side: int) -> bytes:
    small = image.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    return _encoded(small, "webp")


def _encoded(image: Image.Image, code: str) -> bytes:
    out = io.BytesIO()
    image.save(out, format=code.upper(), **_OPTIONS[code])
    return out.getvalue()


def _too_large() -> str:
    return _("The picture has too many pixels. Make it smaller and upload it again.")
