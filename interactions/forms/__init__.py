"""What agents type about a contact, and what administrators type about a script."""

from interactions.forms.contacts import (
    NewContactForm,
    NoForm,
    ScratchPadForm,
    VerificationForm,
    WrapUpForm,
)

__all__ = ["NewContactForm", "NoForm", "ScratchPadForm", "VerificationForm", "WrapUpForm"]
