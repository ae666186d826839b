"""The architectures that can be trained are those that are listed."""

from pipeline.commands import learn as command
from pipeline.learn import architectures as learn
from pipeline.learn.architecture import NAMES


def test_every_architecture_is_trained_by_its_name():
    assert set(NAMES) == set(learn._ON_CORPUS) | set(learn._ALONE)
    assert command.NAMES == NAMES
