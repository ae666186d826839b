"""The report adds up, is a page of its own, and says what only a collector can know."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.__main__ import main
from pipeline.core.paths import prepared_folder
from pipeline.core.translation import in_language
from pipeline.corpus.prepare import prepare
from pipeline.corpus.report import report_page
from pipeline.corpus.store import load_report

Write = Callable[..., Path]
SONG = "---\ntitle: Le port\nartist: Untel\n---\n[Couplet 1]\nLa mer est là (x2)\n[Refrain]\nL’été <b>vient</b>\n"


def numbers(row: str) -> list[int]:
    return [int(n.replace(",", "")) for n in re.findall(r"-?\d[\d,]*", row)[-2:]]


def test_the_printed_table_sums(prepared: Path, write: Write) -> None:
    _, report = prepare(write({"a.txt": SONG, "b.txt": SONG, "c.txt": ""}), "mine")
    rows = str(report).splitlines()
    start = next(at for at, row in enumerate(rows) if row.split()[:1] == ["read"])
    stop = next(at for at, row in enumerate(rows) if row.split()[:2] == ["=", "kept"])
    read, *dropped, kept = map(numbers, rows[start : stop + 1])
    assert [sum(column) for column in zip(read, *dropped, strict=True)] == kept
    assert kept == [2, 6]  # La mer est là, L'été vient
    assert "3 files, 1 of them without a song" in rows[0]


def test_the_report_lies_beside_the_corpus_and_escapes_lyrics(prepared: Path, write: Write) -> None:
    source = write({"a.txt": SONG.replace("La mer", "La mer’ <script>alert(1)</script>")})
    prepare(source, "mine")
    saved = load_report("mine")
    page = report_page(saved)
    assert "<script" not in page
    assert "http" not in page
    assert "Data statement" in page
    assert saved["account"]["unexplained"] == {"lines": 0, "words": 0}


def test_a_data_statement_names_what_it_does_not_know(prepared: Path, write: Write) -> None:
    corpus, report = prepare(write({"a.txt": "La mer est là\n\nLa mer est là\n"}), "mine")
    assert list(report.statement)[:3] == ["Curation rationale", "Language variety", "Speaker demographic"]
    assert "to be filled in by whoever collected" in report.statement["Speaker demographic"]
    assert report.inferred["sections"] == int(corpus.sections["inferred"].sum()) > 0
    assert "inferred:" in str(report)


def test_the_report_is_written_as_a_page_or_as_json(prepared: Path, write: Write, tmp_path: Path) -> None:
    source = write({"a.txt": SONG})
    for name, start in (("r.html", "<!doctype html>"), ("r.json", "{")):
        assert main(["prepare", str(source), "--name", "mine", "--quiet", "--report", str(tmp_path / name)]) in (
            0,
            None,
        )
        assert (tmp_path / name).read_text("utf-8").startswith(start)


def test_the_account_shows_what_changed_something_with_its_sign(prepared: Path, write: Write) -> None:
    song = "[Refrain]\n" + "\n".join(f"La mer numéro {n} est là" for n in range(4)) + "\n[Couplet 1]\nUn\n[Refrain]\n"
    prepare(write({"a.txt": song}), "mine")
    page = report_page(load_report("mine"))
    assert "<td>+4<td>+24</tr>" in page  # the refrain once more
    assert "\u22123" in page  # three tags
    assert "-3" not in page


@pytest.mark.parametrize(
    ("rows", "shown", "opens"), [(12, 12, True), (13, 13, False), (500, 500, False), (503, 500, False)]
)
def test_a_long_list_opens_with_a_click_and_says_how_much_more(rows: int, shown: int, opens: bool) -> None:
    size = {"lines": 0, "words": 0}
    report = {
        **dict.fromkeys(("songs", "lines", "words", "files"), 0),
        **{name: [] for name in ("unmatched", "duplicates", "rules")},
        "name": "mine",
        "format": "text",
        "account": {"read": size, "dropped": [], "unexplained": size, "kept": size},
        "skipped": [{"file": "a.txt", "reason": "empty"}] * rows,
    }
    page = report_page(report)
    assert page.count("<td>a.txt") == shown
    assert ("<details>" not in page) == opens
    assert ("… and 3 more." in page) == (rows == 503)
    assert f": {rows}</h2>" in page


def test_a_data_statement_names_no_folder_of_the_machine(prepared: Path, write: Write) -> None:
    folder = write({"a.txt": SONG})
    _, report = prepare(folder, "mine")
    assert str(folder.parent) not in str(report.statement)
    assert folder.name in report.statement["Provenance"]


def test_a_report_is_written_in_the_language_of_the_moment_and_its_json_in_none(prepared: Path, write: Write) -> None:
    source = write({"a.txt": SONG, "b.txt": "\n", "c.txt": SONG.replace("là", "là\xa0encore").encode("cp1252")})
    _, report = prepare(source, "mine")
    with in_language("fr"):
        page = report_page(report.to_json())
    assert '<html lang="fr">' in page
    assert "Balises de section" in page
    assert "Fichiers en " in page
    assert "à remplir par la personne qui a réuni les textes" in page
    assert "Illisibles" in page
    assert load_report("mine")["rules"] == report.to_json()["rules"]
    assert {"rule": "tag", "what": "Section tags: read, and removed from the text"}.items() <= next(
        rule for rule in report.to_json()["rules"] if rule["rule"] == "tag"
    ).items()


def test_a_corpus_is_the_same_whoever_prepares_it(prepared: Path, write: Write) -> None:
    source = write({"a.txt": SONG, "b.txt": SONG, "c.txt": ""})
    _, report = prepare(source, "mine")
    files = {file.name: file.read_bytes() for file in (prepared_folder() / "mine").iterdir()}
    with in_language("fr"):
        prepare(source, "mine")
        text = str(report)
    assert {file.name: file.read_bytes() for file in (prepared_folder() / "mine").iterdir()} == files
    assert "3 fichiers, 1 sans morceau" in text
    assert "ignoré\u202f: c.txt\u202f: c.txt est vide." in text
    assert "\u202f: identique 1" in text
