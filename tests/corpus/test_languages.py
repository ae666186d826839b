"""Languages by section. All lyrics are invented."""

import pytest

from pipeline.core.paths import ROOT
from pipeline.corpus.account import Tally
from pipeline.corpus.languages import set_section_languages
from pipeline.corpus.markup import parse_sections
from pipeline.corpus.prepare import open_corpus, prepare
from pipeline.corpus.song import Song
from pipeline.corpus.table import DEFAULT_LANGUAGES

FRENCH = "J'ai grandi dans la rue avec les miens\nOn n'avait pas grand-chose mais on était bien"
ENGLISH = "I grew up on the block with all of my people\nWe never had nothing but we made it equal"
SPANISH = "Crecí en el barrio con toda mi gente\nNo teníamos nada pero estaba presente"
ITALIAN = "Sono cresciuto in strada con la mia famiglia\nNon avevamo niente ma che meraviglia"


def languages(text: str, tally: Tally | None = None) -> list[str]:
    return [section.language for section in set_section_languages(Song("t", "a", parse_sections(text)), tally).sections]


@pytest.mark.parametrize(("text", "code"), [(FRENCH, "fr"), (ENGLISH, "en"), (SPANISH, "es"), (ITALIAN, "it")])
def test_a_section_has_a_language(text: str, code: str) -> None:
    assert languages(text) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "Oh oh oh oh oh\nOh oh oh oh oh\nEh eh eh eh",
        "Lalala lalala la\nLalala lalala la\nLalala lala",
        "Karim, Mehdi, Yacine, Sofiane\nIbrahima, Moussa, Demba, Ousmane\nSteven, Kevin",
        "Na na na, bébé\nNa na na, bébé\nNa na na, bébé",
    ],
)
def test_vocalise_and_names_go_with_their_song(text: str) -> None:
    assert languages(f"[Couplet]\n{FRENCH}\n[Refrain]\n{text}") == ["fr", "fr"]
    assert languages(f"[Couplet]\n{ENGLISH}\n{ENGLISH}\n{ENGLISH}\n[Refrain]\n{text}")[1] == "en"


def test_another_script_is_another_language() -> None:
    assert languages("Я родился в этом городе и останусь здесь\nМои братья со мной до конца") == ["ru"]


def written_sections() -> list[tuple[str, str]]:
    """(language, text) of the sections that benchmarks/annotations.py counts too; "none" is vocalise and names."""
    rows = (ROOT / "benchmarks" / "languages.tsv").read_text("utf-8").splitlines()[1:]
    return [(language, text.replace(" / ", "\n")) for language, text in (row.split("\t") for row in rows)]


def test_sections_of_sixteen_languages_and_of_none_of_them_are_told_from_french() -> None:
    sections = written_sections()
    alone = {text: languages(text)[0] for _, text in sections}
    foreign = [(language, text) for language, text in sections if language not in ("fr", "none")]
    assert {"nl", "pl", "fi", "sv", "ro", "tr", "cpf", "ln", "wo", "ar", "rom", "other"} <= {
        code for code, _ in foreign
    }
    missed = [text for _, text in foreign if alone[text] == "fr"]
    assert len(missed) <= 0.05 * len(foreign), missed
    misnamed = [(language, alone[text], text) for language, text in foreign if alone[text] not in ("fr", language)]
    assert len(misnamed) <= 0.05 * len(foreign), misnamed
    assert [text for language, text in sections if language in ("fr", "none") and alone[text] != "fr"] == []


def test_foreign_sections_are_told_amid_a_french_song() -> None:
    wrong = []
    for truth, text in written_sections():
        given = languages(f"[Couplet]\n{FRENCH}\n{FRENCH}\n[Refrain]\n{text}")[-1]
        if given != (truth if truth != "none" else "fr"):
            wrong.append((truth, given, text))
    assert len(wrong) <= 5, wrong


def test_no_artist_of_the_embedded_corpus_is_taken_for_foreign() -> None:
    corpus = open_corpus("demo")
    foreign = (corpus.sections["language"] != "fr").groupby(corpus.sections["song"].map(corpus.songs["artist"])).mean()
    assert foreign.max() <= 0.03, foreign.sort_values().tail(3)


def test_short_foreign_sections_are_looked_at_together() -> None:
    lines = ["Ik kom van de straat", "Niemand weet wie ik ben", "Wij zijn hier altijd", "Het is niet genoeg voor mij"]
    assert languages("\n".join(f"[Couplet {at}]\n{line}" for at, line in enumerate(lines, 1))) == ["nl"] * 4


def test_sections_differ_and_short_ones_follow_the_song() -> None:
    tally = Tally()
    text = f"[Intro]\nHey, yo\n[Couplet 1]\n{FRENCH}\n{FRENCH}\n[Refrain]\n{ENGLISH}\n[Outro]\nYeah"
    assert languages(text, tally) == ["fr", "fr", "en", "fr"]
    assert tally.rules["not-french"].lines == 2


def test_slang_and_loans_stay_french() -> None:
    assert languages(
        "Wesh le sang, j'suis dans l'binks avec mes gars sûrs\nJ'bicrave la beuh, le flow est trop pur"
    ) == ["fr"]


def test_what_is_not_french_is_kept_and_left_out_by_one_switch(prepared, write) -> None:
    source = write({"a.txt": f"[Couplet 1]\n{FRENCH}\n[Refrain]\n{ENGLISH}", "b.txt": ENGLISH})
    corpus, report = prepare(source, "mine")
    assert report.languages == {"en": 2, "fr": 1}
    assert corpus.songs["language"].tolist()[1] == "en"
    french = corpus.where(languages=DEFAULT_LANGUAGES)
    assert len(french.songs) == 1
    assert french.texts.tolist() == FRENCH.split("\n")
    assert corpus.where(languages=("en",)).texts.tolist() == ENGLISH.split("\n") * 2
