"""Train a character or word model on a prepared corpus, and judge it on songs that it never saw."""

import argparse

from pipeline.commands.output import Progress, print_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NAME of the corpus and the shape of the network; what is not given is chosen by level."""
    parser.add_argument("corpus", metavar="NAME", help="a prepared corpus, such as demo")
    parser.add_argument("--name", help="name of the run (default: CORPUS-LEVEL)")
    parser.add_argument("--level", choices=["char", "word"], default="char", help="what a token is (default char)")
    parser.add_argument("--cell", choices=["rnn", "lstm", "gru"], default="lstm", help="default lstm")
    parser.add_argument("--minutes", type=float, default=15.0, help="time budget (default 15)")
    parser.add_argument("--units", type=int, help="width of each recurrent layer")
    parser.add_argument("--layers", type=int, default=1, help="recurrent layers (default 1)")
    parser.add_argument("--embedding", type=int, help="width of the embedding")
    parser.add_argument("--dropout", type=float, help="share dropped before and after the recurrent layers")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same start and order (default 1)")
    parser.add_argument(
        "--resume",
        nargs="?",
        const="",
        metavar="RUN",
        help="go on from the last checkpoint of RUN (default: of --name)",
    )
    parser.add_argument("--json", action="store_true", help="print the scores as one JSON object")


def run(args: argparse.Namespace) -> None:
    """Train, save the run, print its card."""
    from pipeline.corpus.prepare import open_corpus
    from pipeline.training.settings import Progress as Step
    from pipeline.training.settings import TrainSettings
    from pipeline.training.train import train

    progress = Progress()

    def on_progress(step: Step) -> None:
        share = min(0.99, step.seconds / max(step.seconds + step.seconds_left, 1e-9))
        figures = {} if step.valid_bits is None else {"step": step.step, "epoch": step.epoch, "seconds": step.seconds}
        if step.valid_bits is not None:
            figures |= {"train_bits": step.train_bits, "valid_bits": step.valid_bits}
        progress(share, step.line(), **figures)

    settings = TrainSettings(
        name=args.resume or args.name or f"{args.corpus}-{args.level}",
        level=args.level,
        cell=args.cell,
        minutes=args.minutes,
        units=args.units,
        layers=args.layers,
        embedding=args.embedding,
        dropout=args.dropout,
        seed=args.seed,
    )
    trained = train(open_corpus(args.corpus), settings, on_progress, resume=args.resume is not None)
    progress(1.0, f"saved in {trained.folder}")
    if args.json:
        print_json({"run": trained.name, **trained.scores})
    else:
        print(trained.card())
