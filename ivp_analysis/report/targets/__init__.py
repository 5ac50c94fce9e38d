"""Setting targets: candidates, chances, what they ask, and a plan to fill in."""
