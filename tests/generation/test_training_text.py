"""What a run looks words up in: its own corpora, or its own text, and nothing else."""

import numpy as np
import pytest

from pipeline.core.errors import RunError
from pipeline.corpus.song import Line, Section, Song
from pipeline.generation.constraints import Constraints
from pipeline.generation.lyric import LyricSettings
from pipeline.generation.training_text import TrainingText, training_text
from pipeline.generation.writing import write_lyric
from pipeline.language.tokens import tokenise
from pipeline.training.train import train_on_text
from tests.corpora import make_corpus
from tests.generation.fakes import fake_run
from tests.small_corpus import small_settings

# Words that no other text here has, in endings that rhyme.
STARTS = ("mon brouzouf", "ton gribouf", "le zarbouk", "un flonflir", "ce trudule", "mon zigouille", "le bramouk")
VERBS = ("chamboulise", "trifougne", "bringuelle", "zazouille", "patafiole", "mirlitone")
ENDS = ("bachicouli", "zarbouli", "frifouli", "chaloupin", "ratapin", "zinzolin", "gratopon", "barbapon", "mirapon")


def made_text(lines: int) -> str:
    rng = np.random.default_rng(0)
    return "\n".join(
        f"{rng.choice(STARTS)} {rng.choice(VERBS)} {rng.choice(STARTS)} et {rng.choice(VERBS)} le {rng.choice(ENDS)}"
        for _ in range(lines)
    )


@pytest.mark.parametrize("level", [pytest.param("char", marks=pytest.mark.slow), "subword"])
def test_a_run_of_a_plain_text_writes_no_word_of_another(level, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("SEIZE_MODELS", str(tmp_path))
    text, valid = made_text(260), made_text(40)
    run = train_on_text(text, valid, small_settings(name="brut", level=level, steps=60), "brut.txt")
    constraints = Constraints(scheme="AABB", syllables=12, tolerance=2)
    lyric = write_lyric(run, "", LyricSettings(lines=8, constraints=constraints), 1)
    words = {word for line in lyric.lines for word in tokenise(line.text)}
    assert words
    assert words <= set(tokenise(text)) | set(tokenise(valid))
    assert {span.source for line in lyric.lines for span in line.copies} <= {"brut"}


def test_a_run_without_its_text_says_so() -> None:
    with pytest.raises(RunError, match="does not include its training text"):
        training_text(fake_run(["la", "nuit"]))


def test_corpora_are_laid_end_to_end() -> None:
    one, two = (
        make_corpus(
            name,
            [
                Song(
                    f"T{name}",
                    name,
                    (Section("couplet", (Line(line), Line(f"{line} (yo)", ((len(line) + 1, len(line) + 5),)))),),
                )
            ],
        )
        for name, line in (("a", "la rue dort"), ("b", "la nuit tombe"))
    )
    text = TrainingText.from_corpora([one, two])
    assert text.titles == ("Ta · a", "Tb · b")
    assert text.songs.tolist() == [0, 0, 1, 1]
    words, rows = text.everything
    assert text.vocabulary.decode(words) == ["la", "rue", "dort"] * 2 + ["yo"] + ["la", "nuit", "tombe"] * 2 + ["yo"]
    assert rows.tolist() == [0] * 3 + [1] * 4 + [2] * 3 + [3] * 4
    assert len(text.lyrics[0]) == 12
    assert text.word_counts()[text.vocabulary.word2index["la"]] == 4


def test_a_text_reads_as_a_corpus_of_its_lines_does() -> None:
    lines = ["la rue dort (yo)", "la nuit tombe", "j'sais pas"]
    sung = (Line(lines[0], ((12, 16),)), *map(Line, lines[1:]))
    corpus = make_corpus("a", [Song("T", "A", (Section("couplet", sung),))])
    text, same = TrainingText.from_texts(["\n".join(lines)], "T"), TrainingText.from_corpora([corpus])
    for (words, rows), (others, theirs) in ((text.lyrics, same.lyrics), (text.everything, same.everything)):
        assert text.vocabulary.decode(words) == same.vocabulary.decode(others)
        assert rows.tolist() == theirs.tolist()
