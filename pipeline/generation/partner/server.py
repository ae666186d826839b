"""Servers of the OpenAI kind: which one is asked, and which answer on this machine.

The environment names one for everybody (`SEIZE_PARTNER`, `SEIZE_PARTNER_MODEL`, `SEIZE_PARTNER_MODE`); without it, the
one that was chosen on this machine is asked, which a small file in the user's data folder keeps.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from pipeline.core.errors import SettingError, WriterError, os_errors_as
from pipeline.core.folders import replace_file_atomically
from pipeline.core.paths import partner_file
from pipeline.core.translation import format_decimal, format_percentage, mark, t_count
from pipeline.generation.partner.exchange import HttpRequest, parse_json

ADDRESS, HOSTS, MODEL, MODE = "SEIZE_PARTNER", "SEIZE_PARTNER_HOSTS", "SEIZE_PARTNER_MODEL", "SEIZE_PARTNER_MODE"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
USUAL_PORTS = {"Ollama": 11434, "LM Studio": 1234, "llama.cpp": 8080, "vLLM": 8000}
TIMEOUT_SECONDS = 60.0  # for one answer: a model of a billion weights says some ten tokens a second on two cores
MAX_TOKENS = 2048  # of one answer, thoughts included; it is read no further than needed


@dataclass(frozen=True)
class LocalServer:
    """A language model on a local server: address, model name, and whether it completes texts instead of chatting."""

    address: str
    model: str
    completes: bool = False
    seconds: float = TIMEOUT_SECONDS

    def request_lines(self, instructions: str, request: str, beginning: str) -> HttpRequest:
        """Request lines: a chat model is sent `instructions` and `request`, a completion model the `beginning`."""
        asked: dict[str, Any] = {"prompt": beginning}
        if not self.completes:
            messages = [("system", instructions), ("user", request)]
            asked = {"messages": [{"role": role, "content": content} for role, content in messages]}
        path = "completions" if self.completes else "chat/completions"
        asked |= {"model": self.model, "max_tokens": MAX_TOKENS, "temperature": 0.8, "stream": True}
        return HttpRequest(f"{self.address}/v1/{path}", asked, seconds=self.seconds)


def is_server_configured() -> bool:
    """Return whether the environment of this process names a server."""
    return bool(os.environ.get(ADDRESS, "").strip())


def local_server() -> LocalServer:
    """Return the server that the environment names, else the one chosen on this machine.

    Raises SettingError where there is none, or one that is not on this machine, WriterError when it has no model.
    """
    if not is_server_configured():
        if chosen := chosen_server():
            return chosen
        raise SettingError(
            "No local model is chosen: look for one in the Studio, or set {variable} to the address of a server, such "
            "as http://localhost:11434.",
            variable=ADDRESS,
        )
    address = os.environ[ADDRESS].strip().rstrip("/").removesuffix("/v1")
    if not _is_allowed_address(address, LOOPBACK | set(os.environ.get(HOSTS, "").split())):
        raise SettingError(
            "{variable} is {address!r}: use http://localhost:PORT, or list the host in {hosts}.",
            variable=ADDRESS,
            address=address,
            hosts=HOSTS,
        )
    model = os.environ.get(MODEL, "").strip() or offered_models(address)[0]
    return LocalServer(address, model, os.environ.get(MODE, "").strip() == "completion")


def _is_allowed_address(address: str, hosts: frozenset[str] | set[str]) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and parts.hostname in hosts and parts.port != 0
    except ValueError:  # a port that is none
        return False


def chosen_server() -> LocalServer | None:
    """Return the server chosen on this machine; None if there is none."""
    try:
        chosen = LocalServer(**json.loads(partner_file().read_text("utf-8")))
        return chosen if _is_allowed_address(chosen.address, LOOPBACK) and isinstance(chosen.model, str) else None
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def choose_server(server: LocalServer) -> None:
    """Store the choice of a server on this machine. Raises SettingError where it cannot be written."""
    with os_errors_as(SettingError, mark("{file} cannot be written: {reason}."), file=partner_file()):
        partner_file().parent.mkdir(parents=True, exist_ok=True)
        with replace_file_atomically(partner_file()) as draft:
            draft.write_text(json.dumps(asdict(server)), "utf-8")


def find_servers(ports: tuple[int, ...] = (*USUAL_PORTS.values(),), seconds: float = 2.0) -> list[LocalServer]:
    """Return the models offered by local servers, one entry for each model, on the given ports."""
    addresses = [f"http://localhost:{port}" for port in ports]
    asked = [(address, HttpRequest(f"{address}/v1/models", seconds=seconds)) for address in addresses]
    found = list[LocalServer]()
    for address, exchange in asked:
        try:
            found += [LocalServer(address, name) for name in _model_names(exchange)]
        except WriterError:  # nothing there, or something else
            continue
    return found


def offered_models(address: str, seconds: float = 2.0) -> list[str]:
    """Return the names of a server's models. Raises WriterError where it does not answer or has none."""
    return _model_names(HttpRequest(f"{address}/v1/models", seconds=seconds))


def _model_names(exchange: HttpRequest) -> list[str]:
    answer = parse_json(exchange.read(), exchange.url)
    entries = answer.get("data") if isinstance(answer, dict) else None
    entries = entries if isinstance(entries, list) else []
    names = [each["id"] for each in entries if isinstance(each, dict) and isinstance(each.get("id"), str)]
    if not names:
        raise WriterError("The server at {url} has no model: load one there first.", url=exchange.url)
    return names


def describe_accepted_lines(usage: Mapping[str, Any]) -> str:
    """Return a sentence about a `PartnerProposer.usage`: how many of a model's lines were used, in which time."""
    share = format_percentage(usage["accepted"] / max(1, usage["proposed"]), 0)
    values = {**usage, "share": share, "seconds": format_decimal(round(usage["seconds"]))}
    return t_count(
        "{name}: {accepted} of {n} suggested line used ({share}), {seconds} seconds of waiting.",
        "{name}: {accepted} of {n} suggested lines used ({share}), {seconds} seconds of waiting.",
        usage["proposed"], **values,
    )  # fmt: skip
