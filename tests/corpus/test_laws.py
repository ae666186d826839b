"""Laws of reading that hold for any song: nothing is lost unsaid, and what does not matter changes nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.corpus.account import EMPTY_SIZE, Account, Tally, sum_sizes, text_size
from pipeline.corpus.compose import build_song
from pipeline.corpus.prepare import prepare
from pipeline.corpus.song import RawSong, Song
from pipeline.corpus.tags import read_tag

LINE = st.lists(st.text("abcdéœ'", min_size=2, max_size=7), min_size=2, max_size=6).map(" ".join)
STANZA = st.lists(LINE, min_size=1, max_size=6)
TAG = st.sampled_from(["Couplet 1", "Refrain", "Pont", "Intro", "Couplet 2 : Untel & Autre", "Refrain x2", "Outro"])
TAGGED = st.lists(st.tuples(TAG, STANZA), min_size=1, max_size=5)
DIRT = st.sampled_from(
    ["", " (x2)", " (ouais)", "\u2028", "\u00a0", " <br>", "&eacute;", "\ufeff", " *pan*", "\t", "12Embed"]
)
quick = settings(max_examples=40, deadline=None)


def text_of(sections: list[tuple[str, list[str]]], between: str = "\n\n") -> str:
    return between.join("\n".join([f"[{tag}]", *lines]) for tag, lines in sections)


def compose_quietly(text: str) -> Song:
    return build_song(RawSong(text, "x"), Tally())


@quick
@given(TAGGED, st.lists(DIRT, min_size=1, max_size=9))
def test_what_is_read_is_kept_or_dropped_by_a_rule(sections: list[tuple[str, list[str]]], dirt: list[str]) -> None:
    dirty = [(tag, [line + dirt[at % len(dirt)] for at, line in enumerate(lines)]) for tag, lines in sections]
    tally, account = Tally(), Account()
    song = build_song(RawSong(text_of(dirty), "x"), tally)
    account.read = text_size(text_of(dirty))
    account.kept = sum_sizes(text_size(line.text) for line in song.lines())
    tally.end_song()
    tally.record_drops(account)
    assert account.unaccounted_size == EMPTY_SIZE


@quick
@given(TAGGED, st.integers(1, 4), st.sampled_from(["", " ", "  "]))
def test_blank_lines_blanks_and_line_ends_change_no_song(
    sections: list[tuple[str, list[str]]], blank: int, space: str
) -> None:
    plain = compose_quietly(text_of(sections)).sections
    assert compose_quietly(text_of(sections, "\n" * (blank + 1))).sections == plain
    assert compose_quietly(text_of(sections).replace("\n", f"{space}\r\n")).sections == plain
    assert compose_quietly(f"\n\n{text_of(sections)}\n{space}\n").sections == plain


@quick
@given(TAGGED)
def test_capitals_and_brackets_of_tags_change_no_song(sections: list[tuple[str, list[str]]]) -> None:
    plain = compose_quietly(text_of(sections)).sections
    for change in (str.upper, str.lower, lambda tag: f" {tag} "):
        changed = compose_quietly(text_of([(change(tag), lines) for tag, lines in sections])).sections
        assert [(each.kind, each.number, each.repeat, each.lines) for each in changed] == [
            (each.kind, each.number, each.repeat, each.lines) for each in plain
        ]
    assert compose_quietly(text_of(sections).replace("[", "{").replace("]", "}")).sections == plain


@quick
@given(
    st.sampled_from(["Couplet", "Refrain", "Pré-refrain", "Pont", "Intro", "Outro", "Interlude"]), st.integers(1, 20)
)
def test_a_tag_is_what_was_written(kind: str, number: int) -> None:
    assert read_tag(f"{kind} {number}") == read_tag(f"{number}e {kind}") == (kind.lower(), number, (), 1)
    assert read_tag(f"{kind} : Un & Deux, Trois (x{number})") == (kind.lower(), None, ("Un", "Deux", "Trois"), number)


@pytest.mark.parametrize("form", ["csv", "txt"])
def test_the_order_of_songs_changes_none(form: str, write: Callable[..., Path], prepared: Path) -> None:
    songs = [(f"Untel {at % 3}", f"Titre {at}", f"[Couplet 1]\nla mer {at}\nla rue {at * at}") for at in range(9)]
    seen = []
    for order in (songs, songs[::-1], songs[4:] + songs[:4]):
        if form == "csv":
            rows = "".join(f'{artist},{title},"{text}"\n' for artist, title, text in order)
            source = write({"x.csv": f"artist,title,lyrics\n{rows}"}) / "x.csv"
        else:
            source = write({f"{artist}/{title}.txt": text for artist, title, text in order})
        corpus, _ = prepare(source, "mine")
        lines = corpus.texts.groupby(corpus.lines["song"]).agg(tuple)
        seen.append((set(zip(corpus.songs["artist"], corpus.songs["title"], lines, strict=True)), corpus.vocabulary))
    assert seen[0] == seen[1] == seen[2]
