"""The statements of the plan against the figures: as the plan saw them, and as they are now."""
