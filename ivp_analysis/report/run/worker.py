"""A worker process: calls come in on its standard input, answers go out on its standard output.

Where the system can fork, each call runs in a fresh child of this process, which has imported and opened what all
calls share; nothing of one call reaches the next. Elsewhere calls run in the worker itself, and a notebook in a
kernel of its own. A worker whose driver is gone ends, and so does its child.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import sys
from collections.abc import Callable
from typing import Any, BinaryIO, Literal

FORKING, PLAIN = "--fork", "--plain"
# macOS can fork too, but its own libraries may crash in the child.
CAN_FORK = sys.platform == "linux"

Answer = tuple[Literal["done", "raised", "lost"], Any]
Work = Callable[[], Any]
_in_child = False


def is_fresh() -> bool:
    """Whether this process was made for one call and ends with it, so that a notebook may run inside it."""
    return _in_child


def main() -> None:
    """Answer calls until the driver closes the line. A call: (True to run in the worker itself, what to run)."""
    forking = sys.argv[1:] == [FORKING]
    inbox, outbox = _take_streams()
    while (call := _receive(inbox)) is not None:
        stays, work = call
        if stays:
            answer = _stay_prepared(work)
        else:
            answer = _answer_in_child(work, inbox) if forking else _answer(work)
        outbox.write(_packed(answer))
        outbox.flush()


def _take_streams() -> tuple[BinaryIO, BinaryIO]:
    """Keep the line for the protocol: what is printed goes to the console, and nothing can be read by a cell."""
    inbox, outbox = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return inbox, outbox


def _receive(inbox: BinaryIO) -> tuple[bool, Work] | None:
    try:
        return pickle.load(inbox)  # type: ignore[no-any-return]
    except EOFError:
        return None


def _answer(work: Work) -> Answer:
    try:
        return "done", work()
    except Exception as fault:  # noqa: BLE001 - the driver decides what a fault means
        return "raised", fault


def _stay_prepared(work: Work) -> Answer:
    """What the work gives stays here, and is left alone by the collector so that children share its memory."""
    word, value = _answer(work)
    gc.collect()
    gc.freeze()
    return word, value if word == "raised" else None


def _packed(answer: Answer) -> bytes:
    try:
        return pickle.dumps(answer)
    except Exception:  # noqa: BLE001 - an exception of some library that cannot travel
        return pickle.dumps(("raised", RuntimeError(f"{type(answer[1]).__name__}: {answer[1]}")))


def _answer_in_child(work: Work, inbox: BinaryIO) -> Answer:
    line, own_end = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        _be_child(work, own_end)
    os.close(own_end)
    packed = _read_all(line, child, inbox)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code != 0 or not packed:
        return "lost", f"signal {-code}" if code < 0 else f"exit code {code}"
    answer: Answer = pickle.loads(packed)
    return answer


def _be_child(work: Work, line: int) -> None:
    """Never returns. No handler of the worker runs at its end: they belong to the worker."""
    global _in_child
    code = 1
    try:
        _in_child = True
        with os.fdopen(line, "wb") as answers:
            answers.write(_packed(_answer(work)))
        code = 0
    finally:
        os._exit(code)


def _read_all(line: int, child: int, inbox: BinaryIO) -> bytes:
    """What the child sends. The driver says nothing meanwhile: if its end stirs, it is gone."""
    parts: list[bytes] = []
    with os.fdopen(line, "rb", buffering=0) as answers:
        while True:
            ready, _, _ = select.select([answers, inbox], [], [])
            if inbox in ready:
                os.kill(child, 9)
                os._exit(1)
            part = answers.read(1 << 20)
            if not part:
                return b"".join(parts)
            parts.append(part)


if __name__ == "__main__":
    # Not this copy, which is called __main__: others ask the module itself whether they are in a child.
    from ivp_analysis.report.run import worker

    worker.main()
