"""My Account (ROLE_TABLE.md): what portal users see and change of their own account."""
