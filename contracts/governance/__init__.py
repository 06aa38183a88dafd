"""Checks that a contract must pass before it is served or released: one check a file."""
