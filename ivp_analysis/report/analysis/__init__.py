"""What all pages of a year share: findings, benchmarks and second looks, computed once."""
