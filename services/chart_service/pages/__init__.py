"""The staff's pages; `router.py` puts them together."""
