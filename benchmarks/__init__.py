"""Measurements of what closedloop promises to be fast at: `make bench`."""
