"""Puts the pool together from the settings."""

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from appserver.compute.attestation import Attestation
from appserver.compute.definition_texts import DefinitionTexts
from appserver.compute.engine_http import EngineHttp
from appserver.compute.node import Node, NodeAddress
from appserver.compute.node_agent import NodeAgent
from appserver.compute.node_care import CareLimits, NodeCare
from appserver.compute.node_pool import NodePool
from appserver.compute.node_sources import ListedNodes, NamedNodes, NodeSource
from appserver.compute.node_watch import NodeWatch, WatchTimes
from appserver.compute.pool_solver import PoolSolver
from appserver.compute.rhino_compute import KEY_HEADER, RhinoCompute
from appserver.compute.rhino_geometry import RhinoGeometry
from appserver.compute.scale_set import ManagedIdentity, ScaleSetNodes
from appserver.config import Settings
from contracts.model import Contract

AGENT_KEY_HEADER = "NodeAgentKey"
_AGENT_BYTES = 1 << 20
_HTTP_PORT = 80


def build_pool_solver(
    settings: Settings,
    contracts: Sequence[Contract],
    now_s: Callable[[], float],
    make_id: Callable[[], str],
) -> PoolSolver:
    """A solver that knows no node yet: `start` finds them.

    Args:
        settings: of the process.
        contracts: every contract that nodes have to attest.
        now_s: seconds since 1970.
        make_id: names leases.
    """
    pool = NodePool(settings.node_wait_s)
    definitions = DefinitionTexts()
    attestation = Attestation(contracts, definitions, settings.canary_timeout_s)
    care = NodeCare(pool, attestation, _limits(settings), now_s)
    times = WatchTimes(
        check_s=settings.node_check_s,
        retry_s=min(settings.node_retry_s, settings.node_check_s),
        search_s=settings.node_search_s,
        first_look_s=settings.first_look_s,
    )
    watch = NodeWatch(pool, _source(settings, now_s), lambda at: _node(settings, at), care, times)
    return PoolSolver(pool, watch, definitions, RhinoGeometry(), make_id)


def _limits(settings: Settings) -> CareLimits:
    return CareLimits(
        canary_s=settings.canary_timeout_s,
        attest_s=settings.attest_s,
        revive_after_s=settings.node_revive_after_s,
        solves=settings.recycle_solves,
        age_s=settings.recycle_age_s,
        memory_bytes=settings.recycle_memory_mb << 20,
    )


def _source(settings: Settings, now_s: Callable[[], float]) -> NodeSource:
    agent_port, ports = settings.node_agent_port, settings.compute_ports
    if settings.compute_scale_set is not None:
        identity = ManagedIdentity(
            str(settings.identity_endpoint),
            settings.identity_header.get_secret_value(),
            settings.azure_client_id,
        )
        arm_url = str(settings.arm_url).rstrip("/")
        return ScaleSetNodes(
            arm_url, settings.compute_scale_set, identity, ports, agent_port, now_s
        )
    if settings.compute_dns is not None:
        return NamedNodes(settings.compute_dns, ports, agent_port)
    return ListedNodes(settings.node_urls, agent_port)


def _node(settings: Settings, address: NodeAddress) -> Node:
    key = settings.compute_api_key.get_secret_value()
    headers = {KEY_HEADER: key} if key else {}
    http = EngineHttp(address.url, headers, settings.connect_timeout_s, settings.max_answer_bytes)
    agent = None if address.agent_url is None else _agent(settings, address, address.agent_url)
    return Node(address, RhinoCompute(http), agent, settings.compute_children)


def _agent(settings: Settings, address: NodeAddress, url: str) -> NodeAgent:
    headers = {AGENT_KEY_HEADER: settings.node_agent_key.get_secret_value()}
    http = EngineHttp(url, headers, settings.connect_timeout_s, _AGENT_BYTES)
    port = urlsplit(address.url).port or _HTTP_PORT
    return NodeAgent(http, port, settings.connect_timeout_s)
