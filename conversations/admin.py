"""Mailboxes and templates for the tenant's administrator."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from conversations.models import Mailbox, ReplyTemplate


class MailboxForm(forms.ModelForm):
    """Takes a password in, and never shows one."""

    new_password = forms.CharField(
        label=_("New password there"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave it empty to keep the present one."),
    )

    class Meta:
        model = Mailbox
        fields = (
            "name",
            "address",
            "queue",
            "skill",
            "language",
            "signature",
            "sends_receipt",
            "host",
            "port",
            "security",
            "username",
            "folder",
            "checker",
            "seconds",
            "is_active",
        )


@admin.register(Mailbox)
class MailboxAdmin(ModelAdmin):
    """The mailboxes; their passwords go in and never out."""

    form = MailboxForm
    list_display = ("name", "address", "queue", "is_active", "check_ok", "check_result")

    def save_model(self, request: HttpRequest, obj: Mailbox, form: Any, change: bool) -> None:
        """Seal the password that was typed."""
        if form.cleaned_data["new_password"]:
            obj.set_password(form.cleaned_data["new_password"])
        super().save_model(request, obj, form, change)


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(ModelAdmin):
    """Ready texts; the variables in them are checked when they are saved."""

    list_display = ("name", "language", "position", "is_active")
    list_filter = ("language",)
