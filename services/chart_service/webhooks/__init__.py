"""Telling an organisation's own programs of events, signed by Standard Webhooks.

`messages.py` says what is told, `sending.py` how one message goes out, `senders.py` when.
"""
