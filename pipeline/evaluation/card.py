"""The model card (Mitchell et al. 2019), written from what a run's config and scores say."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pipeline.cells.activations import softmax
from pipeline.language.vocabulary import PAD, SONG, UNK, Vocabulary
from pipeline.language_models.control_tokens import conditions_of
from pipeline.language_models.protocol import LanguageModel
from pipeline.language_models.units import decode, units_of
from pipeline.runs.config import WORD_CONTEXTS
from pipeline.runs.run import Run

_LIMITS = (
    "Written to play with words. It has read only the corpus above: its spelling, its opinions and its mistakes come "
    "from there, and it can repeat lines of it (the Write page shows the longest copied span). It knows no facts. "
    "Other languages, and texts other than lyrics, are outside what it can model."
)
_SAMPLE_SEED, _SAMPLE_TEMPERATURE = 1, 0.8


def model_card(run: Run, scores: Mapping[str, Any], sample: str) -> str:
    """Markdown: what the model is, what it learnt from, how good it is, and how it writes."""
    config, corpus = run.config, run.config["corpus"]
    data = (
        f"Corpus `{corpus['name']}`, split by song: {_sides(corpus)}. The vocabulary has {len(run.vocabulary):,} "
        f"entries ({run.level} level); what was seen once in training is `<unk>`."
    )
    written = f"Temperature 0.8, no seed, random seed 1:\n\n```text\n{sample.strip()}\n```"
    sections = {
        "Data": data,
        "Quality": _quality(scores),
        "Training": _training(config),
        "A sample": written,
        "Use and limits": _LIMITS,
    }
    body = "\n\n".join(f"## {title}\n\n{text}" for title, text in sections.items())
    return f"# {run.name}\n\n{_summary(run)}\n\n{body}\n"


def _summary(run: Run) -> str:
    if run.kind == "ngram":
        return f"An interpolated modified Kneser-Ney n-gram of order {run.ngrams.order} at {run.level} level."
    net = run.config["network"]
    weights = f" ({net['recurrent_dropout']} of recurrent weights)" if net.get("recurrent_dropout") else ""
    return (
        f"A {run.level}-level {net['cell'].upper()} language model: {net['layers']} × {net['units']} units, embedding "
        f"{net['embedding']}{', tied' if net['tied'] else ''}, dropout {net['dropout']}{weights}, "
        f"{run.config['parameters']:,} parameters. Trained with Keras, played by NumPy{_mixed(run)}."
    )


def _mixed(run: Run) -> str:
    if run.kind != "mixture":
        return ""
    words = "; above both stands what followed the same words, up to three before" if run.has(WORD_CONTEXTS) else ""
    return (
        f", and mixed with an interpolated Kneser-Ney {run.level} n-gram of order {run.ngrams.order} of the same "
        f"songs: {100 * np.mean(run.config['shares']):.0f} % network on average, more or less by how sure each is"
        f"{words}. What is mixed was weighed on the validation songs"
    )


def _sides(corpus: Mapping[str, Any]) -> str:
    sides = {side: (of["songs"], of["characters"]) for side, of in corpus["split"].items() if of["songs"]}
    return ", ".join(
        f"{songs:,} {'song' if songs == 1 else 'songs'} ({characters:,} characters) {side}"
        for side, (songs, characters) in sides.items()
    )


def _quality(scores: Mapping[str, Any]) -> str:
    base, sides = scores["baseline"], [side for side in ("valid", "test") if side in scores]
    table = [
        "| model | " + " | ".join(sides) + " |",
        "|---" * (len(sides) + 1) + "|",
        _row("this run", [scores[side]["bits_per_char"] for side in sides]),
    ]
    if "network" in scores:
        table.append(_row("its network alone", [scores["network"][side] for side in sides]))
    name = f"Kneser-Ney, characters, order {base['order']} (best on valid), same songs"
    table.append(_row(name, [base[side] for side in sides]))
    learning = [scores[side].get("bits_per_char_adaptive") for side in sides]
    if None not in learning:
        table.append(_row("this run, learning from each song as it reads it (adaptive)", learning))
    judged = sides[-1]
    gain = 100 * (1 - scores[judged]["bits_per_char"] / base[judged])
    rows = [
        "Bits a character on songs that it did not learn from (a complete code of their text; lower is better):",
        "\n".join(table),
        f"On {judged} that is {abs(gain):.1f} % {'fewer' if gain >= 0 else 'more'} bits than the n-gram's"
        f"{_interval(scores, gain < 0)}.",
    ]
    if "conditioned" in scores:
        given, own = scores["conditioned"], scores["test"]["bits_per_char"]
        low, high = (100 * value for value in given["gain_interval"])
        rows.append(
            f"Told whose voice, which kind of section and when, it needs {given['test']:.4f} bits on test: "
            f"{100 * (1 - given['test'] / own):.1f} % fewer (95 % interval {low:.1f} to {high:.1f} %)."
        )
    if "perplexity" in scores[judged]:
        own = scores[judged]
        parts = ", ".join(f"{value:.3f} {name}" for name, value in own["parts"].items())
        rows.append(
            f"Perplexity {own['perplexity']:.1f} a token, out of vocabulary {100 * own['oov_rate']:.1f} % of words. "
            f"Bits a character by part: {parts}."
        )
    return "\n\n".join(rows)


def _row(name: str, values: Sequence[float]) -> str:
    return f"| {name} | " + " | ".join(f"{value:.4f}" for value in values) + " |"


def _interval(scores: Mapping[str, Any], more: bool) -> str:
    if "gain_interval" not in scores:
        return ""
    low, high = sorted(-100 * value if more else 100 * value for value in scores["gain_interval"])
    return f" (95 % interval over the test songs: {low:.1f} to {high:.1f} %)"


def _training(config: Mapping[str, Any]) -> str:
    if "training" not in config:
        return f"Counted in {config['seconds']:.1f} seconds."
    t, settings = config["training"], config["settings"]
    base = config.get("base")
    start = f"It starts from the run `{base['name']}` (weights {base['checksum']}). " if base else ""
    return (
        f"{start}{t['seconds'] / 60:.1f} minutes, {t['steps']:,} updates of {settings['batch']} × "
        f"{settings['time']} tokens "
        f"({t['epochs']:.1f} epochs); AdamW at {settings['learning_rate']}, cosine to zero, clipped at "
        f"{settings['clip']}; best validation {t['best_bits']:.4f} bits a token. Seed {settings['seed']}. Weights are "
        "rounded to float16 when saved."
    )


def sample_text(run: Run) -> str:
    """A short text of the run's own, for its card. The writer of `pipeline.generation` has all the controls."""
    return sample_of(run.language_model(), run.vocabulary, units_of(run.vocabulary).sample_length)


def sample_of(model: LanguageModel, vocabulary: Vocabulary, length: int) -> str:
    """At most `length` tokens from the beginning of a song, as text."""
    generator, words = np.random.default_rng(_SAMPLE_SEED), len(vocabulary) - len(conditions_of(vocabulary))
    token, state, out = SONG, model.initial_state(), []
    for _ in range(length):
        logits, state = model.step([token], state)
        logits = logits[0].astype(np.float64) / _SAMPLE_TEMPERATURE
        logits[[PAD, UNK, *range(words, len(logits))]] = -np.inf
        token = int(generator.choice(len(logits), p=softmax(logits)))
        if token == SONG:
            break
        out.append(token)
    return decode(out, vocabulary)
