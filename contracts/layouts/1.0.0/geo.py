# /// script
# dependencies = ["shapely"]
# ///
"""The one door to shapely: its published types leave half of its functions untyped."""

from __future__ import annotations

from typing import Any

import shapely

geo: Any = shapely
