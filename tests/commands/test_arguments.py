"""The registries that arguments name are where they are said to be: they are looked up when an argument is given."""

import argparse
from collections.abc import Sequence
from typing import Literal

import pytest

from pipeline.__main__ import main
from pipeline.commands.arguments import Choices, Count, add_arguments, call_with_arguments, command, options_dataclass
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
        (["stats", "demo", "--rows", "9" * 5000], "n'est pas un nombre"),
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


@options_dataclass("fast", "slow")
class Pace:
    """How it goes.

    --fast: in a hurry
    --slow: with care
    """

    fast: bool = False
    slow: bool = False


@command("from_", "until", required=True)
def walk(
    place: str,
    *,
    from_: Count | None = None,
    until: Count | None = None,
    by: Literal["foot", "train"] = "foot",
    seen: Sequence[str] = (),
    steps: Sequence[Count] = (),
    pace: Pace,
) -> tuple[object, ...]:
    """Go somewhere.

    place PLACE: where to
    --from N: since when
    --until N: until when
    --by: how, on foot unless
        it is said
    --seen NAME: what was seen; may be repeated
    --steps N …: of each day
    """
    return place, from_, until, by, seen, steps, pace


def walked(*argv: str) -> tuple[object, ...]:
    parser = argparse.ArgumentParser()
    add_arguments(parser, walk)
    return call_with_arguments(walk, parser.parse_args(argv))


def test_arguments_are_those_of_the_signature() -> None:
    assert walked("Paris", "--from", "3") == ("Paris", 3, None, "foot", (), (), Pace())
    argv = ("Lyon", "--until", "4", "--by", "train", "--seen", "a", "--seen", "b", "--steps", "1", "2", "--slow")
    assert walked(*argv) == ("Lyon", None, 4, "train", ("a", "b"), (1, 2), Pace(slow=True))


@pytest.mark.parametrize(
    "argv",
    [
        ("--from", "3"),
        ("Paris",),
        ("Paris", "--from", "3", "--until", "4"),
        ("Paris", "--from", "-3"),
        ("Paris", "--from", "3", "--by", "boat"),
        ("Paris", "--from", "3", "--fast", "--slow"),
    ],
    ids=" ".join,
)
def test_what_the_signature_does_not_take_is_refused(argv: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        walked(*argv)
    assert exit_.value.code == 2
