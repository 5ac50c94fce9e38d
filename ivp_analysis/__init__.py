"""Veiligheidsanalyse of Dutch municipalities: police figures in, trends, benchmarks and reports out."""

__version__ = "0.1.0"
