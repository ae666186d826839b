"""Claims that our cells give again the numbers that courses print."""

from collections.abc import Iterator
from functools import partial

from pipeline.core.translation import mark
from pipeline.verify import cs231n, specialization, specialization_letters
from pipeline.verify.check import Claim
from pipeline.verify.printed import Printed

GROUP = mark("Published numbers")
TOLERANCE = 6e-9  # half of their last printed digit, and a little


def printed_numbers() -> list[Printed]:
    """Every printed number beside ours."""
    courses = (specialization, specialization_letters, cs231n)
    return [number for course in courses for recipe in course.RECIPES for number in recipe()]


def claims() -> Iterator[Claim]:
    for number in printed_numbers():
        yield Claim(GROUP, number.name, TOLERANCE, partial(getattr, number, "error"))
