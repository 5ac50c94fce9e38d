"""Errors that a user can act on: what is wrong, where, and what to do next."""

from __future__ import annotations

_LONGEST_LINE = 1000


class IvpError(Exception):
    """A problem that the user can mend.

    what: the fault in one clause, with the offending value.
    where: file, row, record or field.
    todo: the next step.
    """

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        super().__init__(what, where, todo)
        self.what, self.where, self.todo = what, where, todo

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        step = f"\n  -> {self.todo}" if self.todo else ""
        return "\n".join(map(_line, f"{place}{self.what}{step}".split("\n")))

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only arguments do not survive the default pickling between worker processes.
        return _rebuild, (type(self), self.what, self.where, self.todo)


def _line(text: str) -> str:
    """A cell of a file may hold megabytes, or signs that steer a terminal: neither reaches one."""
    shown = text if len(text) <= _LONGEST_LINE else f"{text[:_LONGEST_LINE]}..."
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in shown)


def _rebuild(kind: type[IvpError], what: str, where: str, todo: str) -> IvpError:
    return kind(what, where=where, todo=todo)


class UsageError(IvpError):
    """A command or function was asked for something that cannot be."""


class RegistryError(IvpError):
    """What people decided (data/registry) does not hold together."""


class WorkspaceError(IvpError):
    """A folder of the workspace is missing, locked or not writable."""


class SnapshotError(IvpError):
    """A raw file is absent, changed since it was taken, or has no origin."""


class InputError(IvpError):
    """A source file or delivery cannot be read as what it should be."""


class FetchError(IvpError):
    """A source cannot be reached, or does not answer as it should; what was taken before is untouched."""


class BuildError(IvpError):
    """The cleaned data fail a check; what was built before is untouched."""


class MethodError(IvpError):
    """A method was given numbers that it cannot work with."""


class ReportError(IvpError):
    """A notebook or page could not be made."""
