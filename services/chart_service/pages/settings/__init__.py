"""The administrators' pages for the settings; `router.py` puts them together."""
