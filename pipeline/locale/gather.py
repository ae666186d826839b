"""The sentences of the code that are translated, and the catalogues brought up to date with them.

Run by `script/translate`; the tests ask `sentences` what a catalogue has to hold.
"""

import ast
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from pipeline.errors import SeizeError
from pipeline.translation import LANGUAGES, SOURCE, read_catalogue

PACKAGES = {name: Path(__file__).resolve().parents[2] / name for name in ("pipeline", "dashboard")}
_ERRORS = ("SeizeError", *(kind.__name__ for kind in SeizeError.__subclasses__()))
# Which argument is a sentence: of `t` the first, of an error or a rule the second, after its code.
Keywords = dict[str, tuple[int, ...] | None]
KEYWORDS: Keywords = {
    "t": None,
    "mark": None,
    "Sentence": None,
    "t_count": (1, 2),
    "Rule": (2,),
    **dict.fromkeys(_ERRORS, (2,)),
}
# Of an entry among the methods, each field that people read: family, name, definition, case, reference.
_FIELDS: dict[str, tuple[int, ...]] = {"Method": (1, 2, 3, 6, 7), "_on_poem": (1, 2)}
# Their docstrings are what argparse shows about the commands; a paragraph is a sentence to translate.
COMMANDS = {"pipeline": "commands/*.py", "dashboard": "serve.py"}
_HEAD = "# Seize. Kept up to date with the code by script/translate."
_DAY = datetime(2026, 11, 26, tzinfo=UTC)


def sentences(package: str) -> Catalog:
    """Return every sentence in the code of a package, with the files it stands in."""
    catalogue = Catalog(project="Seize", charset="utf-8")
    fields: list[Keywords] = [{call: (at,)} for call, places in _FIELDS.items() for at in places]
    for keywords in (KEYWORDS, *fields):
        for file, _, message, comments, _ in extract_from_dir(
            str(PACKAGES[package]), [("**.py", "python")], keywords=keywords, comment_tags=("Translators:",)
        ):
            catalogue.add(message, None, [(f"{package}/{file}", 0)], auto_comments=comments)
    for path in sorted(PACKAGES[package].glob(COMMANDS[package])):
        tree = ast.parse(path.read_text("utf-8"))
        if any(isinstance(node, ast.FunctionDef) and node.name == "add_arguments" for node in tree.body):
            place = [(f"{package}/{path.relative_to(PACKAGES[package]).as_posix()}", 0)]
            for paragraph in (ast.get_docstring(tree) or "").split("\n\n"):
                catalogue.add(paragraph, None, place)
    return catalogue


def update(package: str, language: str) -> Catalog:
    """Bring the catalogue of a package up to date with its code, and return it."""
    path = PACKAGES[package] / "locale" / f"{language}.po"
    catalogue = read_catalogue(path)
    catalogue.update(sentences(package), no_fuzzy_matching=True)
    catalogue.header_comment, catalogue.fuzzy = _HEAD, False
    catalogue.project, catalogue.version, catalogue.last_translator = "Seize", "", ""
    catalogue.creation_date = catalogue.revision_date = _DAY  # a file that says the same stays the same
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False)
    return catalogue


def main() -> None:
    """Update every catalogue and say what is left to translate."""
    for package in PACKAGES:
        for language in LANGUAGES:
            if language != SOURCE:
                catalogue = update(package, language)
                left = sum(not message.string or not any(message.string) for message in catalogue if message.id)
                print(f"{package}/locale/{language}.po: {len(catalogue):,} sentences, {left:,} to translate")


if __name__ == "__main__":
    main()
