"""`import pipeline as seize`: every name is there when it is asked for, documented, and costs nothing before."""

import ast
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import pipeline as seize
from pipeline.core.errors import SettingError
from pipeline.core.translation import in_language
from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.table import Corpus, describe_filters
from tests.corpora import make_corpus
from tests.source_tree import ROOT

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """Eight songs by three artists, 1999 to 2002, 5 words a song in one line, and a line that is an ad-lib."""
    songs = [
        Song(
            f"t{n}",
            ("Aube", "Brume", HOSTILE)[n % 3],
            (
                Section(
                    "couplet",
                    (
                        Line("(ouais)", ((0, 7),)),
                        Line("La nuit dans la rue (ouais)", ((20, 27),)),
                    ),
                ),
            ),
            year=1999 + n % 4,
        )
        for n in range(8)
    ]
    return make_corpus("essai", songs)


def test_every_name_is_that_of_its_module_and_says_what_it_is(subtests: pytest.Subtests) -> None:
    for name, module in seize.MODULE_BY_NOTEBOOK_NAME.items():
        with subtests.test(name=name):
            value = getattr(seize, name)
            assert getattr(import_module(f"pipeline.{module}"), name) in (value, getattr(value, "__wrapped__", None))
            if not isinstance(value, type) and callable(value):
                first = value.__doc__.partition("\n\n")[0]
                assert value.__name__ == name
                assert len(first) > 20
            assert name in dir(seize)


def test_no_name_hides_a_room() -> None:
    rooms = {path.stem for path in (ROOT / "pipeline").iterdir()}
    assert rooms.isdisjoint(seize.MODULE_BY_NOTEBOOK_NAME)


def test_a_name_that_is_none_is_told_with_its_nearest() -> None:
    with pytest.raises(AttributeError, match="no attribute 'keynes'") as caught:
        _ = seize.keynes
    assert (caught.value.name, caught.value.obj) == ("keynes", seize)  # what Python makes "Did you mean" of


def test_importing_it_imports_no_library_and_no_room() -> None:
    code = "import sys; before = set(sys.modules); import pipeline; print(sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(ast.literal_eval(done.stdout))
    assert {name for name in loaded if "." in name and name.startswith("pipeline.")} == set()
    assert loaded & {"numpy", "pandas", "pyarrow", "scipy", "tensorflow"} == set()


def test_measures_are_called_with_a_part(corpus: Corpus) -> None:
    part = corpus.where(artists=["Aube"])
    assert seize.lexicon_size(part).tokens == 3 * 5
    assert isinstance(seize.frequency_table(part), pd.DataFrame)
    assert seize.concordance(part, "nuit").total == 3


def test_a_corpus_prints_as_one_line(corpus: Corpus) -> None:
    # 8 songs of 5 words; ad-libs are no words of the lyrics, and alone no line: as the pages count
    assert repr(corpus) == "<Corpus 'essai': 8 songs by 3 artists, 8 lines, 40 words (1999–2002)>"
    part = corpus.where(artists=("Aube", "Brume"), years=(1999, 2000)).where(songs=range(2))
    assert repr(part) == (
        "<Corpus 'essai' [artists=Aube + Brume, years=1999–2000, songs=2 values]: "
        "2 songs by 2 artists, 2 lines, 10 words (1999–2000)>"
    )
    assert repr(corpus.where(songs=[])).endswith("0 songs by 0 artists, 0 lines, 0 words>")


def test_a_filter_that_leaves_everything_is_none(corpus: Corpus) -> None:
    assert corpus.where(kinds=["couplet"], artists=set()) is corpus
    assert describe_filters(corpus.where(kinds=["couplet"]).where(years=(2002, 2002), facets={})) == "years=2002–2002"


def test_long_selections_are_shortened(corpus: Corpus) -> None:
    assert len(repr(replace(corpus, selection=(("artists", ["x" * 10_000]),)))) < 200
    assert "artists=50 values" in repr(replace(corpus, selection=(("artists", [f"a{n}" for n in range(50)]),)))


def test_what_measures_return_prints_short_too(corpus: Corpus) -> None:
    found = seize.concordance(corpus, "nuit")
    assert repr(found) == f"<Concordance of 8 matches in 8 songs of {corpus!r}>"
    assert repr(corpus.vocabulary) == "<Vocabulary of 9 entries, words: la, ouais, dans, nuit, rue …>"
    assert repr(seize.pronunciations(corpus)).startswith("<Pronunciations of ")
    page = found._repr_html_()
    assert "<p>8 matches</p>" in page
    assert "<img" not in page


def test_a_part_is_exported_to_a_path_given_as_text(corpus: Corpus, tmp_path: Path) -> None:
    seize.export_corpus(corpus.where(artists=["Aube"]), "iramuteq", str(tmp_path / "part.txt"))
    assert (tmp_path / "part.txt").read_text("utf-8").count("****") == 3


def test_a_notebook_shows_a_table_whose_names_are_text(corpus: Corpus) -> None:
    page = corpus.where(artists=[HOSTILE])._repr_html_()
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "<th>Songs</th>" in page
    with in_language("fr"):
        assert len(corpus._repr_html_()) < 500


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda c: c.where(artists=["Brune"]), "There is no artist 'Brune' in 'essai' (did you mean 'Brume'?)."),
        (lambda c: c.where(kinds=["couplets"]), "There is no section type 'couplets' (did you mean 'couplet'?)."),
        (lambda c: c.where(languages=["french"]), "There is no language 'french'"),
        (lambda c: c.where(songs=[0, 99]), "There is no song 99 in 'essai'"),
        (lambda c: c.where(lines=["x"]), "There is no line 'x' in 'essai'"),
        (lambda c: c.where(facets="rue"), "facets is 'rue': give a dict"),
        (lambda c: c.where(inferred="yes"), "inferred is 'yes': give True or False."),
        (lambda c: c.texts_of([0, 99]), "There is no line 99 in 'essai': give line ids."),
        (lambda c: c.texts_of(3), "lines is 3: give a list, lines=[3]."),
        (lambda c: c.texts_of({"x": 1}), "There is no line 'x' in 'essai': give line ids."),
        (lambda c: c.song_lines(-1), "There is no song -1 in 'essai': give song ids."),
        (lambda c: c.song_mask(years=2002), "years is 2002: give the first and the last"),
        (lambda c: c.word_counts(["lyrics"]), "There is no layer ['lyrics'] (did you mean 'lyrics'?): choose"),
        (lambda c: seize.concordance(c, "nuit").head(-3), "head: n is -3; give a whole number, 0 or more."),
        (lambda c: seize.correspondence_analysis([[1, 2], [3, 5]]).heaviest_rows("x"), "heaviest_rows: count is 'x'"),
        (lambda c: seize.export_corpus(c, "text", ""), ". is a folder: give the name of a file in it."),
        (lambda c: seize.tone_table(c, ""), "cannot be grouped by ''"),
        (lambda c: c.where(years=(2002, 1999)), "years is (2002, 1999): the first comes after the last."),
        (lambda c: seize.load(3), "load: name is 3; give a text."),
        (lambda c: seize.keyness(c, c, layer="adlib"), "give one of lyrics, adlibs, all (did you mean 'adlibs'?)."),
        (lambda c: seize.keyness(c, "essai"), "keyness: reference is 'essai'; give a corpus"),
        (lambda c: seize.collocations(c, minimum=-1), "collocations: minimum is -1; give a whole number, 0 or more."),
        (lambda c: seize.collocations(c, minimum=2.5), "collocations: minimum is 2.5; give a whole number, 0 or more."),
        (
            lambda c: seize.collocations(c, minimun=2),
            "collocations has no argument 'minimun' (did you mean 'minimum'?)",
        ),
        (lambda c: seize.collocations(), "collocations: missing a required argument: 'corpus'."),
        (lambda c: seize.query_timeline(c, "nuit"), "timeline: queries is 'nuit'; give a list."),
        (lambda c: seize.fit_zipf([3, 2]), "fit_zipf: counts is list; give an array (numpy.ndarray)."),
        (lambda c: seize.write_lyric("demo-word"), "write_lyric: run is 'demo-word'; give RunForGeneration."),
        (lambda c: seize.lexicon_size(c, seize.concordance), "lexicon_size: layer is function; give one of"),
    ],
)
def test_a_bad_use_is_one_sentence(corpus: Corpus, call: Callable[[Corpus], object], sentence: str) -> None:
    with pytest.raises(SettingError) as caught:
        call(corpus)
    assert sentence in str(caught.value)


def test_labels_may_say_that_something_took_no_part() -> None:
    assert seize.adjusted_rand_index(np.array([0, 1, -1]), np.array([1, 0, 0])) == 1


def test_an_artist_of_another_part_is_no_mistake(corpus: Corpus) -> None:
    assert corpus.where(songs=[0]).where(artists=["Brume"]).songs.empty  # by Aube


def test_what_has_only_one_group_is_a_sentence(corpus: Corpus) -> None:
    with pytest.raises(SettingError, match="is on both sides"):
        seize.keyness_of_groups(corpus, "artist", ["Aube"], ["Aube"])
