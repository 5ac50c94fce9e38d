"""Live tables of police and CBS (OData v3): read page by page, patiently, and kept as snapshots."""
