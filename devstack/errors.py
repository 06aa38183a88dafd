"""What the stack tells a person who started it: one clear text and an exit code."""


class DevstackError(Exception):
    """Its text is printed alone; the command ends with `exit_code`."""

    exit_code = 1


class StartError(DevstackError):
    """A part of the stack could not start, or a tool that it needs is missing."""


class CrashError(DevstackError):
    """A part of the running stack ended by itself."""


class UsageError(DevstackError):
    """The command cannot mean anything here: a wrong argument, a taken port, no running stack."""

    exit_code = 2
