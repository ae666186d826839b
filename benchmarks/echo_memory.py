"""How far back a small RNN, GRU and LSTM learn to look: the echo task, accuracy by lag.

    python benchmarks/echo_memory.py       about 5 minutes on one core; writes dashboard/lessons/echo.csv

32 units, 8 symbols, 30 steps, batches of 32, 400 steps of Adam at 0.01, one random seed. Chance is 12.5 %.
"""

from pathlib import Path

import pandas as pd

from dashboard.lessons import through_time

OUT = Path(through_time.__file__).parent / "echo.csv"
LAGS = (1, 2, 3, 4, 6, 8, 10, 12, 16)

if __name__ == "__main__":
    rows = []
    for cell in ("rnn", "gru", "lstm"):
        for lag in LAGS:
            rows.append({"cell": cell, "lag": lag, "accuracy": round(through_time.echo_accuracy(cell, lag), 4)})
            print(rows[-1], flush=True)
    pd.DataFrame(rows).to_csv(OUT, index=False)
