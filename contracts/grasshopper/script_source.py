"""Makes one script of several modules: a Python 3 Script component cannot import its siblings."""

import ast
from pathlib import Path


def bundle(folder: Path, names: tuple[str, ...], packages: tuple[str, ...] = ()) -> str:
    """Join modules in the order given, without the imports between them.

    `packages` become Rhino's requirement lines at the top; a module's own comments before its
    docstring are left out.
    """
    requirements = "".join(f"# r: {package}\n" for package in packages)
    modules = [
        _module((folder / f"{name}.py").read_text(), names, is_first=position == 0)
        for position, name in enumerate(names)
    ]
    return requirements + "\n\n".join(modules)


def _module(source: str, siblings: tuple[str, ...], *, is_first: bool) -> str:
    body = ast.parse(source).body
    dropped = set(range(1, body[0].lineno))
    for node in body:
        if isinstance(node, ast.ImportFrom) and (
            node.module in siblings or (node.module == "__future__" and not is_first)
        ):
            dropped.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    kept = (line for at, line in enumerate(source.splitlines(), 1) if at not in dropped)
    return "\n".join(kept) + "\n"
