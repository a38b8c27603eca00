"""Which scheme identifies a point of delivery in which market, and its check."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from utilcrm.identifiers.errors import InvalidIdentifier
from utilcrm.identifiers.schemes import cups, gsrn, malo, mpan, mprn

SCHEME_OF: dict[tuple[str, str], str] = {
    ("GB", "ELECTRICITY"): "MPAN",
    ("GB", "GAS"): "MPRN",
    ("DE", "ELECTRICITY"): "MALO",
    ("DE", "GAS"): "MALO",
    ("ES", "ELECTRICITY"): "CUPS",
    ("ES", "GAS"): "CUPS",
    ("DK", "ELECTRICITY"): "GSRN",
    ("DK", "GAS"): "GSRN",
}

_CHECKS: dict[str, Callable[[str], str]] = {
    "MPAN": mpan.validate,
    "MPRN": mprn.validate,
    "MALO": malo.validate,
    "CUPS": cups.validate,
    "GSRN": gsrn.validate,
}

EXAMPLES: dict[str, str] = {
    "MPAN": "20 0005 2180 112",
    "MPRN": "3512466807",
    "MALO": "51238696781",
    "CUPS": "ES 1234 1234 5678 9012 JY",
    "GSRN": "571313180000000005",
}
"""What a right identifier looks like, for hints under form fields."""


def name_of(scheme: str) -> str:
    """Return a scheme's name as the market writes it: MALO is "MaLo" (Marktlokation) in print."""
    return {"MALO": "MaLo"}.get(scheme, scheme)


def scheme_for(market: str, division: str) -> str:
    """
    Return the scheme of a market ("GB", "DE", "ES", "DK") and division.

    :raises InvalidIdentifier: if the market has no scheme for the division
    """
    try:
        return SCHEME_OF[market, division]
    except KeyError:
        raise InvalidIdentifier(
            "COUNTRY",
            _("No identifier is known for %(division)s in market %(market)s.")
            % {"division": division, "market": market},
        ) from None


def validate(scheme: str, value: str) -> str:
    """
    Return the identifier in its stored form: no spaces or dashes, upper case, core part only.

    :raises InvalidIdentifier: with the check that failed
    """
    return _CHECKS[scheme](value)
