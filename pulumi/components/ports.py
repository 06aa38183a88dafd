"""Ports of the platform's own processes."""

APPSERVER = 8080
SOLVE = 6500
"""rhino.compute on a node."""
AGENT = 6400
"""The node agent: health without the key, recycle, drain, cancel."""
AGENT_HEALTH_PATH = "/health/live"
HTTPS = 443
