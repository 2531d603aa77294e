"""The API for portal_access: what a portal user may see of a chart, section by section."""
