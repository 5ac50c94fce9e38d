"""Forecasts with what they were worth before: backtests and skill cards."""
