"""The writing pages with real writer processes: the web process opens no model to write, and imports no index."""

import subprocess
import sys

import pytest

VISIT = """
import sys
from streamlit.testing.v1 import AppTest
from tests.dashboard.pages import go
app = AppTest.from_file("dashboard/app.py", default_timeout=120)
for name, value in {"model": "tiny", "models": "tiny", "bars": "4", "syllables": "6", "seed": "la rue"}.items():
    app.query_params[name] = value
app.run()
go(app, "%s")
for name, value in {"model": "tiny", "models": "tiny", "bars": "4", "syllables": "6", "seed": "la rue"}.items():
    app.query_params[name] = value
app.run()
assert not app.exception, app.exception
print(%s)
loaded = ("search.constraint_index", "decoding", "writing")
print([name for name in loaded if f"pipeline.generation.{name}" in sys.modules])
"""
SHOWN = {
    "studio": "len(app.session_state['written'].writing.lines)",
    "takes": "[len(lyric.lines) for lyric in app.session_state['takes'].values()]",
}
EXPECTED = {"studio": "4", "takes": "[4, 4]"}


@pytest.mark.slow
@pytest.mark.parametrize("view", ["studio", pytest.param("takes", marks=pytest.mark.slow)])
def test_writing_pages_leave_writing_to_the_writers(places: dict[str, str], view: str) -> None:
    environment = {**places, "SEIZE_WRITERS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", VISIT % (view, SHOWN[view])],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:2] == [EXPECTED[view], "[]"]


FIRST_PAGE = """
from streamlit.testing.v1 import AppTest
from pipeline.writers.pool import WriterPool
from tests.dashboard.pages import go
asked, ask = [], WriterPool.ask
WriterPool.ask = lambda pool, visitor, message, process=None: asked.append((process, message)) or ask(
    pool, visitor, message, process
)
app = AppTest.from_file("dashboard/app.py", default_timeout=120).run()
assert asked == []  # nobody writes yet
go(app, "rhymes").run()
assert not app.exception, app.exception
for process, message in asked:
    settings = message["request"]["settings"]
    print(process, message["request"]["kind"], settings["lines"], settings["constraints"]["syllables"])
"""


@pytest.mark.slow
def test_the_writers_open_what_write_begins_with_once_a_page_of_writing_stands(places: dict[str, str]) -> None:
    environment = {**places, "SEIZE_WRITERS": "2"}
    done = subprocess.run(
        [sys.executable, "-c", FIRST_PAGE], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "0 write 1 12\n1 write 1 12\n"
