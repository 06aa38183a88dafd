"""Every rule under its name; used by `pulumi preview --policy-pack` and by `make infra`."""

from policy.rules.access import (
    closed_subnets,
    encrypted_in_transit,
    identity_only,
    no_public_address,
    public_address_for_egress_only,
)
from policy.rules.flex import flex_site, one_app_on_a_plan
from policy.rules.operation import (
    alerts_reach_somebody,
    autoscale_within_limits,
    diagnosed,
    doorbells_are_safe,
    kept_in_production,
    tagged,
)
from policy.rules.roles import narrow_own_roles, narrow_roles
from pulumi_policy import ResourceValidationPolicy, StackValidationPolicy

RESOURCE_RULES = [
    ResourceValidationPolicy(rule.__name__.replace("_", "-"), rule.__doc__ or "", rule)
    for rule in (
        alerts_reach_somebody,
        autoscale_within_limits,
        closed_subnets,
        doorbells_are_safe,
        encrypted_in_transit,
        flex_site,
        identity_only,
        narrow_own_roles,
        narrow_roles,
        no_public_address,
        tagged,
    )
]
STACK_RULES = [
    StackValidationPolicy(rule.__name__.replace("_", "-"), rule.__doc__ or "", rule)
    for rule in (diagnosed, kept_in_production, one_app_on_a_plan, public_address_for_egress_only)
]
