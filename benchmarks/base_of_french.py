"""Train the base of French that runs may start from (`train --from base-subword`), and say how well it predicts.

    python benchmarks/base_of_french.py french.txt.xz [--level char] [--units 512] [--minutes 60 | --steps 20000]
    python benchmarks/base_of_french.py french.txt.xz --from base-subword --name base-two --nearest 0.5 --minutes 80

The file holds sentences, one a line, an empty line between works. One work in a hundred is held out for validation and
one for the test, by the hash of its text. The characters, or pieces of words (`--level subword --entries 4096`), are
those of the file and of the embedded songs that training reads. Interrupted, it resumes from its checkpoint.

`--speech` adds sentences that stand alone, one a line, each read so many times as `--speech-times` says.

With `--from` a base that is there reads on; with other `--units` and `--embedding` as a larger network that begins by
computing what the smaller one did (Chen, Goodfellow & Shlens 2016, Net2Net). `--nearest` keeps that share of the
sentences, those nearest to the songs by the difference of two cross-entropies (Moore & Lewis 2010): a Kneser-Ney
trigram of the songs' tokens against one of as many tokens of the prose. The test works stay whole, so bits compare.
"""

import argparse
import dataclasses
import hashlib
import lzma
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipeline.corpus.prepare import ensure_demo, open_corpus
from pipeline.language.vocabulary import Vocabulary
from pipeline.language_models.kneser_ney import train_kneser_ney
from pipeline.language_models.splits import Split, split_corpus
from pipeline.language_models.units import UNITS, vocabulary_units
from pipeline.runs.draft import RunDraft, round_weights, save_run
from pipeline.runs.run import checkpoint_path
from pipeline.training.base import BaseModel, open_base
from pipeline.training.card import sample_text
from pipeline.training.checkpoint import load_checkpoint, save_checkpoint
from pipeline.training.evaluate import paired_difference, score_texts, song_bits
from pipeline.training.settings import CompleteSettings, TrainingProgress, TrainSettings
from pipeline.training.train import network_spec

HELD_OUT = 300_000  # characters a side
LONGEST = 60_000  # characters of a work that is held out
PIECE = 400  # lines: works are read in pieces, so that an epoch mixes them
RAREST = 5  # times that a character has to occur
OFTEN = {"char": 2, "subword": 8}  # times that the songs are counted beside the file, where tokens are chosen
# How each kind of units is trained: embedding, whether it gives the logits too, batch, rate.
RATE_ON = 0.5  # of the rate, for a base that reads on
SHAPES = {"char": (64, False, 64, 6e-3), "subword": (256, True, 64, 6e-3)}


def read_works(path: Path) -> list[str]:
    """Return the works of a file, .xz or plain."""
    data = path.read_bytes()
    text = (lzma.decompress(data) if path.suffix == ".xz" else data).decode()
    return [work.strip("\n") + "\n" for work in text.split("\n\n") if work.strip()]


def in_pieces(path: Path) -> list[str]:
    """Return sentences that stand alone, in an order drawn once, in pieces as long as those of works."""
    lines = [line for work in read_works(path) for line in work.splitlines()]
    drawn = [lines[at] for at in np.random.default_rng(1).permutation(len(lines))]
    return ["\n".join(drawn[at : at + PIECE]) + "\n" for at in range(0, len(drawn), PIECE)]


def split_works(works: Sequence[str]) -> Split:
    """Return pieces of works to train on, and works held out."""
    side = [int(hashlib.blake2b(work.encode(), digest_size=4).hexdigest(), 16) % 200 for work in works]
    order = sorted(range(len(works)), key=side.__getitem__)
    pieces = []
    for work in (works[at] for at in order if side[at] >= 4):
        lines = work.split("\n")
        pieces += ["\n".join(lines[at : at + PIECE]) + "\n" for at in range(0, len(lines), PIECE)]
    held = [_some([works[at] for at in order if low <= side[at] < low + 2]) for low in (0, 2)]
    return Split(tuple(pieces), held[0], held[1])


def _some(works: Sequence[str]) -> tuple[str, ...]:
    taken: list[str] = []
    for work in works:
        taken.append(work[:LONGEST])
        if sum(map(len, taken)) > HELD_OUT:
            break
    return tuple(taken)


def nearest_sentences(
    texts: Sequence[str], songs: Sequence[str], vocabulary: Vocabulary, share: float
) -> tuple[str, ...]:
    """Return the texts with the share of their sentences that is nearest to the songs, in their order."""
    units = vocabulary_units(vocabulary)
    sentences = [[units.encode(line + "\n", vocabulary) for line in text.splitlines()] for text in texts]
    flat = [tokens for text in sentences for tokens in text]
    near = [units.encode(line + "\n", vocabulary) for song in songs for line in song.splitlines() if line.strip()]
    order = np.random.default_rng(1).permutation(len(flat))
    size, prose = sum(map(len, near)), []
    for at in order:
        prose.append(flat[at])
        size -= len(flat[at])
        if size < 0:
            break
    models = [train_kneser_ney(part, len(vocabulary), 3) for part in (near, prose)]
    scores = np.empty(len(flat))
    for start in range(0, len(flat), 50_000):
        part = flat[start : start + 50_000]
        of_songs, of_prose = (np.array([log_p.mean() for log_p in model.score(part)]) for model in models)
        scores[start : start + len(part)] = of_songs - of_prose
    lowest, at, chosen = np.quantile(scores, 1 - share), 0, []
    for text in texts:
        lines = text.splitlines()
        chosen.append("\n".join(line for line, score in zip(lines, scores[at:], strict=False) if score >= lowest))
        at += len(lines)
    return tuple(text + "\n" for text in chosen if text)


def base_settings(args: argparse.Namespace, characters: int) -> CompleteSettings:
    """Return the settings: nothing is dropped, as two readings of the text are not enough to learn it by heart."""
    embedding, tied, batch, rate = SHAPES[args.level]
    return TrainSettings(
        name=args.name or f"base-{args.level}", level=args.level, kind="network", units=args.units,
        embedding=args.embedding or embedding,
        tied=tied, dropout=0.0, recurrent_dropout=0.0, batch=batch, time=args.time,
        patience=1000, validations=30, learning_rate=rate * RATE_ON if args.base else rate, base=args.base,
        **({"steps": args.steps} if args.steps else {"minutes": args.minutes}),
    ).with_defaults(characters)  # fmt: skip


def widened(small: Sequence[np.ndarray], fresh: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Return weights of a tied LSTM of any larger size that gives the logits of the smaller one, in Keras's order.

    The old units read the old part of the embedding and of the state alone. The new ones read all, and are read by the
    new columns of the projection, which are zero at first. Of the same size, the weights are those of the smaller one.
    """
    embedding, kernel, recurrent, bias, projection, _ = (np.array(array) for array in fresh)
    old_embedding, old_kernel, old_recurrent, old_bias, old_projection, old_logits_bias = small
    n, m = old_recurrent.shape[0], old_embedding.shape[1]
    units, width = recurrent.shape[0], embedding.shape[1]
    embedding[:, :m] = old_embedding
    gates, rows = (array.reshape(len(array), 4, units) for array in (kernel, recurrent))
    gates[:, :, :n], rows[:, :, :n] = 0, 0
    gates[:m, :, :n] = old_kernel.reshape(m, 4, n)
    rows[:n, :, :n] = old_recurrent.reshape(n, 4, n)
    bias.reshape(4, units)[:, :n] = old_bias.reshape(4, n)
    projection[:n, m:], projection[n:] = 0, 0
    projection[:n, :m] = old_projection
    return [embedding, gates.reshape(width, -1), rows.reshape(units, -1), bias, projection, old_logits_bias]


def train(split: Split, vocabulary: Vocabulary, settings: CompleteSettings, base: BaseModel | None) -> RunDraft:
    """Train the network, from its checkpoint if there is one; Ctrl-C keeps the best so far."""
    from pipeline.training.fit import fit

    spec, path = network_spec(settings, len(vocabulary)), checkpoint_path(settings.name)
    units = vocabulary_units(vocabulary)
    train, valid = ([units.encode(text, vocabulary) for text in part] for part in (split.train, split.valid))

    def report(progress: TrainingProgress, _: object) -> None:
        print(time.strftime("%H:%M"), progress.terminal_line(), flush=True)

    fitted = fit(
        spec,
        lambda generator: train,
        valid,
        settings,
        resume=load_checkpoint(path)[0] if path.exists() else None,
        initial_weights=(lambda fresh: widened(base.weights, fresh)) if base else None,
        on_progress=report,
        on_checkpoint=lambda checkpoint: save_checkpoint(path, checkpoint, {"network": spec.to_json()}),
    )
    position, weights = fitted.position, round_weights(fitted.model.get_weights())

    def save(file: Path) -> None:
        fitted.model.set_weights(weights)
        fitted.model.save(file)

    training = {"seconds": round(position.seconds, 1), "steps": position.step, "best_bits": position.best_bits}
    training["epochs"] = position.epoch + position.window / fitted.windows_per_epoch
    config = {
        "name": settings.name,
        "kind": "network",
        "network": spec.to_json(),
        "parameters": fitted.model.count_params(),
        "settings": vars(settings),
        "training": training,
    }
    return RunDraft(settings.name, config, vocabulary, weights=save, weight_arrays=weights)


def with_scores(draft: RunDraft, split: Split, source: str) -> RunDraft:
    """The draft with its bits a character on the held-out works, and its card."""
    sides = {side: getattr(split, side) for side in ("train", "valid", "test")}
    sizes = {side: {"songs": len(texts), "characters": sum(map(len, texts))} for side, texts in sides.items()}
    draft = draft.with_config(corpus={"name": source, "text": True, "split": sizes})
    run = draft.as_run()
    model = run.text_model()
    scores = {side: score_texts(model, sides[side], ends=True).to_json() for side in ("valid", "test")}
    bits, characters = song_bits(model, split.test), np.array([len(text) + 1.0 for text in split.test])
    interval = paired_difference(bits, np.zeros_like(bits), characters)[1]
    draft = draft.with_config(scores=scores)
    return RunDraft(**{**vars(draft), "card": card(draft, scores, interval, sample_text(run))})


def card(draft: RunDraft, scores: dict, interval: tuple[float, float], sample: str) -> str:
    """Return the model card."""
    t, settings, corpus = draft.config["training"], draft.config["settings"], draft.config["corpus"]
    sizes = {side: f"{of['songs']:,} texts, {of['characters']:,} characters" for side, of in corpus["split"].items()}
    noun, tokens = {"char": ("character", "characters"), "subword": ("sub-word", "pieces of words")}[settings["level"]]
    asked = f"--steps {settings['steps']}" if settings["steps"] else f"--minutes {settings['minutes']:g}"
    return f"""# {draft.name}

A base of French to start from (`python -m pipeline train CORPUS --from {draft.name}`): a {noun}-level LSTM of
{settings["layers"]} × {settings["units"]} units, {draft.config["parameters"]:,} parameters. It has read no song.

## Data

1.01 million French sentences of the public domain, gathered for Common Voice and given under CC0 1.0: novels and prose
of Project Gutenberg and Wikisource, plays of libretheatre.fr, debates of the Assemblée nationale 2013–2017. Split by
work: train {sizes["train"]}; validation {sizes["valid"]}; test {sizes["test"]}. The vocabulary has
{len(draft.vocabulary):,} entries, {tokens} of this text and of the embedded songs that training reads.

## Quality

Bits per character on works that it did not read: validation {scores["valid"]["bits_per_char"]:.4f}, test
{scores["test"]["bits_per_char"]:.4f} (95 % interval over {corpus["split"]["test"]["songs"]} works
{interval[0]:.3f} to {interval[1]:.3f}).

## Training

{t["seconds"] / 60:.0f} minutes on shared cores, {t["steps"]:,} updates of {settings["batch"]} × {settings["time"]}
{tokens} ({t["epochs"]:.2f} readings); AdamW at {settings["learning_rate"]}, cosine to zero, clipped at
{settings["clip"]}. Weights are rounded to float16 when saved. Trained again by

```sh
python benchmarks/base_of_french.py FILE --level {settings["level"]} --units {settings["units"]} {asked}
```

## A sample

Temperature 0.8, no seed, random seed 1:

```text
{sample.strip()}
```

## Use and limits

Made to be fine-tuned on lyrics. Its French is mostly that of the 19th century: no slang, no verlan, little of today.
Its opinions and mistakes come from its books. It knows no facts.
"""


def main() -> None:
    """Train, score, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--name")
    parser.add_argument("--level", choices=SHAPES, default="char")
    parser.add_argument("--entries", type=int, default=4096, help="of the vocabulary, where units have that choice")
    parser.add_argument("--units", type=int, default=512)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--steps", type=int, help="updates, instead of --minutes")
    parser.add_argument("--embedding", type=int, help="of the sub-words")
    parser.add_argument("--speech", type=Path, help="sentences that stand alone")
    parser.add_argument("--speech-times", type=int, default=2)
    parser.add_argument("--time", type=int, default=50, help="tokens of a window")
    parser.add_argument("--from", dest="base", help="a base that reads on, with its vocabulary")
    parser.add_argument("--nearest", type=float, help="the share of the sentences to read, those nearest to songs")
    parser.add_argument("--also", type=Path, nargs="*", default=[], help="texts that the nearest are near to as well")
    args = parser.parse_args()
    ensure_demo()
    split, songs = split_works(read_works(args.file)), split_corpus(open_corpus("demo")).train
    base = open_base(args.base) if args.base else None
    limit = None if args.level == "char" else args.entries
    texts = [*split.train, *songs * OFTEN[args.level]]
    vocabulary = base.vocabulary if base else UNITS[args.level].vocabulary(texts, minimum=RAREST, limit=limit)
    if args.nearest:
        near = [*songs, *(text for path in args.also for text in read_works(path))]
        read, valid = (nearest_sentences(side, near, vocabulary, args.nearest) for side in (split.train, split.valid))
        split = dataclasses.replace(split, train=read, valid=valid)
    if args.speech:
        spoken = split_works(in_pieces(args.speech))
        train_on = (*split.train, *spoken.train * args.speech_times)
        split = dataclasses.replace(split, train=train_on, valid=(*split.valid, *spoken.valid))
        print(f"{sum(map(len, split.train)):,} characters to learn from", flush=True)
    settings = base_settings(args, sum(map(len, split.train)))
    draft = with_scores(train(split, vocabulary, settings, base), split, args.file.name.partition(".")[0])
    save_run(draft)
    print(draft.card)


if __name__ == "__main__":
    main()
