"""The command line end to end: results on stdout, one clear line on stderr, the right status, never a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.__main__ import main
from pipeline.commands.output import print_json
from pipeline.commands.parser import COMMANDS
from pipeline.corpus.prepare import ensure_demo
from pipeline.corpus.store import lock_corpus


@pytest.fixture
def lyrics(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    folder = tmp_path / "lyrics"
    folder.mkdir()
    text = "---\ntitle: Un\nartist: A\nyear: 2001\n---\n[Couplet 1]\nJ'suis dans la rue (ouais)\nLa rue est à nous\n"
    (folder / "un.txt").write_text(text, "utf-8")
    return folder


def test_prepare_then_stats(lyrics: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prepare", str(lyrics), "--name", "mine", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["songs"] == 1
    assert main(["stats", "mine", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    # j' suis dans la rue | la rue est à nous; (ouais) is an ad-lib
    assert (figures["tokens"], figures["types"], figures["lines"]) == (10, 8, 2)
    assert main(["stats", "mine", "--layer", "adlibs", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tokens"] == 1


def test_stats_as_written_and_as_heard(lyrics: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (lyrics / "un.txt").write_text("[Refrain x2]\nLa rue\nLa nuit\n\n[Couplet]\nLa rue\n", "utf-8")
    assert main(["prepare", str(lyrics), "--name", "mine", "--quiet"]) == 0
    tokens = {}
    for version in ("written", "heard", "once"):
        assert main(["stats", "mine", "--as", version, "--json"]) == 0
        tokens[version] = json.loads(capsys.readouterr().out)["tokens"]
    assert tokens == {"written": 6, "heard": 10, "once": 4}  # (la rue, la nuit) x2, la rue


def test_two_who_prepare_one_name_at_once(lyrics: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with lock_corpus("mine"):
        assert main(["prepare", str(lyrics), "--name", "mine"]) == 1
        assert "'mine' is being written by another process" in capsys.readouterr().err
        assert main(["prepare", str(lyrics), "--name", "other", "--quiet"]) == 0
    assert main(["prepare", str(lyrics), "--name", "mine", "--quiet"]) == 0


def test_prepare_writes_its_report(lyrics: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    assert main(["prepare", str(lyrics), "--name", "mine", "--quiet", "--report", str(report)]) == 0
    assert json.loads(report.read_text("utf-8"))["songs"] == 1


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["prepare", "{tmp}/nowhere", "--name", "x"], 1, "nowhere"),
        (["prepare", "{tmp}/empty", "--name", "x"], 1, "empty"),
        (["prepare", "{tmp}/blank.txt", "--name", "x"], 1, "blank.txt"),
        (["prepare", "{tmp}/binary.txt", "--name", "x"], 1, "binary.txt"),
        (["prepare", "{tmp}/songs.csv", "--name", "x", "--column", "lyrics=paroles"], 1, "paroles"),
        (["prepare", "{tmp}/songs.csv", "--name", "x", "--column", "paroles"], 2, "FIELD=COLUMN"),
        (["prepare", "{tmp}/songs.csv", "--name", "../x"], 2, "../x"),
        (["stats", "nothing"], 1, "nothing"),
        (["generate", "nothing"], 1, "nothing"),
        (["generate", "demo-char", "--temperature", "-1"], 2, "temperature"),
        (["generate", "demo-char", "--lines", "0"], 2, "lines"),
        (["generate", "demo-char", "--fit", "{tmp}/nowhere"], 1, "nowhere"),
        (["revise", "demo-char", "?!"], 2, "no word"),
        (["revise", "demo-char", "… a … b … c … d … e … f … g"], 2, "1 to 6"),
        (["evaluate", "demo-char", "--text", "{tmp}/binary.txt"], 1, "binary.txt"),
        (["evaluate", "demo-char", "--text", "{tmp}/blank.txt"], 2, "empty"),
        (["scan", "{tmp}/nowhere"], 1, "nowhere"),
        (["scan", "{tmp}/blank.txt"], 1, "no line"),
        (["phones", ""], 2, "''"),
        (["phones", "\N{FIRE}", "!!!"], 2, "\N{FIRE}, !!!"),
        (["rhyme", "nuit", "\N{FIRE}"], 2, "\N{FIRE}"),
        (["prepare", "{tmp}/songs.csv", "--name", "x", "--report", "{tmp}/nowhere/r.json"], 2, "--report"),
        (["prepare", "{tmp}/cut.zip", "--name", "x"], 1, "zip"),
        (["generate", "demo-char", "--use", ""], 2, "empty"),
        (["train", "demo", "--kind", "ngram", "--seed", "-1"], 2, "seed"),
        (["train", "demo", "--units", "99999999"], 2, "units"),
        (["train", "demo", "--name", ""], 2, "name"),
        (["train", "demo", "--name", "demo-char"], 2, "is included with Seize. Choose another name, or add --replace"),
        (["learn", "classic"], 2, "is included with Seize. Choose another name, or add --replace"),
        (["prepare", "{tmp}/songs.csv", "--name", "demo"], 2, "--replace"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else "",
)
def test_bad_input_is_one_clear_line(
    arguments: list[str],
    status: int,
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    (tmp_path / "empty").mkdir()
    (tmp_path / "blank.txt").touch()
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "cut.zip").write_bytes(b"PK\x03\x04" + bytes(200))
    (tmp_path / "songs.csv").write_text("titre,artiste,texte\nUn,A,La rue\n", "utf-8")
    assert main([argument.replace("{tmp}", str(tmp_path)) for argument in arguments]) == status
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("seize: ")
    assert captured.err.count("\n") == 1
    assert says in captured.err
    assert not list((tmp_path / "prepared").glob("**/corpus.json")), "nothing half-written"


@pytest.mark.parametrize("command", COMMANDS)
def test_usage_errors_exit_with_2(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main([command, "--no-such-option"])
    assert exit_.value.code == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f"python -m pipeline {command} --help" in said


def test_sound_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["phones", "nuit", "wesh", "--json"]) == 0
    assert [json.loads(line)["word"] for line in capsys.readouterr().out.splitlines()] == ["nuit", "wesh"]
    assert main(["rhyme", "la nuit", "minuit", "--json"]) == 0
    # n ɥ i in common: three phones, one vowel; before it a and i differ
    assert json.loads(capsys.readouterr().out) == {
        "a": "la nuit",
        "b": "minuit",
        "kind": "riche",
        "shared_phones": 3,
        "shared_vowels": 1,
        "near_vowels": 1,
        "similarity": 0.91,
    }
    (tmp_path / "verse.txt").write_text("Je marche dans la nuit\nIl est déjà minuit\n", "utf-8")
    assert main(["scan", str(tmp_path / "verse.txt"), "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["scheme"] for row in rows] == ["A", "A"]
    assert [row["syllables_spoken"] for row in rows] == [5, 6]  # march(e)


def test_what_cannot_be_said_does_not_keep_the_rest_from_being_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["phones", "!!!", "nuit", "--json"]) == 2
    captured = capsys.readouterr()
    assert json.loads(captured.out)["word"] == "nuit"
    assert "'!!!'" in captured.err


def test_an_empty_source_is_not_this_folder(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["prepare", "", "--name", "x"])
    assert exit_.value.code == 2
    assert "SOURCE: it is empty" in capsys.readouterr().err


@pytest.mark.parametrize("command", [f"phones {'wesh ' * 5000} | head -1", "phones wesh | true", "phones wesh >&-"])
def test_a_closed_output_is_no_error(command: str) -> None:
    assert _shell(command).stderr == ""


def test_a_full_disk_is_one_clear_line() -> None:
    result = _shell("phones wesh > /dev/full")
    assert (result.returncode, result.stderr) == (1, "seize: No space left on device.\n")


def _shell(command: str) -> subprocess.CompletedProcess[str]:
    """Through a shell, what is printed being held back as it is by default."""
    whole = f"{sys.executable} -m pipeline {command}"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.run(whole, shell=True, capture_output=True, text=True, env=environment, check=False)


HOSTILE = "\x1b]0;title\x07\x1b[2J\x9b31m\u202eeur\r\x7f"


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "arguments",
    [
        ["prepare", "{tmp}/songs", "--name", "mine"],
        ["prepare", "{tmp}/songs", "--name", "mine", "--json"],
        ["stats", "mine", "--json"],
        ["stats", "mine", "--artist", f"x{HOSTILE}"],
        ["scan", "{tmp}/verse.txt"],
        ["scan", "{tmp}/verse.txt", "--json"],
        ["phones", f"nuit{HOSTILE}"],
        ["rhyme", f"nuit{HOSTILE}", "minuit"],
        ["runs", "delete", HOSTILE],
        ["runs", "export", "demo-char", f"{{tmp}}/nowhere{HOSTILE}/run.zip"],
        ["generate", "demo-char", "--seed", f"la nuit{HOSTILE}", "--lines", "1"],
        ["generate", "demo-char", "--seed", f"la nuit{HOSTILE}", "--lines", "1", "--json"],
        ["evaluate", "demo-char", "--text", f"{{tmp}}/{HOSTILE}"],
        ["train", "demo", "--name", HOSTILE],
    ],
    ids=lambda value: " ".join(part for part in value if part.isascii() and part.isprintable()),
)
def test_no_control_character_reaches_a_terminal(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    songs = tmp_path / "songs"
    songs.mkdir()
    front = f"---\ntitle: T{HOSTILE}\nartist: A{HOSTILE}\n---\n"
    (songs / "un.txt").write_text(f"{front}[Couplet 1]\nJ'suis dans la {HOSTILE} rue\n", "utf-8", newline="")
    (songs / f"{HOSTILE}.txt".replace("/", "")).write_bytes(bytes(range(256)))
    (tmp_path / "verse.txt").write_text(f"Je marche dans la nuit\nIl est{HOSTILE} minuit\n", "utf-8", newline="")
    if "mine" in arguments and arguments[0] != "prepare":
        main(["prepare", str(songs), "--name", "mine", "--quiet"])
    main([argument.replace("{tmp}", str(tmp_path)) for argument in arguments])
    captured = capsys.readouterr()
    assert captured.out + captured.err
    for text in (captured.out, captured.err):
        assert not [
            sign for sign in text if sign not in "\n\t" and (not sign.isprintable() and sign not in "\xa0\u202f")
        ]


def test_json_keeps_what_it_escapes(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"text": HOSTILE + "é"})
    out = capsys.readouterr().out
    assert out.rstrip("\n").isprintable()
    assert "é" in out
    assert json.loads(out)["text"] == HOSTILE + "é"


def test_nothing_but_networks_and_fitting_imports_tensorflow() -> None:
    """The web process imports the pipeline: a single stray import would cost every click half a second."""
    code = """
import importlib, pkgutil, sys, pipeline
training = ("pipeline.networks", "pipeline.__main__")
for module in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
    if not module.name.startswith(training) and not module.name.endswith((".fit", ".keras_fit")):
        importlib.import_module(module.name)
loaded = {"tensorflow", "keras"} & set(sys.modules)
sys.exit(f"imported: {loaded}" if loaded else 0)
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


@pytest.mark.slow
def test_a_text_is_the_same_with_any_threads_and_kernels() -> None:
    """Two threads, or the kernels of another processor, add numbers in another order, which once was another text."""
    arguments = ["generate", "demo-word", "--seed", "Dans la rue", "--rhyme", "AABB", "--syllables", "10"]
    command = [sys.executable, "-m", "pipeline", *arguments, "--tolerance", "1", "--random-seed", "2"]
    one, two = (
        {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads, "OPENBLAS_CORETYPE": kernel}
        for threads, kernel in (("1", "Haswell"), ("2", "Nehalem"))
    )
    texts = [
        subprocess.run(command, env=os.environ | threads, capture_output=True, text=True, check=True).stdout
        for threads in (one, two)
    ]
    assert texts[0] == texts[1] != ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["concordance", "one", "jour"], "nothing found"),
        (["diversity", "one"], "--least-words"),
        (["ngrams", "one"], "2 times"),
        (["collocations", "one", "--minimum", "9"], "9 times"),
        (["timeline", "one", "nuit"], "year"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_an_empty_table_says_why(
    arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    (tmp_path / "one.txt").write_text("Je marche dans la nuit\nLa ville dort\n", "utf-8")
    assert main(["prepare", str(tmp_path / "one.txt"), "--name", "one", "--quiet"]) == 0
    capsys.readouterr()
    assert main(arguments) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("seize: ")
    assert says in said.err
    assert main([*arguments, "--json"]) == 0
    assert capsys.readouterr() == ("", "")


def test_what_is_taken_for_a_facet_has_its_option(capsys: pytest.CaptureFixture[str]) -> None:
    ensure_demo()
    assert main(["ngrams", "demo", "--where", "artist=Kobalt"]) == 2
    assert capsys.readouterr().err == "seize: 'artist' is not a facet; use --artist.\n"
