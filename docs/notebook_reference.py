"""docs/notebook_api.md: every name of `import pipeline as seize` with its arguments and docstring, read from the code.

Names stand under the headings of `pipeline.NOTEBOOK_NAMES_BY_HEADING`, a table of each first. Only tables are
imported, for their keys.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pipeline
from pipeline import NOTEBOOK_NAMES_BY_HEADING

ROOT = Path(__file__).resolve().parent.parent
_ABOUT = """# The notebook API

Made from the code by `script/docs`: names and headings are those of `pipeline.NOTEBOOK_NAMES_BY_HEADING`, the texts
their docstrings.

```python
import pipeline as seize

corpus = seize.load("demo")
corpus  # songs, artists, years, lines, words, what is selected
part = corpus.where(artists=["Kobalt", "Marmite"], years=(2000, 2010), kinds=["couplet"])
seize.diversity_ranking(corpus, "mattr_50")  # a pandas.DataFrame, as nearly all measures return
seize.concordance(part, "nuit")
seize.export_corpus(part, "iramuteq", "part.txt")
```

A corpus is never changed: `where`, the variants and `lemmatise` return another one that shares its words, and every
measure takes any of them. `by` groups by `artist`, `year`, `kind` (of section), `song`, or the name of a facet of your
source. `layer` is `lyrics` (the default), `adlibs` or `all`. What a person can mend is a
`pipeline.core.errors.SeizeError`, in one sentence. Installed with `pip install`, or in a checkout; no page is open.

Lyrics are written by a run, freely or to measure:

```python
import pipeline as seize

run = seize.load_run("demo-word")
settings = seize.LyricSettings(lines=4, constraints=seize.Constraints(scheme="AABB", syllables=12))
print(seize.write_lyric(run, "J'reviens du port", settings, random_seed=16).text)
```

The [notebooks](notebooks/first_words.ipynb) show it at work.
"""
_HIDDEN = ("_", "cached")  # beginnings of methods that are not for notebooks


def notebook_api() -> str:
    """The reference of the notebook API, Markdown."""
    parts = [_ABOUT]
    for heading, modules in NOTEBOOK_NAMES_BY_HEADING.items():
        definitions = {name: _definition(module, name) for module, names in modules.items() for name in names.split()}
        rows = [f"| [`{name}`](#seize{name.lower()}) | {_summary(node)} |" for name, node in definitions.items()]
        parts.append(f"## {heading}\n\n| name | what it is |\n|---|---|\n" + "\n".join(rows) + "\n")
        for name, node in definitions.items():
            parts += _entry(name, node)
    return "\n".join(parts)


def _summary(node: ast.stmt) -> str:
    """The first sentence of a docstring, in a cell of a table."""
    first = _docstring(node).partition("\n\n")[0].replace("\n", " ")
    return (
        _block(re.split(r"(?<=[^.]\.) (?=[A-Z`])", first)[0]).replace("|", "\\|")
        or "A table: its keys are the names to choose from."
    )


def _docstring(node: ast.stmt) -> str:
    return ast.get_docstring(node) or "" if isinstance(node, ast.FunctionDef | ast.ClassDef) else ""


def _definition(module: str, name: str) -> ast.stmt:
    """Where a module defines a name."""
    tree = _parsed(module)
    for node in tree.body:
        targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
        if getattr(node, "name", None) == name or any(getattr(target, "id", None) == name for target in targets):
            return node
    raise KeyError(name)


@cache
def _parsed(module: str) -> ast.Module:
    path = ROOT / "pipeline" / module.replace(".", "/")
    return ast.parse((path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text("utf-8"))


def _entry(name: str, node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef):
        yield _function(f"seize.{name}", node, 3)
    elif isinstance(node, ast.ClassDef):
        yield f"### `seize.{name}`\n\n{_prose(_docstring(node))}\n"
        for method in node.body:
            if (
                isinstance(method, ast.FunctionDef)
                and not method.name.startswith(_HIDDEN)
                and ast.get_docstring(method)
            ):
                yield _function(f"{name}.{method.name}", method, 4)
    else:
        keys = getattr(pipeline, name)
        yield f"### `seize.{name}`\n\nKeys: {', '.join(f'`{key}`' for key in keys)}.\n"


def _function(called: str, node: ast.FunctionDef, level: int) -> str:
    text = _prose(_docstring(node))
    return f"{'#' * level} `{called}`\n\n```python\n{_signature(called, node)}\n```\n\n{text}\n"


def _signature(called: str, node: ast.FunctionDef) -> str:
    """As it is called: without self, an argument a line where one line is too long for all."""
    result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    if any(getattr(each, "id", "") in ("property", "cached_property") for each in node.decorator_list):
        return f"{called}{result}"
    arguments = [each for each in _arguments(node.args) if each not in ("self", "cls")]
    line = f"{called}({', '.join(arguments)}){result}"
    return (
        line if len(line) <= 100 else "\n".join([f"{called}(", *(f"    {each}," for each in arguments), f"){result}"])
    )


def _arguments(arguments: ast.arguments) -> Iterator[str]:
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults = [*[None] * (len(plain) - len(arguments.defaults)), *arguments.defaults]
    for each, default in zip(plain, defaults, strict=True):
        yield _argument(each, default)
    if arguments.vararg or arguments.kwonlyargs:
        yield f"*{arguments.vararg.arg}" if arguments.vararg else "*"
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield _argument(each, default)


def _argument(argument: ast.arg, default: ast.expr | None) -> str:
    kind = f": {ast.unparse(argument.annotation)}" if argument.annotation else ""
    return f"{argument.arg}{kind}" + (f" = {ast.unparse(default)}" if default is not None else "")


def _prose(docstring: str) -> str:
    """A docstring as Markdown: tables of words and examples as they are, all else as text."""
    return "\n\n".join(_block(block) for block in re.split(r"\n{2,}", docstring.strip("\n")))


def _block(block: str) -> str:
    lines = block.split("\n")
    if lines[0].lstrip().startswith(">>>"):
        return f"```pycon\n{block}\n```"
    if any(re.search(r"\S {2,}\S", line) for line in lines):
        return f"```text\n{block}\n```"
    parts = re.split(r"(`[^`]*`)", block)
    return "".join(part if part.startswith("`") else re.sub(r"([*<_\[])", r"\\\1", part) for part in parts)
