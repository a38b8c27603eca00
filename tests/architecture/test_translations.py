"""
Everything that people read exists in German.

The strings are collected here from the sources, not by gettext's programs, which a bare machine
does not have. What is missing is added to the catalogue by `manage.py makemessages -l de
--no-location --no-wrap`, or by hand.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.template.base import Lexer, Token, TokenType
from django.utils import translation
from django.utils.text import smart_split
from django.utils.translation import trim_whitespace

from ops.paths import ROOT
from tests.architecture.house import python_files, templates, tree_of

CATALOGUE = ROOT / "locale" / "de" / "LC_MESSAGES" / "django.po"

# Stand-ins of outside systems and measurements speak to developers.
SPEAKS_TO_DEVELOPERS = {"tests", "sandbox", "benchmarks", "ops"}

# The position of a context among the arguments, where there is one, and that of the message.
CALLS = {
    "_": (None, 0),
    "gettext": (None, 0),
    "gettext_lazy": (None, 0),
    "ngettext": (None, 0),
    "ngettext_lazy": (None, 0),
    "pgettext": (0, 1),
    "pgettext_lazy": (0, 1),
}
PLACEHOLDER = re.compile(r"%\(\w+\)s|%s|%%|\{\w*\}|</?\w+>")
IN_AN_EXPRESSION = re.compile(r"_\((\"[^\"]+\"|'[^']+')\)")

Key = tuple[str | None, str]
"""The context, and the message in its singular."""


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file)


def messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """Return singular and plural, or the only form."""
    return [text] if isinstance(text, str) else list(text or ())


def in_python(path: Path) -> Iterator[Key]:
    for node in ast.walk(tree_of(path)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        context_at, at = CALLS.get(name, (None, len(node.args)))
        given = [
            str(argument.value) if isinstance(argument, ast.Constant) else ""
            for argument in node.args
        ]
        if at < len(given):
            yield (given[context_at] if context_at is not None else None), given[at]


def in_template(path: Path) -> Iterator[Key]:
    tokens = iter(Lexer(path.read_text()).tokenize())
    for token in tokens:
        if token.token_type not in {TokenType.BLOCK, TokenType.VAR}:
            continue
        words = list(smart_split(token.contents))
        context = words[words.index("context") + 1][1:-1] if "context" in words else None
        if words[0] == "comment":
            while next(tokens).contents != "endcomment":
                pass
        elif words[0] in {"translate", "trans"} and words[1][0] in "\"'":
            yield context, words[1][1:-1].replace("%", "%%")
        elif words[0] in {"blocktranslate", "blocktrans"}:
            text = "".join(singular(tokens))
            yield context, trim_whitespace(text) if "trimmed" in words else text
        for quoted in IN_AN_EXPRESSION.findall(token.contents):
            yield None, quoted[1:-1]


def singular(tokens: Iterator[Token]) -> Iterator[str]:
    """Yield the parts of a block as the catalogue has them, up to its plural or its end."""
    for token in tokens:
        if token.token_type is TokenType.TEXT:
            yield token.contents.replace("%", "%%")
        elif token.token_type is TokenType.VAR:
            yield f"%({token.contents})s"
        else:
            return


def test_every_string_of_the_sources_is_in_the_catalogue(catalogue: Catalog) -> None:
    known = {(message.context, forms(message.id)[0]) for message in messages(catalogue)}

    missing = {
        f"{path.relative_to(ROOT)}: {text}"
        for paths, collect in ((python_files(), in_python), (templates(), in_template))
        for path in paths
        if path.relative_to(ROOT).parts[0] not in SPEAKS_TO_DEVELOPERS
        for context, text in collect(path)
        if text and (context, text) not in known
    }

    assert missing == set()


def test_every_string_of_the_catalogue_has_german_words(catalogue: Catalog) -> None:
    silent = [m.id for m in messages(catalogue) if m.fuzzy or not all(forms(m.string) or [""])]

    assert silent == []


def test_german_words_have_the_gaps_of_the_english_ones(catalogue: Catalog) -> None:
    differing = [
        english
        for message in messages(catalogue)
        for english, german in zip(forms(message.id), forms(message.string), strict=True)
        if sorted(PLACEHOLDER.findall(english)) != sorted(PLACEHOLDER.findall(german))
    ]

    assert differing == []


def test_german_is_compiled_and_spoken() -> None:
    assert "de" in dict(settings.LANGUAGES)

    with translation.override("de"):
        assert translation.gettext("Contract") == "Vertrag"
        assert translation.pgettext("command", "Open") == "Öffnen"
        assert translation.gettext("Open") == "Offen"
