"""Damaged weights files give one clear sentence. (Whole ones: test_keras_equality.py.)"""

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
    with pytest.raises(RunError, match=r"not a whole \.keras file"):
        read_keras_weights(path)


def test_truncated_file(tmp_path):
    path = tmp_path / "model.keras"
    path.write_bytes(b"PK\x03\x04 then nothing")
    with pytest.raises(RunError, match=r"not a whole \.keras file"):
        read_keras_weights(path)
