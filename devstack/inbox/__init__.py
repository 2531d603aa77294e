"""The mail inbox of the embedded default: an SMTP server whose mails a page and an API show."""
