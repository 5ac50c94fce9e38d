"""The themes of the plan by its areas on one page, for who sets the priorities."""
