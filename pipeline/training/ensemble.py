"""Several runs of a corpus as one more: the mean of what their networks predict, mixed with what was counted."""

import shutil
from collections.abc import Sequence

from pipeline.evaluation.test_report import character_baseline, with_test_report
from pipeline.language_models.splits import Split
from pipeline.runs.config import WORD_CONTEXTS
from pipeline.runs.draft import Draft, save_run
from pipeline.runs.run import (
    CASING,
    MEMBERS,
    NGRAMS,
    SPELLING,
    SPELLING_VOCABULARY,
    WEIGHTS,
    Run,
    member_arrays,
)

_ARRAYS = (NGRAMS, WORD_CONTEXTS, SPELLING)
_PARTS = (SPELLING_VOCABULARY, CASING)


def same_tokens(runs: Sequence[Run]) -> list[Run]:
    """Return the runs with a network that have the vocabulary of the first of them, and are no ensemble."""
    able = [run for run in runs if run.kind != "ngram" and not run.members]
    return [run for run in able if run.vocabulary.index2word == able[0].vocabulary.index2word]


def save_ensemble(name: str, runs: Sequence[Run], split: Split) -> Run:
    """Save the mean of the networks of `same_tokens` under a name, all else of the first; judged as any run.

    What is mixed is weighed anew on the validation songs.
    """
    first, *others = runs
    members = [
        {"name": run.name, "checksum": str(run.config["files"][WEIGHTS]), "network": run.spec.to_json()} for run in runs
    ]
    config = {key: value for key, value in first.config.items() if key not in ("files", "scores", "base", "checksum")}
    config |= {"name": name, "members": members, "parameters": sum(run.config["parameters"] for run in runs)}
    arrays = {file: first.arrays(file) for file in _ARRAYS if first.has(file)}
    arrays[MEMBERS] = member_arrays([run.weights() for run in others])
    parts = {file: first.json(file) for file in _PARTS if first.has(file)}
    draft = Draft(
        name,
        config,
        first.vocabulary,
        weights=lambda path: shutil.copyfile(first.folder / WEIGHTS, path),
        arrays=arrays,
        parts=parts,
        history=first.history(),
        weight_arrays=first.weights(),
    )
    return save_run(with_test_report(draft, split, character_baseline(split)))
