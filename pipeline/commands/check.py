"""The commands that check what is there: files against their checksums, cells against their equations."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from pipeline.commands.arguments import command
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


@command()
def check(what: Literal["corpus", "run"] | None = None, name: str | None = None) -> None:
    """Read every file of prepared corpora and of runs, and compare it with the checksum that was written with it.

    What has changed is named, with the way to make it again. Opening a corpus or a run compares what is small each
    time. Without a name, the notes of jobs, of notebooks and of who owns what are read as well: each holds its own
    checksum.

    what: which kind of thing NAME is
    name: a prepared corpus or a run
    """
    if bool(what) != bool(name):
        raise SettingError("Say which one: check corpus NAME, check run NAME, or nothing, which checks everything.")
    damaged = []
    for kind, item, changed_parts in _checked_items(what, name):
        text, whole = _describe_changes(changed_parts, kind, item)
        print(t("{kind} {name}: {state}", kind=t(kind), name=item, state=text))
        damaged += [] if whole else [f"{t(kind)} {item}"]
    for kind, folder, patterns in _NOTES if what is None else ():
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
    """Return the state of a corpus or run in words, and whether it is whole."""
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


@command()
def verify(*, without_tensorflow: bool = False, json: bool = False) -> None:
    """Run the numeric checks of the cells, each with its tolerance and the error observed.

    --without-tensorflow: leave the comparisons with TensorFlow out
    --json: print one JSON object a check
    """
    from pipeline.learn.verify import claims

    report, failed, checks = Progress(quiet=True), [], 0
    for claim in claims(with_tensorflow=not without_tensorflow):
        check = claim.check()
        checks += 1
        # The share is of about 220 checks; a page draws them as they come.
        name = Sentence(check.sentence, **{key: Sentence(text) for key, text in check.values.items()})
        report(min(checks / 220, 0.99), name, check={**asdict(check), "passed": check.passed})
        if not check.passed:
            failed.append(name)
        if json:
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
    if not json:
        print(t("All {checks} checks hold.", checks=checks))
