from pipeline.analysis.words.lexicon import key_figures, songs_per_year, voices


def test_key_figures(corpus):
    figures = key_figures(corpus)
    assert (figures.songs, figures.artists, figures.sections) == (3, 2, 4)
    assert (figures.lines, figures.words, figures.types) == (5, 17, 5)  # the line (Skrrt) is an ad-lib alone
    assert figures.years == (2001, 2003)


def test_every_year_of_the_span_is_there(corpus):
    table = songs_per_year(corpus)
    assert table["year"].tolist() == [2001, 2002, 2003]
    assert table["songs"].tolist() == [1, 0, 1]
    assert table["words"].tolist() == [12, 0, 4]
    assert songs_per_year(corpus.where(songs=[2])).empty  # a song of unknown year


def test_voices(corpus):
    table = voices(corpus)
    assert table["artist"].tolist() == ["Brume", "Aube"]
    assert table["songs"].tolist() == [2, 1]
    assert table["lines"].tolist() == [2, 3]
    assert table["words"].tolist() == [5, 12]
    assert table["first_year"].tolist() == [2003, 2001]
