"""Whether an app has the seats that a contract needs."""

from contracts.errors import Violation
from contracts.model import Contract
from functions.domain.errors import InputsRejectedError


def require_seats(contract: Contract, seats: int, lane: str) -> int:
    """The weight of the contract, if the app could ever grant it.

    Raises:
        InputsRejectedError: domain_violation; waiting would not help.
    """
    weight = contract.manifest.concurrency.weight
    if weight > seats:
        noun = "seat" if weight == 1 else "seats"
        detail = f"{contract.ref} takes {weight} {lane} {noun}, and the app has {seats}."
        fault = Violation("/definition", "seats", detail)
        raise InputsRejectedError(detail, code="domain_violation", errors=[fault])
    return weight
