"""What stands beside the police figures: the yearly accounts, surveys, measures, events and visitors."""
