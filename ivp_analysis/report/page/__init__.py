"""How a page is made: words and numbers, cells, tables, pieces, the frame, and the checks before it is written."""
