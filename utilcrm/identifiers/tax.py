"""Tax numbers of customers, by market, through python-stdnum."""

from __future__ import annotations

from types import ModuleType

from django.utils.translation import gettext as _
from stdnum.de import idnr
from stdnum.de import vat as de_vat
from stdnum.dk import cpr, cvr
from stdnum.es import nif
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError
from stdnum.gb import utr
from stdnum.gb import vat as gb_vat

from utilcrm.identifiers.errors import InvalidIdentifier
from utilcrm.identifiers.schemes.digits import compact

_RULES: dict[tuple[str, bool], tuple[tuple[str, ModuleType], ...]] = {
    ("GB", True): (("VAT", gb_vat), ("UTR", utr)),
    ("GB", False): (("UTR", utr),),
    ("DE", True): (("USt-IdNr.", de_vat),),
    ("DE", False): (("IdNr.", idnr),),
    ("ES", True): (("NIF", nif),),
    ("ES", False): (("NIF", nif),),
    ("DK", True): (("CVR", cvr),),
    ("DK", False): (("CPR", cpr),),
}


def tax_id_name(market: str, *, organisation: bool) -> str:
    """Return what the tax number is called, such as "VAT or UTR"."""
    return " / ".join(name for name, _rule in _RULES[market, organisation])


def validate_tax_id(value: str, market: str, *, organisation: bool) -> str:
    """
    Return the tax number in its compact form.

    A number that obeys one of the market's rules for this kind of customer is accepted.

    :raises InvalidIdentifier: with the check that failed under the first rule it resembles
    """
    if not compact(value):
        raise InvalidIdentifier("EMPTY", _("Enter the tax number."))
    failures: list[InvalidIdentifier] = []
    for name, rule in _RULES[market, organisation]:
        try:
            return str(rule.validate(value))
        except InvalidChecksum:
            failures.append(
                InvalidIdentifier(
                    "CHECK_DIGIT",
                    _("The check digit of this %(name)s number does not fit.") % {"name": name},
                )
            )
        except InvalidLength:
            failures.append(
                InvalidIdentifier(
                    "LENGTH",
                    _("This %(name)s number has too few or too many characters.") % {"name": name},
                )
            )
        except ValidationError:
            failures.append(
                InvalidIdentifier("FORMAT", _("This is not a %(name)s number.") % {"name": name})
            )
    raise next((one for one in failures if one.code == "CHECK_DIGIT"), failures[0])
