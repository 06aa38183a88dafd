"""The function app's package: a zip that a remote build completes with its requirements."""

import zipfile
from pathlib import Path

from delivery.checkout import ROOT, packaged_paths

_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODE = 0o644 << 16


def write_package(target: Path, root: Path = ROOT) -> int:
    """Write the tracked files that .funcignore lets through; how many there are.

    Equal sources make an equal archive: names are sorted, times and modes are fixed.
    """
    paths = packaged_paths(root)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, _MODE
            archive.writestr(entry, (root / path).read_bytes())
    return len(paths)
