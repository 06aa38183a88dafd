"""Solves that nobody waits for, and the reports about them."""
