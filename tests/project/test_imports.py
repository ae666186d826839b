"""The contracts of import directions know every room."""

import re
import tomllib

from tests.source_tree import ROOT, modules


def test_every_room_has_its_place_in_the_contracts() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = {name for c in contracts for layer in c.get("layers", ()) for name in re.split(r" [|:] ", layer)}
    rooms = {".".join(module.name.split(".")[:2]) for module in modules("pipeline", "dashboard")}
    assert rooms - {"pipeline", "dashboard"} == layers
