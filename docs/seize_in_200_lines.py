"""Seize in one file: read the songs, count their words, train an LSTM by its own equations, write a verse.

    python docs/seize_in_200_lines.py data/demo --steps 2000 --seed "La nuit"

NumPy and the standard library; nothing of Seize is imported. What the real thing adds is speed, care for dirty
text, judges of what was learnt, rhyme and measure; the ideas are these. A test holds its numbers against Seize's.
"""

import argparse
import re
from collections import Counter
from pathlib import Path

import numpy as np

TAG, ADLIB = re.compile(r"\[.*\]"), re.compile(r"\([^()]*\)")  # [Couplet 1], [Refrain x2]; (ouais), (skrrt)
WORD = re.compile(r"\b(?:jusqu|lorsqu|puisqu|quoiqu|qu|[jtldmnsc])'|\w+(?:['-]\w+)*'?", re.I)  # j' | suis | p'tit
NEWLINE, SONG = "\n", "\0"  # the end of a line; between two songs


# --- 1. Raw text -> songs ---------------------------------------------------------------------------------------


def read_song(text: str) -> list[str]:
    """Return the lines of a song, without what stands about it between `---` at the top, without tags and ad-libs."""
    body = text.split("---\n", 2)[2] if text.startswith("---\n") else text
    lines = (" ".join(ADLIB.sub(" ", line).split()) for line in body.replace("’", "'").splitlines())
    return [line for line in lines if line and not TAG.fullmatch(line)]


def read_songs(folder: Path) -> list[list[str]]:
    """Return the songs of a folder, each a list of lines."""
    return [read_song(path.read_text("utf-8")) for path in sorted(folder.rglob("*.txt"))]


# --- 2. Songs -> numbers ----------------------------------------------------------------------------------------


def words(line: str) -> list[str]:
    """Return the words of a line in small letters; an elided one (j', qu') is a word of its own."""
    return [match.group().lower() for match in WORD.finditer(line)]


def statistics(songs: list[list[str]]) -> dict[str, float]:
    """Return how many songs, lines, words and different words there are, and how many words a line has."""
    per_line = [words(line) for song in songs for line in song]
    counts = Counter(word for line in per_line for word in line)
    return {
        "songs": len(songs),
        "lines": len(per_line),
        "words": sum(counts.values()),
        "types": len(counts),
        "once": sum(count == 1 for count in counts.values()),
        "words per line": sum(counts.values()) / len(per_line),
    }


def vocabulary(text: str) -> tuple[dict[str, int], list[str]]:
    """Return char2index and index2char, the most frequent first: each is the other read backwards."""
    index2char = [char for char, _ in sorted(Counter(text).items(), key=lambda item: (-item[1], item[0]))]
    return {char: index for index, char in enumerate(index2char)}, index2char


# --- 3. The LSTM: one step forward, one step back (Hochreiter & Schmidhuber 1997; Gers et al. 2000) --------------


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def initial_weights(vocabulary_size: int, units: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return E (V, n), W (2n, 4n) and b (4n) of the gates i, f, c, o, and Wy (n, V) with by (V). b_f begins at 1."""
    bias = np.zeros(4 * units)
    bias[units : 2 * units] = 1  # remember, until there is a reason to forget
    return {
        "E": rng.normal(0, 1, (vocabulary_size, units)),
        "W": rng.normal(0, (2 * units) ** -0.5, (2 * units, 4 * units)),
        "b": bias,
        "Wy": rng.normal(0, units**-0.5, (units, vocabulary_size)),
        "by": np.zeros(vocabulary_size),
    }


def step(p: dict, x: np.ndarray, a: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray, tuple]:
    """One step: x, a<t-1>, c<t-1> (batch, n) -> a<t>, c<t> and what the way back needs."""
    ax = np.concatenate([a, x], 1)  # (batch, 2n)
    i, f, g, o = np.split(ax @ p["W"] + p["b"], 4, 1)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    c_new = f * c + i * g  # what is kept, and what is written
    return o * np.tanh(c_new), c_new, (ax, i, f, g, o, c, c_new)


def step_back(p: dict, da: np.ndarray, dc: np.ndarray, cache: tuple, grad: dict) -> tuple[np.ndarray, ...]:
    """From dJ/da<t> and what c<t> receives from the step after -> dx, da<t-1>, dc<t-1>; adds to the gradients."""
    ax, i, f, g, o, c, c_new = cache
    tanh_c = np.tanh(c_new)
    dc = dc + da * o * (1 - tanh_c**2)
    gates = (dc * g * i * (1 - i), dc * c * f * (1 - f), dc * i * (1 - g**2), da * tanh_c * o * (1 - o))
    dz = np.concatenate(gates, 1)  # (batch, 4n)
    grad["W"] += ax.T @ dz
    grad["b"] += dz.sum(0)
    dax = dz @ p["W"].T
    n = da.shape[1]
    return dax[:, n:], dax[:, :n], dc * f


def loss_and_gradients(p: dict, x: np.ndarray, y: np.ndarray, a: np.ndarray, c: np.ndarray) -> tuple:
    """Cross-entropy in nats a character of y (batch, time) after x, its gradients through time, and the last a, c."""
    batch, time = x.shape
    grad = {name: np.zeros_like(value) for name, value in p.items()}
    caches, hidden, dlogits, loss = [], [], [], 0.0
    for t in range(time):
        a, c, cache = step(p, p["E"][x[:, t]], a, c)
        logits = a @ p["Wy"] + p["by"]  # (batch, V)
        logits -= logits.max(1, keepdims=True)
        prob = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
        loss -= np.log(prob[np.arange(batch), y[:, t]]).mean() / time
        prob[np.arange(batch), y[:, t]] -= 1  # of softmax and cross-entropy: predicted, less true
        caches.append(cache), hidden.append(a), dlogits.append(prob / (batch * time))
    da_next, dc_next = np.zeros_like(a), np.zeros_like(c)
    for t in reversed(range(time)):
        grad["Wy"] += hidden[t].T @ dlogits[t]
        grad["by"] += dlogits[t].sum(0)
        dx, da_next, dc_next = step_back(p, dlogits[t] @ p["Wy"].T + da_next, dc_next, caches[t], grad)
        np.add.at(grad["E"], x[:, t], dx)
    return loss, grad, a, c


# --- 4. Training: windows of a text whose state is carried on, Adam, clipping -------------------------------------


def train(text: np.ndarray, p: dict, steps: int, batch: int = 32, time: int = 50, rate: float = 4e-3) -> list[float]:
    """Change p by so many updates on the text (tokens); return the loss of each, in bits a character."""
    rows = text[: len(text) // batch * batch].reshape(batch, -1)
    mean, square = ({name: np.zeros_like(value) for name, value in p.items()} for _ in range(2))
    at, losses = 0, []
    for update in range(1, steps + 1):
        if at == 0 or at + time + 1 > rows.shape[1]:
            at, a = 0, np.zeros((batch, p["Wy"].shape[0]))
            c = np.zeros_like(a)
        loss, grad, a, c = loss_and_gradients(p, rows[:, at : at + time], rows[:, at + 1 : at + time + 1], a, c)
        norm = np.sqrt(sum(float((g**2).sum()) for g in grad.values()))  # an exploding gradient is cut to length 1
        falling = rate * 0.5 * (1 + np.cos(np.pi * update / steps))
        for name, g in grad.items():  # Kingma & Ba 2015
            g = g / max(1.0, norm)
            mean[name] += 0.1 * (g - mean[name])
            square[name] += 0.001 * (g**2 - square[name])
            unbiased = square[name] / (1 - 0.999**update)
            p[name] -= falling * mean[name] / (1 - 0.9**update) / (np.sqrt(unbiased) + 1e-8)
        at, losses = at + time, [*losses, loss / np.log(2)]
        if update % 100 == 0:
            print(f"update {update:5}  {np.mean(losses[-100:]):.3f} bits a character", flush=True)
    return losses


# --- 5. Writing: read the seed, then draw a character after the other --------------------------------------------


def write(p: dict, char2index: dict, index2char: list, seed: str, lines: int, temperature: float, rng) -> str:
    """Return the seed and what follows: cooler draws keep to what is likely, warmer ones dare."""
    a = c = np.zeros((1, p["Wy"].shape[0]))
    text, known = seed, [SONG, *(char for char in seed if char in char2index)]
    for char in known:
        a, c, _ = step(p, p["E"][[char2index[char]]], a, c)
    while text.count(NEWLINE) < lines and len(text) < 120 * lines:
        logits = (a @ p["Wy"] + p["by"])[0] / temperature
        logits[char2index[SONG]] = -np.inf  # the song goes on
        prob = np.exp(logits - logits.max())
        index = rng.choice(len(prob), p=prob / prob.sum())
        text += index2char[index]
        a, c, _ = step(p, p["E"][[index]], a, c)
    return text.strip()


def main() -> None:
    """Do all of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--units", type=int, default=128)
    parser.add_argument("--seed", default="La nuit")
    parser.add_argument("--temperature", type=float, default=0.6)
    args = parser.parse_args()
    songs, rng = read_songs(args.folder), np.random.default_rng(1)
    for name, value in statistics(songs).items():
        print(f"{name:>14}: {value:,.2f}".removesuffix(".00"))
    text = SONG + SONG.join(NEWLINE.join(song) + NEWLINE for song in songs)
    char2index, index2char = vocabulary(text)
    p = initial_weights(len(index2char), args.units, rng)
    train(np.array([char2index[char] for char in text]), p, args.steps)
    print("\n" + write(p, char2index, index2char, args.seed, 4, args.temperature, rng))


if __name__ == "__main__":
    main()
