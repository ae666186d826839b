"""Run the numeric checks of the cells, each with its tolerance and the error observed."""

import argparse
from dataclasses import asdict

from pipeline.commands.output import Progress, print_json
from pipeline.core.errors import Sentence
from pipeline.core.translation import say, t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which checks, and how to print them."""
    parser.add_argument(
        "--without-tensorflow", action="store_true", help=t("leave the comparisons with TensorFlow out")
    )
    parser.add_argument("--json", action="store_true", help=t("print one JSON object a check"))


def run(args: argparse.Namespace) -> None:
    """Print each check as it is made. Raises SeizeError, at the end, when one has failed."""
    from pipeline.core.errors import SeizeError
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
            said = t("{group}: {check}", group=t(check.group), check=say(name))
            print(f"{word} {check.observed:9.2e} {sign} {check.tolerance:7.0e}  {said}")
    if failed:
        raise SeizeError(
            "{failed} of {checks} checks failed, the first: {first}.",
            failed=len(failed),
            checks=checks,
            first=failed[0],
        )
    if not args.json:
        print(t("All {checks} checks hold.", checks=checks))
