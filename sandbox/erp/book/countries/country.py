"""What is told apart from country to country."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Town:
    """A town of the regional structure.

    `postcodes` are whole codes (DE, ES, DK) or outward codes (GB); `dial` is the area code of its
    telephones without the leading zero, `dial_digits` how many digits follow it.
    """

    name: str
    postcodes: tuple[str, ...]
    dial: str
    dial_digits: int


@dataclass(frozen=True)
class Country:
    """Everything that a book is generated from."""

    code: str
    language: str
    calling_code: str
    mobile_prefixes: tuple[str, ...]
    mobile_digits: int
    towns: tuple[Town, ...]
    streets: tuple[str, ...]
    surnames: tuple[str, ...]
    female_names: tuple[str, ...]
    male_names: tuple[str, ...]
    titles: tuple[str, str]
    business_words: tuple[str, ...]
    business_forms: tuple[str, ...]
    bank_codes: tuple[tuple[str, str], ...]
    floors: tuple[str, ...]
    house_before_street: bool = False


def words(text: str) -> tuple[str, ...]:
    """Split a block of words."""
    return tuple(text.split())


def lines(text: str) -> tuple[str, ...]:
    """Split a block with entries separated by commas or line ends."""
    return tuple(entry.strip() for entry in text.replace("\n", ",").split(",") if entry.strip())


def towns(text: str) -> tuple[Town, ...]:
    """Read one town a line: name | postcodes | area code | digits after it."""
    rows = (line.split("|") for line in text.strip().splitlines())
    return tuple(
        Town(name.strip(), tuple(codes.split()), dial.strip(), int(digits))
        for name, codes, dial, digits in rows
    )
