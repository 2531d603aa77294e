"""The portal's pages for those who signed in; `router.py` puts them together."""
