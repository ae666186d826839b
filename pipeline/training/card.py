"""The model card (Mitchell et al. 2019), written from what a run's config and scores say, in the reader's language.

`card.md` of a run is in English, whoever trained it: the file travels with the run, and a person may edit it, or lay a
translation beside it (`card.fr.md`).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pipeline.cells.activations import softmax
from pipeline.core.errors import SeizeError
from pipeline.core.translation import SOURCE, format_decimal, in_language, language, localise_number, mark, t, t_count
from pipeline.generation.policy import decoding_policy
from pipeline.language.vocabulary import PAD, SONG, UNK, UnitLevel, Vocabulary
from pipeline.language_models.control_tokens import control_tokens_of
from pipeline.language_models.protocol import LanguageModel
from pipeline.language_models.units import decode_ids
from pipeline.runs.config import WORD_CONTEXTS
from pipeline.runs.run import Run
from pipeline.training.settings import ema_decay

SEED, TEMPERATURE = 1, 0.8


def sample_text(run: Run) -> str:
    """Return a text that a run generates for its model card, at temperature 0.8, as long as suits its units."""
    return sample_from_model(run.language_model(), run.vocabulary, decoding_policy(run.vocabulary).sample_length)


def sample_from_model(model: LanguageModel, vocabulary: Vocabulary, length: int) -> str:
    """Return the beginning of a song that a model generates: at most `length` tokens, as text."""
    generator, words = np.random.default_rng(SEED), len(vocabulary) - len(control_tokens_of(vocabulary))
    token, state, out = SONG, model.initial_state(), []
    for _ in range(length):
        logits, state = model.feed_tokens([token], state)
        logits = logits[0].astype(np.float64) / TEMPERATURE
        logits[[PAD, UNK, *range(words, len(logits))]] = -np.inf
        token = int(generator.choice(len(logits), p=softmax(logits)))
        if token == SONG:
            break
        out.append(token)
    return decode_ids(out, vocabulary)


_BIT_COMPONENT_LABELS = {"tokens": mark("tokens"), "spelling": mark("spelling"), "surface": mark("surface")}
_SIDE_NAMES = {"valid": mark("valid"), "test": mark("test")}


def quality_text(scores: Mapping[str, Any]) -> str:
    """Return the section of a model card about quality as Markdown, from the scores of the run's test report."""
    base, sides = scores["baseline"], [side for side in _SIDE_NAMES if side in scores]
    judged = scores[sides[-1]]
    rows = [
        t("Bits per character on songs not used for training (a complete code of their text; lower is better):"),
        _quality_table(scores, sides),
        _gain_text(judged["bits_per_char"] / base[sides[-1]], t(_SIDE_NAMES[sides[-1]]), scores),
    ]
    if "conditioned" in scores:
        rows.append(_control_token_gain_text(scores["conditioned"], scores["test"]["bits_per_char"]))
    if "perplexity" in judged:
        rows.append(_perplexity_text(judged))
    return "\n\n".join(rows)


def _quality_table(scores: Mapping[str, Any], sides: Sequence[str]) -> str:
    base = scores["baseline"]
    table = [
        f"| {t('model')} | " + " | ".join(t(_SIDE_NAMES[side]) for side in sides) + " |",
        "|---" * (len(sides) + 1) + "|",
        _table_row(t("this model"), [scores[side]["bits_per_char"] for side in sides]),
    ]
    if "network" in scores:
        table.append(_table_row(t("its network alone"), [scores["network"][side] for side in sides]))
    name = t("Kneser-Ney, characters, order {order} (best on valid), same songs", order=base["order"])
    table.append(_table_row(name, [base[side] for side in sides]))
    learning = [scores[side].get("bits_per_char_adaptive") for side in sides]
    if None not in learning:
        table.append(_table_row(t("this model, learning from each song as it reads it (adaptive)"), learning))
    return "\n".join(table)


def _table_row(name: str, values: Sequence[float]) -> str:
    return f"| {name} | " + " | ".join(format_decimal(value, 4) for value in values) + " |"


def _gain_text(ratio: float, side: str, scores: Mapping[str, Any]) -> str:
    """Return the sentence that compares a run with the n-gram baseline, given the ratio of their bits a character."""
    values: dict[str, str] = {"side": side, "gain": format_decimal(abs(100 * (1 - ratio)), 1), "interval": ""}
    if "gain_interval" in scores:
        low, high = sorted((-100 if ratio > 1 else 100) * value for value in scores["gain_interval"])
        limits = {"low": format_decimal(low, 1), "high": format_decimal(high, 1)}
        values["interval"] = " " + t("(95 % interval over the test songs: {low} to {high} %)", **limits)
    if ratio > 1:
        return t("On {side} that is {gain} % more bits than the n-gram model's{interval}.", **values)
    return t("On {side} that is {gain} % fewer bits than the n-gram model's{interval}.", **values)


def _control_token_gain_text(conditions: Mapping[str, Any], own: float) -> str:
    low, high = (format_decimal(100 * value, 1) for value in conditions["gain_interval"])
    return t(
        "Given the artist, the type of section and the date, it needs {bits} bits on the test songs: {gain} % "
        "fewer (95 % interval {low} to {high} %).",
        bits=format_decimal(conditions["test"], 4),
        gain=format_decimal(100 * (1 - conditions["test"] / own), 1),
        low=low,
        high=high,
    )


def _perplexity_text(own: Mapping[str, Any]) -> str:
    parts = ", ".join(
        f"{format_decimal(value, 3)} {t(_BIT_COMPONENT_LABELS.get(name, name))}" for name, value in own["parts"].items()
    )
    return t(
        "Perplexity {perplexity} per token; {unknown} % of words are out of vocabulary. Bits per character by part: "
        "{parts}.",
        perplexity=format_decimal(own["perplexity"], 1),
        unknown=format_decimal(100 * own["oov_rate"], 1),
        parts=parts,
    )


_LEVELS: dict[UnitLevel, str] = {"char": mark("char"), "subword": mark("subword"), "word": mark("word")}
_SPLIT_SIZE_TEMPLATES = {
    "train": mark("{songs} ({characters} characters) train"),
    "valid": mark("{songs} ({characters} characters) valid"),
    "test": mark("{songs} ({characters} characters) test"),
}
_READING = {
    False: mark("It has read only the corpus above"),
    True: mark("It has read the corpus above and, before that, the texts of the model it started from"),
}
_SAMPLE = re.compile(r"^```text\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


def localised_card(run: Run) -> str:
    """Return the model card of a run in the reader's language; one that a person has edited is returned as it is.

    Raise RunError when it cannot be read.
    """
    stored = run.card(language())
    sample = _SAMPLE.search(stored)
    try:
        with in_language(SOURCE):
            text = model_card(run, run.scores, sample[1]) if sample else ""
        return model_card(run, run.scores, sample[1]) if sample and text == stored else stored
    except (SeizeError, KeyError, IndexError, TypeError, ValueError):  # a config of another kind of run
        return stored


def model_card(run: Run, scores: Mapping[str, Any], sample: str) -> str:
    """Return the model card as Markdown: what the model is, data, quality, training, and a sample of its text."""
    written = t(
        "Temperature {temperature}, no opening words, random seed {seed}:",
        temperature=format_decimal(TEMPERATURE, 1),
        seed=SEED,
    )
    sections = {
        t("Data"): _data_text(run),
        t("Quality"): quality_text(scores),
        t("Training"): _describe_training(run.config),
        t("A sample"): f"{written}\n\n```text\n{sample.strip()}\n```",
        t("Use and limits"): t(
            "Made for playing with words. {reading}: its spelling, opinions and mistakes come from there, and it may "
            "repeat lines of it (the Studio underlines copied phrases). It knows no facts. Other languages and kinds "
            "of text are beyond it.",
            reading=t(_READING[bool(run.config.get("base"))]),
        ),
    }
    body = "\n\n".join(f"## {title}\n\n{text}" for title, text in sections.items())
    return f"# {run.name}\n\n{_summary_text(run)}\n\n{body}\n"


def _summary_text(run: Run) -> str:
    level = t(_LEVELS[run.unit_level])
    if run.kind == "ngram":
        order = run.ngram_model.order
        return t(
            "An interpolated modified Kneser-Ney n-gram of order {order} at {level} level.", order=order, level=level
        )
    net = run.config["network"]
    parts = [
        t("{layers} × {units} units", layers=net["layers"], units=format_decimal(net["units"])),
        t("embedding {size}", size=format_decimal(net["embedding"])),
        *([t("tied")] if net["tied"] else []),
        _dropout_text(net),
        t("{n} parameters", n=format_decimal(run.config["parameters"])),
    ]
    model = t(
        "A {level}-level {cell} language model: {parts}.", level=level, cell=net["cell"].upper(), parts=", ".join(parts)
    )
    return f"{model} {_inference_text(run)}"


def _dropout_text(net: Mapping[str, Any]) -> str:
    rate = localise_number(str(net["dropout"]))
    if not net.get("recurrent_dropout"):
        return t("dropout {rate}", rate=rate)
    recurrent = localise_number(str(net["recurrent_dropout"]))
    return t("dropout {rate} ({recurrent} of recurrent weights)", rate=rate, recurrent=recurrent)


def _inference_text(run: Run) -> str:
    if run.kind != "mixture":
        return t("Trained with Keras, run in NumPy.")
    values = {
        "level": t(_LEVELS[run.unit_level]),
        "order": run.ngram_model.order,
        "least": format_decimal(100 * np.min(run.config["shares"])),
        "most": format_decimal(100 * np.max(run.config["shares"])),
        "words": t("; it also uses what followed the same words (up to three) earlier")
        if run.has_file(WORD_CONTEXTS)
        else "",
    }
    return t(
        "Trained with Keras, run in NumPy, and mixed with an interpolated Kneser-Ney {level} n-gram of order {order} "
        "on the same songs: {least} to {most} % network, depending on how confident each is{words}. The weights of the "
        "mixture were fitted on the validation songs.",
        **values,
    )


def _data_text(run: Run) -> str:
    corpus = run.config["corpus"]
    sides = []
    for side, of in corpus["split"].items():
        if of["songs"]:
            songs = t_count("{n} song", "{n} songs", of["songs"])
            sides.append(t(_SPLIT_SIZE_TEMPLATES[side], songs=songs, characters=format_decimal(of["characters"])))
    return t(
        "Corpus `{name}`, split by song: {sides}. The vocabulary has {entries} entries ({level} level); tokens seen "
        "once in training become `<unk>`.",
        name=corpus["name"],
        sides=", ".join(sides),
        entries=format_decimal(len(run.vocabulary)),
        level=t(_LEVELS[run.unit_level]),
    )


def _describe_training(config: Mapping[str, Any]) -> str:
    if "training" not in config:
        return t("Counted in {seconds} seconds.", seconds=format_decimal(config["seconds"], 1))
    trained, settings, base = config["training"], config["settings"], config.get("base")
    first = mark("It starts from the model `{name}` (weights {checksum}).")
    if base and base["name"] == config.get("name"):
        first = mark("It starts from an earlier model of the same name, `{name}` (weights {checksum}).")
    start = t(first, **base) + " " if base else ""
    share = settings.get("averaging")
    averaged = mark("What is kept is a running average of the weights over about {n} updates.")
    end = " " + t(averaged, n=format_decimal(round(1 / (1 - ema_decay(trained["steps"], share))))) if share else ""
    text = t(
        "{minutes} minutes, {steps} updates of {batch} × {time} tokens ({epochs} epochs); AdamW at {rate}, cosine to "
        "zero, clipped at {clip}; best validation {bits} bits per token. Seed {seed}. Weights are rounded to float16 "
        "when saved.",
        minutes=format_decimal(trained["seconds"] / 60, 1),
        steps=format_decimal(trained["steps"]),
        epochs=format_decimal(trained["epochs"], 1),
        bits=format_decimal(trained["best_bits"], 4),
        rate=localise_number(str(settings["learning_rate"])),
        clip=localise_number(str(settings["clip"])),
        **{name: settings[name] for name in ("batch", "time", "seed")},
    )
    return start + text + end
