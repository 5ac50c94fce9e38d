"""What these servers do when they have a bad day, by chance (seeded) or on order."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum


class Fault(StrEnum):
    """One way to fail."""

    RESET = "connection reset before a byte"
    RESET_MID = "connection reset in the middle of the body"
    SHORT = "connection closed before the announced length"
    TRUNCATED = "a whole answer of half a JSON"
    BUSY = "503 with Retry-After"
    TOO_MANY = "429 with Retry-After"
    BROKEN = "500"
    SLOW = "no answer within the reader's patience"
    DRIP = "a body that trickles"
    WEB_PAGE = "200 with a web page"


OFTEN = (
    Fault.RESET, Fault.RESET_MID, Fault.SHORT, Fault.TRUNCATED, Fault.BUSY, Fault.TOO_MANY, Fault.BROKEN,
    Fault.WEB_PAGE,
)  # fmt: skip


class Faults:
    """Draws a fault for each request with probability `rate`; `order` comes first, request by request."""

    def __init__(
        self,
        *,
        rate: float = 0.0,
        seed: int = 0,
        kinds: Sequence[Fault] = OFTEN,
        order: Sequence[Fault | None] = (),
    ) -> None:
        self.rate, self.kinds, self.order = rate, tuple(kinds), list(order)
        self.made: Counter[Fault] = Counter()
        self._random, self._lock = random.Random(seed), threading.Lock()

    def draw(self) -> Fault | None:
        """The fault of this request, if any."""
        with self._lock:
            if self.order:
                fault = self.order.pop(0)
            else:
                hit = self._random.random() < self.rate
                fault = self._random.choice(self.kinds) if hit else None
            if fault is not None:
                self.made[fault] += 1
            return fault
