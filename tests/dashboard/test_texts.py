"""What the documents of the pages say in two languages: the same blocks, figures and formulas in the same order."""

import ast
import re
from pathlib import Path

import pytest

from dashboard.components.frame.page_layout import TEXTS
from dashboard.lessons.document import Block, parse, slot_names
from dashboard.navigation import LESSONS as TITLES
from pipeline.core.translation import LANGUAGES, SOURCE
from pipeline.locale.gather import PACKAGES, read_catalogue
from tests.source_tree import modules

LESSONS = list(TITLES)
OTHERS = [code for code in LANGUAGES if code != SOURCE]


def blocks(code: str, page: str) -> list[Block]:
    return parse((TEXTS / code / f"{page}.md").read_text("utf-8"))


def formulas(text: str) -> list[str]:
    """The formulas of a text, without the words in them."""
    return [re.sub(r"\\text\{[^}]*\}", "", formula) for formula in re.findall(r"\$([^$]+)\$", text)]


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("page", LESSONS)
def test_a_lesson_has_the_same_blocks(code: str, page: str) -> None:
    for here, there in zip(blocks(SOURCE, page), blocks(code, page), strict=True):
        assert here.kind == there.kind, there.text
        assert slot_names([here]) == slot_names([there]), there.text
        assert [len(row) for row in here.cells] == [len(row) for row in there.cells]
        assert re.findall(r"\[\^\d\]", here.text) == re.findall(r"\[\^\d\]", there.text)
        assert formulas(f"{here.text} {here.more}") == formulas(f"{there.text} {there.more}")
        if here.kind == "formula":
            assert formulas(f"${here.text}$") == formulas(f"${there.text}$")
        if here.kind == "part":
            assert here.more == there.more


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("page", LESSONS)
def test_a_lesson_ends_with_what_one_knows_now(code: str, page: str) -> None:
    kinds = [block.kind for block in blocks(code, page) if block.kind != "footnote"]
    assert kinds.count("summary") == 1
    assert kinds[-1] == "summary"


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("page", LESSONS)
def test_the_article_is_named_in_a_footnote_alone(code: str, page: str) -> None:
    said = "the article" if code == SOURCE else "l'article "
    for block in blocks(code, page):
        if block.kind != "footnote":
            assert said not in f"{block.text} {block.more}".lower().replace("l'article d'origine", "")


@pytest.mark.parametrize("code", OTHERS)
def test_every_document_is_there_in_every_language(code: str) -> None:
    names = {language: {path.name for path in Path(TEXTS / language).glob("*.md")} for language in (SOURCE, code)}
    assert names[code] == names[SOURCE]


def test_french_labels_address_nobody_and_use_one_word_for_one_thing() -> None:
    """The infinitive on pages ("Cliquer sur une barre"), tu in lessons alone, never vous; a figure is a graphique."""
    lessons = {
        node.value
        for module in modules("dashboard")
        if "learn" in str(module.path) or "lesson" in str(module.path)
        for node in module.nodes(ast.Constant)
    }
    wrong = re.compile(r"\b(vous|votre|vos|cliquez|figures?)\b|\bcliquer (?!sur|pour)", re.IGNORECASE)
    of_pages = re.compile(rf"\b(tu|ta|tes|toi|ton|tien|tienne)\b|{wrong.pattern}", re.IGNORECASE)
    for message in read_catalogue(PACKAGES["dashboard"] / "locale" / "fr.po"):
        first, *_ = (message.id,) if isinstance(message.id, str) else message.id
        for text in (message.string,) if isinstance(message.string, str) else message.string:
            pattern = wrong if first in lessons else of_pages
            assert not message.id or not pattern.search(re.sub(r"\*[^*]*\*", "", text)), text
