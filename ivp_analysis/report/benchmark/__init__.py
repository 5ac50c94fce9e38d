"""The comparison with other municipalities."""
