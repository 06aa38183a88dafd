"""What the AppServer decides: pure, without I/O, clock or environment."""
