"""A home whose every field is hostile: a corpus, a run, jobs and an address made of links, styles and scripts."""

import json
import os
import shutil
import time
from pathlib import Path

from pipeline.corpus.song import Line, Section, Song
from pipeline.processes import jobs
from pipeline.processes.jobs import take_lock
from tests.corpora import make_corpus, save_corpus
from tests.dashboard.tiny_run import save_tiny_run

HOST = "evil.example"
CORPUS, RUN = "hostile", "hostile-run"


def hostile(field: str) -> str:
    """Every way that is known to make a link, a picture, a style or a script of the text of a field."""
    at = f"https://{HOST}/{field}"
    return (
        f"{field} ![p]({at}.png) [l]({at}) [r] <{at}> {at} www.{HOST} m@{HOST} :red[c] :smile: $x$ `c` *b* "
        f"<a href='{at}'>a</a> <img src={at}.gif onerror=alert(1)> <b>b</b> %{{{field}}} &lt;i&gt; &#60;u&#62; "
        f'<span style="fill:url({at}.svg);color:red">s</span> <script src={at}.js></script> "\'><svg onload=alert(1)>'
    )


def short(field: str) -> str:
    """The same in fewer characters, for names of files and addresses: no slash."""
    return f"{field} ![p](//{HOST}) <a href='//{HOST}'>{field}</a> %{{{field}}} www.{HOST} :red[c]".replace("/", "")


def query(field: str) -> str:
    """The same for a search, without commas."""
    return f"<a href='https://{HOST}'>{field}</a>"


ADDRESS = {
    "corpus": CORPUS, "q": query("q"), "said": f"{query('said')}, nuit, ![p](https://{HOST}/s.png)",
    "rhymes-with": query("rhyme"), "seed": query("seed"),
    "text": f"{query('text')}\n{query('own')}", "word": query("word"),
    "neighbour": "nuit", "index_query": query("index"), "line": query("line"), "use": query("use"),
    "avoid_words": query("avoid"), "rhyme_with": query("with"), "plan": query("plan"), "model": query("model"),
    "models": query("models"), "run": RUN, "artists": query("nobody"), "song": query("song"), "look": "card",
    "of_voice": hostile("artist0"), "of_artist": hostile("artist0"), "of_built_artist": hostile("artist0"),
    "ranked_artist": hostile("artist0"), "points": "artist", "first": "tiny", "second": RUN,
}  # fmt: skip


def make_home(home: Path, places: dict[str, str]) -> dict[str, str]:
    """Fill the folders under `home` and return the environment that names them; `places` has the embedded corpus."""
    folders = {f"SEIZE_{name}": str(home / name.lower()) for name in ("PREPARED", "MODELS", "JOBS")}
    os.environ.update(folders)  # the caller takes it back
    for folder in folders.values():
        Path(folder).mkdir()
    if (demo := Path(places["SEIZE_PREPARED"]) / "demo").is_dir():
        shutil.copytree(demo, home / "prepared" / "demo")
    save_hostile_corpus()
    shutil.copytree(home / "prepared" / CORPUS, home / "prepared" / short("corpusname"))
    for run in filter(Path.is_dir, Path(places["SEIZE_MODELS"]).iterdir()):  # not the table of owners
        shutil.copytree(run, home / "models" / run.name)
    save_hostile_runs(home / "models")
    save_hostile_jobs()
    return {**os.environ, **folders}


def save_hostile_corpus() -> None:
    songs = [_song(number) for number in range(12)]
    report = {
        "files": 12, "songs": 12, "lines": 240, "words": 2000,
        "rules": [{"what": hostile("rule"), "songs": 1, "lines": 1, "characters": 1, "examples": [hostile("example")]}],
        "skipped": [{"file": hostile("file"), "reason": hostile("reason")}],
        "duplicates": [{"dropped": hostile("dropped"), "kept": hostile("kept"), "kind": "same", "containment": 1.0}],
    }  # fmt: skip
    save_corpus(make_corpus(CORPUS, songs), report, [hostile("original") for _ in songs])


def _song(number: int) -> Song:
    lines = tuple(
        Line(f"Je marche dans la nuit {number} pour la rue numéro {at} {hostile('line') if at % 5 == 0 else 'encore'}")
        for at in range(16)
    )
    refrain = tuple(Line(f"La nuit {hostile('refrain')}") for _ in range(4))
    who = (hostile("performer"),)
    sections = (Section("couplet", lines, 1, who), Section("refrain", refrain, None, who, 2))
    return Song(
        hostile(f"title{number}"), hostile(f"artist{number % 4}"), sections, hostile("album"), 2000 + number % 6,
        (hostile("featuring"),), hostile("source"), hostile("original"),
        facets={hostile("facet"): hostile(f"value{number % 2}")},
    )  # fmt: skip


def save_hostile_runs(models: Path) -> None:
    """Runs whose card, corpus and words are hostile, and a folder whose name no run can have."""
    card = f"# {hostile('card')}\n\n[l]: https://{HOST}/l\n\n{hostile('card')}\n\n[l] ![l]\n"
    save_tiny_run(RUN, card=card, corpus={"name": hostile("corpus"), "part": hostile("part")})
    words = dict.fromkeys(("je", "la", "nuit", "rue"), 9) | {hostile(f"word{n}"): 5 for n in range(70)}
    save_tiny_run(f"{RUN}-words", counts=words, level="word", card=card)
    shutil.copytree(models / "tiny", models / short("runname"))


def save_hostile_jobs() -> None:
    """An import under way, a training under way with samples, and a comparison that is done."""
    about = {
        "name": short("trained"), "corpus": CORPUS, "level": "char", "cell": "lstm", "minutes": 5, "kind": "mixture",
        "units": None, "layers": 1, "artists": [hostile("artist0")], "years": None, "resumed": False,
    }  # fmt: skip
    _job("import", "running", {"name": short("imported")}, [])
    step = {"epoch": 0.1, "tokens_per_second": 900.0, "seconds_left": 60.0, "sample": hostile("sample")}
    bits = {"train_bits": 3.0, "valid_bits": 3.1, "valid_bits_per_char": 3.1}
    _job("train", "running", about, [{"step": n, "seconds": 10.0 * n, **step, **bits} for n in range(1, 5)])
    rows = [
        {"title": hostile(f"t{n}"), "artist": hostile("a"), "first": 2.0, "second": 2.1, "difference": -0.1 + 0.05 * n}
        for n in range(4)
    ]
    result = {"first": "tiny", "second": RUN, "difference": -0.1, "low": -0.2, "high": -0.05, "songs": 4, "table": rows}
    _job("compare", "done", {"first": "tiny", "second": RUN, "versions": [0, 0]}, [result])


def _job(kind: str, state: str, about: dict, steps: list[dict]) -> None:
    now = time.time()
    job = jobs.Job(f"{int(now * 1000)}-{kind}", kind, hostile("jobtitle"), ("--version",), now, about)
    job.folder.mkdir(parents=True)
    status = {"state": state, "share": 0.5, "message": hostile("message"), "updated": now}
    (job.folder / "status.json").write_text(json.dumps(status))
    (job.folder / "progress.jsonl").write_text("".join(json.dumps(step) + "\n" for step in steps))
    (job.folder / "job.json").write_text(json.dumps({**job.__dict__, "command": list(job.command)}, default=str))
    if state == "running":
        assert take_lock(job.folder)  # this process stands for the job's
