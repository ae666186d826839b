"""Adds to a wheel what lies beside the packages in a checkout. All else is in pyproject.toml.

    data/demo, verses, texts, lexicons -> pipeline/shipped/data/    the embedded corpora, word tables
    models/base-*, demo-*, learn-*, seize -> pipeline/shipped/models/   the runs that come with Seize; others stay out

`pipeline/core/paths.py` reads them there. An editable install copies nothing: it reads them where they are.
"""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent
SHIPPED = "pipeline/shipped"
FOLDERS = (
    *("data/demo", "data/verses", "data/texts", "data/lexicons"),
    *("models/base-*", "models/demo-*", "models/learn-*", "models/seize"),
)


class BuildWithData(build_py):
    """Build the packages, then put the shipped files into one of them."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            for path, target in shipped_files().items():
                self.mkpath(str(Path(self.build_lib, target).parent))
                self.copy_file(str(HERE / path), str(Path(self.build_lib, target)))

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """All files that a build writes, these among them."""
        added = [str(Path(self.build_lib, target)) for target in shipped_files().values()]
        return [*super().get_outputs(include_bytecode), *(() if self.editable_mode else added)]


def shipped_files() -> dict[str, str]:
    """Path in the checkout -> path in the wheel."""
    folders = [folder for pattern in FOLDERS for folder in sorted(HERE.glob(pattern))]
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    paths = [path.relative_to(HERE).as_posix() for path in files]
    return {path: f"{SHIPPED}/{path}" for path in paths}


setup(cmdclass={"build_py": BuildWithData})
