"""A visitor without a browser: opens pages of a dashboard over its websocket, as the browser does, and reads them.

So that twenty visitors measure the server, not twenty browsers on one machine.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ContextInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

LINE = re.compile(r'<ol class="verse"[^>]*><li(?! class="growing")')  # a finished line of a text
LONGEST = 600.0  # seconds for a page


class Visit(NamedTuple):
    """Seconds from asking for a page until its first line of lyrics, if any, and until it stands; what it says."""

    first_line: float | None
    whole: float
    html: str


class Visitor:
    """One session."""

    def __init__(self, connection: ClientConnection, host: str) -> None:
        self._connection, self._host = connection, host

    def open(self, page: str, **query: str | int) -> Visit:
        """Open a page and wait until it stands. Raises RuntimeError when it shows a traceback."""
        message, start, first, parts = BackMsg(), time.perf_counter(), None, list[str]()
        message.rerun_script.page_name, message.rerun_script.query_string = page, urlencode(query)
        message.rerun_script.context_info.CopyFrom(ContextInfo(url=f"{self._host}/{page}", locale="en"))
        self._connection.send(message.SerializeToString())
        while True:
            forward = ForwardMsg.FromString(self._connection.recv(LONGEST))
            element = forward.delta.new_element
            if element.HasField("exception"):
                raise RuntimeError(f"{page}: {element.exception.message}")
            if element.HasField("html"):
                parts.append(element.html.body)
                if first is None and LINE.search(element.html.body):
                    first = time.perf_counter() - start
            if forward.WhichOneof("type") == "script_finished" and forward.script_finished in (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
            ):
                return Visit(first, time.perf_counter() - start, "".join(parts))


@contextmanager
def visitor(host: str) -> Iterator[Visitor]:
    """A visitor of the dashboard at an address such as http://localhost:8501."""
    address = f"{host.replace('http', 'ws', 1)}/_stcore/stream"
    with connect(address, origin=host, subprotocols=["streamlit"], max_size=None) as connection:
        yield Visitor(connection, host)
