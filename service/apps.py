"""App configuration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from utilcrm import deadlines
from utilcrm.web.palette import Command, NavItem, register


class ServiceConfig(AppConfig):
    """Inquiries, complaints, disputes and promises of one tenant."""

    name = "service"
    verbose_name = _("Service")

    def ready(self) -> None:
        """Put what is owed to customers on the board, and offer the screens."""
        from service.queries.deadlines import Answers, Promises, Receipts  # noqa: PLC0415 (models)

        deadlines.register(Answers(), Receipts(), Promises())
        register(
            NavItem(
                "service",
                _("Deadlines"),
                "service:board",
                "waiting",
                "service.view_case",
                40,
                "/cases/",
            ),
            Command(
                "deadlines",
                _("Deadline board"),
                "service:board",
                permission="service.view_case",
                icon="waiting",
                shortcut="g w",
                order=40,
            ),
            Command(
                "cases",
                _("Cases"),
                "service:cases",
                permission="service.view_case",
                icon="chat",
                shortcut="g x",
                order=41,
            ),
            Command(
                "my-cases",
                _("My cases"),
                _mine,
                permission="service.view_case",
                icon="chat",
                order=42,
            ),
            Command(
                "passed-up-cases",
                _("Cases passed up by the clock"),
                _passed_up,
                permission="service.lead_cases",
                icon="warning",
                order=42,
            ),
            Command(
                "compensation",
                _("Compensation to decide"),
                _to_decide,
                permission="service.lead_cases",
                icon="bill",
                order=42,
            ),
            Command(
                "promises",
                _("Promises"),
                "service:promises",
                permission="service.view_promise",
                icon="verified",
                order=43,
            ),
            Command(
                "case-rules",
                _("Classes of cases and texts of letters"),
                "service:rules",
                permission="service.edit_caseclass",
                icon="admin",
                order=62,
            ),
        )


def _mine(request: Any) -> str:
    return reverse("service:cases") + "?whose=mine"


def _passed_up(request: Any) -> str:
    return reverse("service:cases") + "?whose=passed"


def _to_decide(request: Any) -> str:
    return reverse("service:cases") + "?state=compensation"
