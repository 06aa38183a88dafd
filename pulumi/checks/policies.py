"""The policy pack's rules on a recorded run, without the engine."""

from collections.abc import Callable
from typing import Any, cast

from offline.recording import Recording, Registered
from offline.values import plain_members
from policy.rules.pack import RESOURCE_RULES, STACK_RULES
from pulumi_policy import (
    Policy,
    PolicyCustomTimeouts,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    StackValidationArgs,
)

from checks.faults import Fault


def policy_faults(recording: Recording) -> list[Fault]:
    """What the rules report of a run whose values are known."""
    faults: list[Fault] = []
    resources = _policy_resources(recording)

    def reporter(rule: str, urn: str) -> Callable[..., None]:
        def report(text: str, at: str | None = None) -> None:
            name = (at or urn).rsplit("::", 1)[-1]
            faults.append(Fault(f"{recording.stack}/{name}", f"policy: {rule}", text))

        return report

    for one in recording.resources.values():
        args = ResourceValidationArgs(
            one.type, plain_members(one.inputs), one.urn, one.name, _options(one), None
        )
        for rule in RESOURCE_RULES:
            _validate(rule, args, reporter(rule.name, one.urn))
    for rule in STACK_RULES:
        told = reporter(rule.name, recording.stack_urn)
        _validate(rule, StackValidationArgs(resources), told)
    return faults


def _validate(rule: Policy, args: object, report: Callable[..., None]) -> None:
    """Call the rule as the engine does; the library's own type of it is incomplete."""
    cast("Any", rule).validate(args, report)


def _policy_resources(recording: Recording) -> list[PolicyResource]:
    made = {
        urn: PolicyResource(
            one.type, plain_members(one.inputs), urn, one.name, _options(one), None, None, [], {}
        )
        for urn, one in recording.resources.items()
    }
    for urn, one in recording.resources.items():
        found = made[urn]
        found.parent = made.get(one.parent)
        found.dependencies = [made[other] for other in one.dependencies if other in made]
        found.property_dependencies = {
            name: [made[other] for other in others if other in made]
            for name, others in one.property_dependencies.items()
        }
    return list(made.values())


def _options(one: Registered) -> PolicyResourceOptions:
    return PolicyResourceOptions(
        one.is_protected, list(one.ignores), None, [], PolicyCustomTimeouts(0, 0, 0), [], one.parent
    )
