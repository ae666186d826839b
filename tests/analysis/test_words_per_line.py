import pytest

from pipeline.analysis.lines import length_distribution, length_summary, line_lengths, lines_of_length


def test_distribution_by_hand(corpus):
    table = length_distribution(corpus)
    assert table["words"].tolist() == [1, 2, 3, 4]
    assert table["lines"].tolist() == [1, 0, 0, 4]
    assert table["share"].tolist() == pytest.approx([0.2, 0, 0, 0.8])
    assert table["cumulative"].iloc[-1] == pytest.approx(1)


@pytest.mark.parametrize("layer", ["lyrics", "adlibs", "all"])
@pytest.mark.parametrize("by", [None, "song", "artist", "kind"])
def test_totals_reconcile_with_the_token_count(corpus, layer, by):
    tokens = len(corpus.token_table(layer)[0])
    table = length_distribution(corpus, layer)
    assert (table["words"] * table["lines"]).sum() == tokens
    assert length_summary(corpus, by, layer)["words"].sum() == tokens
    assert line_lengths(corpus, layer).sum() == tokens


def test_summary_by_year_leaves_unknown_years_out(corpus):
    table = length_summary(corpus, "year")
    assert table["year"].tolist() == [2001, 2003]
    assert table["lines"].tolist() == [3, 1]


def test_summary_by_artist(corpus):
    brume = length_summary(corpus, "artist").set_index("artist").loc["Brume"]
    # lengths 4 and 1
    assert brume[["lines", "words", "mean", "sd", "q1", "median", "q3", "longest"]].tolist() == [
        2, 5, 2.5, 1.5, 1.75, 2.5, 3.25, 4,
    ]  # fmt: skip


def test_drill_down(corpus):
    assert lines_of_length(corpus, 1).tolist() == [4]
    assert lines_of_length(corpus, [1, 4]).tolist() == [0, 1, 2, 3, 4]


def test_nothing(corpus):
    nothing = corpus.where(years=(1900, 1901))
    assert length_distribution(nothing)["lines"].sum() == 0
    assert length_summary(nothing).empty
