"""The order of things, one verb a file."""
