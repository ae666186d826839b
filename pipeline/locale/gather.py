"""The sentences of the code that are translated, and the catalogues brought up to date with them.

Run by `script/translate`; the tests ask `translatable_sentences` what a catalogue has to hold.
"""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from pipeline.core import errors
from pipeline.core.docstrings import split_docstring
from pipeline.core.translation import LANGUAGES, SOURCE

PACKAGES = {name: Path(__file__).resolve().parents[2] / name for name in ("pipeline", "dashboard")}
_ERRORS = [kind.__name__ for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
# Which arguments are sentences, by their place: of `t` or an error the first, of a rule the second, after
# its name; of an entry among the methods each field that people read: family, name, definition, case, reference.
CALLS: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("t", "mark", "Sentence", *_ERRORS), (0,)),
    "Rule": (1,),
    **{"Measure": (0, 1, 2), "ReferenceValue": (0, 1), "_measure_record": (0, 1)},
}
PLURAL_FUNCTION = "t_count"  # its first two are the forms of one sentence
# The docstrings of their functions are what argparse shows about the commands: a paragraph is a sentence to translate,
# and so is what is said of an argument.
COMMANDS = {"pipeline": "commands/*.py", "dashboard": "serve.py"}
_CATALOGUE_HEADER = "# Seize. Kept up to date with the code by script/translate."
_CATALOGUE_DATE = datetime(2026, 11, 26, tzinfo=UTC)


def translatable_sentences(package: str) -> Catalog:
    catalogue = Catalog(project="Seize", charset="utf-8")
    folder = PACKAGES[package]
    commands = set(folder.glob(COMMANDS[package]))
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for sentence in (*_translatable_literals(tree), *(_docstring_sentences(tree) if path in commands else ())):
            catalogue.add(sentence)
    return catalogue


def _translatable_literals(tree: ast.Module) -> Iterator[str | tuple[str, str]]:
    """Yield the literals passed to functions that translate, also in f-strings, which gettext's tools do not read."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name == PLURAL_FUNCTION and len(node.args) > 1:
                one, many = map(_literal, node.args[:2])
                if one and many:
                    yield one, many
            indices = range(len(node.args)) if name == "mark_all" else CALLS.get(name, ())
            yield from filter(None, (_literal(node.args[at]) for at in indices if at < len(node.args)))


def _docstring_sentences(tree: ast.Module) -> Iterator[str]:
    """Yield the sentences to translate in docstrings: what a command does, and the help of arguments and options."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            paragraphs, arguments = split_docstring(ast.get_docstring(node) or "")
            if isinstance(node, ast.FunctionDef) and _is_cli_command(node):
                yield from paragraphs
            for line in arguments:
                yield from (line.help, *line.metavar.strip("[] …").split())


def _is_cli_command(function: ast.FunctionDef) -> bool:
    return "command" in (getattr(getattr(mark, "func", None), "id", "") for mark in function.decorator_list)


def _literal(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def read_catalogue(path: Path) -> Catalog:
    """Return the catalogue in a .po file, with everything that translators keep there. Without a file, it is empty."""
    if not path.is_file():
        return Catalog(locale=path.stem)
    with path.open("rb") as file:
        return read_po(file, locale=path.stem)


def update_catalogue(package: str, language: str) -> Catalog:
    """Bring the catalogue of a package up to date with its code, and return it."""
    path = PACKAGES[package] / "locale" / f"{language}.po"
    catalogue = read_catalogue(path)
    catalogue.update(translatable_sentences(package), no_fuzzy_matching=True)
    catalogue.header_comment, catalogue.fuzzy = _CATALOGUE_HEADER, False
    catalogue.project, catalogue.version, catalogue.last_translator = "Seize", "", ""
    catalogue.creation_date = catalogue.revision_date = _CATALOGUE_DATE  # a file that says the same stays the same
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=120, sort_output=True, ignore_obsolete=True, no_location=True)
    return catalogue


def main() -> None:
    """Update every catalogue and say what is left to translate."""
    for package in PACKAGES:
        for language in LANGUAGES:
            if language != SOURCE:
                catalogue = update_catalogue(package, language)
                left = sum(not message.string or not any(message.string) for message in catalogue if message.id)
                print(f"{package}/locale/{language}.po: {len(catalogue):,} sentences, {left:,} to translate")


if __name__ == "__main__":
    main()
