"""Measurements: rates and latencies of Portico beside a floor measured in the same run."""
