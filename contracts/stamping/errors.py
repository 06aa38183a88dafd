"""Why a document cannot become a contract."""

from contracts.errors import ContractError


class StampingError(ContractError):
    """The document holds what no contract can carry; the text names it."""

    code = "stamping_refused"
