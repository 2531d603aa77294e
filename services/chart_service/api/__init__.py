"""The HTTP API for EMRs; `router.py` puts its parts together."""
