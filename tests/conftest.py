"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How fast the machine is says nothing about the product.
settings.register_profile("gate", deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
settings.load_profile("gate")

SHARED = Path(os.environ.get("MONITOR_SHARED", Path(__file__).resolve().parents[2] / "shared"))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run coroutine tests on asyncio, the loop that the product runs on."""
    return "asyncio"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Conformance data that lies beside the checkout; tests that need it skip where it is missing."""
    if not SHARED.is_dir():
        pytest.skip(f"conformance data is not at {SHARED}")
    return SHARED
