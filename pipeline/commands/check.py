"""The commands that check what is there: files against their checksums, cells against their equations."""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from pipeline.commands.output import Progress, print_json
from pipeline.core.checksums import read_verified_json
from pipeline.core.errors import SeizeError, Sentence, SettingError
from pipeline.core.paths import SHIPPED_CORPORA, jobs_folder, models_folder, notebooks_folder, prepared_folder
from pipeline.core.store import Store
from pipeline.core.translation import error_text, mark, t, translate_sentence

# Notes with a checksum of their own, and stores: where they lie, and under which names
_NOTES: tuple[tuple[str, Callable[[], Path], tuple[str, ...]], ...] = (
    (mark("jobs"), jobs_folder, ("[!.]*/job.json", "[!.]*/status.json")),
    (mark("notebooks"), notebooks_folder, ("*.db",)),
    (mark("owners of the corpora"), prepared_folder, (".owners.db",)),
    (mark("owners of the runs"), models_folder, (".owners.db",)),
)


def check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", nargs="?", choices=("corpus", "run"), help=t("which kind of thing NAME is"))
    parser.add_argument("name", nargs="?", metavar=t("NAME"), help=t("a prepared corpus or a run"))
    parser.add_argument("--all", action="store_true", help=t("everything there is (what happens without WHAT too)"))


def check(args: argparse.Namespace) -> None:
    """Read every file of prepared corpora and of runs, and compare it with the checksum that was written with it.

    What has changed is named, with the way to make it again. Opening a corpus or a run compares what is small each
    time. Without a name, the notes of jobs, of notebooks and of who owns what are read as well: each holds its own
    checksum.
    """
    if bool(args.what) != bool(args.name) or (args.all and args.what):
        raise SettingError("Say which one: check corpus NAME, check run NAME, or nothing, which checks everything.")
    damaged = []
    for kind, name, changed_parts in _checked_items(args.what, args.name):
        text, whole = _describe_changes(changed_parts, kind, name)
        print(t("{kind} {name}: {state}", kind=t(kind), name=name, state=text))
        damaged += [] if whole else [f"{t(kind)} {name}"]
    for kind, folder, patterns in _NOTES if args.what is None else ():
        notes = [path for pattern in patterns for path in sorted(folder().glob(pattern))]
        if changed := [str(path.relative_to(folder())) for path in notes if not _is_whole(path)]:
            files = ", ".join(changed)
            print(t("{kind}: {files} changed since; restore from a copy, or delete", kind=t(kind), files=files))
            damaged.append(t(kind))
        elif notes:
            print(t("{kind}: whole", kind=t(kind)))
    if damaged:
        raise SeizeError("Damaged: {names}.", names=", ".join(damaged))


def _checked_items(what: str | None, name: str | None) -> Iterator[tuple[str, str, Callable[[str], list[str] | None]]]:
    from pipeline.corpus import store
    from pipeline.runs import config, run

    for kind, names, changed_parts in (
        (mark("corpus"), store.list_corpora, store.changed_corpus_files),
        (mark("run"), config.stored_runs, run.changed_parts),
    ):
        if what in (None, kind):
            if name is not None and name not in (there := names()):
                known = ", ".join(there) or Sentence("none yet")
                raise SeizeError("There is no {kind} {name!r} ({known}).", kind=Sentence(kind), name=name, known=known)
            for each in names() if name is None else [name]:
                yield kind, each, changed_parts


def _is_whole(path: Path) -> bool:
    try:
        if path.suffix == ".db":
            return Store(path).is_whole()
        read_verified_json(path)
    except (OSError, ValueError):
        return False
    return True


def _describe_changes(changed_parts: Callable[[str], list[str] | None], kind: str, name: str) -> tuple[str, bool]:
    """(how it is, whether it is whole)."""
    try:
        changed = changed_parts(name)
    except SeizeError as error:
        return error_text(error), False
    if changed is None:
        return t(
            "some files have no checksum, as those of earlier versions; to have them: {remedy}",
            remedy=_remedy(kind, name),
        ), True
    if changed:
        parts = ", ".join(changed)
        return t(
            "{parts} missing or changed since it was written; {remedy}", parts=parts, remedy=_remedy(kind, name)
        ), False
    return t("whole"), True


def _remedy(kind: str, name: str) -> str:
    if kind == "corpus":
        source = f"data/{name}" if name in SHIPPED_CORPORA else "SOURCE"
        return f"python -m pipeline prepare {source} --name {name}"
    return t("restore it from a copy, or train it again")


def verify_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--without-tensorflow", action="store_true", help=t("leave the comparisons with TensorFlow out")
    )
    parser.add_argument("--json", action="store_true", help=t("print one JSON object a check"))


def verify(args: argparse.Namespace) -> None:
    """Run the numeric checks of the cells, each with its tolerance and the error observed."""
    from pipeline.learn.verify import claims

    report, failed, checks = Progress(quiet=True), [], 0
    for claim in claims(with_tensorflow=not args.without_tensorflow):
        check = claim.check()
        checks += 1
        # The share is of about 220 checks; a page draws them as they come.
        name = Sentence(check.sentence, **{key: Sentence(text) for key, text in check.values.items()})
        report(min(checks / 220, 0.99), name, check={**asdict(check), "passed": check.passed})
        if not check.passed:
            failed.append(name)
        if args.json:
            print_json({**asdict(check), "passed": check.passed})
        else:
            sign, word = ("≥" if check.at_least else "≤"), (t("ok  ") if check.passed else t("FAIL"))
            text = t("{group}: {check}", group=t(check.group), check=translate_sentence(name))
            print(f"{word} {check.observed:9.2e} {sign} {check.tolerance:7.0e}  {text}")
    if failed:
        raise SeizeError(
            "{failed} of {checks} checks failed, the first: {first}.",
            failed=len(failed),
            checks=checks,
            first=failed[0],
        )
    if not args.json:
        print(t("All {checks} checks hold.", checks=checks))
