"""The one place that knows the pronunciation model: words in, IPA out.

The model is g2p2 with its Romance pack (weights from Wiktionary data, MIT or Apache-2.0), pinned in
requirements.txt. Its own loader writes a cache and races when several processes start at once, so the weights
are read straight from the installed package: no cache, no network. The model reads one plain word at a time;
apostrophes, digits and lone letters are the caller's business (see phones.py).
"""

import lzma
import re
import threading
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.language.ipa import clean_ipa

_LOCK = threading.Lock()
_EL_ENDING_PATTERN = re.compile(r"[bcdfghjkmnpqrstvzl]els?$")
_LOST_EL_PATTERN = re.compile(r"(?<=[bdfɡklmnpʁstvzʃʒ])ə?l$")
_LOST_I_PATTERN = re.compile(r"(?<=[bdfɡklmnpʁstvzʃʒ])j$")
_DOUBLE_CONSONANT_PATTERN = re.compile(r"([pbtdkɡfs])\1")
_FINAL_I = re.compile(r"(?:i|ie|y)s?$")


@cache
def _load_model() -> Any:
    from g2p2 import Model  # here, so that pages that never meet an unknown word never load the weights

    packed = (files("g2p2_group_romance") / "fr.g2p.xz").read_bytes()
    return Model.from_bytes(lzma.decompress(packed))


def unload_model() -> None:
    """Free the memory of the pronunciation model; the next unknown word loads it again."""
    _load_model.cache_clear()


def transcribe_words(words: Sequence[str]) -> list[str]:
    """Return the IPA transcription of each word, in order. The first call loads the model (1 to 2 s, about 285 MB)."""
    if not words:
        return []
    with _LOCK:  # one load, whatever the number of threads; a batch takes milliseconds
        answers = _load_model().phonemize_many(list(words))
    return [_correct_transcription(word, clean_ipa(ipa)) for word, ipa in zip(words, answers, strict=True)]


def _correct_transcription(word: str, ipa: str) -> str:
    """Return the model's transcription of a word without its known errors, mostly in names and loans.

    Simon → zimɔ̃; haricots → leaʁiko, hameau → œ̃amo (the article as well); horlogers → ɔʁlɔʒʁ; Kamel → kaml; Australie
    → ostʁalj; Barbès → baʁbɛz; Yaël → ajaɛl; loop → lɔɔp; Thessalie → tɛsaljɛ; Clarimond → klaʁimɔ̃d; Hippolyte →
    ippɔlit."""
    if word.startswith("s") and ipa.startswith("z"):
        ipa = "s" + ipa[1:]
    if word.startswith("h") and ipa.startswith(("le", "de", "œ̃")):
        ipa = ipa[2:]
    if word.endswith("gers") and ipa.endswith("ʒʁ"):
        ipa = ipa[:-1] + "e"
    if _EL_ENDING_PATTERN.search(word):
        ipa = _LOST_EL_PATTERN.sub("ɛl", ipa)
    if _FINAL_I.search(word):
        ipa = _LOST_I_PATTERN.sub("i", ipa)
    if word.endswith("ie") and ipa.endswith("jɛ"):
        ipa = ipa[:-2] + "i"
    if word.endswith("mond") and ipa.endswith("ɔ̃d"):
        ipa = ipa[:-1]
    ipa = _DOUBLE_CONSONANT_PATTERN.sub(r"\1", ipa)
    if word.endswith("ès") and ipa.endswith("z"):
        ipa = ipa[:-1] + "s"
    if word.startswith("y") and ipa.startswith("aj"):
        ipa = ipa[1:]
    if "oo" in word and not word.startswith(("coo", "zoo", "boo")):
        ipa = ipa.replace("ɔɔ", "u")
    return ipa
