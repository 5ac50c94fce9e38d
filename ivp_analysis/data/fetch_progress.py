"""A bar per source while tables are fetched; in a file or a pipe only the messages remain."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

from ivp_analysis.data.fetch import Step


class FetchBars:
    """Give it to fetch(progress=...) within `with`."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._source = ""

    def __enter__(self) -> FetchBars:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def __call__(self, step: Step) -> None:
        """Show how far a source is, or what it waits for."""
        from tqdm import tqdm

        if step.message:
            tqdm.write(f"{step.source}: {step.message}", file=sys.stderr)
            return
        if step.source != self._source or self._bar is None:
            self._close()
            self._source = step.source
            # disable=None: no bar where nobody looks.
            self._bar = tqdm(desc=step.source, unit=" rows", file=sys.stderr, disable=None, leave=False)
        self._bar.total = step.most or None
        self._bar.n = step.rows
        self._bar.refresh()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
