"""The lock is a closure: whatever a pinned package needs, on any system and Python, is pinned too."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SYSTEMS = {"linux": ("Linux", "posix"), "darwin": ("Darwin", "posix"), "win32": ("Windows", "nt")}
ENVIRONMENTS = [
    {
        "python_version": version,
        "python_full_version": f"{version}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "sys_platform": platform,
        "platform_system": system,
        "os_name": name,
        "platform_machine": "x86_64",
    }
    for version in ("3.11", "3.12", "3.13", "3.14")
    for platform, (system, name) in SYSTEMS.items()
]


def pinned(text: str) -> dict[str, Requirement]:
    """Return the requirement of each line that pins a package, by canonical name."""
    lines = re.findall(r"^([\w.-]+==[^\\\n#]*)", text, re.MULTILINE)
    return {canonicalize_name(one.name): one for one in map(Requirement, lines)}


def wanted(kind: str) -> list[Requirement]:
    """Return what the project asks for itself in a lock."""
    base = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["scale"]]
    groups = PROJECT["dependency-groups"]
    developers = [line for group in ("dev", "build") for line in groups[group] if isinstance(line, str)]
    lines = {"run": base, "dev": [*base, *developers], "build": groups["build"]}[kind]
    return [Requirement(line) for line in lines]


def missing(roots: list[Requirement], pins: Mapping[str, Requirement], environment: Mapping[str, str]) -> Iterator[str]:
    """Follow every requirement from the roots; yield those that the lock does not hold."""
    waiting, done = [(one, "the project") for one in roots if holds(one, environment, set())], set()
    while waiting:
        requirement, asker = waiting.pop()
        name = canonicalize_name(requirement.name)
        pin = pins.get(name)
        if pin is None or not holds(pin, environment, set()):
            yield f"{name} (for {asker})"
        elif not requirement.specifier.contains(str(pin.specifier).removeprefix("=="), prereleases=True):
            yield f"{pin} is not {requirement} (for {asker})"
        elif (key := (name, frozenset(requirement.extras))) not in done:
            done.add(key)
            waiting += [(one, name) for one in needs(name) if holds(one, environment, requirement.extras)]


def holds(requirement: Requirement, environment: Mapping[str, str], extras: set[str]) -> bool:
    """Return whether a requirement counts in an environment, with these extras of its package asked for."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({**environment, "extra": extra}) for extra in {"", *extras})


def needs(name: str) -> list[Requirement]:
    """Return what a package asks for; of packages for other systems, which are not installed here, nothing is known."""
    try:
        return [Requirement(line) for line in distribution(name).requires or []]
    except PackageNotFoundError:
        return []


def lock(kind: str) -> dict[str, Requirement]:
    """Return the pins of requirements/<kind>.txt."""
    return pinned((ROOT / "requirements" / f"{kind}.txt").read_text("utf-8"))


@pytest.mark.parametrize("kind", ["run", "dev", "build"])
@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda one: f"{one['sys_platform']}-{one['python_version']}")
def test_whatever_is_needed_is_pinned(kind: str, environment: dict[str, str]) -> None:
    assert list(missing(wanted(kind), lock(kind), environment)) == []


@pytest.mark.parametrize("gone", ["httpcore", "coverage", "h2", "mako"])
def test_a_pin_that_is_missing_is_found(gone: str) -> None:
    pins = lock("dev")
    del pins[gone]
    assert any(text.startswith(gone) for text in missing(wanted("dev"), pins, ENVIRONMENTS[0]))


def test_a_pin_below_what_is_asked_is_found() -> None:
    pins = lock("dev") | {"coverage": Requirement("coverage==7.0")}
    assert [text for text in missing(wanted("dev"), pins, ENVIRONMENTS[0]) if text.startswith("coverage==7.0")]


def test_only_packages_for_other_systems_or_pythons_are_taken_on_trust() -> None:
    here = {name: pin for name, pin in lock("dev").items() if pin.marker is None or pin.marker.evaluate()}
    assert len(here) > 60
    for name in here:
        assert distribution(name).version, name


@pytest.mark.parametrize("kind", ["run", "build", "ko", "bench"])
def test_one_set_is_a_part_of_the_other(kind: str) -> None:
    other = lock("bench" if kind != "ko" else "run")
    differing = {
        name for name, pin in lock(kind).items() if name in other and str(other[name].specifier) != str(pin.specifier)
    }
    assert differing == set()


@pytest.mark.parametrize("name", ["Makefile", "Dockerfile", "docs/deployment.md", "requirements/install.py"])
def test_no_lock_is_handed_to_a_resolver(name: str) -> None:
    text = (ROOT / name).read_text("utf-8").replace('", "', " ")
    installs = [line for line in text.splitlines() if "--require-hashes" in line and "COMPILE" not in line]
    assert installs
    assert [line for line in installs if "--no-deps --require-hashes" not in line] == []
