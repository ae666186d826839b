"""The command that checks what is there: files against their checksums."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from pipeline.commands.arguments import command
from pipeline.core.checksums import read_verified_json
from pipeline.core.errors import SeizeError, Sentence, SettingError
from pipeline.core.paths import SHIPPED_CORPORA, jobs_folder, models_folder, notebooks_folder, prepared_folder
from pipeline.core.store import Store
from pipeline.core.translation import error_text, mark, t

# Notes with a checksum of their own, and stores: where they lie, and under which names
_NOTES: tuple[tuple[str, Callable[[], Path], tuple[str, ...]], ...] = (
    (mark("jobs"), jobs_folder, ("[!.]*/job.json", "[!.]*/status.json")),
    (mark("notebooks"), notebooks_folder, ("*.db",)),
    (mark("owners of the corpora"), prepared_folder, (".owners.db",)),
    (mark("owners of the models"), models_folder, (".owners.db",)),
)


@command()
def check(what: Literal["corpus", "run"] | None = None, name: str | None = None) -> None:
    """Read every file of prepared corpora and of models, and compare it with its stored checksum.

    Reports what has changed and how to rebuild it. Without a name, the records of jobs, notebooks and owners are
    checked as well. (Opening a corpus or a model checks its small files each time.)

    what: what NAME is
    name: a prepared corpus or a model
    """
    if bool(what) != bool(name):
        raise SettingError("Say what to check: check corpus NAME, check run NAME, or just check for everything.")
    from pipeline.corpus import store
    from pipeline.runs import config, run

    damaged = []
    for kind, list_names, changed_files in (
        (mark("corpus"), store.list_corpora, store.changed_corpus_files),
        (mark("run"), config.list_stored_runs, run.changed_parts),
    ):
        names = list_names() if what in (None, kind) else []
        if what == kind and name not in names:
            known = ", ".join(names) or Sentence("none yet")
            raise SeizeError("There is no {kind} {name!r} ({known}).", kind=Sentence(kind), name=name, known=known)
        for item in names:
            if name in (None, item):
                text, is_intact = _describe_changes(changed_files, kind, item)
                print(t("{kind} {name}: {state}", kind=t(kind), name=item, state=text))
                damaged += [] if is_intact else [f"{t(kind)} {item}"]
    for kind, folder, patterns in _NOTES if what is None else ():
        notes = [path for pattern in patterns for path in sorted(folder().glob(pattern))]
        if changed := [str(path.relative_to(folder())) for path in notes if not _is_intact(path)]:
            files = ", ".join(changed)
            print(t("{kind}: {files} changed since written; restore from a copy, or delete", kind=t(kind), files=files))
            damaged.append(t(kind))
        elif notes:
            print(t("{kind}: intact", kind=t(kind)))
    if damaged:
        raise SeizeError("Damaged: {names}.", names=", ".join(damaged))


def _is_intact(path: Path) -> bool:
    try:
        if path.suffix == ".db":
            return Store(path).is_intact()
        read_verified_json(path)
    except (OSError, ValueError):
        return False
    return True


def _describe_changes(changed_files: Callable[[str], list[str] | None], kind: str, name: str) -> tuple[str, bool]:
    """Return (sentence on the state of a corpus or run, whether it is undamaged)."""
    try:
        changed = changed_files(name)
    except SeizeError as error:
        return error_text(error), False
    if changed is None:
        return t(
            "some files have no checksum, as in earlier versions; to add them: {remedy}",
            remedy=_fix_hint(kind, name),
        ), True
    if changed:
        parts = ", ".join(changed)
        return t("{parts} missing or changed since written; {remedy}", parts=parts, remedy=_fix_hint(kind, name)), False
    return t("intact"), True


def _fix_hint(kind: str, name: str) -> str:
    if kind == "corpus":
        source = f"data/{name}" if name in SHIPPED_CORPORA else "SOURCE"
        return f"python -m pipeline prepare {source} --name {name}"
    return t("restore it from a copy, or train it again")
