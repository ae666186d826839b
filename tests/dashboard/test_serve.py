"""`seize serve`: what it starts, and for whom it answers. The server itself is in test_server.py."""

import re
import socket
import sys
from itertools import pairwise

import pytest

from dashboard.__main__ import main
from dashboard.serve import SERVER_SCRIPT_PATH, serve_command
from pipeline.commands.parser import build_parser
from tests.source_tree import ROOT

PARSER = build_parser("seize", more={"serve": "dashboard.serve"})


def test_it_listens_to_this_machine_alone_unless_told_otherwise() -> None:
    command = serve_command(PARSER.parse_args(["serve", "--no-browser"]))
    assert command[:5] == [sys.executable, "-m", "streamlit", "run", str(SERVER_SCRIPT_PATH)]
    options = dict(zip(command[5::2], command[6::2], strict=True))
    assert options["--server.address"] == "127.0.0.1"
    assert options["--server.headless"] == "true"
    assert "--server.allowedHosts" not in options, "those of dashboard/.streamlit/config.toml"


def test_names_of_a_proxy_are_answered_beside_localhost() -> None:
    command = serve_command(PARSER.parse_args(["serve", "--host", "seize.example"]))
    hosts = [value for name, value in pairwise(command) if name == "--server.allowedHosts"]
    assert hosts == ["127.0.0.1", "localhost", "seize.example"]
    assert command[-2:] == ["--server.corsAllowedOrigins", "https://seize.example"]


def test_a_port_that_is_not_free_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert main(["serve", "--no-browser", f"--port={port}"]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"seize: Cannot listen on 127.0.0.1:{port} (")
    assert error.count("\n") == 1


def test_a_port_that_cannot_be_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--no-browser", "--port=70000"]) == 2
    assert capsys.readouterr().err == "seize: --port is 70000: use a number from 1 to 65535.\n"


@pytest.mark.parametrize("file", ["Dockerfile", "deploy/compose.yaml", "deploy/nginx.conf"])
def test_what_deployments_start_is_understood(file: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    commands = re.findall(r"seize\W+serve\b[^\n\]]*", text)
    assert commands
    for command in commands:
        PARSER.parse_args(re.findall(r"[\w.-]+", command)[1:])
