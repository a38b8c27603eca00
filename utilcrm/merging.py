"""Put two people's changes of one text together, so that neither is lost."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher


def merge_texts(*, base: str, theirs: str, mine: str) -> str:
    """
    Return one text with what is new on either side of `base`, line by line.

    Where both changed the same lines, theirs come first and mine follow; what both say is said
    once. Ends of lines are `\\n` afterwards.
    """
    before, first, second = (_lines(one) for one in (base, theirs, mine))
    if first == before:
        return "\n".join(second)
    if second in (before, first):
        return "\n".join(first)
    result: list[str] = []
    for old, one, other in _chunks(before, first, second):
        if one == old:
            result += other
        elif other in (old, one):
            result += one
        else:
            # Typing on is no contradiction: the longer line holds the shorter one.
            kept = [line for line in one if not any(_holds(more, line) for more in other)]
            result += kept + [line for line in other if line not in kept]
    return "\n".join(result)


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _holds(longer: str, line: str) -> bool:
    return bool(line) and longer.startswith(line)


def _chunks(
    base: list[str], one: list[str], other: list[str]
) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Cut the three texts where all of them have the same lines."""
    in_one, in_other = _kept(base, one), _kept(base, other)
    at = first = second = 0
    for place in range(len(base)):
        if place not in in_one or place not in in_other:
            continue
        yield base[at:place], one[first : in_one[place]], other[second : in_other[place]]
        yield [base[place]], [base[place]], [base[place]]
        at, first, second = place + 1, in_one[place] + 1, in_other[place] + 1
    yield base[at:], one[first:], other[second:]


def _kept(base: list[str], text: list[str]) -> dict[int, int]:
    matcher = SequenceMatcher(None, base, text, autojunk=False)
    return {
        block.a + number: block.b + number
        for block in matcher.get_matching_blocks()
        for number in range(block.size)
    }
