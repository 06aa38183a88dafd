"""What ends a command with exit code 2."""


class UsageError(Exception):
    """The command cannot mean anything here; the text is the one line that a person reads."""

    code = "usage"
