"""Reasons why an app cannot be hosted.

HostError
  HostJsonError     host.json is missing or a key of it is wrong
  AppLoadError      function_app.py does not import, or a function breaks a rule of the worker
  SettingError      an app setting that a binding names is missing
  PortTakenError    another process listens on the port
"""


class HostError(Exception):
    """The host cannot start; the text is one line for the person who started it."""

    code = "host_error"


class HostJsonError(HostError):
    """host.json is unusable; the text names the file and the key."""

    code = "host_json_invalid"


class AppLoadError(HostError):
    """The app cannot be indexed; the text names the file or the function."""

    code = "app_not_indexed"


class SettingError(HostError):
    """An app setting is missing or has a wrong form; the text names it."""

    code = "setting_missing"


class PortTakenError(HostError):
    """The port is in use; the text names it."""

    code = "port_taken"
