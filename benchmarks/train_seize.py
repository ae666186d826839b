"""Train `seize`, a writer of verse, from the base of French.

    python benchmarks/train_seize.py tatoeba_fr.txt.xz [--base base-subword] [--name seize] [--steps 1800]

It reads whole texts (data/texts), stanzas (data/verses) without « », the songs of the embedded corpus and spoken
sentences, one a line in the file; a control token says which, others say tone, field, who speaks, tense and words of a
text (`language_models.control_tokens`). Windows of 256 pieces hold most of a text, and its state goes on to the next.
What is kept is best on held-out texts and songs; the test songs are those of any run of the embedded corpus.
Interrupted, it resumes from its checkpoint.
"""

import argparse
import dataclasses
import lzma
import re
import time
from collections.abc import Collection
from pathlib import Path

import numpy as np

from pipeline.core.translation import format_decimal, in_language, t
from pipeline.corpus.prepare import open_corpus
from pipeline.corpus.table import Corpus
from pipeline.language.tokens import tokenise
from pipeline.language_models.control_tokens import TEXT_WORDS, SectionConditions, control_token
from pipeline.language_models.splits import Split, song_texts, split_corpus
from pipeline.runs.config import write_config
from pipeline.runs.run import NGRAMS, Run, checkpoint_path
from pipeline.training.card import model_card, sample_text
from pipeline.training.evaluate import score_texts
from pipeline.training.settings import TrainingProgress, TrainSettings
from pipeline.training.train import train_on_split

SIDES = ("train", "valid", "test")
CORPORA = ("seize-lignes", "verses", "demo")  # whose rhymes and spelling the run writes with
SENTENCES, SENTENCE_WORDS, PIECE = 20_000, (4, 14), 16  # spoken ones; words of one; of a text of them
AVERAGING = 0.995  # of the weights: over some 200 updates
LINE_END = re.compile(r"[ \u00a0\u202f]*[,.;:…]+$", re.MULTILINE)  # left out: lines of songs end with a word
LEFT_OUT = re.compile(r"(?i)\b(tom|marie|vous|votre|vos)\b|[\"«»“”]")  # of spoken sentences


def plain_stanzas(corpus: Corpus) -> Corpus:
    """Return the part of a corpus whose texts hold no « »."""
    quoting = corpus.lines["song"][corpus.texts.str.contains("[«»]")]
    return corpus.where(songs=corpus.songs.index.difference(quoting))


def plain_sentences(path: Path) -> list[str]:
    """Return the spoken sentences of a file that are read: a sample drawn once, as texts of `PIECE` lines."""
    lines = lzma.decompress(path.read_bytes()).decode().splitlines()
    low, high = SENTENCE_WORDS
    plain = [line for line in lines if not LEFT_OUT.search(line) and low <= len(tokenise(line)) <= high]
    drawn = [plain[at] for at in np.random.default_rng(1).permutation(len(plain))[:SENTENCES]]
    return [LINE_END.sub("", "\n".join(drawn[at : at + PIECE])) + "\n" for at in range(0, len(drawn), PIECE)]


def without_line_ends(split: Split) -> Split:
    """Return a split whose lines do not end with a comma or full stop."""
    train, valid, test = (tuple(LINE_END.sub("", text) for text in getattr(split, side)) for side in SIDES)
    return dataclasses.replace(split, train=train, valid=valid, test=test)


def told_split(corpus: Corpus, source: str, artist: str, facets: Collection[str] = (), titled: bool = False) -> Split:
    """Return the split of a corpus whose texts are told their source first, then what `artist` names, then facets.

    If `titled`, they are told the words of their title, and not their sections, which are guessed.
    """
    split = split_corpus(corpus, facets)
    titles = dict(zip(song_texts(corpus), corpus.songs["title"], strict=True)) if titled else {}

    def told(text: str, labels: SectionConditions) -> SectionConditions:
        first = [f"<source:{source}>", *labels[0]]
        if titled:
            words = titles[text].rpartition(" (")[0].replace(",", "")
            first = [*(each for each in first if each != control_token("section", "couplet")), f"{TEXT_WORDS} {words}"]
        return tuple(tuple(each.replace("<voice:", f"<{artist}:") for each in part) for part in (first, *labels[1:]))

    labels = {side: tuple(map(told, getattr(split, side), split.labels[side])) for side in SIDES}
    return dataclasses.replace(split, labels=labels)


def read_all(speech: Path) -> tuple[Split, Split, list[int]]:
    """Return what is learnt from, the whole texts alone, and how many of each are read."""
    texts = told_split(open_corpus("seize-lignes"), "texts", "tone", ("field", "who", "tense", "rhymes"), titled=True)
    verses = told_split(plain_stanzas(open_corpus("verses")), "verses", "field", ("who",), titled=True)
    songs, spoken = told_split(open_corpus("demo"), "songs", "voice"), plain_sentences(speech)
    texts, verses = map(without_line_ends, (texts, verses))
    parts = [(texts, "train"), (verses, "train"), (verses, "valid"), (songs, "train")]
    train = (*(text for split, side in parts for text in getattr(split, side)), *spoken)
    told = [label for split, side in parts for label in split.labels[side]]
    labels = {
        "train": (*told, *[(("<source:speech>",),)] * len(spoken)),
        "valid": (*texts.labels["valid"], *songs.labels["valid"]),
        "test": songs.labels["test"],
    }
    counts = [len(texts.train), len(verses.train) + len(verses.valid), len(songs.train)]
    counts += [sum(text.count("\n") for text in spoken), len(texts.valid), len(songs.valid), len(texts.test)]
    return Split(train, (*texts.valid, *songs.valid), songs.test, labels), texts, counts


DATA = {
    "en": """{} texts of sixteen lines (`data/texts`, CC0 1.0), {} stanzas without « » (`data/verses`, CC0 1.0), {}
songs of the embedded corpus (`data/demo`, CC0 1.0), {} sentences of tatoeba.org (CC-BY 2.0 FR), by way of
manythings.org/anki. Chosen by {} other texts and {} other songs. The figures below are of the embedded corpus; {} other
texts take {bits} bits per character. Control tokens tell four lines of five their last word. The vocabulary has
{entries} entries.""",
    "fr": """{} textes de seize lignes (`data/texts`, CC0 1.0), {} strophes sans « » (`data/verses`, CC0 1.0), {}
morceaux du corpus fourni (`data/demo`, CC0 1.0), {} phrases de tatoeba.org (CC-BY 2.0 FR), par manythings.org/anki.
Choisi sur {} autres textes et {} autres morceaux. Les chiffres ci-dessous sont ceux du corpus fourni ; {} autres textes
prennent {bits} bits par caractère. Des jetons de contrôle disent leur dernier mot à quatre lignes sur cinq. Le
vocabulaire a {entries} entrées.""",
}


def card(run: Run, code: str, counts: list[int], bits: float) -> str:
    """Return the card of a run in a language, with what it read in place of the paragraph for one corpus."""
    with in_language(code):
        text, head = model_card(run, run.scores, sample_text(run)), f"## {t('Data')}\n\n"
        numbers = map(format_decimal, counts)
        read = DATA[code].format(*numbers, bits=format_decimal(bits, 3), entries=format_decimal(len(run.vocabulary)))
    before, _, after = text.partition(head)
    return f"{before}{head}{read}\n\n## {after.partition('## ')[2]}"


def report(progress: TrainingProgress) -> None:
    """Print where training stands."""
    print(time.strftime("%H:%M"), progress.terminal_line(), flush=True)


def main() -> None:
    """Train, or go on training; score; write the cards."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("speech", type=Path)
    parser.add_argument("--base", default="base-subword")
    parser.add_argument("--name", default="seize")
    parser.add_argument("--steps", type=int, default=1800)
    parser.add_argument("--rate", type=float, default=3e-3, help="of learning")
    args = parser.parse_args()
    split, texts, counts = read_all(args.speech)
    settings = TrainSettings(
        name=args.name, base=args.base, level="subword", kind="network", steps=args.steps, batch=16, time=256,
        dropout=0.2, learning_rate=args.rate, averaging=AVERAGING, validations=30, patience=1000,
    )  # fmt: skip

    resume = checkpoint_path(args.name).is_file()
    run = train_on_split(split, settings, {"name": CORPORA[-1], "names": list(CORPORA)}, report, resume=resume)
    files = {file: checksum for file, checksum in run.config["files"].items() if file != NGRAMS}
    write_config(run.folder, {**run.config, "files": files})  # a network alone writes without them
    (run.folder / NGRAMS).unlink()
    bits = score_texts(run.text_model(), texts.test, ends=True).bits_per_char
    for code, file in (("en", "card.md"), ("fr", "card.fr.md")):
        (run.folder / file).write_text(card(run, code, counts, bits), "utf-8")
    print(run.card("en"))


if __name__ == "__main__":
    main()
