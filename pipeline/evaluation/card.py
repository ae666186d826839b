"""The model card (Mitchell et al. 2019), written from what a run's config and scores say, in the reader's language.

`card.md` of a run is in English, whoever trained it: the file travels with the run, and a person may edit it, or lay a
translation beside it (`card.fr.md`).
"""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from pipeline.core.errors import SeizeError
from pipeline.core.translation import SOURCE, in_language, language, mark, number, t, t_count, with_marks
from pipeline.evaluation.card_quality import quality
from pipeline.evaluation.card_sample import SEED, TEMPERATURE
from pipeline.language.vocabulary import Level
from pipeline.runs.config import WORD_CONTEXTS
from pipeline.runs.run import Run

_LEVELS: dict[Level, str] = {"char": mark("char"), "subword": mark("subword"), "word": mark("word")}
_SIDES = {
    "train": mark("{songs} ({characters} characters) train"),
    "valid": mark("{songs} ({characters} characters) valid"),
    "test": mark("{songs} ({characters} characters) test"),
}
_SAMPLE = re.compile(r"^```text\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


def card_to_read(run: Run) -> str:
    """Return the card of a run in the reader's language; as a person wrote or edited it, where one did.

    Raise RunError when it cannot be read.
    """
    stored = run.card(language())
    sample = _SAMPLE.search(stored)
    try:
        with in_language(SOURCE):
            written = model_card(run, run.scores, sample[1]) if sample else ""
        return model_card(run, run.scores, sample[1]) if sample and written == stored else stored
    except (SeizeError, KeyError, IndexError, TypeError, ValueError):  # a config of another kind of run
        return stored


def model_card(run: Run, scores: Mapping[str, Any], sample: str) -> str:
    """Return in Markdown what the model is, what it learnt from, how good it is, and how it writes."""
    written = t(
        "Temperature {temperature}, no seed, random seed {seed}:", temperature=number(TEMPERATURE, 1), seed=SEED
    )
    sections = {
        t("Data"): _data(run),
        t("Quality"): quality(scores),
        t("Training"): _training(run.config),
        t("A sample"): f"{written}\n\n```text\n{sample.strip()}\n```",
        t("Use and limits"): t(
            "Written to play with words. It has read only the corpus above: its spelling, its opinions and its "
            "mistakes come from there, and it can repeat lines of it (the Write page shows the longest copied span). "
            "It knows no facts. Other languages, and texts other than lyrics, are outside what it can model."
        ),
    }
    body = "\n\n".join(f"## {title}\n\n{text}" for title, text in sections.items())
    return f"# {run.name}\n\n{_summary(run)}\n\n{body}\n"


def _summary(run: Run) -> str:
    level = t(_LEVELS[run.level])
    if run.kind == "ngram":
        order = run.ngrams.order
        return t(
            "An interpolated modified Kneser-Ney n-gram of order {order} at {level} level.", order=order, level=level
        )
    net = run.config["network"]
    parts = [
        t("{layers} × {units} units", layers=net["layers"], units=number(net["units"])),
        t("embedding {size}", size=number(net["embedding"])),
        *([t("tied")] if net["tied"] else []),
        _dropout(net),
        t("{n} parameters", n=number(run.config["parameters"])),
    ]
    model = t(
        "A {level}-level {cell} language model: {parts}.", level=level, cell=net["cell"].upper(), parts=", ".join(parts)
    )
    return f"{model} {_playback_text(run)}"


def _dropout(net: Mapping[str, Any]) -> str:
    rate = with_marks(str(net["dropout"]))
    if not net.get("recurrent_dropout"):
        return t("dropout {rate}", rate=rate)
    recurrent = with_marks(str(net["recurrent_dropout"]))
    return t("dropout {rate} ({recurrent} of recurrent weights)", rate=rate, recurrent=recurrent)


def _playback_text(run: Run) -> str:
    if run.kind != "mixture":
        return t("Trained with Keras, played by NumPy.")
    values = {
        "level": t(_LEVELS[run.level]),
        "order": run.ngrams.order,
        "share": number(100 * np.mean(run.config["shares"])),
        "words": t("; above both stands what followed the same words, up to three before")
        if run.has(WORD_CONTEXTS)
        else "",
    }
    return t(
        "Trained with Keras, played by NumPy, and mixed with an interpolated Kneser-Ney {level} n-gram of order "
        "{order} of the same songs: {share} % network on average, more or less by how sure each is{words}. What is "
        "mixed was weighed on the validation songs.",
        **values,
    )


def _data(run: Run) -> str:
    corpus = run.config["corpus"]
    sides = []
    for side, of in corpus["split"].items():
        if of["songs"]:
            songs = t_count("{n} song", "{n} songs", of["songs"])
            sides.append(t(_SIDES[side], songs=songs, characters=number(of["characters"])))
    return t(
        "Corpus `{name}`, split by song: {sides}. The vocabulary has {entries} entries ({level} level); what was seen "
        "once in training is `<unk>`.",
        name=corpus["name"],
        sides=", ".join(sides),
        entries=number(len(run.vocabulary)),
        level=t(_LEVELS[run.level]),
    )


def _training(config: Mapping[str, Any]) -> str:
    if "training" not in config:
        return t("Counted in {seconds} seconds.", seconds=number(config["seconds"], 1))
    trained, settings, base = config["training"], config["settings"], config.get("base")
    start = t("It starts from the run `{name}` (weights {checksum}).", **base) + " " if base else ""
    if members := config.get("members"):
        names = ", ".join(f"`{member['name']}` ({member['checksum']})" for member in members)
        start = t("The mean of what the networks of these runs predict (weights): {names}. Of the first:", names=names)
        start += " "
    return start + t(
        "{minutes} minutes, {steps} updates of {batch} × {time} tokens ({epochs} epochs); AdamW at {rate}, cosine to "
        "zero, clipped at {clip}; best validation {bits} bits a token. Seed {seed}. Weights are rounded to float16 "
        "when saved.",
        minutes=number(trained["seconds"] / 60, 1),
        steps=number(trained["steps"]),
        epochs=number(trained["epochs"], 1),
        bits=number(trained["best_bits"], 4),
        rate=with_marks(str(settings["learning_rate"])),
        clip=with_marks(str(settings["clip"])),
        **{name: settings[name] for name in ("batch", "time", "seed")},
    )
