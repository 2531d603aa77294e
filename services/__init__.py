"""The services, each with a database of its own."""
