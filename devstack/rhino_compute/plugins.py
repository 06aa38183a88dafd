"""Plugins whose Python packages this engine has: a script that needs one finds it here too."""

from importlib.util import find_spec

KNOWN = {"LadybugGrasshopper": ("0.0.0.1", "ladybug")}
"""Name and version as the plugin's assembly states them, and the package that comes with it."""


def installed_plugins() -> dict[str, str]:
    """Return versions by name, as `/plugins/gh/installed` answers them."""
    return {name: version for name, (version, package) in KNOWN.items() if find_spec(package)}
