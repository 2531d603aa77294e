"""portal_access, with the real services around it."""
