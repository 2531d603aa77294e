"""Keeps organisations, charts, the people on them and the facesheet's alerts."""
