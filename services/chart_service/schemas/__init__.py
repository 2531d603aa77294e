"""Bodies of the HTTP API: what may come in, and what goes out."""
