"""The embedded whole texts: 1,904 of sixteen lines, each with what it is; none has an artist cut in two."""

from collections import Counter

from pipeline.core.paths import SHIPPED_CORPORA
from pipeline.corpus.account import Tally
from pipeline.corpus.compose import build_song
from pipeline.corpus.readers.sources import read_blob, recognise_source
from pipeline.corpus.song import RawSong


def test_every_text_is_whole_and_says_what_it_is() -> None:
    source = recognise_source(SHIPPED_CORPORA["seize-lignes"])
    (blob,) = source.blobs
    raw = [item for item in read_blob(source, blob) if isinstance(item, RawSong)]
    assert len(raw) == 1904
    assert all(song.facets.keys() == {"field", "who", "tense", "rhymes"} for song in raw)
    songs = [build_song(song, Tally()) for song in raw]
    assert {sum(len(section.lines) for section in song.sections) for song in songs} == {16}
    assert {song.year for song in songs} == {None}
    assert not any(song.featuring for song in songs)
    tones = Counter(song.artist for song in songs)
    assert len(tones) == 11
    assert min(tones.values()) > 100
