"""The monthly monitor: what stands out now, how many false signals to expect, and the targets month by month."""
