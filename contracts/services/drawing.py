"""A signature drawn by hand: the picture, checked and drawn anew, and the strokes behind it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

_PREFIX = "data:image/png;base64,"
_MOST_BYTES = 300_000
_MOST_PIXELS = 4_000_000
_MOST_STROKES = 200_000
_WIDTH = 600


class DrawingRefused(Exception):
    """What was sent is not a drawn signature; the text says so to the customer."""


@dataclass(frozen=True)
class Drawing:
    """A signature as PNG bytes, made by us from what was sent, and its strokes as JSON text."""

    png: bytes
    strokes: str = ""

    def as_evidence(self) -> dict[str, Any]:
        """Return what the evidence keeps."""
        return {
            "image": _PREFIX + base64.b64encode(self.png).decode("ascii"),
            "image_sha256": hashlib.sha256(self.png).hexdigest(),
            "strokes": json.loads(self.strokes) if self.strokes else [],
        }


def read_drawing(data_address: str, strokes: str = "") -> Drawing:
    """
    Check a `data:` address of a PNG and draw it anew, so that nothing but pixels is kept.

    :raises DrawingRefused: not a PNG, too big, or nothing drawn
    """
    if not data_address.startswith(_PREFIX) or len(data_address) > _MOST_BYTES * 4 // 3:
        raise DrawingRefused(_("The drawing could not be read. Please draw it again."))
    try:
        raw = base64.b64decode(data_address[len(_PREFIX) :], validate=True)
        picture = Image.open(io.BytesIO(raw), formats=["PNG"])
        if picture.width * picture.height > _MOST_PIXELS:
            raise DrawingRefused(_("The drawing is too big. Please draw it again."))
        drawn = picture.convert("RGBA")
    except (binascii.Error, ValueError, OSError, UnidentifiedImageError, SyntaxError) as exc:
        raise DrawingRefused(_("The drawing could not be read. Please draw it again.")) from exc
    paper = Image.new("RGB", drawn.size, "white")
    paper.paste(drawn, mask=drawn.getchannel("A"))
    darkest: Any = paper.convert("L").getextrema()[0]
    if darkest > 200:
        raise DrawingRefused(_("Nothing is drawn. Draw your signature in the field."))
    if paper.width > _WIDTH:
        paper = paper.resize((_WIDTH, max(1, paper.height * _WIDTH // paper.width)))
    out = io.BytesIO()
    paper.convert("L").save(out, format="PNG", optimize=True)
    return Drawing(png=out.getvalue(), strokes=_check_strokes(strokes))


def _check_strokes(strokes: str) -> str:
    """Return the strokes if they are a list in JSON; they are proof beside the picture, no more."""
    if not strokes or len(strokes) > _MOST_STROKES:
        return ""
    try:
        return strokes if isinstance(json.loads(strokes), list) else ""
    except ValueError:
        return ""
