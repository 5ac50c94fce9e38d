"""What happens to files on their way: cut, encoded anew, opened in Excel, mended by hand, made with bad intentions."""

from __future__ import annotations

import gzip
import json

from hypothesis import strategies as st

BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff", b"+/v8")
ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp1252", "latin-1", "utf-8-sig", "cp037")
# Where a count, a year, a key or a name should stand.
CELLS = (
    "nan", "NaN", "inf", "-inf", "1e308", "1E5", "9" * 400, "-1", "-0", "0x1F", "1.000", "1,5", "1.5", "1_000", "",
    " ", ".", "x", "None", "NULL", "#N/B", "#DIV/0!", "TRUE", "12-mrt", "2024-03-04", "mrt-24", "45000", "=1+1",
    "=cmd|' /C calc'!A0", "@SUM(A1)", "+31", "\x00", "\x1b[31m", "\ufeff", "\u202e", "\u200b", "６５", "٦٥", "²", "½",
    "GМ0981", "GM０981", "gm0981", "GM0981\u200b", "Vаals", "VAALS", "Ｖaals", "Vaals (gemeente)", "E12\u0301",
    '"', '""', "a\nb", "a\r\nb", "a;b", "<script>", "x" * 5_000, "🎄", "\udcff",
)  # fmt: skip


def _place(draw: st.DrawFn, content: bytes) -> int:
    return draw(st.integers(0, max(len(content), 1))) % max(len(content), 1)


def _cell(draw: st.DrawFn, content: bytes) -> bytes:
    """Another text in the place of one cell."""
    lines = content.split(b"\n")
    line = draw(st.integers(0, len(lines) - 1))
    sign = b"," if lines[line].count(b",") > lines[line].count(b";") else b";"
    cells = lines[line].split(sign)
    text = draw(st.one_of(st.sampled_from(CELLS), st.text(max_size=12)))
    cells[draw(st.integers(0, len(cells) - 1))] = text.encode("utf-8", "replace")
    lines[line] = sign.join(cells)
    return b"\n".join(lines)


def _line(draw: st.DrawFn, content: bytes) -> bytes:
    """A line twice, gone, or in another place."""
    lines = content.split(b"\n")
    line = lines.pop(draw(st.integers(0, len(lines) - 1)))
    again = draw(st.sampled_from((0, 1, 2)))
    return b"\n".join([*lines[:1], *[line] * again, *lines[1:]])


def _column(draw: st.DrawFn, content: bytes) -> bytes:
    """A column twice, gone, or under the heading of another."""
    rows = [line.split(b";") for line in content.split(b"\n")]
    at, other = (draw(st.integers(0, len(rows[0]) - 1)) for _ in range(2))
    kind = draw(st.sampled_from(("twice", "gone", "heading")))
    if kind == "heading":
        rows[0][at] = rows[0][other]
    for row in rows if kind != "heading" else ():
        row[at : at + 1] = row[at : at + 1] * (2 if kind == "twice" else 0)
    return b"\n".join(b";".join(row) for row in rows)


def _delimiter(draw: st.DrawFn, content: bytes) -> bytes:
    """Another sign between the columns: everywhere, or from some line on."""
    new = draw(st.sampled_from((b",", b";", b"\t", b"|", b" ;", b";;")))
    lines = content.split(b"\n")
    start = draw(st.integers(0, len(lines) - 1))
    return b"\n".join([*lines[:start], *(line.replace(b";", new) for line in lines[start:])])


def _bytes(draw: st.DrawFn, content: bytes) -> bytes:
    at = _place(draw, content)
    removed, new = draw(st.integers(0, 12)), draw(st.binary(max_size=6))
    return content[:at] + new + content[at + removed :]


def _cut(draw: st.DrawFn, content: bytes) -> bytes:
    return content[: _place(draw, content)]


def _quotes(draw: st.DrawFn, content: bytes) -> bytes:
    """Two stray quotation marks, which may swallow what stands between them."""
    for _ in range(2):
        at = _place(draw, content)
        content = content[:at] + b'"' + content[at:]
    return content


def _bom(draw: st.DrawFn, content: bytes) -> bytes:
    at = draw(st.sampled_from((0, 0, 0, len(content) // 2)))
    return content[:at] + draw(st.sampled_from(BOMS)) + content[at:]


def _encoding(draw: st.DrawFn, content: bytes) -> bytes:
    return content.decode("utf-8", "replace").encode(draw(st.sampled_from(ENCODINGS)), "replace")


def _line_ends(draw: st.DrawFn, content: bytes) -> bytes:
    return content.replace(
        b"\n", draw(st.sampled_from((b"\r\n", b"\r", b"\n\n", b"\x0b", b"\xc2\x85", b"\n\r")))
    )


WAYS = (_cell, _cell, _cell, _line, _column, _delimiter, _bytes, _cut, _quotes, _bom, _encoding, _line_ends)


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """The file after one to three such things."""
    content = whole
    for way in draw(st.lists(st.sampled_from(WAYS), min_size=1, max_size=3)):
        content = way(draw, content)
    return content


@st.composite
def packed(draw: st.DrawFn, whole: bytes) -> bytes:
    """The same file in a gzip archive that was damaged itself."""
    content = gzip.compress(whole, mtime=0)
    return draw(st.sampled_from((_bytes, _cut)))(draw, content)


# In the place of a value of TOML.
VALUES = (
    "nan", "inf", "-inf", "1e400", "9" * 400, "-1", "0x7fffffffffffffff", "true", "2026-02-30", "2026-11-23",
    "12:30", "[]", "[[]]", "[1, 'a']", "{}", "{a = {b = 1}}", "''", '""', "'  x '", '"""\na\n"""', '"\\u0000"',
    '"\\u202e"', '"../../../etc/passwd"', '"C:\\\\x"', '"{slug.__class__}"', '"{slug:>99999999}"', '"<script>"',
    "[" * 3_000, "'GМ0981'", "'" + "x" * 100_000 + "'", "['GM0981', 'GM0981']", "1979-05-27T07:32:00Z", "#", "",
)  # fmt: skip


@st.composite
def mistyped(draw: st.DrawFn, whole: bytes) -> bytes:
    """A file of TOML in which one to three values, keys or headings are something else."""
    lines = whole.decode("utf-8").split("\n")
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.sampled_from([i for i, line in enumerate(lines) if "=" in line or line.startswith("[")]))
        key, equals, _ = lines[at].partition("=")
        value = draw(st.one_of(st.sampled_from(VALUES), st.text(max_size=8)))
        kinds = [
            f"{key}= {value}" if equals else f"[{value}]",
            f"{value} = 1",
            "",
            f"{lines[at]}\n{lines[at]}",
        ]
        lines[at] = draw(st.sampled_from([kinds[0], *kinds]))
    return "\n".join(lines).encode("utf-8", "replace")


JSONS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(CELLS[:12]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def misshaped(draw: st.DrawFn, whole: bytes) -> bytes:
    """JSON in which one to three values are of another kind, gone, or under another name."""
    tree = [json.loads(whole)]
    for _ in range(draw(st.integers(1, 3))):
        holder, key = tree, 0
        while isinstance(inner := holder[key], dict | list) and inner and draw(st.integers(0, 5)):
            holder, key = (
                inner,
                draw(st.sampled_from(sorted(inner) if isinstance(inner, dict) else range(len(inner)))),
            )
        if isinstance(holder, dict) and draw(st.booleans()):
            gone = holder.pop(key)
            holder[draw(st.text(max_size=5))] = gone
        else:
            holder[key] = draw(JSONS)
    return json.dumps(tree[0]).encode("utf-8", "replace")
