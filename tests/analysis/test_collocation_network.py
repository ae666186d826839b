import numpy as np
import pytest

from pipeline.analysis.collocation_network import collocation_network
from pipeline.corpus.build import build_corpus
from pipeline.corpus.song import Line, Section, Song


def corpus_of(*lines):
    return build_corpus("lignes", [Song("t", "a", (Section("couplet", tuple(map(Line, lines))),))])


def test_the_network_counts_lines():
    corpus = corpus_of(*["nuit rue ville"] * 3, "rue ville ville", "nuit rue", "la nuit")
    links = collocation_network(corpus, "nuit", minimum=2).set_index(["source", "target"])
    assert links["lines"].to_dict() == {("nuit", "ville"): 3, ("nuit", "rue"): 4, ("rue", "ville"): 4}
    assert links.loc[("rue", "ville"), "log_dice"] == pytest.approx(14 + np.log2(2 * 4 / (5 + 4)))
    assert collocation_network(corpus, "inconnu").empty
    assert collocation_network(corpus, "nuit")["lines"].tolist() == links["lines"].tolist()  # three lines are enough
