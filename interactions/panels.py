"""Places of those who build scripts and alerts, and read what became of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from utilcrm.web.palette import Command, NavItem

_BUILDERS = (
    ("scripts", _("Call scripts"), "interactions:scripts", "numbered-list", "edit_script"),
    ("alerts", _("Alerts"), "interactions:alert_rules", "alert", "edit_alert_rule"),
)
_COMMANDS = (
    *_BUILDERS,
    (
        "wrap-up-settings",
        _("Wrap-up settings"),
        "interactions:wrap_up_settings",
        "wrap-up",
        "edit_wrap_up",
    ),
    (
        "script-reports",
        _("Answers to scripts"),
        "interactions:script_reports",
        "chart-bar",
        "view_script_report",
    ),
    (
        "alert-report",
        _("What became of alerts"),
        "interactions:alert_report",
        "chart-bar",
        "view_alert_report",
    ),
)


def builders() -> list[NavItem | Command]:
    """Return what the side bar and the command palette offer to builders."""
    places = [
        NavItem(key, label, name, icon, f"interactions.{codename}", 720 + number)
        for number, (key, label, name, icon, codename) in enumerate(_BUILDERS)
    ]
    commands = [
        Command(
            key,
            label,
            name,
            permission=f"interactions.{codename}",
            icon=icon,
            order=60 + number,
        )
        for number, (key, label, name, icon, codename) in enumerate(_COMMANDS)
    ]
    return [*places, *commands]
