"""Take a tenant's settings out, and put another's in: both sides see what would change first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from events.services.recording import record
from tenants.queries import current_profile
from utilcrm.setting_up import Part, Row, Text, parts

FORMAT = "utilcrm-configuration-1"


class NotAConfiguration(Exception):
    """What was given is not an export of settings, or of another format."""


@dataclass
class PartPlan:
    """What importing one kind of settings would do; `refused` says why rows cannot be written."""

    label: Text
    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def export_configuration() -> str:
    """Return the tenant's settings as JSON: no customer, no password, no name."""
    profile = current_profile()
    content = {
        "format": FORMAT,
        "market": profile.market,
        "contract_model": profile.contract_model,
        "device_mode": profile.device_mode,
        "parts": {part.key: part.read() for part in parts()},
    }
    return json.dumps(content, cls=DjangoJSONEncoder, indent=1, ensure_ascii=False)


def plan_import(text: str) -> list[PartPlan]:
    """
    Say what an import would do, by doing it and taking it back.

    :raises NotAConfiguration: if the text is not an export
    """
    with transaction.atomic():
        plans = _write(_read(text))
        transaction.set_rollback(True)
    return plans


@transaction.atomic
def import_configuration(text: str, *, actor: Any, subject: Any) -> list[PartPlan]:
    """
    Write the settings of an export; rows that cannot be written are named, the others stay.

    :raises NotAConfiguration: if the text is not an export
    """
    content = _read(text)
    plans = _write(content)
    profile = current_profile()
    record(
        "access.configuration.imported",
        subject=subject,
        actor=actor,
        payload={
            "from_market": content.get("market", profile.market),
            "created": sum(len(plan.created) for plan in plans),
            "changed": sum(len(plan.changed) for plan in plans),
            "refused": sum(len(plan.refused) for plan in plans),
        },
    )
    return plans


def _read(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except ValueError as exc:
        raise NotAConfiguration(_("The file is not JSON.")) from exc
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise NotAConfiguration(_("The file is not an export of settings."))
    rows = content.get("parts")
    if not isinstance(rows, dict) or not all(
        isinstance(row, dict) for listed in rows.values() for row in listed
    ):
        raise NotAConfiguration(_("The file is damaged."))
    return content


def _write(content: dict[str, Any]) -> list[PartPlan]:
    return [
        plan
        for part in parts()
        if (plan := _write_part(part, content["parts"].get(part.key, []))) is not None
    ]


def _write_part(part: Part, rows: list[Row]) -> PartPlan | None:
    if not rows:
        return None
    plan = PartPlan(part.label)
    known = {part.name_of(row): row for row in _as_json(part.read())}
    for row in rows:
        name = part.name_of(row)
        before = known.get(name)
        if before == row:
            plan.unchanged += 1
            continue
        shown = " · ".join(name)
        try:
            with transaction.atomic():
                part.write(row)
        except KeyError as exc:
            plan.refused.append((shown, _("%s is missing.") % exc))
        except (ValueError, TypeError, DatabaseError) as exc:
            plan.refused.append((shown, str(exc).split("\n", 1)[0]))
        else:
            (plan.created if before is None else plan.changed).append(shown)
    return plan


def _as_json(rows: list[Row]) -> Iterator[Row]:
    """Return rows as they look in a file, to compare them with those of one."""
    yield from json.loads(json.dumps(rows, cls=DjangoJSONEncoder))
