"""Write lyrics with a trained run, from a seed."""

import argparse
import os
import sys

from pipeline.commands.output import print_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """RUN, the seed and how to write."""
    parser.add_argument("run_name", metavar="RUN", help="a trained run, such as demo-char")
    parser.add_argument("--seed", default="", metavar="TEXT", help="the text to go on from; may be empty")
    parser.add_argument("--lines", type=int, default=16, help="lines to write (default 16)")
    parser.add_argument("--temperature", type=float, default=0.8, help="daring: 0 takes the likeliest (default 0.8)")
    parser.add_argument("--top-k", type=int, default=0, help="choose among the k likeliest only (0: all)")
    parser.add_argument("--top-p", type=float, default=1.0, help="choose among the likeliest that sum to p (1: all)")
    parser.add_argument("--min-p", type=float, default=0.02, help="drop what is p times less likely than the likeliest")
    parser.add_argument("--repetition-penalty", type=float, default=1.0, help="above 1: avoid repeating (default 1)")
    parser.add_argument("--stop-at-song-end", action="store_true", help="stop early when the model ends the song")
    parser.add_argument("--random-seed", type=int, default=0, help="the same number writes the same text (default 0)")
    parser.add_argument("--json", action="store_true", help="print the lyric with all that reproduces it, as JSON")


def run(args: argparse.Namespace) -> None:
    """Write; without --json the text appears as it is written."""
    # Products of one row: threads would only wait for each other. Read by NumPy when it is first imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from pipeline.generation.lyric import WriteSettings
    from pipeline.generation.sampling import SamplingSettings
    from pipeline.generation.writer import write, write_lyric
    from pipeline.training.run import load_run

    settings = WriteSettings(
        lines=args.lines,
        stop_at_song_end=args.stop_at_song_end,
        sampling=SamplingSettings(
            temperature=args.temperature,
            top_k=args.top_k,
            top_p=args.top_p,
            min_p=args.min_p,
            repetition_penalty=args.repetition_penalty,
        ),
    )
    trained = load_run(args.run_name)
    if args.json:
        print_json(write_lyric(trained, args.seed, settings, args.random_seed).to_json())
        return
    print(args.seed, end="")
    for piece in write(trained, args.seed, settings, args.random_seed):
        print(piece.text, end="")
        sys.stdout.flush()
    print()
