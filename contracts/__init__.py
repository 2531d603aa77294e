"""Portico's events as data: what the services and every EMR may rely on."""
