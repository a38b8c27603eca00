"""What agents type about a contact, and what administrators type about a script."""

from interactions.forms.contacts import (
    NewContactForm,
    NoForm,
    NotesForm,
    ScratchPadForm,
    VerificationForm,
    WrapUpForm,
)

__all__ = [
    "NewContactForm",
    "NoForm",
    "NotesForm",
    "ScratchPadForm",
    "VerificationForm",
    "WrapUpForm",
]
