"""A server on this machine that speaks OData v3 as police and CBS do, faults included."""
