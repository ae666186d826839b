"""Damaged weights files give one clear sentence. (Whole ones: test_keras_equality.py.)"""

import base64
import json
import marshal
import zipfile

import pytest

from pipeline.cells.keras_file import read_keras_weights
from pipeline.core.errors import RunError


def test_missing_file(tmp_path):
    with pytest.raises(RunError, match="no such weights file"):
        read_keras_weights(tmp_path / "model.keras")


def write(path, **members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"config__json": "{"},
        {"config__json": "[]", "model__weights__h5": b""},
        {"config__json": '{"config": {"layers": []}}', "model__weights__h5": b"not HDF5"},
    ],
)
def test_damaged_archive(tmp_path, members):
    path = tmp_path / "model.keras"
    write(path, **members)
    with pytest.raises(RunError, match=r"not a complete \.keras file"):
        read_keras_weights(path)


def test_truncated_file(tmp_path):
    path = tmp_path / "model.keras"
    path.write_bytes(b"PK\x03\x04 then nothing")
    with pytest.raises(RunError, match=r"not a complete \.keras file"):
        read_keras_weights(path)


@pytest.mark.security
@pytest.mark.parametrize("place", ["layer", "inner", "activation"])
def test_a_layer_of_code_is_refused_and_never_run(tmp_path, place):
    """As Keras saves `Lambda(lambda x: open(…, "w"))`: the bytes of the function, marshalled."""
    ran = tmp_path / "ran"
    code = base64.b64encode(marshal.dumps(compile(f"open({str(ran)!r}, 'w')", "<evil>", "eval"))).decode()
    function = {"class_name": "__lambda__", "config": {"code": code, "defaults": None, "closure": None}}
    layer = {"class_name": "Lambda", "config": {"name": "lambda", "function": function}}
    if place == "inner":
        layer = {"class_name": "Bidirectional", "config": {"name": "b", "layer": layer}}
    if place == "activation":
        layer = {"class_name": "Dense", "config": {"name": "dense", "activation": function}}
    write(
        tmp_path / "model.keras",
        config__json=json.dumps({"class_name": "Sequential", "config": {"layers": [layer]}}),
        model__weights__h5=b"",
    )
    with pytest.raises(RunError, match=r"contains code \(a Lambda layer\), which is never run here"):
        read_keras_weights(tmp_path / "model.keras")
    assert not ran.exists()
