"""What is said in two languages says the same: every sentence of the code is translated, with the same values."""

import argparse
import ast
import json
import pickle
import re
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from pipeline.__main__ import main
from pipeline.commands.parser import ARGPARSE_WORDS, build_parser
from pipeline.core import translation
from pipeline.core.errors import RunError, Sentence, SettingError, SourceError, sentence_from_json, sentence_to_json
from pipeline.core.translation import (
    LANGUAGES,
    SOURCE,
    error_text,
    in_language,
    language,
    mark,
    t,
    t_count,
    translate_sentence,
    use_language,
)
from pipeline.corpus.preview import preview_in_subprocess
from pipeline.locale.gather import CALLS, PACKAGES, PLURAL_FUNCTION, read_catalogue
from pipeline.locale.gather import translatable_sentences as gathered_sentences
from tests.source_tree import modules

sentences = cache(gathered_sentences)  # of a package, for all tests here
OTHERS = [(package, code) for package in PACKAGES for code in LANGUAGES if code != SOURCE]


@pytest.fixture
def translated(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A catalogue of one's own: template -> translation."""
    entries: dict[str, str] = {}
    monkeypatch.setattr(translation, "_catalogue", lambda code: entries)
    return entries


def forms(entry: str | tuple[str, ...]) -> tuple[str, ...]:
    return entry if isinstance(entry, tuple) else (entry,)


def names(template: str) -> set[str]:
    """The values that a template asks for."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


@pytest.mark.parametrize(("package", "code"), OTHERS)
def test_no_translation_is_of_a_sentence_that_is_gone(package: str, code: str) -> None:
    known = {message.id for message in sentences(package) if message.id}
    found = {message.id for message in read_catalogue(PACKAGES[package] / "locale" / f"{code}.po") if message.id}
    assert found - known == set()


@pytest.mark.parametrize(("package", "code"), OTHERS)
def test_a_translation_asks_for_the_same_values(package: str, code: str) -> None:
    for message in read_catalogue(PACKAGES[package] / "locale" / f"{code}.po"):
        wanted = {name for form in forms(message.id) for name in names(form)}
        for form in forms(message.string):
            if message.id and form:
                assert names(form) == wanted, message.id


@pytest.mark.parametrize("package", PACKAGES)
def test_french_has_its_spaces_and_addresses_nobody_as_vous(package: str) -> None:
    values = re.compile(r"<[^>]*>|`[^`]*`|\$[^$]*\$|%\{[^}]*\}|%\(\w+\)\w|%[sr]|\{[^{}]*\}(?::\{\w+\})?")
    wrong = re.compile(r"[ \u00a0][;:!?»%]|«[ \u00a0]|’|\b(vous|votre|vos)\b", re.IGNORECASE)
    texts = [
        form for message in read_catalogue(PACKAGES[package] / "locale" / "fr.po") for form in forms(message.string)
    ]
    assert [text for text in texts[1:] if wrong.search(values.sub("", text))] == []


def test_french_quotes_in_guillemets() -> None:
    error = SettingError("There is no corpus {name!r} here: choose another one.", name="l'été")
    assert error_text(error) == 'There is no corpus "l\'été" here: choose another one.'
    with in_language("fr"):
        assert "«\u202fl'été\u202f»" in error_text(error)
        assert "«\u202fl'été\u202f»" in t("There is no corpus {name!r} here: choose another one.", name="l'été")


def test_an_error_of_another_process_is_said_in_the_language(tmp_path: Path) -> None:
    (tmp_path / "vide.txt").touch()
    with pytest.raises(SourceError, match="is empty") as found:
        preview_in_subprocess(tmp_path)
    with in_language("fr"):
        assert error_text(found.value) == "vide.txt est vide."


def test_what_takes_sentences_is_called_so() -> None:
    """A function that got another name would take its sentences out of the catalogues, unseen."""
    called = {
        getattr(call.func, "id", getattr(call.func, "attr", ""))
        for module in modules("pipeline", "dashboard")
        for call in module.nodes(ast.Call)
    }
    assert {*CALLS, PLURAL_FUNCTION} <= called


def test_the_language_is_that_of_the_moment() -> None:
    assert language() == SOURCE
    with in_language("fr-FR"):
        assert language() == "fr"
        use_language("xx")
        assert language() == SOURCE
    assert language() == SOURCE


def test_what_has_no_translation_is_said_in_english() -> None:
    with in_language("fr"):
        assert t(mark("Nobody has translated {this} yet."), this="x") == "Nobody has translated x yet."
        assert t_count("{n} thing nobody knows", "{n} things nobody knows", 2) == "2 things nobody knows"
        assert error_text(RunError("No {thing}.", thing="model")) == "No model."


def test_a_sentence_is_said_in_the_language_of_who_reads_it(translated: dict[str, str]) -> None:
    translated |= {
        "{file}: {reason}.": "{file} : {reason}.",
        "{songs:,} songs, {share:.0%} of {of}": "{of} : {songs:,} morceaux, {share:.0%}",
        "the whole": "tout",
        "Permission denied": "accès refusé",
    }
    inner = Sentence("{songs:,} songs, {share:.0%} of {of}", songs=12345, share=0.5, of=Sentence("the whole"))
    outer = Sentence("{file}: {reason}.", file="Permission denied", reason=inner)
    assert outer == "Permission denied: 12,345 songs, 50% of the whole."
    for kept in (
        outer,
        pickle.loads(pickle.dumps(outer)),
        sentence_from_json(json.loads(json.dumps(sentence_to_json(outer)))),
    ):
        with in_language("fr"):
            assert translate_sentence(kept) == "Permission denied : tout : 12\u202f345 morceaux, 50\u202f%."
        assert translate_sentence(kept) == outer
    with in_language("fr"):
        assert (
            translate_sentence(Sentence("{file}: {reason}.", file="a", reason="Permission denied"))
            == "a : accès refusé."
        )
        assert translate_sentence("the whole") == "the whole"


def help_of(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    with pytest.raises(SystemExit):
        main(["--lang", "fr", *command, "--help"])
    return re.sub(r"\s+", " ", capsys.readouterr().out)


def test_the_help_of_every_command_is_in_the_language(capsys: pytest.CaptureFixture[str]) -> None:
    """No help says a sentence in English: each is another text in French, but for the names of arguments."""
    with in_language("fr"):
        parsers = [parser for _, parser in _parsers(build_parser("seize", more={"serve": "dashboard.serve"}))]
    with in_language("en"):
        english = [parser for _, parser in _parsers(build_parser("seize", more={"serve": "dashboard.serve"}))]
    same = []
    for ours, theirs in zip(parsers, english, strict=True):
        texts = zip(_texts(ours), _texts(theirs), strict=True)
        same += [french for french, text in texts if french == text and " " in text]
    assert not same
    text = help_of(capsys, "prepare")
    assert text.startswith("usage : ")
    assert "afficher cette aide et quitter" in text
    assert "--name NOM le nom du corpus" in text


def _parsers(parser: argparse.ArgumentParser, name: str = "") -> list[tuple[str, argparse.ArgumentParser]]:
    found = [(name, parser)]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found += [each for called, inner in action.choices.items() for each in _parsers(inner, called)]
    return found


def _texts(parser: argparse.ArgumentParser) -> list[str]:
    ours = [action for action in parser._actions if not isinstance(action, argparse._HelpAction)]
    return [parser.description or "", *(action.help or "" for action in ours)]


def test_what_commands_say_is_in_the_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats", "--lang=fr", "nobody"]) == 1
    assert capsys.readouterr().err.startswith("seize: Il n'y a pas de corpus préparé «\u202fnobody\u202f»")
    assert main(["ngrams", "demo", "--rows", "2", "--lang", "fr"]) == 0
    table = capsys.readouterr().out.splitlines()
    assert table[0].split() == ["ngram", "count", "songs", "phrase"]  # columns go by their names
    assert re.fullmatch(r"… encore [\d\u202f]+ lignes \(--rows N, --csv, --json\)", table[-1])
    with pytest.raises(SystemExit):
        main(["stats", "--lang", "fr"])
    assert "il manque les arguments\u202f: NOM" in capsys.readouterr().err
    assert main(["stats", "demo", "--lang", "fr"]) == 0
    figures = capsys.readouterr().out
    assert main(["concordance", "demo", "/(a/", "--lang", "fr"]) == 2
    assert "il manque ), à la position 2." in capsys.readouterr().err
    assert re.search(r"^années +1994–2024$", figures, re.MULTILINE)
    assert main(["stats", "demo", "--lang", "fr", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["songs"] == 480


def test_english_leaves_argparse_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    before = argparse._
    main(["phones", "rue", "--lang", "fr"])
    assert argparse._ is before
    with pytest.raises(SystemExit):
        main(["--lang", "en", "--help"])
    assert "show this help message and exit" in capsys.readouterr().out


def test_words_of_others_ask_for_the_same_values() -> None:
    for sentence in ARGPARSE_WORDS:
        with in_language("fr"):
            assert sorted(re.findall(r"%\(?\w+\)?\w?", t(sentence))) == sorted(re.findall(r"%\(?\w+\)?\w?", sentence))


@pytest.mark.parametrize(("package", "code"), OTHERS)
def test_every_sentence_is_translated(package: str, code: str) -> None:
    catalogue = read_catalogue(PACKAGES[package] / "locale" / f"{code}.po")
    said = {message.id: message.string for message in catalogue if message.id}
    left = [message.id for message in sentences(package) if message.id and not all(forms(said.get(message.id) or ""))]
    assert left == []


@pytest.mark.parametrize(
    ("n", "english", "french"),
    [
        (0, "0 songs", "0 morceau"), (1, "1 song", "1 morceau"), (1.5, "1.5 songs", "1,5 morceau"),
        (-1, "-1 songs", "-1 morceau"), (2, "2 songs", "2 morceaux"), (3, "3 songs", "3 morceaux"),
        (-2, "-2 songs", "-2 morceaux"),
    ],
)  # fmt: skip
def test_french_counts_by_two_and_english_by_one(n: float, english: str, french: str) -> None:
    """Zero and one and a half are singular in French; the plural begins at two, not at three."""
    for code, expected in (("en", english), ("fr", french)):
        with in_language(code):
            said = t_count("{n} song", "{n} songs", n).replace("\N{MINUS SIGN}", "-")
            assert said.rpartition(" ")[2] == expected.rpartition(" ")[2], said
