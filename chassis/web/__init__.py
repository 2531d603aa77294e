"""The web side of a service: the app, problems, pages, sessions, health."""
