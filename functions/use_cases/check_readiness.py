"""Whether this function app can do its work: every dependency, asked at once."""

import asyncio
from collections.abc import Awaitable

from contracts.errors import ContractError
from functions.config import SettingsError
from functions.domain.errors import FaultError
from functions.services import Services


async def check_readiness(services: Services) -> dict[str, str]:
    """`ok` or the reason, for settings, contracts, database, queue and AppServer."""
    try:
        settings, registry = services.settings, services.registry
        for app_id in services.app_ids:
            registry.policy(app_id)
    except (SettingsError, ContractError) as error:
        return {"configuration": str(error)}
    checks = {
        "database": services.database.ping(),
        "queue": services.job_queue.ping(settings.app_ids),
        "appserver": services.appserver.ping(),
    }
    states = await asyncio.gather(*(_state(check) for check in checks.values()))
    return {"configuration": "ok", **dict(zip(checks, states, strict=True))}


async def _state(check: Awaitable[None]) -> str:
    try:
        await check
    except FaultError as error:
        return error.detail
    return "ok"
