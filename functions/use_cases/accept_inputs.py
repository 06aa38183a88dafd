"""Find the contract that a submission means, and check its inputs."""

from dataclasses import replace

from contracts.errors import ContractViolationError, UnknownContractError, Violation
from contracts.model import Contract, JsonObject
from contracts.wire.submission import Submission
from functions.domain.errors import DefinitionNotFoundError, InputsRejectedError
from functions.services import Services


def accept_inputs(services: Services, submission: Submission) -> tuple[Contract, JsonObject]:
    """The contract, and the inputs with defaults materialised.

    Raises:
        DefinitionNotFoundError: the app has no such contract.
        InputsRejectedError: the inputs break the contract; pointers lead into the body.
    """
    try:
        served = services.registry.resolve(
            submission.app_id, submission.definition, submission.version
        )
        inputs = services.registry.accept_inputs(submission.app_id, served, submission.inputs)
    except UnknownContractError as error:
        raise DefinitionNotFoundError(str(error)) from error
    except ContractViolationError as error:
        raise InputsRejectedError(
            "The inputs break the contract; see errors.",
            code=error.kind,
            errors=[_under(submission.inputs_pointer, one) for one in error.violations],
        ) from error
    return served.contract, inputs


def _under(pointer: str, violation: Violation) -> Violation:
    return replace(violation, pointer=pointer + violation.pointer)
