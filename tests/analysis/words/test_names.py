"""Names: of lists, of the corpus, guessed; how good on 300 marked lines; networks and their file."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from pipeline.analysis.variants import expand_repeats
from pipeline.analysis.words.names import find_names, lines_with_name, name_network, name_table
from pipeline.core.errors import SettingError
from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.table import Corpus
from pipeline.publish.tables import to_graphml
from tests.corpora import make_corpus


def one_song(*lines: str) -> Corpus:
    return make_corpus("names", [Song("t", "?!", (Section("couplet", tuple(map(Line, lines))),))])


def named(*lines: str) -> list[tuple[str, str, bool]]:
    return [(row.name, row.kind, row.guessed) for row in find_names(one_song(*lines)).itertuples(index=False)]


def test_lists_know_names_in_whatever_case() -> None:
    assert named("j'suis à marseille avec zidane en adidas") == [
        ("Marseille", "place", False), ("Zidane", "person", False), ("Adidas", "brand", False),
    ]  # fmt: skip


def test_a_common_word_is_a_name_as_the_list_writes_it() -> None:
    assert named("je mange une orange et une pierre") == []
    assert named("je vis à Orange, chez Pierre") == [("Orange", "place", False), ("Pierre", "person", False)]


def test_a_capital_inside_a_line_is_a_guess_and_one_that_begins_it_is_not() -> None:
    assert named("Trop tard, Ploubalec m'a vu") == [("Ploubalec", "person", True)]
    assert named("Ploubalec m'a vu") == []
    assert named("Ploubalec m'a vu", "hier Ploubalec m'a vu") == [("Ploubalec", "person", True)] * 2
    assert named("je vais à Ploubalec", "rue des Tanneurs") == [
        ("Ploubalec", "place", True),
        ("Tanneurs", "place", True),
    ]
    assert named("JE CRIE DANS LA NUIT") == []
    assert named("Zidane Ploubalec", "Zidanou, dis", "avec Zidanou") == [
        ("Zidane", "person", False), ("Zidanou", "person", True), ("Zidanou", "person", True),
    ]  # fmt: skip
    assert named("") == []


def test_departments_need_their_article_and_families_are_one_name() -> None:
    assert named("le 93 et 93 fois") == [("93", "place", False)]
    names = find_names(one_song("avec Moussa Diarra demain"))
    assert [(row.start, row.stop) for row in names.itertuples()] == [(5, 18)]


def test_an_artist_of_one_word_has_a_capital_and_a_full_name_is_one_name() -> None:
    def song(artist: str, *lines: str) -> Song:
        return Song("t", artist, (Section("couplet", tuple(map(Line, lines))),))

    lines = ("belek aux kalash", "Belek, j'vois Kalash", "on m'a dit Belek", "belek belek", "Kalash sur le son")
    corpus = make_corpus("names", [song("Autre", *lines), song("Belek"), song("Kalash", "rien")])
    found = [(row.line, row.name, row.what) for row in find_names(corpus).itertuples()]
    # Four of five belek inside lines have no capital, so that the one that begins a line says nothing.
    assert found == [(0, "Kalash", "make"), (1, "Kalash", "artist"), (2, "Belek", "artist"), (4, "Kalash", "artist")]
    assert named("comme Michel Berger, Michel", "à Paname") == [
        ("Michel Berger", "person", False), ("Michel", "person", False), ("Paname", "place", False),
    ]  # fmt: skip


def test_nobody_mentions_themselves() -> None:
    def song(artist: str, line: str, *featuring: str) -> Song:
        return Song(line, artist, (Section("couplet", (Line(line),)),), featuring=featuring)

    songs = [
        song("Bigflo & Oli", "avec Bigflo et Oli et Booba"),
        song("Suprême NTM", "le NTM, Booba"),
        song("NTM", "a"),
    ]
    songs += [song("Bigflo", "moi"), song("Oli", "toi"), song("Aube", "avec Brumeux et Booba", "Brumeux")]
    songs += [song("Aube", "comme Bigflo et Michel Berger")]
    links = name_network(make_corpus("own", songs), "mentions")
    assert sorted(map(tuple, links[["source", "target"]].to_numpy())) == [
        ("Aube", "Bigflo"), ("Aube", "Booba"), ("Aube", "Michel Berger"), ("Bigflo & Oli", "Booba"),
        ("Suprême NTM", "Booba"),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def marked() -> list[tuple[str, list[tuple[int, int, str]]]]:
    """Each line with the start, stop and kind of its names."""
    rows = (Path(__file__).parent / "named_lines.tsv").read_text("utf-8").splitlines()[1:]
    lines = []
    for text, marks in (row.split("\t") for row in rows):
        names, at = [], 0
        for name, kind in (mark.split("=") for mark in marks.split(";") if mark):
            at = text.replace("’", "'").index(name, at)
            names.append((at, at + len(name), kind))
        lines.append((text, names))
    return lines


def test_precision_and_recall_on_marked_lines(marked: list[tuple[str, list[tuple[int, int, str]]]]) -> None:
    """A name is right where it overlaps a marked one of its kind; docs/decisions/linguistics.md says the figures."""
    names = find_names(one_song(*(text for text, _ in marked)))
    right = {True: 0, False: 0}
    for row in names.itertuples():
        own = marked[row.line][1]
        right[row.guessed] += any(a < row.stop and row.start < b and kind == row.kind for a, b, kind in own)
    guesses = int(names["guessed"].sum())
    assert (sum(len(own) for _, own in marked), len(names), guesses) == (163, 149, 35)
    assert right == {False: 112, True: 18}


@pytest.fixture(scope="module")
def songs() -> Corpus:
    def song(title: str, artist: str, line: str, year: int, *featuring: str) -> Song:
        return Song(title, artist, (Section("couplet", (Line(line),)),), year=year, featuring=featuring)

    return make_corpus(
        "names",
        [
            song("a", "Aubry", "à Paris avec Zidane, Zidane et Brumeux", 2001, "Brumeux", "Cyprès"),
            song("b", "Brumeux", "à Paris comme Zidane", 2002, "Aubry"),
        ],
    )


def test_tables_count_names_by_group(songs: Corpus) -> None:
    table = name_table(songs).set_index("name")
    assert table.loc["Zidane", ["count", "songs", "artists", "what"]].tolist() == [3, 2, 2, "footballer"]
    assert table.loc["Paris", ["latitude", "longitude"]].tolist() == [48.85, 2.35]
    assert name_table(songs, "year", "person").groupby("year")["count"].sum().to_dict() == {2001: 3, 2002: 1}
    twice = expand_repeats(make_corpus("x2", [Song("t", "?!", (Section("couplet", (Line("à Paris", repeat=2),)),))]))
    assert lines_with_name(twice, "Paris")["spans"].tolist() == [[(2, 7)]]
    assert lines_with_name(songs, "Zidane")["spans"].tolist() == [[(13, 19), (21, 27)], [(14, 20)]]
    with pytest.raises(SettingError, match="choose one of person, place, brand"):
        name_table(songs, kind="river")


def test_networks_are_links_with_their_songs(songs: Corpus) -> None:
    links = {name: name_network(songs, name).to_records(index=False).tolist() for name in ("featurings", "mentions")}
    assert links["featurings"] == [("Aubry", "Brumeux", 1), ("Aubry", "Cyprès", 1), ("Brumeux", "Aubry", 1)]
    assert links["mentions"] == [("Aubry", "Zidane", 1), ("Brumeux", "Zidane", 1)]  # Brumeux is a guest where named
    assert name_network(songs, "company").iloc[0].tolist() == ["Paris", "Zidane", 2]


def test_graphml_is_read_back(songs: Corpus) -> None:
    links = name_network(songs, "featurings").assign(target=lambda table: table["target"] + "<\x00>")
    graph = ElementTree.fromstring(to_graphml(links, directed=True))
    space = "{http://graphml.graphdrawing.org/xmlns}"
    edges = [(edge.get("source"), edge.get("target"), edge[0].text) for edge in graph.iter(f"{space}edge")]
    assert edges[0] == ("Aubry", "Brumeux<\ufffd>", "1")
    assert {node.get("id") for node in graph.iter(f"{space}node")} == {end for edge in edges for end in edge[:2]}


def test_a_graph_without_directions_has_one_edge_of_two_ends(songs: Corpus) -> None:
    graph = ElementTree.fromstring(to_graphml(name_network(songs, "featurings")))
    edges = [(edge.get("source"), edge.get("target"), edge[0].text) for edge in graph.iter() if edge.get("source")]
    assert edges == [("Aubry", "Brumeux", "2"), ("Aubry", "Cyprès", "1")]
