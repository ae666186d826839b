"""The commands of `python -m pipeline`, one a file: each adds its arguments, calls the pipeline, prints.

A command module has a docstring whose first line is its help, `add_arguments(parser)` and `run(args)`. It imports
what it calls inside `run`, so that `--help` and the light commands do not wait for the heavy ones.
Results go to stdout (with `--json`: one JSON object a line), progress and errors to stderr.
"""
