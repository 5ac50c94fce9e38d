"""From jobs to pages: executing notebooks, the manifest and the index."""
