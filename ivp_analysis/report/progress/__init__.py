"""The yearly progress report, what was reported before, and the analyst's own text."""
