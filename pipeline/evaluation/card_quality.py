"""The part of a model card that says how good the run is: a table of bits a character, and what they are worth."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.core.translation import mark, number, t

_PARTS = {"tokens": mark("tokens"), "spelling": mark("spelling"), "surface": mark("surface")}
_SIDES = {"valid": mark("valid"), "test": mark("test")}


def quality(scores: Mapping[str, Any]) -> str:
    """Return it as Markdown, from what the test report of the run found."""
    base, sides = scores["baseline"], [side for side in _SIDES if side in scores]
    judged = scores[sides[-1]]
    rows = [
        t("Bits a character on songs that it did not learn from (a complete code of their text; lower is better):"),
        _table(scores, sides),
        _gain(judged["bits_per_char"] / base[sides[-1]], t(_SIDES[sides[-1]]), scores),
    ]
    if "conditioned" in scores:
        rows.append(_conditions_text(scores["conditioned"], scores["test"]["bits_per_char"]))
    if "perplexity" in judged:
        rows.append(_tokens(judged))
    return "\n\n".join(rows)


def _table(scores: Mapping[str, Any], sides: Sequence[str]) -> str:
    base = scores["baseline"]
    table = [
        f"| {t('model')} | " + " | ".join(t(_SIDES[side]) for side in sides) + " |",
        "|---" * (len(sides) + 1) + "|",
        _row(t("this run"), [scores[side]["bits_per_char"] for side in sides]),
    ]
    if "network" in scores:
        table.append(_row(t("its network alone"), [scores["network"][side] for side in sides]))
    name = t("Kneser-Ney, characters, order {order} (best on valid), same songs", order=base["order"])
    table.append(_row(name, [base[side] for side in sides]))
    learning = [scores[side].get("bits_per_char_adaptive") for side in sides]
    if None not in learning:
        table.append(_row(t("this run, learning from each song as it reads it (adaptive)"), learning))
    return "\n".join(table)


def _row(name: str, values: Sequence[float]) -> str:
    return f"| {name} | " + " | ".join(number(value, 4) for value in values) + " |"


def _gain(ratio: float, side: str, scores: Mapping[str, Any]) -> str:
    """Return what its bits are beside the n-gram's, given their ratio."""
    values: dict[str, str] = {"side": side, "gain": number(abs(100 * (1 - ratio)), 1), "interval": ""}
    if "gain_interval" in scores:
        low, high = sorted((-100 if ratio > 1 else 100) * value for value in scores["gain_interval"])
        limits = {"low": number(low, 1), "high": number(high, 1)}
        values["interval"] = " " + t("(95 % interval over the test songs: {low} to {high} %)", **limits)
    if ratio > 1:
        return t("On {side} that is {gain} % more bits than the n-gram's{interval}.", **values)
    return t("On {side} that is {gain} % fewer bits than the n-gram's{interval}.", **values)


def _conditions_text(given: Mapping[str, Any], own: float) -> str:
    low, high = (number(100 * value, 1) for value in given["gain_interval"])
    return t(
        "Told whose voice, which kind of section and when, it needs {bits} bits on test: {gain} % fewer (95 % interval "
        "{low} to {high} %).",
        bits=number(given["test"], 4),
        gain=number(100 * (1 - given["test"] / own), 1),
        low=low,
        high=high,
    )


def _tokens(own: Mapping[str, Any]) -> str:
    parts = ", ".join(f"{number(value, 3)} {t(_PARTS.get(name, name))}" for name, value in own["parts"].items())
    return t(
        "Perplexity {perplexity} a token, out of vocabulary {unknown} % of words. Bits a character by part: {parts}.",
        perplexity=number(own["perplexity"], 1),
        unknown=number(100 * own["oov_rate"], 1),
        parts=parts,
    )
