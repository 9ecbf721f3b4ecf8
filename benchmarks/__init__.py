"""Measurements of what closedloop promises to be fast at: `make bench`.

Each module has `main(*sizes)`, which prints its figures (without sizes: at those it promises something for), and
SMALLEST, the sizes at which a test runs it, so that it cannot rot.
"""
