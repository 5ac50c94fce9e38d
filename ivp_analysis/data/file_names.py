"""Names of files that every system takes."""

from __future__ import annotations

import re

# What stands beside a snapshot: where it came from.
ORIGIN = ".origin.json"
# Names of devices on Windows, whatever the extension. A file system takes 255 bytes, origin and number included.
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_LONGEST_HEAD, _LONGEST_TAIL = 150, 40


def file_text(name: str) -> str:
    """A name with bytes that are no text, as Linux allows, can be written down nowhere else."""
    return name.encode("utf-8", "replace").decode("utf-8")


def safe_name(name: str) -> str:
    """A name that Windows accepts too and that cannot be taken for an origin."""
    plain = re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", name).strip(". ") or "file"
    plain = f"_{plain}" if _DEVICE.match(plain) else plain
    if len(text := plain.encode("utf-8")) > _LONGEST_HEAD + _LONGEST_TAIL:
        plain = (text[:_LONGEST_HEAD] + text[-_LONGEST_TAIL:]).decode("utf-8", "ignore")
    return f"{plain}.txt" if plain.endswith(ORIGIN) else plain
