"""The registries that arguments name are where they are said to be: they are looked up when an argument is given."""

import argparse

import pytest

from pipeline.commands.parser import Choices, build_parser

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
