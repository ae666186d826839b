"""Real sessions without a browser: what a page says over its websocket, for tests that need many visits."""

from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Subprotocol


def visit(address: str, view: str, query: str, seconds: float = 120) -> list[ForwardMsg]:
    """Open a page as a visitor of their own, read all that it sends until its script has run, and go."""
    stream = f"ws://{urlsplit(address).netloc}/_stcore/stream"
    request = BackMsg()
    request.rerun_script.page_name = view
    request.rerun_script.query_string = query
    request.rerun_script.context_info.url = f"{address}/{view}?{query}"
    answer: list[ForwardMsg] = []
    with connect(stream, subprotocols=[Subprotocol("streamlit")], origin=address, max_size=None) as session:  # type: ignore[arg-type]
        session.send(request.SerializeToString())
        while not answer or answer[-1].WhichOneof("type") != "script_finished":
            message = ForwardMsg()
            message.ParseFromString(bytes(session.recv(timeout=seconds)))  # type: ignore[arg-type]
            answer.append(message)
    return answer


def paper(answer: list[ForwardMsg]) -> str:
    """HTML of the last sheet of lines among the messages; empty without one."""
    bodies = [message.delta.new_element.html.body for message in answer if message.WhichOneof("type") == "delta"]
    return next((body for body in reversed(bodies) if 'class="paper' in body), "")
