"""What mkdocs.yml lacks: notebooks as pages, the command line in French, links that leave the documents.

Nothing is written beside the documents: these pages exist while the site is built.
"""

import re
import sys
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

_HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(_HERE.parent), str(_HERE)]  # mkdocs loads this file by its path

from generate import commands  # noqa: E402

from pipeline.core.translation import in_language  # noqa: E402

_FRENCH = {
    "about": """# La ligne de commande

Écrite d'après les commandes elles-mêmes. Une fois installé, Seize a la commande `seize` ; dans une copie du dépôt
c'est `.venv/bin/seize`, et toutes sauf `serve` sont aussi `python -m pipeline COMMANDE`. `seize` seul est `seize
serve`, `seize write` est `seize generate`. Avec `--lang fr`, ou `LANG`, elles répondent en français.
""",
    "head": "| argument | ce que c'est |\n|---|---|\n",
    "required": "obligatoire",
}
_MADE: dict[str, str] = {}  # path of a page among the documents -> its Markdown
_ALTERNATE = re.compile(r'<link rel="alternate"[^>]*>\s*')
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """List the decisions that there are."""
    found = sorted(path.name for path in Path(config.docs_dir, "decisions").glob("*.md"))
    for entry in (config.nav or [{}])[-1].get("How it is built", ()):
        if "Decisions" in entry:
            entry["Decisions"] = [f"decisions/{name}" for name in found]
    return config


@event_priority(100)  # before the plugin of languages, which sorts the files
def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages that are made here."""
    for file in [file for file in files if file.src_uri.endswith(".ipynb")]:
        text = notebook_page(nbformat.read(str(file.abs_src_path), as_version=4))
        _MADE[file.src_uri.replace(".ipynb", ".md")] = text
    with in_language("fr"):
        _MADE["commands.fr.md"] = commands(_FRENCH)
    for path in _MADE:
        files.append(File(path, config.docs_dir, config.site_dir, config.use_directory_urls))
    return files


def on_page_read_source(*, page: Page, config: MkDocsConfig) -> str | None:
    """Return the text of a page that is made here."""
    return _MADE.get(page.file.src_uri)


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead to the page of a notebook; name what lies outside the documents, where the site cannot lead."""

    def inside(found: re.Match[str]) -> str:
        picture, label, target = found.groups()
        if "://" in target or target.startswith("#"):
            return found[0]
        path, anchor, part = target.partition("#")
        if path.endswith(".ipynb"):
            return f"[{label}]({path.removesuffix('.ipynb')}.md{anchor}{part})"
        folder = Path(config.docs_dir, page.file.src_uri).parent
        kept = (folder / path).resolve().is_relative_to(Path(config.docs_dir).resolve())
        return found[0] if kept or picture else label if label.startswith("`") else f"`{label}`"

    return _LINK.sub(inside, markdown)


def on_page_context(context: dict[str, Any], *, page: Page, config: MkDocsConfig, nav: Navigation) -> dict[str, Any]:
    """Lead from each page to the same page in the other language, wherever the site stands."""
    path = page.url.removeprefix("fr/")
    for alternate in config.extra.get("alternate", []):
        alternate["link"] = path if alternate["lang"] == "en" else f"{alternate['lang']}/{path}"
    return context


def on_post_page(output: str, **_: Any) -> str:
    """Take out the links by which the theme asks for a map of each language: this site has none.

    The switch of the languages leads to the same page without them.
    """
    return _ALTERNATE.sub("", output)


def notebook_page(notebook: nbformat.NotebookNode) -> str:
    """A notebook as Markdown: its texts, its code, and what it gave when it was stored."""
    parts = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
        else:
            parts.append(f"```python\n{cell.source}\n```")
            parts += [_output(output.data) for output in cell.outputs if "data" in output]
    return "\n\n".join(parts) + "\n"


def _output(data: dict[str, Any]) -> str:
    """The richest form of an output. Lyrics are untrusted, but these outputs are part of the repository."""
    if "text/markdown" in data:
        return str(data["text/markdown"])
    for kind in ("text/html", "image/svg+xml"):
        if kind in data:
            return f'<div style="overflow-x: auto">{_plain_html(data[kind])}</div>'
    return f"<pre>{escape(data['text/plain'])}</pre>"


def _plain_html(html: str) -> str:
    """Tables look as those of the site do; an empty line would end the HTML."""
    html = re.sub(r"<style.*?</style>| border=\"1\" class=\"dataframe\"", "", html, flags=re.DOTALL)
    return "\n".join(line.strip() for line in html.splitlines() if line.strip())
