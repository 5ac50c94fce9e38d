"""One bar for a run: what is being made, how much is done, and how long the rest may take."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

FORMAT = "{desc} |{bar}| {n_fmt}/{total_fmt} [{elapsed}, {remaining} left]{postfix}"


class RunBar:
    """Shown on a terminal only; a log gets the last line of the command."""

    def __init__(self, pages: int) -> None:
        # Imported when something is made: a run without work must not wait for it.
        from tqdm import tqdm

        self._bar: Any = tqdm(
            total=pages,
            desc="shared work",
            disable=None,
            file=sys.stderr,
            bar_format=FORMAT,
            dynamic_ncols=True,
        )

    def say(self, what: str) -> None:
        """What the run is busy with."""
        self._bar.set_description_str(what)

    def advance(self, job: str, outcome: str) -> None:
        """One job more is done."""
        self._bar.set_postfix_str(job if outcome == "made" else f"{job} {outcome}", refresh=False)
        self._bar.update()

    def __enter__(self) -> RunBar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()
