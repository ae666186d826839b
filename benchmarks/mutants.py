"""Would the tests see a fault? One small fault at a time is written into a copy of the tree, and its tests are run.

    python benchmarks/mutants.py                                   200 mutants of the rooms below, drawn by seed 0
    python benchmarks/mutants.py --count 20 --seed 1 --module pipeline/corpus/tags.py dashboard/queries

A mutant is a comparison, an operator, a number, a `not`, a bound of a slice or a result that is another one. A doctest
of its module or one of at most six files of tests kills it: the file of its name, those of its room that reach it by
the fewest imports, then others that import it. One that runs over its time counts as killed (an endless loop would be
noticed). What is alive is a gap in the tests, or equivalent: read it and say which. mutmut 3.8 and cosmic-ray 8.7
draw no sample, and run one set of tests for all modules.
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
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from scipy.stats import binomtest

ROOMS = [f"pipeline/{room}" for room in ("language", "analysis", "cells", "corpus", "generation")]
FILES_OF_TESTS, HOPS = 6, 3
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


@cache
def imports(path: Path) -> frozenset[str]:
    """Return the dotted names that a file imports, and those of names taken from packages."""
    taking = [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Import | ast.ImportFrom)]
    pairs = [(getattr(node, "module", None), alias.name) for node in taking for alias in node.names]
    return frozenset(name for package, taken in pairs for name in (package or taken, f"{package}.{taken}"))


def tests_of(path: Path) -> list[str]:
    """Return the files of tests of a module (both below the current folder), the nearest first."""
    room = Path("tests", *path.parts[1:2] if path.parts[0] == "pipeline" else path.parts[:1])
    modules = [file for package in ("pipeline", "dashboard") for file in Path(package).rglob("*.py")]
    hops, reached = dict[Path, int](), {path}
    for hop in range(HOPS):
        names = {".".join(file.with_suffix("").parts).removesuffix(".__init__") for file in reached}
        for test in Path("tests").rglob("test_*.py"):
            if imports(test) & names:
                hops.setdefault(test, hop)
        reached |= {file for file in modules if imports(file) & names}
    near = [test for test in hops if hops[test] == 0 or room in test.parents] or list(hops)
    near.sort(key=lambda test: (test.stem != f"test_{path.stem}", room not in test.parents, hops[test], test))
    return [str(test) for test in near[:FILES_OF_TESTS]]


def run_tests(copied: Path, files: list[str], seconds: int) -> str:
    """Run files of tests until one fails: "ALIVE", "killed" or "timeout" (of the processor: others work here too)."""
    limits = ["timeout", "--kill-after=5", str(20 * seconds), "prlimit", f"--cpu={seconds}"]
    pytest = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", *files]
    settings = {"PYTHONPATH": str(copied), "SEIZE_JOBS": str(copied / "data/jobs"), "OMP_NUM_THREADS": "1"}
    # through a pipe: tests of a full disk limit the files of their process
    done = subprocess.run(
        [*limits, *pytest], cwd=copied, env=os.environ | settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    (copied / "output.txt").write_bytes(done.stdout)
    return "ALIVE" if done.returncode == 0 else "timeout" if done.returncode in (124, 137, 152) else "killed"


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--module", nargs="+", default=ROOMS, help="files or folders")
    parser.add_argument("--seconds", type=int, default=300, help="of the processor for one mutant")
    options = parser.parse_args(argv)
    os.chdir(Path(__file__).resolve().parents[1])
    paths = [path for name in options.module for path in sorted(Path(name).rglob("*.py")) or [Path(name)]]
    sites = [(path, at) for path in paths for at, _ in enumerate(mutants(ast.parse(path.read_text("utf-8"))))]
    drawn = random.Random(options.seed).sample(sites, min(options.count, len(sites)))
    ends, tests = Counter[str](), {path: [str(path), *tests_of(path)] for path, _ in drawn}
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder, "tree")
        shutil.copytree(".", copied, ignore=shutil.ignore_patterns(".git", ".venv", "*_cache", "jobs"), symlinks=True)
        if run_tests(copied, sorted({file for files in tests.values() for file in files}), 3600) != "ALIVE":
            sys.exit(f"Without a fault, tests fail:\n{(copied / 'output.txt').read_text('utf-8')[-2000:]}")
        for number, (path, at) in enumerate(drawn, 1):
            tree = ast.parse(original := (copied / path).read_text("utf-8"))
            change = next(islice(mutants(tree), at, None))
            (copied / path).write_text(ast.unparse(tree), "utf-8")
            os.utime(copied / path, (number, number))  # another time for each, or a compiled file of before is taken
            ends[end := run_tests(copied, tests[path], options.seconds)] += 1
            (copied / path).write_text(original, "utf-8")
            low, high = binomtest(number - ends["ALIVE"], number).proportion_ci(method="wilson")
            print(f"{end:7}  {path}:{change}\n{'':7}  {dict(ends)}: {low:.0%} to {high:.0%} of them killed", flush=True)
    print(f"{len(drawn)} of {len(sites):,} mutants, seed {options.seed}: {1 - ends['ALIVE'] / len(drawn):.0%} killed")


if __name__ == "__main__":
    main(sys.argv[1:])
