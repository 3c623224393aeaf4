"""What every test may use."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from monitor.model import confidential
from tests.evidence import DATA, beside, pytest_terminal_summary
from tests.slow import pytest_collection_modifyitems, pytest_runtest_protocol

# How fast the machine is says nothing about the product.
settings.register_profile("gate", deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
settings.register_profile("quick", settings.get_profile("gate"), max_examples=20)
settings.load_profile("gate")

__all__ = ["pytest_collection_modifyitems", "pytest_runtest_protocol", "pytest_terminal_summary"]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run coroutine tests on asyncio, the loop that the product runs on."""
    return "asyncio"


@pytest.fixture(autouse=True)
def _fresh_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test hide what another test's variables held."""
    monkeypatch.setattr(confidential, "_VALUES", confidential.SecretValues())


@pytest.fixture(params=["invented", "given"])
def seed_text(request: pytest.FixtureRequest) -> str:
    """The article that the product's first user gave, and an invented one of its shape and counts.

    The invented one is carried, so it is always read; the given one is a press article and lies beside the checkout.
    """
    folder = DATA / "seed" if request.param == "invented" else beside("seed")
    return (folder / "article.txt").read_text("utf-8")
