"""How long preparing takes: the embedded corpus as a whole process, and synthetic ones of the size of French rap.

    python benchmarks/prepare.py demo                 the embedded corpus, a fresh process each time
    python benchmarks/prepare.py scale 1 2 4          445 artist files of 12.8 million words, times each factor
    python benchmarks/prepare.py world F 1 10         a world of shape F (tests/worlds) of 1 and of 10 megabytes
    python benchmarks/prepare.py world F+ 6           the same in the mix of a real collection (tests/worlds/real_mix)
    python benchmarks/prepare.py zip 100000           a zip of so many files of ten lines, each a song
    python benchmarks/prepare.py tokens               tokens a second on one core
    python benchmarks/prepare.py cluster F 5 1 2 4    a world of 5 megabytes by 1, 2 and 4 Dask workers on loopback

The synthetic corpus recombines lines of the embedded one into files that hold all songs of an artist, with the dirt
of real scrapes: typographic apostrophes, Windows line ends, page residue. Each measurement runs in its own process
and prints wall and CPU seconds (`usable_s`: until the corpus can be opened, before its words are transcribed; `cpu_s`:
of preparing and of the answers, which share their workers, together), the peak
memory of the process and of its largest worker, and the loading time.

Measured on 2 shared cores; under load only CPU seconds mean something, and they grow too. The row of factor 0.25 is
older than the others, from a load of 12, that of factor 4 from a load of 10, before lines were heard:

    embedded      22,769 lines  0.23 million words     1 MB   3.7 to 3.8 s wall (4.3 the first time), 4.4 s CPU, quiet
    0.1 alone    125,664 lines   1.3 million words     7 MB     8 s CPU    651 MB, 7.4 s wall at a load of 1
    0.1 shared   125,664 lines   1.3 million words     7 MB    10 s CPU    492 MB + 2 x 291 MB
    0.25         317,016 lines   3.2 million words    18 MB    37 s CPU    492 MB + 2 x 293 MB
    1          1,270,920 lines  12.8 million words    73 MB    62 s CPU  1,404 MB, two workers    loading 0.22 s; quiet:
                 33.8 s of the clock, and 36.4 (71 s CPU) for hearing the lines, 70 in all
    4          5,083,680 lines  51.0 million words   292 MB   219 s CPU  4,315 MB + 2 x 294 MB   loading 2.0 s CPU
    hearing 0.1    125,664 lines                         11 s CPU. A worker's memory reads as that of the main process,
                 which it was forked from
    world F, 55  993,947 lines   9.8 million words    55 MB   139.5 s CPU, 82.0 for answers and lines at a load of 8 to
                 14; 1,400 MB, loading 0.08 s CPU; before shards and mapped tables 122.6 and 98.2 at 6 to 12, 1,675 MB
                 quiet: 63.6 s of the clock (122.7 CPU) and 63.3 (92.6), 3,304 MB before findings were told apart first;
                 then 56.8 s (107.4 CPU) and 38.9 (71.2), 1,776 MB; lines in columns, on the machine when it was slower
                 by a half: usable after 52.0 s, 82.9 (158.7 CPU) and 32.0 (60.1), 1,198 MB, largest worker 655; on a
                 quicker one after 39.9 s, 60.8 (118.3 CPU) and 26.0 (49.6), 86.8 in all, 1,190 MB, 615. Of that 46 CPU
                 seconds are the model of pronunciations: 177,795 words, 0.26 ms each. Each word analysed once, what is
                 freed given back: 32.3, 48.8 (94.9) and 16.9 (31.6), 65.8 in all, 1,175 MB, 645
                 by the command itself, beside a training: 154 s of the clock, 205 of CPU, at most 1,013 MB in its
                 process, 779 of them its own; 424 until words are transcribed, the rest while answers are computed
    one song     5.4 s CPU, 442 MB while every prepare loaded the model of pronunciations; 1.2 s, 137 MB without, 1.8 of
                 the clock beside other work
    world F, 6     62.8 s CPU with two pools of workers, each of which imported and unpacked for itself; 51.8 with one,
                 forked from a server that has (the whole command, at a load of 6, once each)
                 52.6 and 44.2 at a load of 9 to 12, once each: before and after tokens of a line were cached for who
                 asks for them thrice and languages were told by words alone
    world F, 3     16.6 and 17.0 in one process for the corpus, 10.1 and 10.3 for its answers (load 13 to 18, twice in
                 turn); before one pool of workers 19.4 and 17.8, 7.8 and 7.7, as lines had no assonance and diérèse
    world F, 6     46.0 and 51.6 CPU with its answers, 40.7 and 92.1 s of the clock; before one pool of workers 48.6 and
                 51.2, 54.8 and 68.0 (in turn, at a load of 6 to 9): what that saved, assonance and diérèse take now
    world F+, 3    49.5, 48.5 and 48.0 CPU with its answers, by two workers (523,361 words), in the code of 27
                 November; 33.7, 32.8 and 32.6 now, beside it at a load of 10 to 12 (0.68); main process 373 MB -> 332,
                 largest worker 520 -> 445. Of one process, half is reading and composing, a fifth how lines sound
    world F+, 6    the whole command, in turn with the code of 27 November, both of two workers (1,057,034 words, 58,703
                 types): 65.2 CPU then and 45.1 now at a load of 5 (0.69), 61.3 and 48.4 at 7 to 9 (0.79); usable after
                 46.2 s and 21.0. Largest process 523 MB -> 467. In one process 44.7, of which 13.8 are transcribing
                 words (2.7 more unpacks the model), 4.0 sections, 3.5 readers and composing, 2.9 analysing words, 2.8
                 lines, 2.7 languages, 2.2 shared runs, 1.9 columns, 1.6 cleaning; 2.0 went to looking for cycles
                 again a day later, beside the tests (load 5 to 7): 46.8 and 51.3 then, 41.5 and 34.5 now (0.89, 0.67);
                 quiet: 48.9 and 44.2 then, 32.8 and 36.2 now (0.67, 0.82), 28.0 and 24.9 s of the clock, 19.9 and 22.6
                 thrice in turn on another host: 54.5, 59.1, 49.2 then, 43.4, 41.9, 40.8 now (0.77); by samples:
                 transcribing 27 % (4 of it unpacks the model), reading and composing 24, answers 15, analysing words 8,
                 lines 5, imports 9. Words asked in another order, by their beginnings or ends, take as long
    world F, 55  the whole command in turn with the code of 27 November, quiet: 188.3, 190.9 and 195.6 CPU then, 185.6,
                 170.0 and 183.1 now (0.94 in all; 0.5 wanted), usable after 50.9 s and 45.9: what is saved on small
                 worlds (0.72 on F+ 6 that day, 41.3 and 29.8) are imports and a model unpacked once; a song costs what
                 it did. Of it reading and composing are two fifths, the model of pronunciations a fifth to a quarter
    the model    5 us for a word of its own list, 330 us for one that it spells out, 80 a letter: 38,312 of these types
                 are such and 37,088 stand once: 12.6 of the 44.7 s
    zip of 100,000   882,480 lines  8.8 million words   47 MB   beside other work: usable after 116.5 s, 139.9 (211 CPU)
                 and 25.9 (47.1), 1,321 MB, largest worker 712; 98,804 songs, 1,196 duplicates
    cluster: see docs/decisions/distributed.md
    tokens: 0.73 million a second for new chunks, 3.2 million for known ones (CPU seconds, at a load of 5)
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np

ARTISTS, SONGS, LINES = 445, 84, 34  # artists, songs an artist, lines a song: 1.27 million lines
SECTIONS = ("[Couplet 1]", "[Refrain]", "[Couplet 2]", "[Refrain]")


def synthetic(folder: Path, factor: float, rng: np.random.Generator) -> None:
    """Write `factor` times the artist files of French rap into `folder`."""
    from pipeline.corpus.prepare import ensure_demo

    lines = np.array(ensure_demo().texts.tolist(), object)
    for artist in range(round(ARTISTS * factor)):
        songs = [_song(f"Titre {artist} {at}", rng.choice(lines, LINES), artist % 5) for at in range(SONGS)]
        (folder / f"Artiste {artist:05}.txt").write_text("\n\n".join(songs), "utf-8", newline="")


def _song(title: str, lines: np.ndarray, dirt: int) -> str:
    cut = LINES // len(SECTIONS)
    parts = [tag + "\n" + "\n".join(lines[at * cut : (at + 1) * cut]) for at, tag in enumerate(SECTIONS)]
    text = f"Titre : {title}\n" + "\n\n".join([*parts, "\n".join(lines[len(SECTIONS) * cut :])])
    if dirt == 1:
        text = text.replace("'", "’")
    if dirt == 2:
        text = text.replace("\n", "\r\n")
    return text + "\n12Embed" if dirt == 3 else text


def measure(source: Path) -> dict[str, float]:
    """Prepare `source` in this process as the command does, and load what came of it."""
    from pipeline.commands.prepare import LARGE_CORPUS_LINES, precompute_results
    from pipeline.corpus.prepare import prepare
    from pipeline.corpus.store import load_corpus
    from pipeline.processes.executors import worker_executor

    start = time.perf_counter()
    with worker_executor(worth=True) as pool:  # what its processes took is counted once they have ended
        corpus, report = prepare(source, "benchmark", executor=pool)
        wall = time.perf_counter() - start
        if len(corpus.lines) >= LARGE_CORPUS_LINES:
            precompute_results(corpus, executor=pool)
    precomputing = time.perf_counter() - start - wall
    main, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    del corpus
    start, cpu = time.perf_counter(), time.process_time()
    load_corpus("benchmark")
    return {
        "songs": report.songs,
        "lines": report.lines,
        "words": report.words,
        "megabytes": round(
            sum(path.stat().st_size for path in (source, *source.rglob("*")) if path.is_file()) / 1e6, 1
        ),
        "usable_s": round(report.seconds, 1),
        "wall_s": round(wall, 1),
        "cpu_s": round(_processor(), 1),
        "precomputing_wall_s": round(precomputing, 1),
        "main_mb": main.ru_maxrss >> 10,
        "largest_worker_mb": children.ru_maxrss >> 10,
        "load_wall_s": round(time.perf_counter() - start, 2),
        "load_cpu_s": round(time.process_time() - cpu, 2),
        "duplicates": len(report.duplicates),
    }


def _processor() -> float:
    """Seconds of the processor so far, those of workers that have ended included."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(use.ru_utime + use.ru_stime for use in map(resource.getrusage, who))


def in_a_process(*arguments: str, prepared: Path) -> str:
    """The output of this script run afresh."""
    environment = os.environ | {"SEIZE_PREPARED": str(prepared)}
    command = [sys.executable, __file__, *arguments]
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def scale(factors: list[float]) -> None:
    """One line a factor."""
    for factor in factors:
        with tempfile.TemporaryDirectory() as folder:
            source, prepared = Path(folder, "source"), Path(folder, "prepared")
            source.mkdir()
            synthetic(source, factor, np.random.default_rng(16))
            print(factor, in_a_process("measure", str(source), prepared=prepared).strip(), flush=True)


def world(shape: str, sizes: list[float]) -> None:
    """One line a size: a collection with real dirt, words as varied as real ones."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from tests.worlds import make_world

    for megabytes in sizes:
        with tempfile.TemporaryDirectory() as folder:
            real = shape.endswith("+")
            source = make_world(shape[0], Path(folder), megabytes=megabytes, seed=16, real=real).source
            print(shape, megabytes, in_a_process("measure", str(source), prepared=Path(folder, "prepared")), end="")


def batched(lines: Iterable[str], size: int) -> Iterator[list[str]]:
    """Groups of so many lines."""
    rest = iter(lines)
    while batch := list(islice(rest, size)):
        yield batch


def zipped(files: int) -> None:
    """A zip of so many songs of ten lines each, a file each: lines of a world of shape F, one after another."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from tests.worlds import make_world

    with tempfile.TemporaryDirectory() as folder:
        source = make_world("F", Path(folder), megabytes=files * 6e-4, seed=16).source
        archive = Path(folder, "songs.zip")
        lines = (
            line for path in sorted(source.rglob("*.txt")) for line in path.read_text("utf-8").splitlines() if line
        )
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            for at, song in enumerate(islice(batched(lines, 10), files)):
                packed.writestr(f"artiste {at // 100:04}/chanson {at:06}.txt", "\n".join(song))
        print(in_a_process("measure", str(archive), prepared=Path(folder, "prepared")), end="")


def cluster_of(shape: str, megabytes: float, sizes: list[int]) -> None:
    """One line a number of workers, without pronunciations: seconds of clock and processor, memory of the driver.

    `driver_cpu_s` is what more machines do not shorten; `workers_cpu_s` is what they share.
    """
    import psutil
    from distributed import LocalCluster

    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from pipeline.corpus import prepare as way
    from pipeline.processes.executors import dask_executor
    from tests.worlds import make_world

    way.pronounce_vocabulary = lambda *given: None
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SEIZE_PREPARED"] = str(Path(folder, "prepared"))
        source = make_world(shape, Path(folder), megabytes=megabytes, seed=16).source
        for size in sizes:
            with LocalCluster(n_workers=size, threads_per_worker=1, processes=True, dashboard_address=None) as local:
                processes = [psutil.Process(worker.process.pid) for worker in local.workers.values()]
                before = [sum(process.cpu_times()[:2]) for process in processes]
                wall, own = time.perf_counter(), time.process_time()
                with dask_executor(local.scheduler_address) as executor:
                    corpus, _ = way.prepare(source, "benchmark", executor=executor, work=Path(folder))
                    done, driven = time.perf_counter() - wall, time.process_time() - own
                    worked = sum(sum(process.cpu_times()[:2]) for process in processes) - sum(before)
                figures = {
                    "workers": size,
                    "songs": len(corpus.songs),
                    "wall_s": round(done, 1),
                    "driver_cpu_s": round(driven, 2),
                    "workers_cpu_s": round(worked, 1),
                    "largest_worker_mb": max(process.memory_info().rss for process in processes) >> 20,
                    "driver_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
                    "load": round(os.getloadavg()[0], 1),
                }
            print(json.dumps(figures), flush=True)


def demo(times: int = 3) -> None:
    """The embedded corpus, imports included."""
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(times):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            start = time.perf_counter()
            in_a_process("demo-once", prepared=Path(folder))
            wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            print(f"embedded corpus, whole process: {wall:.2f} s wall, {cpu:.2f} s CPU", flush=True)


def tokens() -> None:
    """Tokens a second, the first time that lines are seen and once their chunks are known."""
    from pipeline.corpus.prepare import ensure_demo
    from pipeline.language.tokens import tokenise

    lines = ensure_demo().texts.tolist()
    tokenise("seize")  # imports NLTK
    for label, repeats in (("new chunks", 1), ("known chunks", 10)):
        start = time.process_time()
        total = sum(len(tokenise(line)) for _ in range(repeats) for line in lines)
        print(f"{label}: {total / (time.process_time() - start) / 1e6:.2f} million tokens a second of CPU")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("demo", "demo-once", "scale", "world", "measure", "zip", "tokens", "cluster"))
    parser.add_argument("values", nargs="*")
    given = parser.parse_args()
    if given.what == "demo":
        demo()
    elif given.what == "demo-once":
        from pipeline.core.paths import DEMO_NAME, DEMO_SOURCE
        from pipeline.corpus.prepare import prepare

        prepare(DEMO_SOURCE, DEMO_NAME)
    elif given.what == "scale":
        scale([float(value) for value in given.values] or [1.0])
    elif given.what == "world":
        world(given.values[0], [float(value) for value in given.values[1:]] or [1.0])
    elif given.what == "zip":
        zipped(int(given.values[0]))
    elif given.what == "cluster":
        cluster_of(given.values[0], float(given.values[1]), [int(value) for value in given.values[2:]] or [1, 2, 4])
    elif given.what == "measure":
        print(json.dumps(measure(Path(given.values[0]))))
    else:
        tokens()


if __name__ == "__main__":
    main()
