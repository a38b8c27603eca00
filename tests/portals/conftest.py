"""An order that waits for its customer's signature."""

import base64
import io

import pytest
from PIL import Image, ImageDraw

from tests.contracts.conftest import (
    account,
    contract,
    files,
    mail_sink,
    quotation,
    requested,
    token,
    work,
)

__all__ = ["account", "contract", "files", "mail_sink", "quotation", "requested", "token", "work"]


@pytest.fixture
def drawn() -> str:
    """A signature as the browser sends it: strokes on a transparent PNG."""
    picture = Image.new("RGBA", (400, 120), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line([(10, 60), (150, 20), (300, 100)], fill="#14233d", width=4)
    out = io.BytesIO()
    picture.save(out, format="PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
