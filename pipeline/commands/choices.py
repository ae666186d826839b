"""The names that an argument may have, as a registry lists them. Knows nothing of what they name."""

import importlib
from collections.abc import Iterator


class Choices:
    """Names looked up when an argument is checked or help is printed: building the parser imports no registry.

    >>> "lstm" in Choices("pipeline.cells.registry", "CELLS")
    True
    """

    def __init__(self, module: str, names: str) -> None:
        self.module, self.names = module, names

    def __iter__(self) -> Iterator[str]:
        return iter(getattr(importlib.import_module(self.module), self.names))

    def __contains__(self, name: object) -> bool:
        return name in list(self)
