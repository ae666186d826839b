"""Guess the next word of a line: windows of 1 to 9 words, an RNN, an LSTM and an n-gram, on the same 400 words.

    python benchmarks/story_models.py      a few minutes on one core; writes dashboard/lessons/story.csv and story.npz

Perplexity on every word but the first of each line, on songs kept apart. 250 steps of Adam at 0.01 for each network.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from dashboard.lessons import context_windows
from pipeline.corpus.prepare import ensure_demo
from pipeline.corpus.store import load_corpus
from pipeline.language_models.kneser_ney import best_kneser_ney

if __name__ == "__main__":
    ensure_demo()
    learnt, apart = context_windows.lines_of(load_corpus("demo"))
    networks = {k: context_windows.train(learnt, k) for k in range(1, 10)}
    context_windows.save_windows(networks)
    rows = [
        {"model": f"window of {k}", "k": k, "perplexity": context_windows.perplexity(network, apart, k)}
        for k, network in networks.items()
    ]
    for cell in ("rnn", "lstm"):
        rows.append(
            {"model": cell.upper(), "k": 0, "perplexity": context_windows.recurrent_perplexity(cell, learnt, apart)}
        )
    model = best_kneser_ney(
        [np.int32(s) for s in learnt], [np.int32(s) for s in apart[:300]], context_windows.WORDS, range(2, 5)
    )
    scores = model.score([np.int32(line) for line in apart])
    nats = -np.concatenate([score[1 : len(line)] for score, line in zip(scores, apart, strict=True)]).mean()
    rows.append({"model": f"n-gram of order {model.order}", "k": 0, "perplexity": float(np.exp(nats))})
    table = pd.DataFrame(rows).round({"perplexity": 2})
    table.to_csv(Path(context_windows.__file__).parent / "story.csv", index=False)
    print(table.to_string())
