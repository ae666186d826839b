"""What the pronunciation model gets wrong is corrected, once and nowhere else."""

import pytest

from pipeline.language.g2p import _correct_transcription


@pytest.mark.parametrize(
    ("word", "ipa", "corrected"),
    [
        ("simon", "zimɔ̃", "simɔ̃"),
        ("haricots", "leaʁiko", "aʁiko"),
        ("hameau", "œ̃amo", "amo"),
        ("horlogers", "ɔʁlɔʒʁ", "ɔʁlɔʒe"),
        ("kamel", "kaml", "kamɛl"),
        ("australie", "ostʁalj", "ostʁali"),
        ("barbès", "baʁbɛz", "baʁbɛs"),
        ("yaël", "ajaɛl", "jaɛl"),
        ("loop", "lɔɔp", "lup"),
        ("cooper", "kɔɔpœʁ", "kɔɔpœʁ"),
        ("thessalie", "tɛsaljɛ", "tɛsali"),
        ("clarimond", "klaʁimɔ̃d", "klaʁimɔ̃"),
        ("hippolyte", "ippɔlit", "ipɔlit"),
    ],
)
def test_known_errors_are_corrected(word: str, ipa: str, corrected: str) -> None:
    assert _correct_transcription(word, ipa) == corrected
    assert _correct_transcription(word, corrected) == corrected
