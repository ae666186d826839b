"""Blind ratings: what is rated, what the ratings say, where they are kept."""

import json
from dataclasses import asdict
from typing import Any

import pytest

from dashboard.queries.ratings import (
    CRITERIA,
    HUMAN_SOURCE,
    RATING_KIND,
    Excerpt,
    Rating,
    RatingStore,
    human_excerpts,
    interval,
    plain_excerpts,
    rating_from_json,
    ratings_table,
    shuffle_excerpts,
    summary,
)
from pipeline.core.store import Store
from pipeline.corpus.song import Line, Section, Song
from tests.corpora import make_corpus


def rating(source: str, grade: int) -> Rating:
    return Rating(source, "La nuit", dict.fromkeys(CRITERIA, grade), 1.0)


KEPT = [rating("a at 0.6", 1), rating("a at 0.6", 2), rating("a at 0.6", 3), rating(HUMAN_SOURCE, 5)]


def test_means_have_an_interval_of_student() -> None:
    # s = 1, n = 3, t(0.975, 2) = 4.303 (any table of Student's t): 2 ± 4.303 / √3 = 2 ± 2.484, cut to 1
    assert interval([1, 2, 3]) == (1.0, 4.484)
    assert interval([4, 4]) == (None, None)
    table = summary(KEPT)
    assert table[["source", "n", "mean"]].drop_duplicates().to_numpy().tolist() == [
        ["a at 0.6", 3, 2.0],
        [HUMAN_SOURCE, 1, 5.0],
    ]
    assert len(table) == 2 * len(CRITERIA)


def test_ratings_survive_json_and_are_a_table() -> None:
    assert [rating_from_json(json.loads(json.dumps(asdict(each)))) for each in KEPT] == KEPT
    assert list(ratings_table(KEPT)) == ["source", "text", *CRITERIA, "seconds"]


@pytest.mark.parametrize("data", [[], {}, {"source": "a"}, asdict(rating("a", 9))])
def test_what_is_no_rating_is_refused(data: Any) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        rating_from_json(data)


def test_excerpts_tell_nothing_of_who_wrote_them() -> None:
    found = plain_excerpts("x", ["J'ai vu, hier.", "LA RUE !", "le soir", "(ouais) là", "de trop"])
    assert found == [Excerpt("x", "J'ai vu hier\nLa rue\nLe soir\nOuais là")]


def test_peoples_excerpts_are_beginnings_of_sections_drawn_by_chance() -> None:
    sections = tuple(Section("couplet", tuple(Line(f"vers {n} {i}") for i in range(n))) for n in (3, 5, 6))
    corpus = make_corpus("c", [Song("T", "A", sections)])
    found = human_excerpts(corpus, 2, 1)
    assert {each.text.split("\n")[0] for each in found} == {"Vers 5 0", "Vers 6 0"}
    assert {each.source for each in found} == {HUMAN_SOURCE}
    assert len(human_excerpts(corpus, 1, 1)) == 1
    mixed = shuffle_excerpts([*found, *found, Excerpt("x", "La nuit")], 3)
    assert len(mixed) == 3
    assert mixed == shuffle_excerpts([*found, *found, Excerpt("x", "La nuit")], 3)


def test_ratings_are_kept_for_who_gave_them(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("SEIZE_NOTEBOOKS", str(tmp_path))
    store = RatingStore("somebody")
    assert store.ratings() == []
    for each in KEPT:
        store.add(each)
    assert RatingStore("somebody").ratings() == KEPT
    assert RatingStore("another").ratings() == []
    with store.changing() as things:
        things.put(RATING_KIND, store.owner, "x", {"source": "a"})
    assert store.ratings() == KEPT
    of_session = RatingStore("", Store(None))
    of_session.add(KEPT[0])
    assert of_session.ratings() == KEPT[:1]
