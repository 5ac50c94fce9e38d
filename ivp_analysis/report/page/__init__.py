"""How a page is made: words and numbers, cells, tables, pieces, the frame, and the checks before it is written."""

import sys

# Importing nbformat, jsonschema builds a grammar of international web addresses where a package for that is there:
# more than half of the start of a run. No notebook has such addresses.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
