"""What holds for every request, as plain ASGI classes."""
