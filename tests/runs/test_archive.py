"""A run as one file: it comes back whole; what is none, too large or points elsewhere is refused and leaves nothing."""

import io
import json
import zipfile

import h5py
import numpy as np
import pytest

from pipeline.core.checksums import checksum_of_bytes, with_checksum
from pipeline.core.errors import RunError, SettingError
from pipeline.processes.limits import limit_memory_temporarily
from pipeline.runs import archive
from pipeline.runs.archive import export_run, import_run, usable_archived_name
from pipeline.runs.run import list_runs, load_run
from pipeline.training.evaluate import evaluate_text
from tests.runs.archive_mutations import packed_parts, parts_of


@pytest.fixture
def parts(models):
    """The parts of the run `lettres`, by name."""
    return parts_of(models / "lettres")


@pytest.fixture(autouse=True)
def _checks_here(request, monkeypatch):
    """Checks run in this process, which takes no time to start; `apart` marks the tests where they do not."""
    if "apart" not in request.node.name:
        monkeypatch.setattr(archive, "run_limited", lambda function, *arguments: function(*arguments))


def packed(parts):
    return io.BytesIO(packed_parts(parts))


def with_config(parts, **changes):
    config = with_checksum({**json.loads(parts["config.json"]), **changes})
    return {**parts, "config.json": json.dumps(config).encode()}


def swapped(parts, name, data):
    """Another part with the checksum that belongs to it."""
    files = {**json.loads(parts["config.json"])["files"], name: checksum_of_bytes(data)}
    return with_config({**parts, name: data}, files=files)


@pytest.mark.parametrize("name", ["lettres", "mots", "lettres-mixed", "mots-mixed"])
def test_a_run_comes_back_whole(models, tmp_path, name):
    run, file = load_run(name), tmp_path / "run.zip"
    export_run(run, file)
    assert usable_archived_name(file) == name
    again = import_run(file, "copie")
    assert (again.name, again.config["name"]) == ("copie", "copie")
    assert with_checksum({**again.config, "name": name}) == with_checksum(run.config)
    text = "La nuit dans la rue\n"
    assert evaluate_text(again, text).bits_per_char == evaluate_text(run, text).bits_per_char
    assert again.card() == run.card()


def test_a_full_disk_is_told_and_leaves_nothing(models, parts, tmp_path, request):
    file = packed(parts)
    (tmp_path / "run.zip").write_bytes(b"the one of before")
    before = set(models.iterdir())
    request.getfixturevalue("full_disk")
    with pytest.raises(RunError, match=r"The model 'lettres' could not be exported \(File too large\)"):
        export_run(load_run("lettres"), tmp_path / "run.zip")
    with pytest.raises(RunError, match=r"The runs in .* cannot be changed \(File too large\)"):
        import_run(file, "neu")
    assert (tmp_path / "run.zip").read_bytes() == b"the one of before"
    assert {path.name for path in tmp_path.iterdir()} == {"run.zip", "models"}
    assert set(models.iterdir()) == before


def test_a_name_that_is_taken_or_shipped_is_refused(parts):
    before = list_runs()
    with pytest.raises(RunError, match="A model called 'lettres' exists already"):
        import_run(packed(parts))
    with pytest.raises(RunError, match="included with Seize"):
        import_run(packed(parts), "demo-lettres")
    with pytest.raises(SettingError):
        import_run(packed(parts), "../ailleurs")
    with pytest.raises(RunError, match="Give it another name"):
        import_run(packed(with_config(parts, name="../ailleurs")))
    assert list_runs() == before


def test_what_is_no_archive(models, tmp_path):
    for content in (b"", b"not a zip", b"PK\x03\x04 cut short"):
        with pytest.raises(RunError, match="not a model exported by Seize"):
            import_run(io.BytesIO(content), "neuf")
    with pytest.raises(RunError, match="There is no file"):
        import_run(tmp_path / "nowhere.zip", "neuf")


@pytest.mark.parametrize("name", ["../evil.json", "/tmp/evil.json", "sub/evil.json", "evil.py", "evil.pkl", "..json"])
def test_a_part_that_no_run_has_is_refused(parts, models, name):
    with pytest.raises(RunError, match="parts that no model has"):
        import_run(packed({**parts, name: b"x"}), "neuf")
    assert not [path for path in models.rglob("*") if "evil" in path.name]


@pytest.mark.parametrize("missing", ["config.json", "card.md", "model.keras", "vocabulary.json"])
def test_a_part_that_is_missing(parts, missing):
    del parts[missing]
    with pytest.raises(RunError, match=missing):
        import_run(packed(parts), "neuf")


def test_a_part_that_the_list_does_not_name(parts):
    with pytest.raises(RunError, match=r"more\.npz"):
        import_run(packed({**parts, "more.npz": b""}), "neuf")


@pytest.mark.parametrize("part", ["model.keras", "ngrams.npz", "vocabulary.json"])
def test_a_part_cut_short(parts, part):
    with pytest.raises(RunError, match=r"damaged|cut short"):
        import_run(packed({**parts, part: parts[part][:-20]}), "neuf")


def test_a_file_that_unpacks_too_large_is_refused(parts, monkeypatch):
    monkeypatch.setattr(archive, "LARGEST_UNPACKED_RUN", 1000)
    with pytest.raises(RunError, match="larger than"):
        import_run(packed(parts), "neuf")


def test_a_zip_inside_that_unpacks_too_large_is_refused(parts, monkeypatch):
    monkeypatch.setattr(archive, "LARGEST_UNPACKED_RUN", 2_000_000)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("a.npy", bytes(3_000_000))
    assert len(bomb.getvalue()) < 10_000
    with pytest.raises(RunError, match="larger than"):
        import_run(packed(swapped(parts, "ngrams.npz", bomb.getvalue())), "neuf")


def test_pickled_arrays_are_refused(parts):
    file = io.BytesIO()
    np.savez(file, tokens1=np.array([{"a": 1}], object))
    with pytest.raises(RunError):
        import_run(packed(swapped(parts, "ngrams.npz", file.getvalue())), "neuf")


def keras_with(parts, write):
    """model.keras with another HDF5 file in it."""
    weights = io.BytesIO()
    with h5py.File(weights, "w") as file:
        write(file)
    with zipfile.ZipFile(io.BytesIO(parts["model.keras"])) as old:
        members = {**{name: old.read(name) for name in old.namelist()}, "model.weights.h5": weights.getvalue()}
    return packed(swapped(parts, "model.keras", packed(members).getvalue()))


@pytest.mark.parametrize(
    ("write", "says"),
    [
        (lambda f: f.create_dataset("a", (4,), "u1", external=[("/etc/hostname", 0, 4)]), "refers to other files"),
        (lambda f: f.__setitem__("layers", h5py.ExternalLink("/tmp/other.h5", "/")), "refers to other files"),
        (lambda f: f.__setitem__("layers", h5py.SoftLink("/")), "refers to other files"),
        (lambda f: f.create_dataset("a", (1 << 40,), "f4", chunks=(1024,)), "take more than"),
        (lambda f: f.create_group("layers"), "model.keras"),
    ],
    ids=["external data", "external link", "soft link", "claims a terabyte", "no layers"],
)
def test_weights_that_point_elsewhere_or_claim_too_much(parts, write, says):
    with pytest.raises(RunError, match=says):
        import_run(keras_with(parts, write), "neuf")


def test_a_group_inside_itself_ends(parts):
    def write(file):
        layers = file.create_group("layers")
        layers["again"] = layers

    with pytest.raises(RunError, match="refers to other files"):
        import_run(keras_with(parts, write), "neuf")


def test_deep_json_is_refused(parts):
    with pytest.raises(RunError):
        import_run(packed({**parts, "config.json": b"[" * 200_000}), "neuf")


def test_a_history_that_is_none(parts):
    with pytest.raises(RunError, match=r"history\.csv"):
        import_run(packed({**parts, "history.csv": b"a,b\n1,2\n"}), "neuf")


@pytest.mark.parametrize(
    "changes",
    [
        {"network": {"cell": "lstm", "units": "many"}},
        {"scores": {"test": "many"}},
        {"corpus": {"name": 3}},
        {"corpus": {"name": "demo", "years": [1, 2, 3]}},
        {"corpus": {"name": "demo", "split": {"train": {"songs": "many"}}}},
        {"training": {"seconds": "long"}},
        {"parameters": float("nan")},
    ],
    ids=str,
)
def test_a_field_of_another_type(parts, models, changes):
    before = set(models.iterdir())
    with pytest.raises(RunError, match=r"config\.json of the model .* is damaged"):
        import_run(packed(with_config(parts, **changes)), "neuf")
    assert set(models.iterdir()) == before


@pytest.mark.parametrize(
    "changes", [{"kind": "architecture"}, {"format": 99}, {"vocabulary_size": 3}, {"files": []}], ids=str
)
def test_a_config_that_does_not_fit(parts, changes):
    with pytest.raises(RunError):
        import_run(packed(with_config(parts, **changes)), "neuf")


def test_weights_of_a_mixture_that_were_changed_are_refused(models, parts):
    """One digit of config.json, such as a flipped bit makes."""
    parts = parts_of(models / "lettres-mixed")
    shares = json.loads(parts["config.json"])["shares"]
    config = parts["config.json"].replace(str(shares[0][0]).encode(), str(shares[0][0] + 0.1).encode())
    assert json.loads(config)["shares"] != shares
    with pytest.raises(RunError, match="its checksum differs"):
        import_run(packed({**parts, "config.json": config}), "neuf")


@pytest.mark.parametrize(
    ("card", "says"),
    [
        (b"x" * (65 << 10), "65,536 bytes"),
        (b"![a](http://example.org/a.png)", "links or pictures"),
        (b"[a][b]\n\n[b]: /x", "links or pictures"),
        (b"<https://example.org>", "links or pictures"),
        (b"```text\n[a](b)\n```\n~~~\n[a](b)", "links or pictures"),
        (b"```text\nla nuit\n```\n```text\n[a](b)\n```", "links or pictures"),
    ],
    ids=["large", "picture", "reference", "address", "fences", "two samples"],
)
def test_a_card_that_is_large_or_leads_elsewhere(parts, card, says):
    with pytest.raises(RunError, match=says):
        import_run(packed({**parts, "card.md": card}), "neuf")


def test_a_card_may_hold_any_sample(parts):
    card = "# neuf\n\n```text\nla nuit [Refrain](x2)\n```\n"
    assert import_run(packed({**parts, "card.md": card.encode()}), "neuf").card() == card


def arrays(**changes):
    file = io.BytesIO()
    np.savez_compressed(file, **changes)
    return file.getvalue()


def ngrams(parts, **changes):
    with np.load(io.BytesIO(parts["ngrams.npz"])) as file:
        return packed(swapped(parts, "ngrams.npz", arrays(**{**file, **changes})))


@pytest.mark.parametrize(
    "changes",
    [
        {"children1": np.full(1, 2_000_000_000, np.uint32)},
        {"children2": np.zeros(3, np.uint8)},
        {"children1": np.full(1, -1)},
        {"tokens1": np.zeros((2, 2), np.uint8)},
        {"counts1": np.zeros(0, np.uint8)},
        {"vocabulary_size": np.array([1, 2])},
    ],
    ids=lambda changes: "".join(changes),
)
def test_tables_that_claim_more_than_they_hold(parts, changes):
    """What would be made in the size that they claim is not: 2 billion n-grams of a file of a few bytes."""
    with limit_memory_temporarily(500 << 20), pytest.raises(RunError, match=r"n-gram tables are damaged|vocabulary"):
        import_run(ngrams(parts, **changes), "neuf")


def test_arrays_of_another_size_than_they_claim(parts):
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": "<f4", "fortran_order": False, "shape": (1 << 30,)})
    inner = packed({"tokens1.npy": head.getvalue() + bytes(16)}).getvalue()
    with pytest.raises(RunError, match="another size than it claims"):
        import_run(packed(swapped(parts, "ngrams.npz", inner)), "neuf")


def test_zips_inside_count_together(parts, monkeypatch):
    monkeypatch.setattr(archive, "LARGEST_UNPACKED_RUN", 4_000_000)
    for name in ("a.npz", "b.npz"):
        parts = swapped(parts, name, arrays(x=np.zeros(3_000_000, np.uint8)))
    with pytest.raises(RunError, match="larger than"):
        import_run(packed(parts), "neuf")


def test_checks_apart(parts, models):
    """As pages and commands do it: in a process of its own, from a stream too; then nothing else is left."""
    before = set(models.iterdir())
    assert usable_archived_name(packed(parts)) == "lettres"
    assert import_run(packed(parts), "neuf").name == "neuf"
    with pytest.raises(RunError, match="not a model exported by Seize"):
        import_run(io.BytesIO(b"no"), "neuf-2")
    assert set(models.iterdir()) - before == {models / "neuf"}


@pytest.mark.security
def test_a_run_with_a_layer_of_code_is_not_taken_in(models, parts, tmp_path):
    weights = io.BytesIO(parts["model.keras"])
    with zipfile.ZipFile(weights) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(members["config.json"])
    config["config"]["layers"].append({"class_name": "Lambda", "config": {"name": "lambda", "function": "evil"}})
    members["config.json"] = json.dumps(config).encode()
    before = set(models.iterdir())
    with pytest.raises(RunError, match="contains code"):
        import_run(packed(swapped(parts, "model.keras", packed(members).getvalue())), "neu")
    assert set(models.iterdir()) == before
