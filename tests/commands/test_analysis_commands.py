"""The commands of the analyses: the same filters, tables for people, CSV and JSON for programs, one sentence else."""

import csv
import io
import json

import pytest

from pipeline.__main__ import main
from pipeline.analysis.comparison.keyness import keyness_against_french, keyness_of_groups
from pipeline.analysis.words.ngrams import phrase_table
from pipeline.analysis.worlds.lexical_worlds import find_worlds
from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.table import Corpus
from tests.corpora import make_corpus, save_corpus

LINES = ("La nuit dans la rue", "Je vois la nuit tomber", "Dis-moi la nuit", "=1+1 dans la rue")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Twelve songs by two artists over three years, each with a topic."""
    songs = []
    for number in range(12):
        artist = "Aube" if number % 2 else "Brume"
        own = (Line(f"{artist} dit {'soleil' if number % 2 else 'brouillard'} encore"),)
        sections = (Section("couplet", tuple(map(Line, LINES)) + own * 3), Section("refrain", (Line("La nuit"),)))
        facets = {"topic": "rue" if number < 6 else "fête", "views": str(100 * number)}
        songs.append(Song(f"t{number}", artist, sections, year=2000 + number % 3, facets=facets))
    return make_corpus("mine", songs)


@pytest.fixture(autouse=True)
def prepared(corpus: Corpus, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path))
    save_corpus(corpus)


def rows(capsys: pytest.CaptureFixture[str], *argv: str) -> list[dict]:
    assert main([*argv, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


COMMANDS = {
    "diversity": ["--measure", "ttr", "--least-songs", "1", "--least-words", "0"],
    "keyness": ["--of", "Aube", "--minimum", "1"],
    "concordance": ["nuit"],
    "collocations": [],
    "ngrams": ["-n", "2"],
    "timeline": ["nuit"],
    "classes": ["-k", "2", "--words", "5"],
    "reuse": ["--artists", "9", "--least", "4"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_each_prints_a_table_csv_and_json_of_the_same_rows(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    argv = [command, "mine", *COMMANDS[command]]
    objects = rows(capsys, *argv)
    assert objects
    assert main([*argv, "--csv"]) == 0
    table = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(table) == len(objects)
    assert list(table[0]) == list(objects[0])
    assert main([*argv, "--rows", "1"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].split()[0] == next(iter(objects[0]))
    assert len(printed) == (2 if len(objects) == 1 else 3)  # the head, a row, and how many more


@pytest.mark.parametrize(
    "argv", [["stats", "mine"], ["phones", "nuit", "wesh"], ["rhyme", "nuit", "minuit"], ["scan", "{text}"]]
)
def test_figures_of_a_text_are_json_and_csv_too(argv: list[str], tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text").write_text("Je marche dans la nuit\nIl est minuit", "utf-8")
    argv = [part.format(text=tmp_path / "text") for part in argv]
    objects = rows(capsys, *argv)
    assert main([*argv, "--csv"]) == 0
    assert [list(row) for row in csv.DictReader(io.StringIO(capsys.readouterr().out))] == list(map(list, objects))


def test_names_are_a_table_a_network_and_a_file(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = (Line("À Paris avec Zidane"), Line("et Brumeux à Oran"))
    save_corpus(make_corpus("named", [Song("t", "Aube", (Section("couplet", lines),), year=2001)]))
    assert {row["name"] for row in rows(capsys, "names", "named", "--kind", "place", "--by", "year")} == {
        "Paris",
        "Oran",
    }
    assert rows(capsys, "names", "named", "--network", "mentions") == [
        {"source": "Aube", "target": "Zidane", "weight": 1}
    ]
    assert main(["names", "named", "--network", "company", "--graphml", str(tmp_path / "out.graphml")]) == 0
    assert (tmp_path / "out.graphml").read_bytes().count(b"<edge") == 3


def test_figures_are_those_of_the_functions(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    expected = keyness_of_groups(corpus, "artist", ["Aube"], minimum=1)
    assert [row["word"] for row in rows(capsys, "keyness", "mine", "--of", "Aube", "--minimum", "1")] == list(
        expected["word"]
    )
    distinctive = rows(capsys, "keyness", "mine", "--french", "everyday", "--minimum", "1")
    expected = keyness_against_french(corpus, "everyday", minimum=1)
    assert [row["word"] for row in distinctive] == expected["word"].tolist() != []
    apart = rows(capsys, "timeline", "mine", "nuit", "--by", "topic")
    assert [(row["topic"], row["songs"]) for row in apart] == [("fête", 2)] * 3 + [("rue", 2)] * 3
    phrases = phrase_table(corpus, 2)
    assert [row["count"] for row in rows(capsys, "ngrams", "mine", "-n", "2")] == phrases["count"].tolist()


def test_filters_are_those_of_the_pages(capsys: pytest.CaptureFixture[str]) -> None:
    def matches(*filters: str) -> int:
        return len(rows(capsys, "concordance", "mine", "nuit", *filters))

    assert matches() == 48
    assert matches("--artist", "Aube") == 24
    assert matches("--years", "2000", "2001") == 32
    assert matches("--section", "refrain") == 12
    assert matches("--where", "topic=rue") == 24
    assert matches("--where", "views=300..", "--where", "topic=rue") == 12
    assert matches("--as", "once") == 48


def test_no_cell_of_csv_is_a_formula_and_json_keeps_words_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ngrams", "mine", "-n", "1", "--csv"]) == 0
    assert "\n'-moi," in capsys.readouterr().out
    assert "-moi" in {row["ngram"] for row in rows(capsys, "ngrams", "mine", "-n", "1")}


def test_classes_say_how_far_apart_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    (figures,) = rows(capsys, "classes", "mine", "-k", "2", "--words", "5", "--show", "figures")
    assert {"segments", "classes", "chi2_per_n", "cramers_v", "unclassified", "other_languages"} <= set(figures)
    argv = ["-k", "2", "--words", "5", "--least-size", "N/k", "--show"]
    (figures,) = rows(capsys, "classes", "mine", *argv, "figures")
    assert figures["least_size"] == figures["segments"] // 2
    assert list(rows(capsys, "classes", "mine", *argv, "stability")[0]) == ["k", "adjusted_rand", "proposed"]


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["diversity", "mine", "--measure", "x"], "no measure"),
        (["diversity", "mine", "--by", "x"], "x"),
        (["keyness", "mine", "--of", "Personne"], "'Personne'"),
        (["concordance", "mine", "nuit", "--where", "topic"], "FACET=VALUE"),
        (["concordance", "mine", "nuit", "--where", "x=1"], "no facet"),
        (["ngrams", "mine", "-n", "9"], "1 to 7"),
        (["timeline", "mine", "nuit", "--artist", "Personne"], "no artist 'Personne' in 'mine'"),
        (["timeline", "mine", "nuit", "--artist", "aub"], "did you mean 'Aube'?"),
        (["keyness", "mine", "--of", "Aub"], "did you mean 'Aube'?"),
        (["keyness", "mine", "--of", "Aube", "--against", "Aube"], "on both sides"),
        (["keyness", "mine"], "--of"),
        (["keyness", "mine", "--french", "everyday", "--lemmas"], "without --lemmas"),
        (["keyness", "mine", "--french", "everyday", "--by", "year"], "without --lemmas and --by"),
        (["names", "mine", "--graphml", "x"], "choose one with --network"),
        (["names", "mine", "--network", "company", "--by", "year"], "leave out --kind and --by"),
        (["collocations", "mine", "--word", ""], "Type a word"),
        (["sketch", "mine", "nuit", "--against", ""], "Type a word"),
        (["sketch", "mine", "nuit", "--against", "nuit"], "on both sides"),
        (["reuse", "mine", "--artists", "1"], "two artists"),
        (["reuse", "mine", "--least", "2"], "4 words"),
        (["tone", "mine", "--by", ""], "cannot be grouped by ''"),
        (["delta", "mine"], "Fewer than two artists"),
        (["timeline", "mine", "--by", "topic"], "a word"),
        (["classes", "mine", "-k", "1"], "choose 2 to 100"),
        (["classes", "mine", "--least-size", "many"], "N/2k"),
        (["ngrams", "nothing"], "nothing"),
        (["delta", "mine", "--song", "999"], "no song '999' in the corpus 'mine'"),
        (["train", "mine", "--artists", "Aub", "--steps", "1"], "did you mean 'Aube'?"),
        (["train", "mine", "--steps", "0"], "steps must be at least 1, not 0"),
        (["check", "corpus", "mina"], "There is no corpus 'mina' (mine"),
    ],
)
def test_bad_input_is_one_sentence(argv: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) in (1, 2)
    said = capsys.readouterr().err
    assert said.startswith("seize: ")
    assert says in said
    assert "Traceback" not in said
    assert said.count("\n") == 1


def test_classes_count_what_a_notebook_counts(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    (figures,) = rows(capsys, "classes", "mine", "-k", "2", "--words", "5", "--show", "figures")
    worlds = find_worlds(corpus, 2, words=5)
    assert figures["segments"] == len(worlds.labels)
    assert figures["chi2_per_n"] == pytest.approx(worlds.class_separation()["chi2_per_n"])
    (forms,) = rows(capsys, "classes", "mine", "-k", "2", "--words", "5", "--show", "figures", "--forms")
    expected = find_worlds(corpus, 2, words=5, lemmas=False).class_separation()
    assert forms["chi2_per_n"] == pytest.approx(expected["chi2_per_n"])


@pytest.mark.parametrize("argv", [["ngrams", "mine", "-n"], ["classes", "mine", "-k"], ["reuse", "mine", "--rows"]])
def test_less_than_nothing_is_no_number_of_things(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main([*argv, "-3"])
    assert exit_.value.code == 2
    said = capsys.readouterr().err
    assert "give 0 or more" in said
    assert said.count("\n") == 1


def test_songs_of_unknown_year_are_in_tables(capsys: pytest.CaptureFixture[str]) -> None:
    songs = [
        Song("Avant", "Aube", (Section("couplet", (Line("La nuit tombe"),)),), year=None),
        Song("Après", "Aube", (Section("couplet", (Line("La nuit revient"),)),), year=2001),
    ]
    save_corpus(make_corpus("undated", songs))
    assert main(["concordance", "undated", "nuit"]) == 0
    shown = capsys.readouterr().out
    assert "–" in shown
    assert "2001" in shown
