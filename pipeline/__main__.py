"""The command line: `python -m pipeline COMMAND …`. Parses, calls, prints.

Exit status: 0 done; 1 a problem with the data, in one line on stderr; 2 a usage error; 130 interrupted.
"""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence

from pipeline.commands.output import protect_terminal
from pipeline.commands.parser import argparse_in_language, build_parser
from pipeline.core.errors import SeizeError, Sentence
from pipeline.core.translation import SOURCE, in_language, t, translate_sentence
from pipeline.processes.jobs import STARTING_MESSAGE, Reporter, keep_lock_from_children

INTERRUPTED_EXIT_STATUS = 130  # the exit status of a command that Ctrl-C stopped


def main(argv: Sequence[str] | None = None, build: Callable[[], argparse.ArgumentParser] = build_parser) -> int:
    """Run the command in `argv` and return its exit status; report its end where it runs as a job."""
    language = _language_asked(sys.argv[1:] if argv is None else argv)
    with protect_terminal(), in_language(language), argparse_in_language():
        return _run(argv, build(), Reporter())


def _language_asked(argv: Sequence[str]) -> str:
    """Return the locale given by --lang, else by the environment, before arguments are parsed."""
    for at, argument in enumerate(argv):
        if argument == "--lang" and at + 1 < len(argv):
            return argv[at + 1]
        if argument.startswith("--lang="):
            return argument.partition("=")[2]
    return next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), SOURCE)


def _run(argv: Sequence[str] | None, parser: argparse.ArgumentParser, reporter: Reporter) -> int:
    try:
        if reporter.in_job:
            _prepare_job_process(reporter)
        args = parser.parse_args(argv)
        args.run(args)
        _flush()  # here, where what goes wrong is told, and not while Python ends
    except SeizeError as error:
        return _report_failure(error.as_sentence, error.status, reporter)
    except KeyboardInterrupt:
        print(f"seize: {t('interrupted.')}", file=sys.stderr)
        reporter.report_end("cancelled")
        return INTERRUPTED_EXIT_STATUS
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        _drop_output()
    except OSError as error:  # a full disk, a folder that may not be written
        try:
            _flush()
        except OSError:
            _drop_output()
        return _report_failure(_os_error_sentence(error), 1, reporter)
    reporter.report_end("done")
    return 0


def _prepare_job_process(reporter: Reporter) -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a cancelled job stops as Ctrl-C stops it
    keep_lock_from_children()
    reporter.report_progress(0, STARTING_MESSAGE)
    if reporter.is_cancelled:
        raise KeyboardInterrupt


def _os_error_sentence(error: OSError) -> Sentence:
    reason = error.strerror or str(error)
    return (
        Sentence("{file}: {reason}.", file=error.filename, reason=reason)
        if error.filename
        else Sentence("{reason}.", reason=reason)
    )


def _report_failure(why: Sentence, status: int, reporter: Reporter) -> int:
    print(f"seize: {translate_sentence(why)}", file=sys.stderr)
    reporter.report_end("failed", why)
    return status


def _flush() -> None:
    if sys.stdout is not None:  # as when it is closed from the start: >&-
        sys.stdout.flush()


def _drop_output() -> None:
    """Discard what stdout still holds, so that Python does not fail on it as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    status = main()
    if status == INTERRUPTED_EXIT_STATUS:
        os._exit(status)  # Python would wait for threads that still compute
    sys.exit(status)
