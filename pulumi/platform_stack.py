"""`<env>-platform`: what all apps of an environment share."""

import pulumi
from app_policies import read_policies
from foundation import build_foundation
from names import Owner
from solving import build_solving
from stack_config import PlatformConfig, read_platform


def build_platform(owner: Owner) -> None:
    """Declare the platform; with `bootstrap` only its foundation, where images are put first."""
    config = read_platform(owner)
    policies = read_policies(config.app_ids)
    foundation = build_foundation(config, policies)
    _export(config)
    if not config.bootstrap:
        build_solving(foundation, config, policies)


def _export(config: PlatformConfig) -> None:
    pulumi.export("location", config.location)
    pulumi.export("jwks_url", config.jwks_url)
    pulumi.export("jwt_issuer", config.jwt_issuer)
