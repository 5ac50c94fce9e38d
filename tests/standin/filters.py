"""The part of $filter (OData v3) that these servers answer reliably: eq, substringof, and, or, ( )."""

from __future__ import annotations

import re

import numpy as np

from standin.table import Mask, Table

_TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<word>[A-Za-z_]\w*)|(?P<sign>[(),]))")
# The servers refuse longer addresses and deeper filters.
LONGEST_QUERY, MOST_TERMS = 2_048, 15


class FilterError(ValueError):
    """What the server answers with 400."""


def rows_of(table: Table, text: str) -> Mask:
    """Which rows the filter keeps; no filter keeps all."""
    if not text:
        return np.ones(len(table.index), dtype=np.bool_)
    if len(re.findall(r"\beq\b|\bsubstringof\b", text)) > MOST_TERMS:
        raise FilterError("The node count limit has been exceeded")
    parser = _Parser(table, _tokens(text))
    mask = parser.either()
    if parser.left:
        raise FilterError(f"Syntax error at {parser.left[0]!r}")
    return mask


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            raise FilterError(f"Syntax error at position {at}")
        found.append(match.group().strip() if match["text"] is None else match["text"])
        at = match.end()
    return found


class _Parser:
    def __init__(self, table: Table, tokens: list[str]) -> None:
        self.table, self.left = table, tokens

    def either(self) -> Mask:
        mask = self.both()
        while self.left[:1] == ["or"]:
            self._take("or")
            mask = mask | self.both()
        return mask

    def both(self) -> Mask:
        mask = self.term()
        while self.left[:1] == ["and"]:
            self._take("and")
            mask = mask & self.term()
        return mask

    def term(self) -> Mask:
        word = self._take()
        if word == "(":
            mask = self.either()
            self._take(")")
            return mask
        if word == "substringof":
            self._take("(")
            part = self._text()
            self._take(",")
            column = self._take()
            self._take(")")
            return self.table.contains(self._known(column), part)
        self._take("eq")
        return self.table.equals(self._known(word), self._text())

    def _known(self, column: str) -> str:
        if column not in {dim.column for dim in self.table.dims}:
            raise FilterError(f"Could not find a property named '{column}'")
        return column

    def _text(self) -> str:
        return self._take()[1:-1].replace("''", "'")

    def _take(self, wanted: str | None = None) -> str:
        if not self.left or (wanted is not None and self.left[0] != wanted):
            raise FilterError(f"Expected {wanted}, found {self.left[:1]}")
        return self.left.pop(0)
