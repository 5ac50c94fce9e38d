"""The story behind the figures: the analyst's own text beside its theme, and the questions that the figures ask."""
