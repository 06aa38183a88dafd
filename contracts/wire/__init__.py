"""Bodies that cross a process boundary, written down once for both sides."""
