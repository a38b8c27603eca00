"""Check digits: market identifiers, bank accounts, tax numbers. Makes them and checks them.

Written here a second time on purpose: a stand-in that used the product's own validators would
never disagree with it.
"""

import re

MPAN_WEIGHTS = (3, 5, 7, 13, 17, 19, 23, 29, 31, 37, 41, 43)
CUPS_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
IBAN_LENGTHS = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20,
    "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26,
    "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MT": 31, "NL": 18, "NO": 15, "PL": 28,
    "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24,
}  # fmt: skip


def mpan(first_twelve: str) -> str:
    """GB electricity: weighted sum modulo 11 modulo 10."""
    total = sum(w * int(d) for w, d in zip(MPAN_WEIGHTS, first_twelve, strict=True))
    return f"{first_twelve}{total % 11 % 10}"


def malo(first_ten: str) -> str:
    """DE: odd places once, even places twice, complement to ten (BDEW, MaLo-ID 1.0)."""
    digits = [int(digit) for digit in first_ten]
    return f"{first_ten}{-(sum(digits[0::2]) + 2 * sum(digits[1::2])) % 10}"


def cups(sixteen: str) -> str:
    """ES: two letters from the number modulo 529."""
    high, low = divmod(int(sixteen) % 529, 23)
    return f"ES{sixteen}{CUPS_LETTERS[high]}{CUPS_LETTERS[low]}"


def gsrn(first_seventeen: str) -> str:
    """DK: GS1 modulo 10, weight 3 on the last digit before the check digit."""
    total = sum(int(d) * (3, 1)[i % 2] for i, d in enumerate(reversed(first_seventeen)))
    return f"{first_seventeen}{-total % 10}"


def iban(country: str, bban: str) -> str:
    """ISO 13616: check digits of a bank account."""
    return f"{country}{98 - _remainder(f'{bban}{country}00'):02d}{bban}"


def _remainder(text: str) -> int:
    return int("".join(str(int(character, 36)) for character in text)) % 97


def iban_is_valid(value: str) -> bool:
    """Tell whether an IBAN has the right form, length and check digits."""
    compact = value.replace(" ", "").upper()
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", compact):
        return False
    if len(compact) != IBAN_LENGTHS.get(compact[:2], len(compact)):
        return False
    return _remainder(compact[4:] + compact[:4]) == 1


def spanish_bban(bank_and_branch: str, account: str) -> str:
    """The Spanish account with its two national check digits."""

    def digit(ten: str) -> str:
        weights = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)
        rest = 11 - sum(w * int(d) for w, d in zip(weights, ten, strict=True)) % 11
        return str({10: 1, 11: 0}.get(rest, rest))

    return f"{bank_and_branch}{digit('00' + bank_and_branch)}{digit(account)}{account}"


def external_id_is_valid(scheme: str, value: str) -> bool:
    """Tell whether a point of delivery's external id fits its scheme."""
    if scheme == "MPRN":
        return bool(re.fullmatch(r"[0-9]{6,10}", value))
    if scheme == "CUPS":
        shape = re.fullmatch(r"ES([0-9]{16})[A-Z]{2}([0-9][FPRCXYZ])?", value)
        return bool(shape) and cups(value[2:18]) == value[:20]
    length, rule = {"MPAN": (13, mpan), "MALO": (11, malo), "GSRN": (18, gsrn)}.get(
        scheme, (0, None)
    )
    if rule is None or len(value) != length or not value.isdecimal():
        return False
    return rule(value[:-1]) == value


def vat_number(country: str, serial: int) -> str:
    """A company's tax number with right check digits, different for each `serial` below 10**6."""
    return {"GB": _gb_vat, "DE": _de_vat, "ES": _es_cif, "DK": _dk_cvr}[country](serial)


def _gb_vat(serial: int) -> str:
    seven = f"{3_000_000 + serial:07d}"
    total = sum(w * int(d) for w, d in zip(range(8, 1, -1), seven, strict=True))
    return f"{seven}{97 - total % 97:02d}"


def _de_vat(serial: int) -> str:
    eight = f"{20_000_000 + serial:08d}"
    product = 10
    for digit in eight:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return f"DE{eight}{(11 - product) % 10}"


def _es_cif(serial: int) -> str:
    seven = f"{4_000_000 + serial:07d}"
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in seven[0::2])
    return f"B{seven}{-(doubled + sum(map(int, seven[1::2]))) % 10}"


def _dk_cvr(serial: int) -> str:
    weights = (2, 7, 6, 5, 4, 3, 2)
    while True:
        seven = f"{2_000_000 + serial:07d}"
        rest = 11 - sum(w * int(d) for w, d in zip(weights, seven, strict=True)) % 11
        if rest != 10:
            return f"{seven}{rest % 11}"
        serial += 1_000_000


def spanish_nif(serial: int) -> str:
    """A Spanish person's tax number."""
    number = 10_000_000 + serial
    return f"{number:08d}{CUPS_LETTERS[number % 23]}"
