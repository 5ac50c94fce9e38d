"""Sources, coverage, baselines, revisions and the constants of the method."""
