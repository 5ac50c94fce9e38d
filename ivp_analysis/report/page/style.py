"""The one style sheet, put together for a page (light, dark, print) and for a live notebook."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

TEMPLATE = Path(__file__).parent / "template"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s*\n\s*")


@cache
def page_style() -> str:
    """For a page: colours by the reader's setting, paper always light."""
    dark = f"@media screen and (prefers-color-scheme:dark){{:root{{{_read('dark')}}}}}"
    return f":root{{{_read('light')}}}{dark}{_read('pieces')}{_read('page')}@media print{{{_read('print')}}}"


@cache
def live_style() -> str:
    """For JupyterLab: only what stands in our own pieces, in the colours of its theme."""
    dark = f'[data-jp-theme-light="false"] .ivp{{{_read("dark")}}}'
    return f".ivp{{{_read('light')}}}{dark}{_read('pieces')}{_read('live')}"


def print_margins(left: str, right: str, *, landscape: bool = False) -> str:
    """What stands at the head of every printed page; CSS strings, so that no text can leave them."""
    size = "size:A4 landscape;margin:16mm 17mm 13mm;" if landscape else ""
    return (
        f"@page{{{size}@top-left{{content:{_css_string(left)}}}@top-right{{content:{_css_string(right)}}}}}"
    )


def _css_string(text: str) -> str:
    plain = " .,:;()–-"
    written = "".join(char if char.isalnum() or char in plain else f"\\{ord(char):06x}" for char in text)
    return f'"{written}"'


def _read(name: str) -> str:
    text = (TEMPLATE / f"{name}.css").read_text(encoding="utf-8")
    return _SPACE.sub("\n", _COMMENT.sub("", text)).strip()
