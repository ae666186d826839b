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


def added(name, data):
    return lambda parts: {**parts, name: data}


def without(name):
    return lambda parts: {part: data for part, data in parts.items() if part != name}


def cut_short(name):
    return lambda parts: {**parts, name: parts[name][:-20]}


def config(**changes):
    return lambda parts: with_config(parts, **changes)


def arrays(**changes):
    file = io.BytesIO()
    np.savez_compressed(file, **changes)
    return file.getvalue()


def ngrams(**changes):
    """Other arrays among those of the n-gram."""

    def spoil(parts):
        with np.load(io.BytesIO(parts["ngrams.npz"])) as file:
            return swapped(parts, "ngrams.npz", arrays(**{**file, **changes}))

    return spoil


def array_of_another_size(parts):
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": "<f4", "fortran_order": False, "shape": (1 << 30,)})
    return swapped(parts, "ngrams.npz", packed_parts({"tokens1.npy": head.getvalue() + bytes(16)}))


def weights(write):
    """Another HDF5 file in model.keras."""

    def spoil(parts):
        file = io.BytesIO()
        with h5py.File(file, "w") as opened:
            write(opened)
        with zipfile.ZipFile(io.BytesIO(parts["model.keras"])) as old:
            members = {**{name: old.read(name) for name in old.namelist()}, "model.weights.h5": file.getvalue()}
        return swapped(parts, "model.keras", packed_parts(members))

    return spoil


def group_inside_itself(file):
    layers = file.create_group("layers")
    layers["again"] = layers


NO_PART, NO_CONFIG = "parts that no model has", r"config\.json of the model .* is damaged"
NO_TABLES, ELSEWHERE = "n-gram tables are damaged|vocabulary", "refers to other files"
REFUSED = {
    **{name: (added(name, b"x"), NO_PART) for name in ("../evil.json", "/tmp/evil.json", "sub/evil.json", "..json")},
    **{name: (added(name, b"x"), NO_PART) for name in ("evil.py", "evil.pkl")},
    **{f"no {name}": (without(name), name) for name in ("config.json", "card.md", "model.keras", "vocabulary.json")},
    "not on the list": (added("more.npz", b""), r"more\.npz"),
    **{f"{name} cut": (cut_short(name), "damaged|cut short") for name in ("model.keras", "ngrams.npz")},
    "pickled": (ngrams(tokens1=np.array([{"a": 1}], object)), "different size"),
    "deep": (added("config.json", b"[" * 200_000), "damaged"),
    "no object": (added("config.json", b"[]"), "damaged"),
    "other history": (added("history.csv", b"a,b\n1,2\n"), r"history\.csv"),
    "cell": (config(network={"cell": "lstm", "units": "many"}), NO_CONFIG),
    "scores": (config(scores={"test": "many"}), NO_CONFIG),
    "corpus": (config(corpus={"name": 3}), NO_CONFIG),
    "years": (config(corpus={"name": "demo", "years": [1, 2, 3]}), NO_CONFIG),
    "split": (config(corpus={"name": "demo", "split": {"train": {"songs": "many"}}}), NO_CONFIG),
    "training": (config(training={"seconds": "long"}), NO_CONFIG),
    "parameters": (config(parameters=float("nan")), NO_CONFIG),
    "kind": (config(kind="architecture"), "of type"),
    "format": (config(format=99), "another version"),
    "vocabulary size": (config(vocabulary_size=3), "belongs to another"),
    "files": (config(files=[]), "differ from its list"),
    "large card": (added("card.md", b"x" * (65 << 10)), "65,536 bytes"),
    "picture": (added("card.md", b"![a](http://example.org/a.png)"), "links or pictures"),
    "reference": (added("card.md", b"[a][b]\n\n[b]: /x"), "links or pictures"),
    "address": (added("card.md", b"<https://example.org>"), "links or pictures"),
    "fences": (added("card.md", b"```text\n[a](b)\n```\n~~~\n[a](b)"), "links or pictures"),
    "two samples": (added("card.md", b"```text\nla nuit\n```\n```text\n[a](b)\n```"), "links or pictures"),
    "children": (ngrams(children1=np.full(1, 2_000_000_000, np.uint32)), NO_TABLES),
    "more children": (ngrams(children2=np.zeros(3, np.uint8)), NO_TABLES),
    "fewer children": (ngrams(children1=np.full(1, -1)), NO_TABLES),
    "tokens": (ngrams(tokens1=np.zeros((2, 2), np.uint8)), NO_TABLES),
    "counts": (ngrams(counts1=np.zeros(0, np.uint8)), NO_TABLES),
    "two sizes": (ngrams(vocabulary_size=np.array([1, 2])), NO_TABLES),
    "array size": (array_of_another_size, "different size"),
    "external data": (
        weights(lambda file: file.create_dataset("a", (4,), "u1", external=[("/etc/hostname", 0, 4)])),
        ELSEWHERE,
    ),
    "external link": (weights(lambda file: file.update(layers=h5py.ExternalLink("/tmp/other.h5", "/"))), ELSEWHERE),
    "soft link": (weights(lambda file: file.update(layers=h5py.SoftLink("/"))), ELSEWHERE),
    "group in itself": (weights(group_inside_itself), ELSEWHERE),
    "terabyte": (weights(lambda file: file.create_dataset("a", (1 << 40,), "f4", chunks=(1024,))), "take more than"),
    "no layers": (weights(lambda file: file.create_group("layers")), r"model\.keras"),
}


@pytest.mark.parametrize(("spoil", "says"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_run_is_refused_and_leaves_nothing(parts, models, spoil, says):
    """Nothing is made in the size that it claims: 2 billion n-grams of a file of a few bytes."""
    before, file = set(models.rglob("*")), packed(spoil(parts))
    with limit_memory_temporarily(500 << 20), pytest.raises(RunError, match=says):
        import_run(file, "neuf")
    assert set(models.rglob("*")) == before


def test_weights_of_a_mixture_that_were_changed_are_refused(models, parts):
    """One digit of config.json, such as a flipped bit makes."""
    parts = parts_of(models / "lettres-mixed")
    shares = json.loads(parts["config.json"])["shares"]
    config = parts["config.json"].replace(str(shares[0][0]).encode(), str(shares[0][0] + 0.1).encode())
    assert json.loads(config)["shares"] != shares
    with pytest.raises(RunError, match="its checksum differs"):
        import_run(packed({**parts, "config.json": config}), "neuf")


def test_a_card_may_hold_any_sample(parts):
    card = "# neuf\n\n```text\nla nuit [Refrain](x2)\n```\n"
    assert import_run(packed({**parts, "card.md": card.encode()}), "neuf").card() == card


def test_what_unpacks_too_large_is_refused(parts, monkeypatch):
    """The file itself, a zip inside it, and two zips together."""
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("a.npy", bytes(3_000_000))
    assert len(bomb.getvalue()) < 10_000
    half = arrays(x=np.zeros(3_000_000, np.uint8))
    two = swapped(swapped(parts, "a.npz", half), "b.npz", half)
    for largest, large in ((1000, parts), (2_000_000, swapped(parts, "ngrams.npz", bomb.getvalue())), (4_000_000, two)):
        monkeypatch.setattr(archive, "LARGEST_UNPACKED_RUN", largest)
        with pytest.raises(RunError, match="larger than"):
            import_run(packed(large), "neuf")


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
