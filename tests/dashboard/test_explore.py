"""Explore and Data pages through AppTest: marks lead to lines, tables are saved, a corpus is imported."""

import ast
import re
import shutil
import time
from collections import Counter
from html import escape, unescape
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.charts.distributions import dot_swarm
from dashboard.components.corpus.line_list import DRAWN_NOTE
from dashboard.queries.words import line_nearest_to_length
from pipeline.analysis.firsts import meaningful_phrase_mask
from pipeline.analysis.lines import line_length_summary
from pipeline.analysis.measures import rankable_groups
from pipeline.analysis.precomputed import french_subcorpus
from pipeline.analysis.words.rankings import diversity_ranking
from pipeline.analysis.words.structure import song_forms, songs_of_form
from pipeline.analysis.words.tone import tone_table
from pipeline.core.paths import prepared_folder
from pipeline.corpus.prepare import prepare
from pipeline.corpus.store import load_corpus
from pipeline.language.tokens import tokenise
from tests.dashboard.pages import html, import_by_path, visit
from tests.source_tree import ROOT


def picked(view: Path) -> set[str]:
    """The keys of the controls of `bound` in a page."""
    calls = (
        node
        for node in ast.walk(ast.parse(view.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).removeprefix("bound.") in ("pick", "pick_or_none")
    )
    return {ast.literal_eval(k.value) for call in calls for k in call.keywords if k.arg == "key" and is_text(k.value)}


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant)


def test_no_two_pages_share_a_widget_key() -> None:
    """Keys sit in the URL: a value that another page left behind would be read as this page's own."""
    keys = Counter(
        key
        for view in (ROOT / "dashboard" / "views").glob("*.py")
        for key in set(re.findall(r'\bkey="([^"{]+)",\s*bind=', view.read_text("utf-8"))) | picked(view)
    )
    assert [key for key, pages in keys.items() if pages > 1] == []


@pytest.mark.parametrize(
    ("view", "widget"),
    [
        ("overview", "of_voice"),
        ("verses", "of_artist"),
        ("diversity", "ranked_artist"),
        ("structure", "of_built_artist"),
    ],
)
def test_an_artist_of_a_figure_leads_to_its_lines(app: AppTest, view: str, widget: str) -> None:
    visit(app, view, **{widget: "Kobalt"})
    assert not app.exception
    assert f"Kobalt: {len(load_corpus('demo').where(artists=['Kobalt']).lines):,} lines" in html(app)


def test_a_form_leads_to_its_songs_and_sixteen_is_named(app: AppTest) -> None:
    corpus = load_corpus("demo")
    form = song_forms(corpus).iloc[1]
    visit(app, "structure", **{"song-form": "2"})
    assert not app.exception
    first = corpus.songs.loc[songs_of_form(corpus, form["form"])[0]]
    assert f"<i>{escape(first['title'], quote=False)}</i></a>, {escape(first['artist'], quote=False)}" in html(app)
    assert f"{form['songs']} of {len(corpus.songs)} songs" in app.selectbox(key="song-form").options[1]
    assert any("un seize" in chart.proto.spec for chart in app.get("plotly_chart"))
    assert app.selectbox(key="couplet_of").value == "16"


def test_lines_of_the_shortest_and_the_longest_face_each_other(app: AppTest) -> None:
    visit(app, "verses")
    means = line_length_summary(load_corpus("demo"), "artist").set_index("artist")["mean"]
    for artist in (means.idxmin(), means.idxmax()):
        assert f"<h3>{means[artist]:.1f} words per line: {escape(artist)}</h3>" in html(app)
        line = line_nearest_to_length(load_corpus("demo"), artist, means[artist], "lyrics").iloc[0]
        assert abs(len(tokenise(line["text"])) - means[artist]) < 1
        assert escape(line["text"], quote=False) in html(app)


def test_the_ranking_says_first_that_artists_tie(app: AppTest) -> None:
    visit(app, "diversity")
    tied = int((diversity_ranking(load_corpus("demo"), "mattr_100")["best"] == 1).sum())
    assert f'"answer">None stands out: <b>{tied} of 24</b> tie for first place' in html(app)
    assert f"<h2>{tied} of 24 tie for first place</h2>" in html(app)


def test_the_ranking_says_first_who_stands_out(app: AppTest) -> None:
    visit(app, "diversity", artists=["Kobalt", "Kilo d'Plumes"])
    assert '"answer"><b>Kobalt</b> stands out. <i>Distinct words per 100 (MATTR)</i>: from ' in html(app)
    assert "tie for first place" not in html(app)


def test_a_dot_that_is_picked_is_named_and_has_its_interval() -> None:
    table = pd.DataFrame({"artist": [f"A{n}" for n in range(60)], "value": np.linspace(70, 71, 60)})
    table = table.assign(low=table["value"] - 1, high=table["value"] + 1)
    figure = dot_swarm(table, "artist", "value", x_title="", hovers=[""] * 60, picked="A45")
    assert figure.data[0].x == pytest.approx([table["low"][45], table["high"][45]])
    assert "A45" in {note.text for note in figure.layout.annotations}
    assert figure.data[1].customdata[45] == "A45"
    assert len(dot_swarm(table, "artist", "value", x_title="", hovers=[""] * 60).data) == 1


def test_tone_opens_on_lines_and_names_no_first_whose_interval_overlaps(app: AppTest) -> None:
    visit(app, "tone")
    assert not app.exception
    said = html(app)
    assert said.index("<h3>Most negative lines") < said.index("<h3>Most positive lines") < said.index("<h2>")
    table = rankable_groups(tone_table(load_corpus("demo"), "artist"))
    assert table["low"].iloc[0] < table["high"].iloc[1], "the first two overlap"
    assert "most positive)</h2>" not in said
    assert "<h2>No certain first or last: from " in said or "<h2>All nearly neutral: from " in said


def test_one_artist_has_no_line_to_face(app: AppTest) -> None:
    visit(app, "verses", artists=["Kobalt"])
    assert "words per line: Kobalt</h3>" not in html(app)


def test_a_line_of_a_song_leads_to_the_lines_like_it(app: AppTest) -> None:
    visit(app, "song", song="cendre-miel--le-pull-gris")
    app.selectbox(key="itself_line").set_value(1).run()
    corpus = load_corpus("demo")
    song = corpus.songs.index[corpus.songs["title"] == app.title[0].value][0]
    first = corpus.texts[corpus.lines["song"] == song].iloc[0]
    assert "Lines similar to line 1" in html(app)
    assert html(app).index("Lines similar to line 1") < html(app).rindex(escape(first, quote=False))


def test_a_link_with_a_query_opens_the_timeline_on_it(app: AppTest) -> None:
    visit(app, "timeline", q="maison")
    assert app.text_input(key="said").value == "maison"


def test_title_lines_and_table_of_the_timeline_are_of_one_word(app: AppTest) -> None:
    visit(app, "timeline", said="nuit, téléphone")
    assert "<b>nuit</b>: no clear change, " in html(app)
    assert "<b>téléphone</b>: from " in html(app)
    assert "<h2>nuit: no clear change since " in html(app), "the word asked for first"
    assert re.search(r"nuit in \d{4}: \d+ lines", html(app))
    assert "artists use nuit" in html(app)
    app.selectbox(key="said_word").set_value("téléphone").run()
    assert re.search(r"<h2>téléphone: about [\d.]+ times (more|less) widespread since ", html(app))
    assert "artists use téléphone" in html(app)
    assert "nuit in" not in html(app)


def test_phrases_open_on_one_that_says_something_and_its_lines_are_drawn(app: AppTest) -> None:
    visit(app, "phrases")
    corpus = french_subcorpus(load_corpus("demo"))
    assert meaningful_phrase_mask([app.selectbox(key="phrase").value], corpus).all()
    assert DRAWN_NOTE in html(app)
    visit(app, "phrases", phrase="c'est un")
    assert re.search(r"c'est un: \d+ times in \d+ lines", unescape(html(app)))


def test_a_year_of_the_timeline_leads_to_its_lines(app: AppTest) -> None:
    visit(app, "timeline", said="nuit", said_in="1996")
    corpus = load_corpus("demo").where(years=(1996, 1996))
    night = corpus.vocabulary.word2index["nuit"]
    ids, rows = corpus.token_table()
    lines = len(set(rows[ids == night].tolist()))
    assert re.search(rf"nuit in 1996: {lines} lines?<", html(app))


def test_the_timeline_begins_with_the_word_that_was_sought(app: AppTest) -> None:
    visit(app, "concordance", q="rue")
    app.segmented_control(key="part").set_value("timeline").run()
    assert not app.exception
    assert app.text_input(key="said").value == "rue"


def test_lines_of_one_song_name_it_once(app: AppTest) -> None:
    visit(app, "lexicon")
    items = re.findall(
        r'<li><div class="text" lang="fr">(.*?)</div><span class="from">(.*?)</li>', html(app), re.DOTALL
    )
    songs = [re.findall(r"song=([^&]*)&", origin) for _, origin in items]
    assert sum(text.count("<span>") for text, _ in items) == 8, "a page of lines"
    assert len(items) <= 8
    assert all(len(song) == 1 for song in songs)
    assert all(one != other for one, other in pairwise(songs))


def test_a_lemma_leads_to_the_lines_of_all_its_forms(app: AppTest) -> None:
    visit(app, "lexicon", lemmas="true", word="cheval")
    counts, index = load_corpus("demo").word_counts(), load_corpus("demo").vocabulary.word2index
    times = sum(int(counts[index[form]]) for form in ("cheval", "chevaux") if form in index)
    assert f"cheval: {times} time" in html(app)


@pytest.mark.parametrize(
    "view", ["overview", "lexicon", "verses", "diversity", "structure", "phrases", "timeline", "map"]
)
def test_tables_can_be_saved_both_ways(app: AppTest, view: str) -> None:
    visit(app, view)
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels.count("CSV") == labels.count("Parquet") > 0


def test_a_table_is_imported_with_its_mapping_and_joins_the_corpora(app: AppTest, tmp_path: Path) -> None:
    source = tmp_path / "chansons.csv"
    source.write_text('qui,morceau,paroles\nUntel,Un,"Le soir tombe\nSur la ville"\n', "utf-8")
    import_by_path(app, source, "essai")
    columns = [app.selectbox(key=f"col-{field}").value for field in ("text", "title", "artist")]
    assert columns == ["paroles", "morceau", ""]
    app.selectbox(key="col-artist").set_value("qui").run()
    assert "Untel, Un" in html(app)
    app.button(key="start-import").click().run()
    end = time.monotonic() + 60
    while "<dt>Songs</dt>" not in html(app) and time.monotonic() < end:
        time.sleep(0.5)
        app.run()
    assert "<dt>Songs</dt><dd>1</dd>" in html(app)
    assert load_corpus("essai").artists == ["Untel"]


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("content", "said"), [(b"a,b\n1,2\n", "No column looks like lyrics"), (b"", "is empty"), (bytes(500), "binary")]
)
def test_a_bad_source_is_one_sentence(app: AppTest, tmp_path: Path, content: bytes, said: str) -> None:
    source = tmp_path / "bad.csv"
    source.write_bytes(content)
    import_by_path(app, source, "bad")
    assert not app.exception
    assert said in html(app)
    assert html(app).count('role="alert"') == 1


@pytest.mark.slow
def test_what_was_sent_is_named_as_it_was_sent(app: AppTest) -> None:
    visit(app, "importing")
    app.file_uploader(key="files").set_value([("junk.tsv", b"x\ty\n1\t2\n", "text/plain")]).run()
    assert "No column looks like lyrics" in html(app)
    app.file_uploader(key="files").set_value([("a.bin.txt", bytes(500), "text/plain")] * 2).run()
    assert not app.exception
    assert "uploads" not in html(app)


def test_a_path_that_no_machine_has_is_one_sentence(app: AppTest) -> None:
    import_by_path(app, Path("~nobody-of-this-name/lyrics"), "bad")
    assert not app.exception
    assert "There is no file or folder ~nobody" in html(app)


def test_a_song_of_adlibs_alone_and_of_no_album(app: AppTest, tmp_path: Path) -> None:
    (tmp_path / "cri.txt").write_text("(ouais)\n", "utf-8")
    prepare(tmp_path / "cri.txt", "cris")
    visit(app, "song", corpus="cris")
    shutil.rmtree(prepared_folder() / "cris")
    assert not app.exception
    assert "0 words</b>." in html(app)
    assert "<i></i>" not in html(app)


def test_the_embedded_corpus_is_not_replaced(app: AppTest, tmp_path: Path) -> None:
    import_by_path(app, tmp_path, "demo")
    assert "Choose another name" in html(app)
