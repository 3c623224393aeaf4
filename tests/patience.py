"""How long tests wait for a state that must come: much longer than it ever takes, so that only a hang is a failure."""

from __future__ import annotations

PATIENCE = 300.0
"""Seconds; below the limit of pytest-timeout for a whole test."""
