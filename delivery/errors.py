"""What a command of this package tells a person: one clear text and an exit code."""


class DeliveryError(Exception):
    """Its text is printed alone; the command ends with `exit_code`."""

    exit_code = 1


class SmokeError(DeliveryError):
    """The deployed app does not do what it should."""


class SignInError(DeliveryError):
    """The issuer gave no token."""


class CheckoutError(DeliveryError):
    """Git cannot answer, or this is no checkout of the project."""

    exit_code = 2
