"""What is said in two languages says the same: every sentence of the code is translated, with the same values."""

import json
import pickle
from string import Formatter

import pytest

from pipeline import translation
from pipeline.errors import RunError
from pipeline.locale.gather import PACKAGES, sentences
from pipeline.sentences import Sentence, from_plain, to_plain
from pipeline.translation import (
    LANGUAGES,
    SOURCE,
    error_text,
    in_language,
    interval,
    language,
    mark,
    number,
    read_catalogue,
    say,
    share,
    t,
    t_count,
    use_language,
)

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


def test_numbers_are_written_as_the_language_does() -> None:
    assert (number(22769), share(0.955), interval(1700.4, 1658, 1785)) == ("22,769", "95.5%", "1,700 [1,658 – 1,785]")
    with in_language("fr"):
        assert number(22769) == "22\u202f769"
        assert share(0.955) == "95,5\u202f%"
        assert interval(1700.4, 1658, 1785) == "1\u202f700 [1\u202f658 – 1\u202f785]"


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
        assert error_text(RunError("x-test", "No {thing}.", thing="model")) == "No model."


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
    for kept in (outer, pickle.loads(pickle.dumps(outer)), from_plain(json.loads(json.dumps(to_plain(outer))))):
        with in_language("fr"):
            assert say(kept) == "Permission denied : tout : 12\u202f345 morceaux, 50\u202f%."
        assert say(kept) == outer
    with in_language("fr"):
        assert say(Sentence("{file}: {reason}.", file="a", reason="Permission denied")) == "a : accès refusé."
        assert say("the whole") == "the whole"
