"""An assistant asks for Seize's ear, with the SDK's own client."""

import asyncio
import sys
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from pipeline.commands.mcp import build_server

TOOLS = {"scan", "rhymes", "check", "search", "keywords", "write"}
# Of twelve syllables, AABB, but for two faults: the second line has eleven, the fourth does not rhyme with the third.
QUATRAIN = """J'ai gardé sous mon lit un carnet de couleurs
Où j'ai noté ton nom, et toute ma douleur
Le voisin du dessous a remplacé l'ampoule
Et le métro du soir ramène un étranger"""


def call(name: str, server: Any = None, **arguments: Any) -> Any:
    """The answer of a tool, as data; of a problem, its sentence."""

    async def ask() -> Any:
        async with Client(server or build_server()) as client:
            answer = await client.call_tool(name, arguments)
            return answer.content[0].text if answer.is_error else answer.structured_content["result"]

    return asyncio.run(ask())


def test_tools_say_what_they_take_and_none_takes_a_path() -> None:
    async def list_them() -> Any:
        async with Client(build_server()) as client:
            return (await client.list_tools()).tools

    tools = asyncio.run(list_them())
    assert {tool.name for tool in tools} == TOOLS
    for tool in tools:
        assert tool.description
        assert tool.annotations.read_only_hint
        assert not {"path", "file", "folder", "address", "url"} & tool.input_schema["properties"].keys()
        for argument in tool.input_schema["properties"].values():
            assert {"maxLength", "maximum", "enum", "maxItems"} & argument.keys(), argument


def test_a_text_is_heard() -> None:
    first, second = call("scan", text="La nuit, le bruit, l'ennui\nJe marche sous la pluie")
    assert first["syllables_spoken"] == 6
    assert first["letter"] == second["letter"]
    assert {"nuit", "bruit"} & set(first["inner_rhymes"])


def test_a_quatrain_has_its_faults_named() -> None:
    lines = call("check", text=QUATRAIN, scheme="AABB", syllables=12, avoid=["métro"])
    lacks = [line["lacks"] for line in lines]
    assert lacks[0] == []
    assert any("syllables instead of 12" in each for each in lacks[1])
    assert any("rhyme" in each for each in lacks[3])
    assert any("“métro”" in each for each in lacks[3])
    assert call("check", text="La nuit", use=["rue"])[-1]["lacks"] == ["the text does not contain “rue”"]


def test_a_corpus_is_searched_and_its_words_ranked() -> None:
    assert call("search", query="nuit", rows=3)[0]["match"] == "nuit"
    assert len(call("keywords", rows=5)) == 5
    assert len(call("rhymes", word="nuit", rows=5)) == 5


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("search", {"query": "nuit", "corpus": "../../etc"}),
        ("search", {"query": "nuit", "corpus": "nowhere"}),
        ("check", {"text": "La nuit", "scheme": "a1"}),
        ("scan", {"text": "a" * 9000}),
        ("rhymes", {"word": "nuit", "rows": 10**6}),
        ("keywords", {"artist": "Nobody At All"}),
        ("write", {"run": "nowhere"}),
    ],
)
def test_what_cannot_be_answered_is_said(name: str, arguments: dict[str, Any]) -> None:
    problem = call(name, **arguments)
    assert isinstance(problem, str)
    assert "Traceback" not in problem
    assert problem != f"Error executing tool {name}"  # which is what the SDK says of a crash


@pytest.mark.slow
def test_it_runs_as_a_command_and_writes_lines() -> None:
    command = StdioServerParameters(command=sys.executable, args=["-m", "pipeline", "mcp"])
    lines = call("write", command, lines=2, scheme="AA", syllables=8)
    assert len(lines) == 2
    assert all({"line", "syllables", "letter", "lacks"} == line.keys() for line in lines)
