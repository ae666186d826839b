"""The registries that arguments name are where they are said to be: they are looked up when an argument is given."""

import argparse

import pytest

from pipeline.__main__ import main
from pipeline.commands.arguments import Choices
from pipeline.commands.parser import build_parser

COMMANDS = build_parser()._subparsers._group_actions[0].choices.items()
LOOKED_UP = [
    pytest.param(action.choices, id=f"{name} {action.dest}")
    for name, command in COMMANDS
    for action in command._actions
    if isinstance(action, argparse.Action) and isinstance(action.choices, Choices)
]


@pytest.mark.parametrize("choices", LOOKED_UP)
def test_names_are_found(choices: Choices) -> None:
    assert all(name in choices for name in choices)
    assert list(choices)


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["stats", "demo", "--years", "first", "2"], "n'est pas un nombre entier"),
        (["generate", "x", "--lines", "9" * 5000], "n'est pas un nombre entier"),
        (["generate", "x", "--temperature", "nan"], "n'est pas un nombre "),
        (["train", "demo", "--minutes", "inf"], "n'est pas un nombre "),
        (["generate", "x", "--richness", "foo"], "n'est pas proposé"),
        (["stats", "demo", "--rows", "9" * 5000], "n'est pas un nombre de choses"),
    ],
)
def test_what_is_no_number_is_said_in_french_and_briefly(
    argv: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["--lang", "fr", *argv])
    assert exit_.value.code == 2
    said = capsys.readouterr().err
    assert says in said
    assert len(said) < 500
