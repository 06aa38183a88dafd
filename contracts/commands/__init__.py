"""The commands of `python -m contracts`: one verb a file, each with `add` and `run`."""
