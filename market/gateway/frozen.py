"""Messages in our own words as JSON, and back: how they lie in the outbox and in the history."""

from __future__ import annotations

import datetime as dt
import enum
import types
import typing
import uuid
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from market.gateway import canonical

_TYPE = "type"
_WRITERS: tuple[tuple[type[Any], Callable[[Any], Any]], ...] = (
    (enum.Enum, lambda value: value.value),
    (dt.date, lambda value: value.isoformat()),
    (Decimal, lambda value: format(value, "f")),
    (uuid.UUID, str),
)


def to_json(message: Any) -> dict[str, Any]:
    """Return a message as JSON, with the name of its type."""
    return {_TYPE: type(message).__name__, **_plain_fields(message)}


def from_json(told: Mapping[str, Any], **changed: Any) -> Any:
    """
    Return the message that `to_json` was given, with some fields changed.

    :raises LookupError: if the type is not one of `market.gateway.canonical`
    :raises ValueError: if a value cannot be meant
    """
    kind = getattr(canonical, str(told[_TYPE]), None)
    if kind is None or not is_dataclass(kind):
        raise LookupError(told[_TYPE])
    return _made(kind, told, changed)


def _plain_fields(record: Any) -> dict[str, Any]:
    return {one.name: _plain(getattr(record, one.name)) for one in fields(record)}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return _plain_fields(value)
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return next((write(value) for kind, write in _WRITERS if isinstance(value, kind)), value)


def _made(kind: Any, told: Mapping[str, Any], changed: Mapping[str, Any]) -> Any:
    hints = typing.get_type_hints(kind)
    values = {
        one.name: _value(hints[one.name], told[one.name])
        for one in fields(kind)
        if one.name in told and one.name not in changed
    }
    return kind(**values, **changed)


def _value(hint: Any, plain: Any) -> Any:
    if plain is None:
        return None
    origin = typing.get_origin(hint)
    if origin in {types.UnionType, typing.Union}:
        inner = [one for one in typing.get_args(hint) if one is not types.NoneType]
        return _value(inner[0], plain)
    if origin is tuple:
        inner_hint = typing.get_args(hint)[0]
        return tuple(_value(inner_hint, one) for one in plain)
    if is_dataclass(hint):
        return _made(hint, plain, {})
    return _read_plain(hint, plain)


def _read_plain(hint: Any, plain: Any) -> Any:
    if hint in {dt.date, dt.datetime}:
        return hint.fromisoformat(plain)
    if isinstance(hint, type) and issubclass(hint, enum.Enum | Decimal | uuid.UUID):
        return hint(plain)
    return plain
