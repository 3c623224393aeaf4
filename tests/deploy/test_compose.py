"""docker-compose.yml keeps to the Compose Specification and gives away no right that is not needed."""

from __future__ import annotations

import json
import re
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.deploy.dockerfile import read
from tests.evidence import SCHEMA

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
MONITOR: dict[str, Any] = COMPOSE["services"]["monitor"]
SCHEMA_MISSING = find_spec("check_jsonschema") is None
DURATION = {"type": "string", "pattern": r"^(\d+(us|ms|s|m|h))+$"}
SIZE = {"type": "string", "pattern": r"^\d+[bkmg]b?$"}
TEXTS = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
VARIABLES = {"type": "object", "additionalProperties": {"type": ["string", "number", "null"]}}


def exact(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    """Return the schema of an object with these keys and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


# https://github.com/compose-spec/compose-spec/blob/main/spec.md, the keys that are used here, more strictly than there.
VOLUME = exact(
    {
        "type": {"enum": ["volume", "bind"]},
        "source": {"type": "string"},
        "target": {"type": "string", "pattern": "^/"},
        "read_only": {"type": "boolean"},
        "bind": exact({"create_host_path": {"type": "boolean"}}),
    },
    "type",
    "source",
    "target",
)
SERVICE = exact(
    {
        "build": {"type": "string"},
        "image": {"type": "string", "pattern": r"^[a-z0-9./-]+:[\w.-]+$"},
        "profiles": TEXTS,
        "command": {"type": "array", "items": {"type": "string"}},
        "user": {"type": "string", "pattern": r"^[1-9]\d*:[1-9]\d*$"},
        "init": {"type": "boolean"},
        "read_only": {"type": "boolean"},
        "cap_drop": TEXTS,
        "security_opt": TEXTS,
        "tmpfs": TEXTS,
        "mem_limit": SIZE,
        "shm_size": SIZE,
        "pids_limit": {"type": "integer"},
        "environment": VARIABLES,
        "env_file": {
            "type": "array",
            "items": exact({"path": {"type": "string"}, "required": {"type": "boolean"}}, "path"),
        },
        "volumes": {"type": "array", "items": VOLUME},
        "healthcheck": exact(
            {
                "test": {"type": "array", "prefixItems": [{"const": "CMD"}], "minItems": 2},
                "interval": DURATION,
                "timeout": DURATION,
                "start_period": DURATION,
                "retries": {"type": "integer", "minimum": 1},
            },
            "test",
        ),
        "depends_on": {
            "type": "object",
            "additionalProperties": exact(
                {"condition": {"enum": ["service_healthy"]}, "required": {"type": "boolean"}}, "condition"
            ),
        },
        "logging": exact({"driver": {"type": "string"}, "options": VARIABLES}),
        "stop_signal": {"enum": ["SIGTERM"]},
        "stop_grace_period": DURATION,
        "restart": {"enum": ["unless-stopped"]},
    },
    "user",
    "read_only",
    "cap_drop",
    "security_opt",
    "healthcheck",
    "stop_grace_period",
)
OURS = exact(
    {
        "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
        "services": {"type": "object", "additionalProperties": SERVICE},
        "volumes": {"type": "object", "additionalProperties": exact({})},
    },
    "services",
)


def problems(schema: dict[str, Any], document: object) -> list[str]:
    """Return every fault with its place."""
    Draft202012Validator.check_schema(schema)
    return [f"{fault.json_path}: {fault.message}" for fault in Draft202012Validator(schema).iter_errors(document)]


def test_it_uses_known_keys_with_right_types() -> None:
    assert problems(OURS, COMPOSE) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"read_onyl": True}, "$.services.monitor"),
        ({"init": "yes please"}, "$.services.monitor.init"),
        ({"stop_grace_period": 30}, "$.services.monitor.stop_grace_period"),
        ({"healthcheck": {"test": "monitor doctor"}}, "$.services.monitor.healthcheck.test"),
        ({"user": "root"}, "$.services.monitor.user"),
    ],
)
def test_the_check_catches_slips(change: dict[str, Any], place: str) -> None:
    broken = COMPOSE | {"services": {"monitor": MONITOR | change}}
    assert [fault.partition(":")[0] for fault in problems(OURS, broken)] == [place]


@pytest.mark.skipif(SCHEMA_MISSING, reason=SCHEMA.what)
def test_it_keeps_to_the_published_schema() -> None:
    folder = resources.files("check_jsonschema").joinpath("builtin_schemas/vendor")
    schema = json.loads(folder.joinpath("compose-spec.json").read_text("utf-8"))
    assert problems(schema, COMPOSE) == []
    assert problems(schema, {"services": {"x": {"read_onyl": True}}}) != []


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_a_service_has_no_right_that_it_does_not_need(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"].split(":")[0] not in {"0", "root"}
    assert any(mount.startswith("/tmp:") for mount in service["tmpfs"])  # noqa: S108 - a mount, not a file
    assert not {"privileged", "cap_add", "network_mode", "pid", "ipc", "devices", "ports"} & service.keys()


def test_the_configuration_is_read_only_and_the_data_a_named_volume() -> None:
    by_target = {volume["target"]: volume for volume in MONITOR["volumes"]}
    config, data = by_target["/etc/monitor"], by_target["/data"]
    assert (config["type"], config["source"], config["read_only"]) == ("bind", "./config", True)
    assert (data["type"], data.get("read_only", False)) == ("volume", False)
    assert data["source"] in COMPOSE["volumes"]
    assert MONITOR["environment"]["MONITOR_CONFIG"] == "/etc/monitor"


def test_secrets_come_from_outside_and_may_be_missing() -> None:
    for service in COMPOSE["services"].values():
        for key, value in service["environment"].items():
            if re.search("SECRET|PASSWORD|WEBHOOK", key):
                assert re.fullmatch(r"\$\{\w+:-\}", value), key
    assert MONITOR["env_file"] == [{"path": ".env", "required": False}]


def seconds(text: str) -> int:
    """Return a duration of whole seconds."""
    assert re.fullmatch(r"\d+s", text)
    return int(text[:-1])


def test_it_agrees_with_the_image() -> None:
    final = {instruction.word: instruction for instruction in read(ROOT / "Dockerfile")[-1]}
    assert MONITOR["user"] == final["USER"].rest
    assert MONITOR["stop_signal"] == final["STOPSIGNAL"].rest
    assert json.dumps(MONITOR["healthcheck"]["test"][1:]) in final["HEALTHCHECK"].rest
    for name, flag in (("interval", "interval"), ("timeout", "timeout"), ("start_period", "start-period")):
        assert MONITOR["healthcheck"][name] == final["HEALTHCHECK"].flags[flag]


def test_there_is_time_to_drain() -> None:
    assert seconds(MONITOR["stop_grace_period"]) >= 30
    assert MONITOR["init"] is True


def test_postgres_is_there_only_when_asked_for() -> None:
    assert COMPOSE["services"]["postgres"]["profiles"] == ["postgres"]
    assert MONITOR["depends_on"]["postgres"] == {"condition": "service_healthy", "required": False}
    assert "profiles" not in MONITOR
