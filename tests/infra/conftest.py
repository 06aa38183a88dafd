"""Every stack of the project, run offline once a session; tests change copies of the recordings."""

import pytest
from checks.mgmt_models import MgmtModels
from offline.program import Programs
from offline.stacks import Estate, run_all
from stack_config import FOLDER, SECRET_KEYS


@pytest.fixture(scope="session")
def programs() -> Programs:
    return Programs(FOLDER, SECRET_KEYS)


@pytest.fixture(scope="session")
def estate(programs: Programs) -> Estate:
    return run_all(programs)


@pytest.fixture(scope="session")
def models() -> MgmtModels:
    return MgmtModels()
