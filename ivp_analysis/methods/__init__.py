"""What the figures mean: plain numbers in, frozen results out. No files, no registry, no Dutch."""
