"""Code-switching: what is counted, and what is not."""

from pipeline.analysis.words.code_switching import foreign_line_mask, switching_lines, switching_table
from pipeline.corpus.song import Line, Section, Song
from tests.corpora import make_corpus

SWITCHES = {
    "Ti moun, sé mwen ki ka di ou ça, dans la rue": "cpf",
    "I know you're there, et je suis là": "en",
    "No tengo nada porque estoy aquí, et je dors": "es",
}
STAYS = (
    "B comme Boulogne, F comme la France",
    "Y'all know I'm there with you, c'mon",
    "C'mon, they said that you were here",
    "Le boss a la hess, wesh les khouyas",
    "Y'a pas d'âge pour un ba, ba",
    "I know you're there with them",
    "Je suis là, dans la rue",
    "Oh oh oh",
)


def test_lines_of_two_languages_are_told_from_borrowings_and_whole_lines() -> None:
    lines = tuple(map(Line, (*SWITCHES, *STAYS)))
    corpus = make_corpus("two", [Song("t", "Aube", (Section("couplet", lines),))])
    table = switching_lines(corpus)
    assert dict(zip(table["text"], table["language"], strict=True)) == SWITCHES
    assert (table["words"] >= 2).all()
    assert (table["switches"] >= 1).all()
    (row,) = switching_table(corpus).to_dict("records")
    assert (row["artist"], row["lines"], row["switching"]) == ("Aube", 11, 3)
    assert row["low"] < row["share"] < row["high"]


def test_lines_of_other_languages_are_told_by_their_function_words() -> None:
    lines = ("I know they said that you were there", "Je sais qu'ils l'ont dit", "No tengo nada porque estoy aquí")
    lines = (*lines, "Le boss a la hess, wesh", "And the money", "Je dors avec the best", "Oh oh oh")
    corpus = make_corpus("two", [Song("t", "Aube", (Section("couplet", tuple(map(Line, lines))),))])
    assert foreign_line_mask(corpus).tolist() == [True, False, True, False, True, False, False]
