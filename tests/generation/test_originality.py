import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.corpus.song import Line, Section, Song
from pipeline.generation.search.originality import index_spans
from tests.corpora import make_corpus
from tests.generation.fakes import learnt


def corpus_of(*songs):
    """A corpus of songs of one section each, given as lists of lines."""
    return learnt(
        make_corpus(
            "test",
            [Song(f"T{i}", f"A{i}", (Section("couplet", tuple(map(Line, lines))),)) for i, lines in enumerate(songs)],
        )
    )


INDEX = index_spans(
    corpus_of(
        ["J'reviens du bloc ce soir", "La rue parle tout bas"],
        ["Tout bas j'écris ma rue", "La nuit parle tout bas aussi"],
    )
)


@pytest.mark.parametrize(
    ("line", "longest", "copies"),
    [
        ("moi j' reviens du bloc", 4, [("j'reviens du bloc", "T0 · A0")]),
        ("ce soir la rue", 4, [("ce soir la rue", "T0 · A0")]),  # a run may cross a line end of the corpus
        ("bas tout bas", 2, []),  # "bas | tout bas" would cross from one song into the next
        ("parle tout bas aussi", 4, [("parle tout bas aussi", "T1 · A1")]),
        ("wesh", 0, []),
        ("", 0, []),
    ],
)
def test_runs_of_words_and_their_song(line, longest, copies):
    assert INDEX.longest_copy_length(line.split()) == longest
    assert [(span.text, span.source) for span in INDEX.find_copies(line.split())] == copies


@pytest.mark.parametrize(
    ("line", "whole"),
    [
        ("la rue parle tout bas", True),
        ("la nuit parle tout bas aussi", True),
        ("rue parle tout bas", False),
        ("la rue parle tout", False),
        ("la rue parle tout bas aussi", False),
        ("", False),
    ],
)
def test_whole_lines_are_recognised(line, whole):
    assert INDEX.has_line(line.split()) == whole


def test_the_report_of_a_text():
    # runs of four words: 2 of 3 seen (la rue parle tout | rue parle tout bas | parle tout bas demain), then 0 of 1
    report = INDEX.measure_originality("La rue parle tout bas demain\n\nEt je danse ici")
    assert report.copied_share == pytest.approx(2 / 4)
    assert [[span.text for span in copies] for copies in report.copies] == [["la rue parle tout bas"], [], []]
    assert INDEX.measure_originality("").copies == ()


WORDS = st.lists(st.sampled_from("abc"), min_size=1, max_size=7)


@settings(max_examples=25)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=3), min_size=1, max_size=3), WORDS)
def test_the_index_agrees_with_looking_everywhere(songs, line):
    corpus = corpus_of(*[[" ".join(words) for words in song] for song in songs])
    texts = [" " + " ".join(word for words in song for word in words) + " " for song in songs]
    runs = [line[i:j] for i in range(len(line)) for j in range(i + 1, len(line) + 1)]
    expected = max((len(run) for run in runs if any(f" {' '.join(run)} " in text for text in texts)), default=0)
    index = index_spans(corpus)
    assert index.longest_copy_length(line) == expected
    assert index.has_line(line) == any(line == words for song in songs for words in song)
