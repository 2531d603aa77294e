"""Renders and sends the branded mails; owns copies of the brands, and the mail queue."""
