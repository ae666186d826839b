"""Would the tests see a fault? One small fault at a time is written into a copy of the tree, and its tests are run.

    python benchmarks/mutants.py                                   200 mutants of the rooms below, drawn by seed 0
    python benchmarks/mutants.py --count 20 --seed 1 --module pipeline/corpus/tags.py pipeline/cells

Needs pytest-cov (requirements-benchmarks.txt).

A mutant is a comparison, an operator, a number, a `not`, a bound of a slice or a result that is another one. It is
killed by a doctest of its module, by the test of what documents say of the code, or by one of at most six files of
tests, of those that run its line when all tests of the rooms are run once without a fault: the file of its name first,
then those of its room. One that runs over its time of the processor counts as killed (an endless loop would be
noticed); one that a busy machine keeps waiting twenty times as long counts as alive. What is alive is a gap in the
tests, or equivalent: read it and say which. mutmut 3.8 and cosmic-ray 8.7 draw no sample, and run one
set of tests for all modules.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from coverage import CoverageData
from scipy.stats import binomtest

ROOMS = [f"pipeline/{room}" for room in ("language", "analysis", "cells", "corpus", "generation")]
FILES_OF_TESTS = 6
DOCUMENTS = "tests/docs/test_documents.py::test_generated_parts_are_those_of_the_code"  # which say defaults
PAIRS = "Lt LtE, Gt GtE, Eq NotEq, In NotIn, Is IsNot, And Or, Add Sub, FloorDiv Div, Mod Mult, Mult Div"
SWAPS = {getattr(ast, a): getattr(ast, b) for pair in PAIRS.split(", ") for a, b in (pair.split(), pair.split()[::-1])}


def faults(node: ast.AST) -> Iterator[ast.AST]:
    """Yield each faulty copy of one node."""
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            yield replace(node, ops=[*node.ops[:at], SWAPS[type(operator)](), *node.ops[at + 1 :]])
    elif isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in SWAPS:
        yield replace(node, op=SWAPS[type(node.op)]())
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield replace(node, value=not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield from (replace(node, value=node.value + step) for step in (1, -1))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.Slice):
        yield from (replace(node, **{side: None}) for side in ("lower", "upper") if getattr(node, side))
    elif isinstance(node, ast.Return) and node.value and not (isinstance(node.value, ast.Constant)):
        yield replace(node, value=ast.Constant(None))


def replace(node: ast.AST, **fields: Any) -> ast.AST:
    return type(node)(**(vars(node) | fields))


def code_in(node: ast.AST) -> Iterator[tuple[Any, str | int, Any]]:
    """Yield (container, key, node) of all that runs: no annotation, and no decorator such as the size of a cache."""
    for field, value in ast.iter_fields(node):
        if field not in ("annotation", "returns", "decorator_list"):
            places: list[tuple[Any, str | int]] = [(vars(node), field)]
            if isinstance(value, list):
                places = [(value, at) for at in range(len(value))]
            for container, key in places:
                if isinstance(container[key], ast.AST) and not is_table(container[key]):
                    yield container, key, container[key]
                    yield from code_in(container[key])


def is_table(node: ast.AST) -> bool:
    """Whether it displays more than twenty measures, such as learned weights: data, which benchmarks judge."""
    measures = [inner for inner in ast.walk(node) if isinstance(getattr(inner, "value", None), float)]
    return isinstance(node, ast.Dict | ast.List | ast.Tuple | ast.Set) and len(measures) > 20


def mutants(tree: ast.Module) -> Iterator[str]:
    """Put each fault that this module can have into its tree, yield its line and what changed, and take it out."""
    for container, key, node in list(code_in(tree)):
        for fault in faults(node):
            container[key] = fault
            yield " ".join(f"{node.lineno}: {ast.unparse(node)} → {ast.unparse(fault)}".split())[:150]
            container[key] = node


def tests_of(path: Path, line: int, covered: CoverageData) -> list[str]:
    """Return the files of tests that run a module, best first: that of its name, those of its room, and of these the
    one of which most tests run the line, or most of the module."""
    room = str(Path("tests", *path.parts[1:2]))
    file = next((name for name in covered.measured_files() if name.endswith(f"/{path}")), "")
    contexts = covered.contexts_by_lineno(file) if file else {}  # line -> "tests/room/test_x.py::test_y|run", …
    by_line = {at: Counter(name.split("::")[0] for name in names if "::" in name) for at, names in contexts.items()}
    here, anywhere = by_line.get(line, Counter[str]()), sum(by_line.values(), Counter[str]())
    anywhere.pop(str(path), None)  # its doctests
    own = f"/test_{path.stem}.py"
    return sorted(
        anywhere,
        key=lambda test: (test.endswith(own), test.startswith(room), here[test], anywhere[test], test),
        reverse=True,
    )


def run_tests(copied: Path, tests: list[str], seconds: int) -> str:
    """Run tests until one fails: "ALIVE", "killed" or "timeout" (of the processor: others work here too).

    What was said stands in `output.txt`. A wait of twenty times as long (124) says nothing: "ALIVE"."""
    limits = ["timeout", "--kill-after=5", str(20 * seconds), "prlimit", f"--cpu={seconds}"]
    pytest = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", *tests]
    settings = {"PYTHONPATH": str(copied), "SEIZE_JOBS": str(copied / "data/jobs"), "OMP_NUM_THREADS": "1"}
    # through a pipe: tests of a full disk limit the files of their process
    done = subprocess.run(
        [*limits, *pytest], cwd=copied, env=os.environ | settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    (copied / "output.txt").write_bytes(done.stdout)
    # 5: there is no test
    return "ALIVE" if done.returncode in (0, 5, 124) else "timeout" if done.returncode in (137, 152) else "killed"


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--module", nargs="+", default=ROOMS, help="files or folders")
    parser.add_argument("--covered", type=Path, help="the file of coverage that a call leaves here for the next ones")
    parser.add_argument("--seconds", type=int, default=300, help="of the processor for one mutant")
    options = parser.parse_args(argv)
    os.chdir(Path(__file__).resolve().parents[1])
    paths = [path for name in options.module for path in sorted(Path(name).rglob("*.py")) or [Path(name)]]
    sites = [(path, at) for path in paths for at, _ in enumerate(mutants(ast.parse(path.read_text("utf-8"))))]
    drawn = random.Random(options.seed).sample(sites, min(options.count, len(sites)))
    rooms = sorted({str(Path("tests", *path.parts[1:2])) for path in paths})
    ends = Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder, "tree")
        shutil.copytree(".", copied, ignore=shutil.ignore_patterns(".git", ".venv", "*_cache", "jobs"), symlinks=True)
        os.environ["COVERAGE_FILE"] = file = str((options.covered or copied / ".coverage").resolve())
        once = ["--cov=pipeline", "--cov-context=test", "--cov-report=", *rooms, DOCUMENTS]
        if not Path(file).exists() and run_tests(copied, once, 3600) != "ALIVE":
            sys.exit(f"Without a fault, tests fail:\n{(copied / 'output.txt').read_text('utf-8')[-2000:]}")
        covered = CoverageData(file)
        covered.read()
        for number, (path, at) in enumerate(drawn, 1):
            tree = ast.parse(original := (copied / path).read_text("utf-8"))
            change = next(islice(mutants(tree), at, None))
            tests = tests_of(path, int(change.split(":")[0]), covered)[:FILES_OF_TESTS]
            (copied / path).write_text(ast.unparse(tree), "utf-8")
            os.utime(copied / path, (number, number))  # another time for each, or a compiled file of before is taken
            ends[end := run_tests(copied, [str(path), *tests, DOCUMENTS], options.seconds)] += 1
            (copied / path).write_text(original, "utf-8")
            said = (copied / "output.txt").read_text("utf-8", errors="replace").splitlines()
            by = next((line[:150] for line in said if line.startswith(("FAILED ", "ERROR "))), "")
            low, high = binomtest(number - ends["ALIVE"], number).proportion_ci(method="wilson")
            print(
                f"{end:7}  {path}:{change}\n{'':7}  {dict(ends)}: {low:.0%} to {high:.0%} of them killed  {by}",
                flush=True,
            )
    print(f"{len(drawn)} of {len(sites):,} mutants, seed {options.seed}: {1 - ends['ALIVE'] / len(drawn):.0%} killed")


if __name__ == "__main__":
    main(sys.argv[1:])
