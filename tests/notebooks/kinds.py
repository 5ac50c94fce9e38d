"""One job of every kind of report, two where a notebook makes two kinds of page."""

KINDS = (
    "municipality:vaals", "region", "benchmark", "targets", "progress", "progress_area:vaals", "priorities",
    "monitor", "accountability",
)  # fmt: skip
