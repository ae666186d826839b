"""The commands of `python -m pipeline`, by what they are about: each takes its arguments, calls the pipeline, prints.

A command is a function: its docstring is its help, its signature its arguments (`arguments.command`); `parser.COMMANDS`
says in which module. It imports what it calls when it runs, so that `--help` and the light commands do not wait for
the heavy ones.
Results go to stdout (with `--json`: one JSON object a line), progress and errors to stderr.
"""
