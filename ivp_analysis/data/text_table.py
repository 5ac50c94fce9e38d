"""A table for the terminal: columns lined up, nothing more."""

from __future__ import annotations

from collections.abc import Collection, Sequence

WIDEST = 90


def text_table(rows: Sequence[Sequence[str]], *, right: Collection[int] = ()) -> list[str]:
    """One line a row; `right` are the columns of numbers."""
    cells = [
        [
            text if len(text) <= WIDEST or i == len(row) - 1 else f"{text[: WIDEST - 1]}…"
            for i, text in enumerate(row)
        ]
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(
            text.rjust(width) if i in right else text.ljust(width)
            for i, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
