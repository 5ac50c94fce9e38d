"""One run at a time in a workspace: the second says who is busy and since when, and touches nothing.

The lock is the operating system's: a run that was killed, or whose machine lost its power, holds nothing, and
there is no age after which a lock would have to be guessed dead. The owner stands in a file beside it.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from ivp_analysis.data.files import clean_leftovers, make_folder, write_text, writing
from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import WorkspaceError

P = ParamSpec("P")
R = TypeVar("R")
LOCK, OWNER = ".lock", ".lock-owner.json"
# Seconds in which a short run, such as an import, may end by itself.
WAIT = 3.0


def one_at_a_time(
    command: str,
) -> Callable[[Callable[Concatenate[Workspace, P], R]], Callable[Concatenate[Workspace, P], R]]:
    """For a function that writes in a workspace, its first argument; `command` is what others read of it."""

    def decorate(function: Callable[Concatenate[Workspace, P], R]) -> Callable[Concatenate[Workspace, P], R]:
        @wraps(function)
        def alone(workspace: Workspace, /, *args: P.args, **kwargs: P.kwargs) -> R:
            with hold(workspace, command):
                return function(workspace, *args, **kwargs)

        return alone

    return decorate


@contextmanager
def hold(workspace: Workspace, command: str) -> Iterator[None]:
    """Be the only one that writes; what an interrupted run left half-written is gone when the block begins."""
    from filelock import FileLock, Timeout

    folder = workspace.raw.parent
    make_folder(folder)
    with writing(folder / LOCK):
        lock = FileLock(folder / LOCK)
        try:
            lock.acquire(timeout=WAIT)
        except Timeout as busy:
            raise _busy(workspace) from busy
    try:
        clean_leftovers(folder)
        write_text(folder / OWNER, json.dumps(_about(command), indent=1) + "\n")
        yield
    finally:
        with suppress(OSError):
            (folder / OWNER).unlink(missing_ok=True)
        lock.release()


def _about(command: str) -> dict[str, str | int]:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return {"command": command, "pid": os.getpid(), "host": socket.gethostname(), "since": since}


def _busy(workspace: Workspace) -> WorkspaceError:
    return WorkspaceError(
        f"another run is busy in this workspace{_owner(workspace.raw.parent / OWNER)}",
        where=str(workspace.root),
        todo="wait until it is done, then run the command again; nothing was changed",
    )


def _owner(path: Path) -> str:
    """Who, where and for how long; nothing when the owner has not written that yet."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        since = datetime.fromisoformat(told["since"])
        # A clock that was set back must not give an age below nothing.
        minutes = max(0, round((datetime.now(UTC) - since).total_seconds() / 60))
        local = since.astimezone().strftime("%d-%m-%Y %H:%M")
        return f": {told['command']}, process {told['pid']} on {told['host']}, since {local} ({minutes} min)"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
