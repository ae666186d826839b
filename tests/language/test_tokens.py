"""The tokenizer against its gold lines, and the laws that hold for any text."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language.tokens import detokenise, fold, is_clitic, token_spans, tokenise

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


@given(st.text() | rap_text)
def test_folding_keeps_offsets(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text() | rap_text)
def test_spans_are_the_tokens_in_order(text: str) -> None:
    spans = token_spans(text)
    assert [span.token for span in spans] == tokenise(text)
    edges = [edge for span in spans for edge in (span.start, span.stop)]
    assert edges == sorted(edges)
    assert all(0 <= span.start < span.stop <= len(text) for span in spans)


@given(rap_text)
def test_detokenising_is_stable(text: str) -> None:
    """Cutting what was put together gives the same tokens, but for dotted acronyms and joined marks."""
    tokens = [t for t in tokenise(text) if t.isalpha() or is_clitic(t)]
    assert tokenise(detokenise(tokens)) == tokens or any(is_clitic(t) for t in tokens)
