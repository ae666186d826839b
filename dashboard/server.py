"""The dashboard as a server that is ready before its first visitor: `python -m streamlit run dashboard/server.py`.

What the first page imports takes more than a second (pandas, Plotly); a thread begins with it while
the browser opens. Nothing depends on that: `dashboard/app.py`, run alone, shows the same pages, the first one later.
What killed processes left half-written is swept away.
"""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import streamlit as st
from starlette.middleware import Middleware

from dashboard.middleware import HttpGuard, LinkPreview
from dashboard.queries.uploads import sweep_uploads
from pipeline.core.folders import remove_stale_drafts
from pipeline.core.paths import jobs_folder, models_folder, prepared_folder
from pipeline.processes.limits import free_blocks_at_once

# in the order in which the first page asks for them
PRELOADED_MODULES = (
    "dashboard.components.corpus.filters", "dashboard.components.lesson.lesson", "dashboard.navigation",
    "dashboard.charts.distributions", "dashboard.components.corpus.line_list",
    "dashboard.components.corpus.reader",
    "nltk.tokenize",  # two seconds of which a lesson would wait
)  # fmt: skip


def preload_first_page() -> None:
    """Import the modules of the first page in advance. A page opened meanwhile waits for one module at most."""
    for module in PRELOADED_MODULES:
        import_module(module)


@asynccontextmanager
async def start_server(_: st.App) -> AsyncIterator[None]:
    """Limit memory, remove what killed processes left half-written, and import the first page's modules in a thread."""
    free_blocks_at_once()
    for folder in (prepared_folder(), models_folder(), jobs_folder()):
        remove_stale_drafts(folder)
    sweep_uploads()
    threading.Thread(target=preload_first_page, name="read-ahead", daemon=True).start()
    yield


MIDDLEWARE = [Middleware(each) for each in (HttpGuard, LinkPreview)]
app = st.App("app.py", lifespan=start_server, middleware=MIDDLEWARE)
