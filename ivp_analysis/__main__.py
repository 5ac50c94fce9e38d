"""`ivp …` and `python -m ivp_analysis …`: an error is a message with a next step and an exit code, not a stack trace."""

from __future__ import annotations

import io
import sys

from ivp_analysis.errors import IvpError, UsageError, WorkspaceError


def main() -> None:
    """Run the command line. Exit codes: 0 all well, 1 a job or check failed, 2 wrong use."""
    from ivp_analysis.cli import app

    for stream in (sys.stdout, sys.stderr):
        # A file or pipe on Windows takes cp1252 only: a sign that it has not is written as its number.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except IvpError as error:
        print(f"ivp: {error}", file=sys.stderr)
        sys.exit(2 if isinstance(error, UsageError | WorkspaceError) else 1)
    except (OSError, MemoryError) as error:
        # Of the machine, not of the figures; where we know what to do the error is an IvpError.
        print(
            f"ivp: {error or 'not enough memory'}\n  -> check the disk and the rights on it", file=sys.stderr
        )
        sys.exit(1)
    except KeyboardInterrupt:
        print("ivp: stopped; what was finished is kept", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
