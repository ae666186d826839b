"""The server reads ahead what the first page imports, and no more than that."""

import subprocess
import sys

CODE = """
import sys
from dashboard.server import app, preload_first_page

assert app.script_path.name == "app.py"
assert "nltk" not in sys.modules  # importing the server waits for nothing
preload_first_page()
before = set(sys.modules)
import dashboard.navigation
import dashboard.cache
import dashboard.charts.bar_charts
from pipeline.analysis.words.lexicon import key_figures
import dashboard.components.frame.page_layout
from dashboard.components.corpus import filters
from dashboard.components.corpus import line_list
from dashboard.components.corpus import reader
from dashboard.components.frame import data_table
from dashboard.components.frame import figure_card
from dashboard.components.lesson import lesson
from pipeline.language.tokens import tokenise
tokenise("seize")
ours = ("pandas", "plotly.", "nltk", "scipy", "pipeline")
print(*(name for name in set(sys.modules) - before if name.startswith(ours)))
print(*(name for name in ("tensorflow", "keras") if name in sys.modules))
"""


def test_the_first_page_finds_what_it_imports() -> None:
    out = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True, timeout=120).stdout
    assert out.split() == []
