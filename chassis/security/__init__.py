"""Secrets of all kinds: invitation tokens and their seal, signed service calls, passwords."""
