"""The model card (Mitchell et al. 2019), written from what a run's config and scores say."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from pipeline.cells.activations import softmax
from pipeline.language.vocabulary import PAD, SONG, UNK
from pipeline.training.run import Run
from pipeline.training.streams import decode

_LIMITS = (
    "Written to play with words. It has read only the corpus above: its spelling, its opinions and its mistakes come "
    "from there, and it can repeat lines of it (the Write page shows the longest copied span). It knows no facts. "
    "Other languages, and texts other than lyrics, are outside what it can model."
)
_SAMPLE_LENGTH = {"char": 700, "word": 160}


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
    return (
        f"A {run.level}-level {net['cell'].upper()} language model: {net['layers']} × {net['units']} units, embedding "
        f"{net['embedding']}{', tied' if net['tied'] else ''}, dropout {net['dropout']}, {run.config['parameters']:,} "
        f"parameters. Trained with Keras, played by NumPy{_mixed(run)}."
    )


def _mixed(run: Run) -> str:
    if run.kind != "mixture":
        return ""
    weight = 100 * run.config["weight"]
    return (
        f", and mixed with an interpolated Kneser-Ney {run.level} n-gram of order {run.ngrams.order} of the same "
        f"songs: {weight:.0f} % network, {100 - weight:.0f} % n-gram, fitted on the validation songs"
    )


def _sides(corpus: Mapping[str, Any]) -> str:
    sides = corpus["split"]
    return ", ".join(
        f"{sides[side]['songs']:,} songs ({sides[side]['characters']:,} characters) {side}" for side in sides
    )


def _quality(scores: Mapping[str, Any]) -> str:
    base, own = scores["baseline"], scores["test"]
    gain = 100 * (1 - own["bits_per_char"] / base["test"])
    alone = scores.get("network")
    network = f"| its network alone | {alone['valid']:.4f} | {alone['test']:.4f} |\n" if alone else ""
    rows = [
        "Bits a character on the test songs (a complete code of their text; lower is better):",
        "| model | valid | test |\n|---|---|---|\n"
        f"| this run | {scores['valid']['bits_per_char']:.4f} | {own['bits_per_char']:.4f} |\n"
        f"{network}"
        f"| Kneser-Ney, characters, order {base['order']} (best on valid), same songs | {base['valid']:.4f} | "
        f"{base['test']:.4f} |",
        f"That is {abs(gain):.1f} % {'fewer' if gain >= 0 else 'more'} bits than the n-gram's.",
    ]
    if "perplexity" in own:
        parts = ", ".join(f"{value:.3f} {name}" for name, value in own["parts"].items())
        rows.append(
            f"Perplexity {own['perplexity']:.1f} a token, out of vocabulary {100 * own['oov_rate']:.1f} % of words. "
            f"Bits a character by part: {parts}."
        )
    return "\n\n".join(rows)


def _training(config: Mapping[str, Any]) -> str:
    if "training" not in config:
        return f"Counted in {config['seconds']:.1f} seconds."
    t, settings = config["training"], config["settings"]
    return (
        f"{t['seconds'] / 60:.1f} minutes, {t['steps']:,} updates of {settings['batch']} × {settings['time']} tokens "
        f"({t['epochs']:.1f} epochs); AdamW at {settings['learning_rate']}, cosine to zero, clipped at "
        f"{settings['clip']}; best validation {t['best_bits']:.4f} bits a token. Seed {settings['seed']}. Weights are "
        "rounded to float16 when saved."
    )


def sample_text(run: Run, seed: int = 1, temperature: float = 0.8) -> str:
    """A short text of the run's own, for its card. The writer of `pipeline.generation` has all the controls."""
    generator = np.random.default_rng(seed)
    model: Any = run.player()
    token, state, out = SONG, model.initial_state(), []
    for _ in range(_SAMPLE_LENGTH[run.level]):
        logits, state = model.step([token], state)
        logits = logits[0].astype(np.float64) / temperature
        logits[[PAD, UNK]] = -np.inf
        token = int(generator.choice(len(logits), p=softmax(logits)))
        if token == SONG:
            break
        out.append(token)
    return decode(out, run.vocabulary)
