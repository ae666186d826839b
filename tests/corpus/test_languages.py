"""Languages by section. All lyrics are invented."""

import subprocess
import sys

import pytest

from pipeline.core.paths import ROOT
from pipeline.corpus.account import Tally
from pipeline.corpus.languages import with_languages
from pipeline.corpus.markup import parse
from pipeline.corpus.prepare import prepare
from pipeline.corpus.song import Song
from pipeline.corpus.table import DEFAULT_LANGUAGES

FRENCH = "J'ai grandi dans la rue avec les miens\nOn n'avait pas grand-chose mais on était bien"
ENGLISH = "I grew up on the block with all of my people\nWe never had nothing but we made it equal"
SPANISH = "Crecí en el barrio con toda mi gente\nNo teníamos nada pero estaba presente"
ITALIAN = "Sono cresciuto in strada con la mia famiglia\nNon avevamo niente ma che meraviglia"


def languages(text: str, tally: Tally | None = None) -> list[str]:
    return [section.language for section in with_languages(Song("t", "a", parse(text)), tally).sections]


@pytest.mark.parametrize(("text", "code"), [(FRENCH, "fr"), (ENGLISH, "en"), (SPANISH, "es"), (ITALIAN, "it")])
def test_a_section_has_a_language(text: str, code: str) -> None:
    assert languages(text) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "Oh oh oh oh oh\nOh oh oh oh oh\nEh eh eh eh",
        "Lalala lalala la\nLalala lalala la\nLalala lala",
        "Karim, Mehdi, Yacine, Sofiane\nIbrahima, Moussa, Demba, Ousmane\nSteven, Kevin",
        "Ya weldi ya weldi rani hna\nWallah ma nensa dar el hamra",
    ],
)
def test_vocalise_names_and_what_no_list_knows_go_with_their_song(text: str) -> None:
    assert languages(f"[Couplet]\n{FRENCH}\n[Refrain]\n{text}") == ["fr", "fr"]
    assert languages(f"[Couplet]\n{ENGLISH}\n{ENGLISH}\n{ENGLISH}\n[Refrain]\n{text}")[1] == "en"


def test_another_script_is_another_language() -> None:
    assert languages("Я родился в этом городе и останусь здесь\nМои братья со мной до конца") == ["ru"]


def test_the_written_sections_are_told_apart() -> None:
    rows = (ROOT / "benchmarks" / "languages.tsv").read_text("utf-8").splitlines()[1:]
    wrong = []
    for row in rows:
        truth, text = row.split("\t")
        found = languages(f"[Couplet]\n{FRENCH}\n{FRENCH}\n[Refrain]\n" + text.replace(" / ", "\n"))[-1]
        if found != (truth if truth != "none" else "fr"):
            wrong.append(row)
    assert len(rows) == 100
    assert len(wrong) <= 5, wrong


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


def test_the_model_is_not_loaded_for_plain_french() -> None:
    code = "import sys, pipeline.corpus.prepare, pipeline.corpus.preview; assert 'py3langid' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
