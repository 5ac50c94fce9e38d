"""The safety picture of a municipality and of the region: its sentences, tables and sections."""
