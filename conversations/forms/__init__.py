"""What agents type."""

from conversations.forms.answering import (
    DraftForm,
    InsertForm,
    LineForm,
    NoForm,
    PassOnForm,
    ReplyForm,
)
from conversations.forms.scanning import ScanForm

__all__ = ["DraftForm", "InsertForm", "LineForm", "NoForm", "PassOnForm", "ReplyForm", "ScanForm"]
