"""Every key, code and example of the manual is real, and every real one is in the manual."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from monitor.config import load as loading
from monitor.config.parts import ChannelPart, MonitorPart, RoutePart, RulePart, SourcePart
from monitor.config.settings import Settings
from monitor.service.configuration import KNOWN_KINDS, load

ROOT = Path(__file__).resolve().parents[2]
MANUAL = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
FILES: dict[str, type[BaseModel]] = {
    "monitor.yaml": MonitorPart,
    "sources.yaml": SourcePart,
    "rules.yaml": RulePart,
    "channels.yaml": ChannelPart,
}
CHAPTERS: dict[str, type[BaseModel]] = {**FILES, "Routes": RoutePart}


def chapter(title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", MANUAL, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def keys(model: type[BaseModel], prefix: str = "") -> set[str]:
    found = set()
    for name, field in model.model_fields.items():
        found.add(prefix + (field.alias or name))
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found |= keys(field.annotation, f"{prefix}{name}.")
    return found


def own_keys(file: str) -> set[str]:
    """Return the keys of that file that only some kinds take."""
    kinds = {"sources.yaml": KNOWN_KINDS.sources, "channels.yaml": KNOWN_KINDS.channels}.get(file, {})
    own = [key for kind in kinds.values() for key in kind.settings.keys]
    return {key.name for key in own} | {f"{key.name}_file" for key in own if key.from_file}


def rows(title: str) -> dict[str, list[str]]:
    lines = [
        re.split(r"(?<= )\|(?= )", line.strip("|")) for line in chapter(title).splitlines() if line.startswith("| `")
    ]
    return {cells[0].strip(" `"): [cell.strip() for cell in cells] for cells in lines}


@pytest.mark.parametrize("file", CHAPTERS)
def test_every_key_is_documented_and_every_documented_key_exists(file: str) -> None:
    assert rows(file).keys() == keys(CHAPTERS[file]) | own_keys(file)


@pytest.mark.parametrize("file", [file for file in CHAPTERS if file != "monitor.yaml"])
def test_required_keys_are_marked(file: str) -> None:
    required = {name for name, field in CHAPTERS[file].model_fields.items() if field.is_required()}
    assert {key for key, cells in rows(file).items() if cells[2] == "required"} == required


def test_documented_defaults_are_the_real_ones(tmp_path: Path) -> None:
    table = rows("monitor.yaml")
    plain = [key for key in table if key not in {"database", "adaptive", "fetch", "deliver", "retention", "web"}]
    text = {key: default for key in plain if (default := table[key][2].strip("`"))}
    lines = [f"{key}: {value}" for key, value in text.items() if "." not in key]
    for part in ("adaptive", "fetch", "deliver", "retention", "web"):
        inner = [f"{key.split('.')[1]}: {value}" for key, value in text.items() if key.startswith(f"{part}.")]
        lines.append(f"{part}:\n" + "\n".join(f"  {line}" for line in inner))
    (tmp_path / "monitor.yaml").write_text("\n".join(lines), encoding="utf-8")
    source = '{id: a, kind: feed, url: "https://a.example/", every: 5m}'
    (tmp_path / "sources.yaml").write_text(f"sources: [{source}]", encoding="utf-8")
    assert load(tmp_path, {}).settings == Settings()


def test_the_examples_load_without_a_warning_once_the_variables_are_set(tmp_path: Path) -> None:
    blocks = re.findall(r"^```yaml\n# (\w+\.yaml)\n(.*?)^```", MANUAL, re.MULTILINE | re.DOTALL)
    assert {name for name, _ in blocks} == set(FILES)
    for name, text in blocks:
        (tmp_path / name).write_text(text, encoding="utf-8")
    key = "whsec_" + "A" * 32
    hook = {"MONITOR_WEBHOOK_URL": "https://hooks.example.com/", "MONITOR_WEBHOOK_SECRET": key}
    loaded = load(tmp_path, {**hook, "NAVER_KEY_ID": "id", "NAVER_KEY": "key"})
    assert loaded.warnings == ()
    assert [source.id for source in loaded.plan.sources] == ["example", "office", "map", "notices", "search"]


def test_every_code_is_in_the_manual_and_every_code_there_is_raised() -> None:
    monitor = ROOT / "monitor"
    files = [
        *monitor.glob("config/*.py"),
        *(monitor / "model" / name for name in ("kind.py", "errors.py")),
        *monitor.glob("*/kinds/*.py"),
        monitor / "service" / "unheard.py",
    ]
    source = "\n".join(file.read_text(encoding="utf-8") for file in files)
    assert rows("Codes").keys() == set(re.findall(r'"(CFG\d{3})"', source)) - {"CFG000"}


def test_the_variables_of_the_program_are_in_the_manual() -> None:
    assert {loading.DATABASE_VARIABLE, loading.DATA_VARIABLE, "MONITOR_CONFIG"} == rows("Environment").keys()
