"""The tokenizer against its gold lines, and the laws that hold for any text."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language.tokens import (
    align_tokens,
    blank_adlibs,
    detokenise,
    fold_case,
    is_clitic,
    pause_positions,
    token_spans,
    token_starts,
    tokenise,
)

GOLD = json.loads((Path(__file__).parents[1] / "data" / "tokens_gold.json").read_text("utf-8"))
rap_text = st.text(alphabet=st.sampled_from("aeiouslmtjdnqucyzéœçÀİ0123 \n'’-*.,()!…×"), max_size=60)


@pytest.mark.parametrize("case", GOLD, ids=lambda case: case["text"][:20])
def test_gold_lines(case: dict) -> None:
    assert tokenise(case["text"]) == case["tokens"]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("d'puis la s'conde, m'sieur", ["d'puis", "la", "s'conde", "m'sieur"]),  # apocopes, not clitics
        ("cessez-le-feu au rendez-vous", ["cessez-le-feu", "au", "rendez-vous"]),
        ("laisse-nous-en, vas-y", ["laisse", "-nous", "-en", "vas", "-y"]),
        ("la clim' d'l'anim'.", ["la", "clim'", "d'", "l'", "anim'"]),  # truncations keep their mark
        ("qu'est-c'que c'est", ["qu'", "est", "-c'", "que", "c'", "est"]),
        ("— « salut »—ok", ["salut", "ok"]),
        ("1 000 000 d'euros", ["1 000 000", "d'", "euros"]),
        ("Est-ce-qu'il sait", ["est", "-ce", "qu'", "il", "sait"]),
        ("qu'est-ce-qu'on dit", ["qu'", "est", "-ce", "qu'", "on", "dit"]),
        ("tant-qu'on dit est-ce-que", ["tant", "qu'", "on", "dit", "est-ce-que"]),
        ("q'tu dis q'c'est parc'qu'on veut", ["q'", "tu", "dis", "q'", "c'", "est", "parc'", "qu'", "on", "veut"]),
        ("un coup d'main, d'main en main", ["un", "coup", "d'", "main", "d'", "main", "en", "main"]),  # d'une main
        ("ouais* la p* d'put*** p*tain", ["ouais", "la", "p*", "d'", "put***", "p*tain"]),  # a note, and censored words
        ("", []),
        ("'' -- ***", []),
    ],
)
def test_rules(text: str, tokens: list[str]) -> None:
    assert tokenise(text) == tokens


def test_detokenise_gives_back_readable_french() -> None:
    assert detokenise(["j'", "suis"]) == "j'suis"
    assert (
        detokenise(tokenise("P'têt' qu'j'l'ai dit, va-t'en, dis-le-moi")) == "p'têt' qu'j'l'ai dit va-t'en dis-le-moi"
    )
    assert detokenise([]) == ""
    assert detokenise(["16", "000", "fois", "20", "1"]) == "16, 000 fois 20 1"  # what would read as one number


@given(st.text() | rap_text)
def test_folding_keeps_offsets(text: str) -> None:
    assert len(fold_case(text)) == len(text)


@given(st.text() | rap_text)
def test_spans_are_the_tokens_in_order(text: str) -> None:
    spans = token_spans(text)
    assert [span.token for span in spans] == tokenise(text)
    assert [span.start for span in spans] == token_starts(text)
    edges = [edge for span in spans for edge in (span.start, span.stop)]
    assert edges == sorted(edges)
    assert all(0 <= span.start < span.stop <= len(text) for span in spans)


@pytest.mark.parametrize(
    ("text", "tokens", "places"),
    [
        ("D'main est-ce-qu'il vient ?", ["d'main", "est-ce-qu'il", "vient"], ["D'main", "est-ce-qu'il", "vient"]),
        ("Dis-le, q'tu viens", ["dis", "-le", "q'tu", "viens"], ["Dis", "le", "q'tu", "viens"]),
        ("Q'tu veux", ["que-tu", "vouloir"], ["Q'", "tu"]),  # lemmas are nowhere in the text
    ],
)
def test_tokens_of_another_day_are_found_in_their_line(text: str, tokens: list[str], places: list[str]) -> None:
    spans = align_tokens(text, tokens)
    assert [span.token for span in spans] == tokens
    assert [text[span.start : span.stop] for span in spans] == places


@given(st.text() | rap_text)
def test_tokens_of_today_are_where_they_are(text: str) -> None:
    assert align_tokens(text, tokenise(text)) == token_spans(text)


@given(rap_text)
def test_detokenising_is_stable(text: str) -> None:
    """Cutting what was put together gives the same tokens, but for dotted acronyms and joined marks."""
    tokens = [t for t in tokenise(text) if t.isalpha() or is_clitic(t)]
    assert tokenise(detokenise(tokens)) == tokens or any(is_clitic(t) for t in tokens)


@pytest.mark.parametrize("mark", ["x2", "X 2", "×3", "3 ×", "2x", "2X ", "bis", "BIS\t", "x٢"])
def test_repeat_marks_at_the_end_of_a_line_are_blanked(mark: str) -> None:
    assert blank_adlibs(f"Ouais {mark}") == "Ouais " + " " * len(mark)


@pytest.mark.parametrize(
    ("text", "paused"),
    [
        ("Non, jamais ! dit-il.", {0, 1, 3}),
        ("— Ah ! M.C. Solaar… 6.35, ok", {0, 2, 3}),
        ("l'homme,d'ici", {1}),
        ("rien", set()),
    ],
)
def test_a_pause_stands_where_a_sign_of_one_parts_two_tokens(text: str, paused: set[int]) -> None:
    assert pause_positions(text, tokenise(text)) == paused
    assert pause_positions(text, ["absent", *tokenise(text)]) <= {*paused, *(at + 1 for at in paused)}, (
        "tokens of another day"
    )
