"""Words and groups on the plane of a correspondence analysis, as the map asks for them. No Streamlit."""

from pipeline.analysis.comparison.correspondence import WordsAndGroups, words_and_groups
from pipeline.analysis.counting import By
from pipeline.analysis.words.word_classes import function_words
from pipeline.corpus.table import Corpus, Layer

LEAST = 500  # words of a group that weighs: fewer are drawn to the edge by chance
LABELLED = 40  # words drawn: those that weigh most on the first two axes


def plane(corpus: Corpus, by: By, supplementary: By | None, content: bool, layer: Layer) -> WordsAndGroups:
    """Return the words that weigh most on the first two axes, the groups, and the supplementary ones.

    Raise SettingError where fewer than two groups have words enough.
    """
    without = function_words() if content else ()
    return words_and_groups(corpus, by, supplementary=supplementary, without=without, least=LEAST, layer=layer)
