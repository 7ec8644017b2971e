"""Metrics: states that add, and functions that finish them."""
