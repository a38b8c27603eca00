"""What a customer fills in to sign."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.choices import SignatureMethod
from contracts.services.drawing import Drawing, DrawingRefused, read_drawing
from contracts.services.signing import Signature
from utilcrm.web.forms import Form


class SignForm(Form):
    """The fields of `components/signature_pad.html`, who signs, and the consent."""

    signer_name = forms.CharField(
        label=_("Who signs? First and last name"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    signature_method = forms.ChoiceField(
        choices=SignatureMethod.choices, widget=forms.HiddenInput, required=False
    )
    signature_image = forms.CharField(required=False, widget=forms.HiddenInput)
    signature_strokes = forms.CharField(required=False, widget=forms.HiddenInput)
    typed_name = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)
    seen_sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    consent = forms.BooleanField(
        label=_("I have read the contract and agree to it"),
        required=True,
        error_messages={"required": _("Tick the box to agree.")},
    )

    def clean(self) -> dict[str, Any]:
        """Read the drawing, if that is how the customer signs."""
        cleaned = super().clean() or self.cleaned_data
        self.drawing: Drawing | None = None
        if self._method() != SignatureMethod.DRAWN:
            if len("".join(cleaned.get("typed_name", "").split())) < 2:
                self.add_error("typed_name", _("Enter your first and last name."))
            return cleaned
        if len("".join(cleaned.get("signer_name", "").split())) < 2:
            self.add_error("signer_name", _("Enter your first and last name."))
        try:
            self.drawing = read_drawing(
                cleaned.get("signature_image", ""), cleaned.get("signature_strokes", "")
            )
        except DrawingRefused as exc:
            self.add_error("signature_image", str(exc))
        return cleaned

    def signature(self) -> Signature:
        """Return what the customer gives; only after `is_valid`."""
        facts = self.cleaned_data
        is_drawn = self._method() == SignatureMethod.DRAWN
        return Signature(
            name=facts["signer_name"] if is_drawn else facts["typed_name"],
            method=self._method(),
            has_consented=facts["consent"],
            seen_sha256=facts["seen_sha256"],
            drawing=self.drawing,
        )

    def _method(self) -> SignatureMethod:
        return SignatureMethod(self.cleaned_data.get("signature_method") or SignatureMethod.DRAWN)
