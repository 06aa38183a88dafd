"""`GET /health`, `GET /ready` and `GET /health/registry`."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from appserver.services import Services
from appserver.use_cases.check_readiness import check_readiness
from appserver.use_cases.describe_registry import describe_registry


def build(services: Services) -> APIRouter:
    """The routes over these services."""
    router = APIRouter()

    @router.get("/health")
    async def get_health() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @router.get("/ready")
    async def get_ready() -> JSONResponse:
        await check_readiness(services)
        return JSONResponse({"status": "ready"})

    @router.get("/health/registry")
    async def get_registry() -> JSONResponse:
        return JSONResponse(describe_registry(services))

    return router
