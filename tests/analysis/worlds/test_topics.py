"""Topics on the planted worlds of test_lexical_worlds: both methods find them."""

import pytest

from pipeline.analysis.worlds.topics import METHODS, find_topics
from pipeline.core.errors import SettingError
from pipeline.corpus.table import Corpus


@pytest.mark.parametrize("method", METHODS)
def test_planted_worlds_are_topics(planted: Corpus, method: str) -> None:
    found = find_topics(planted, 3, method, words=15, lemmas=False)
    artists = found.corpus.songs["artist"].to_numpy()[found.corpus.lines["song"]]
    own = {(artist, int(found.labels[at])) for artist, at in zip(artists, found.segment_of, strict=True)}
    assert found.count == 3
    assert len(own) <= 5  # a segment or two may lean the other way
    assert found.at(2) is found


def test_another_method_is_refused(planted: Corpus) -> None:
    with pytest.raises(SettingError, match="nmf, lda"):
        find_topics(planted, 3, "bert")
