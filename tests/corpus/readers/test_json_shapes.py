"""JSON in shapes that hide lyrics: lists of lines, several values, keys that stand twice. All lyrics are invented."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.corpus.account import Account
from pipeline.corpus.prepare import prepare
from pipeline.corpus.readers import ReadingHints
from pipeline.corpus.readers.nested import flatten_lyrics, read_json
from pipeline.corpus.song import RawSong

Write = Callable[..., Path]
ONE = "La mer est là ce soir\nLa rue est longue et noire\nOn marche vers le port\nEncore un tour dehors"
TWO = "Le bar est plein de gens\nLa nuit attend dedans\nPersonne ne répond\nLes murs sont en béton"


def song(title: str, lyrics: Any, **more: Any) -> dict[str, Any]:
    return {"artist": "Untel", "title": title, "lyrics": lyrics, **more}


BOTH = {
    "lines": [song("a", ONE.split("\n")), song("b", TWO.split("\n"))],
    "stanzas": [song("a", [ONE.split("\n")[:2], ONE.split("\n")[2:]]), song("b", [[TWO]])],
    "objects of lines": [song("a", [{"text": line} for line in ONE.split("\n")]), song("b", TWO)],
    "objects of sections": [
        song("a", [{"type": "verse", "lines": ONE.split("\n")}]),
        song("b", [{"type": "refrain", "lines": TWO}]),
    ],
    "one object": [song("a", {"plain": ONE, "lang": "fr"}), song("b", {"plain": TWO, "lang": "fr"})],
    "sections": [
        {"artist": "Untel", "title": title, "sections": [{"kind": "couplet", "lyrics": text}]}
        for title, text in (("a", ONE), ("b", TWO))
    ],
    "another key": [song("a", ONE), song("b", None, paroles=TWO)],
    "a key of no name": [song("a", ONE), {"artist": "Untel", "title": "b", "mots": TWO}],
}


@pytest.mark.parametrize("shape", BOTH)
@pytest.mark.parametrize("lined", [False, True])
def test_lyrics_are_found_in_any_shape(shape: str, lined: bool, write: Write, prepared: Path) -> None:
    nodes = BOTH[shape]
    text = "\n".join(map(json.dumps, nodes)) if lined else json.dumps(nodes)
    name = "x.jsonl" if lined else "x.json"
    corpus, report = prepare(write({name: text}) / name, "mine")
    assert corpus.texts.tolist() == [*ONE.split("\n"), *TWO.split("\n")]
    assert corpus.songs[["title", "artist"]].to_numpy().tolist() == [["a", "Untel"], ["b", "Untel"]]
    assert not report.account.unaccounted_size
    assert not report.skipped


@pytest.mark.parametrize("written", [
    json.dumps([ONE, TWO]),
    json.dumps({"Port": ONE, "Bar": TWO}),
    f'{{"Port": {json.dumps(ONE)}, "Port": {json.dumps(TWO)}}}',
    json.dumps(song("a", ONE)) + json.dumps(song("b", TWO)),
    json.dumps(song("a", ONE), indent=1) + "\n" + json.dumps(song("b", TWO), indent=1),
])  # fmt: skip
@pytest.mark.parametrize("name", ["x.json", "x.jsonl"])
def test_values_after_each_other_and_keys_that_stand_twice(
    written: str, name: str, write: Write, prepared: Path
) -> None:
    corpus, report = prepare(write({name: written}) / name, "mine")
    assert corpus.texts.tolist() == [*ONE.split("\n"), *TWO.split("\n")]
    assert not report.account.unaccounted_size


@pytest.mark.parametrize(("levels", "found"), [(11, 2), (12, 1)])
def test_songs_are_looked_for_twelve_levels_deep(levels: int, found: int, write: Write, prepared: Path) -> None:
    node: Any = song("a", ONE)
    for level in range(levels):
        node = {f"niveau {level}": node}
    _, report = prepare(write({"x.json": json.dumps([song("b", TWO), node])}) / "x.json", "mine")
    assert report.songs == found


@pytest.mark.parametrize("wrap", [lambda value: [value], lambda value: {"lines": value}])
def test_lyrics_are_looked_for_four_levels_deep_and_blank_lines_part_outer_lists(wrap: Callable[[Any], Any]) -> None:
    value: Any = "La mer"
    for depth in range(7):
        assert flatten_lyrics(value) == (["La mer"] if depth <= 4 else [])
        value = wrap(value)
    stanza = wrap(["La mer", "La rue"])
    assert flatten_lyrics([stanza, stanza]) == ["La mer", "La rue", "", "La mer", "La rue"]
    assert flatten_lyrics([[stanza, stanza]]) == ["La mer", "La rue"] * 2
    assert flatten_lyrics([{"text": "La mer\nLa rue"}, {"text": "Le bar"}]) == ["La mer\nLa rue", "Le bar"]
    assert flatten_lyrics([{"text": "Le bar"}, {"text": "La mer\nLa rue"}]) == ["Le bar", "", "La mer\nLa rue"]


@pytest.mark.parametrize(("text", "unread"), [("mot " * 30, 30), ("mot " * 29, 0), ("a\nb\nc\nd", 4), ("a\nb\nc", 0)])
def test_songs_are_numbered_by_their_place_and_long_texts_accounted_for(text: str, unread: int) -> None:
    songs = [song("a", ONE, note=text), song("b", TWO)]
    for data in (json.dumps(songs), "\n".join(map(json.dumps, songs))):
        first, second, account = read_json(data.encode(), "x", ReadingHints())
        assert isinstance(account, Account)
        assert [item.source for item in (first, second) if isinstance(item, RawSong)] == ["x#1", "x#2"]
        entries = {name: entry.size.words for name, entry in account.entries.items()}
        assert entries == ({"texts-unread": unread} if unread else {}) | {"metadata": 11 + len(text.split()) - unread}
        assert account.read.words == sum(len(each.split()) for each in (ONE, TWO, text)) + 11  # 7 keys, 4 values
