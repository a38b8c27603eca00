"""The product's own typeface for documents, as part of the page: nothing is fetched."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders

_FILES = (
    ("vendor/inter/latin.woff2", "U+0000-00FF, U+0131, U+0152-0153, U+2000-206F, U+20AC, U+2122"),
    ("vendor/inter/latin-ext.woff2", "U+0100-02BA, U+1E00-1E9F, U+20A0-20AB"),
)


@cache
def font_face_css() -> str:
    """Return the style sheet that brings the typeface; empty where set-up has not fetched it."""
    faces = []
    for name, characters in _FILES:
        path = finders.find(name)
        if not path:
            return ""
        data = base64.b64encode(Path(str(path)).read_bytes()).decode("ascii")
        faces.append(
            '@font-face{font-family:"Inter";font-weight:100 900;'
            f"src:url(data:font/woff2;base64,{data}) format('woff2');unicode-range:{characters}}}"
        )
    return "".join(faces)
