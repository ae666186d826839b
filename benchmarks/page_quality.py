"""How pages behave in a real Chromium: layout shift and accessibility, how soon sliders and keys are answered, and
how far it is from the home to what one wants.

    python benchmarks/page_quality.py layout [--address http://localhost:8501] [--axe axe.min.js] [--pages lexicon]
    python benchmarks/page_quality.py sliders [--pages learn_rnn] [--presses 5]
    python benchmarks/page_quality.py frames [--pages learn_lstm]
    python benchmarks/page_quality.py typing [--pause 180]
    python benchmarks/page_quality.py tasks [--pages rewrite,lesson]

layout: every page as it is served, by language, width and theme. A row a visit: cumulative layout shift (Web Vitals:
the largest window of shifts, without those that follow a click) and what axe-core finds in each theme, without the drop
zone of Streamlit's own uploader. Text that is cut or sticks out at 390 pixels is named too. axe-core is no part of
Seize: give the path of its axe.min.js, or leave it out.

sliders: For each slider: the median of some key presses, from the event of the key to the last frame in which a figure,
a table or a sentence of the page still changed, on the clock of the page; and the processor time of the server for one
of them, which a busy machine hardly lengthens. The line under study has 40 characters, the networks their 32 units.
Every press asks for a value that was not shown before, so that no answer is remembered. Last the median over all
sliders. Target: 300 ms on a quiet machine.

A lesson is gone through part by part, as it is read.

Measured on 2 cores that others used too, 22 sliders of lessons 2, 5 and 9: medians of 110 to 595 ms, 267 over all, at a
load of 8; with the drawing of before, which was an SVG of our own, 67 to 276, 114 over all, at a load of 6.

frames: while a scene plays for three seconds, the share of frames that come within 34 ms (30 a second) and the longest
wait; and from the key of a step to its frame. Learn 7, quiet: all frames, a step in 4 ms; at a load of 8: 98 %, 105 ms.

typing: how soon the marks of a line follow the keys that it is typed with (Line by line). Milliseconds from a key to
its marks, for those keys whose own text was measured; how many of all those are. A server that is slower than the keys
leaves some out.

tasks: seven things that people want, each by a new visitor from the home: clicks and choices of a file, presses of keys
that are not text, text fields that are filled, and seconds from the first of them to the answer. Nobody hesitates here:
the seconds are those that the dashboard takes. The server is new, with a copy of its models and of what is prepared.
"""

import argparse
import csv
import io
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from urllib.parse import quote

import numpy as np
from playwright.sync_api import Browser, Error, Locator, Page

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.dashboard.browser import chromium, idle, server
from tests.source_tree import ROOT

SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const e of list.getEntries()) if (!e.hadRecentInput)
    window.shifts.push([e.startTime, e.value, e.sources.map((s) => `${s.node?.className || s.node?.nodeName}`)]);
}).observe({ type: 'layout-shift', buffered: true });
"""
AXE = """axe.run({exclude: [['[data-testid=stFileUploaderDropzone]']]})
  .then(r => r.violations.map(v => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 160)]))"""
CUT = """() => [...document.querySelectorAll('.stMain *, .stSidebar *')].filter((e) => {
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const aside = e.closest('svg, .js-plotly-plot, .unseen, .scroll, [data-testid=stDataFrame], .katex, pre, style');
  const cut = style.textOverflow === 'ellipsis' && e.scrollWidth > e.clientWidth + 1;
  if (e.matches('[data-testid=stSelectbox] input')) return box.left >= 0 && e.scrollWidth > e.clientWidth + 1;
  return !e.children.length && e.textContent.trim() && !aside && box.width > 1 && (box.right > innerWidth + 1 || cut);
}).map((e) => (e.value || e.textContent).trim().slice(0, 60)).slice(0, 4)"""
READY = "[data-testid=stApp][data-test-script-state=notRunning]"


def largest_window(shifts: list[list]) -> float:
    """Return the cumulative layout shift: windows end after a second without a shift, or five in all."""
    best = total = 0.0
    first = last = -1e9
    for at, value, _ in shifts:
        if at - last > 1000 or at - first > 5000:
            total, first = 0.0, at
        total, last = total + value, at
        best = max(best, total)
    return best


def settle(page: Page) -> None:
    """Wait until the script has run and charts stand."""
    for _ in range(3):
        page.wait_for_selector(READY, timeout=240_000)
        page.wait_for_timeout(500)


def visit(browser: Browser, address: str, axe: str, language: str, width: int) -> Iterator[str]:
    """Yield the findings of one visit."""
    height = 900 if width > 500 else 844
    locale = {"en": "en-US", "fr": "fr-FR"}[language]
    context = browser.new_context(viewport={"width": width, "height": height}, locale=locale)
    page = context.new_page()
    page.add_init_script(SHIFTS)
    page.goto(address)
    settle(page)
    shifts = page.evaluate("window.shifts")
    yield f"cls {largest_window(shifts):.3f}"
    yield from (f"  {value:.3f} {sources}" for _, value, sources in shifts if value > 0.03)
    if width < 500 and (cut := page.evaluate(CUT)):
        yield f"  cut: {cut}"
    for scheme in ("light", "dark") if axe else ():
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(500)
        page.evaluate(axe)
        found = page.evaluate(AXE)
        yield f"axe {scheme} {len(found)}"
        yield from (f"  {violation}" for violation in found)
    context.close()


def measure_layout(args: argparse.Namespace) -> None:
    """Print what each visit finds."""
    from dashboard.navigation import PLACES, address

    axe = args.axe.read_text("utf-8") if args.axe else ""
    pages = args.pages.split(",") if args.pages else list(PLACES)
    widths = [int(width) for width in args.widths.split(",")]
    with chromium() as browser:
        for page, language, width in product(pages, args.languages.split(","), widths):
            for line in visit(browser, f"{args.address}/{address(page)}", axe, language, width):
                print(f"{page:20} {language} {width:5} {line}", flush=True)


STUDIED_LINE = "Je compte les mesures et j'en veux seize"  # 40 characters
SLIDER_PAGES = (
    "learn_story", "learn_functions", "learn_rnn", "learn_architectures?shape=Bidirectional&", "learn_bptt",
    "learn_vanishing", "learn_lstm?force_one=true&", "learn_cost", "learn_series", "learn_words",
)  # fmt: skip
# Notes the key, and every frame after it that follows a change of what the page shows outside its sliders.
WATCH_SLIDERS = """
window.pressed = window.changed = 0;
addEventListener("keydown", (event) => { window.pressed = event.timeStamp; window.changed = 0 }, true);
const shows = (node) => {
  const one = node.nodeType === 1 ? node : node.parentElement;
  return one && (one.closest(".stPlotlyChart, .stHtml, .stMarkdown, .stHeading, .player") && !one.closest(".stSlider"));
};
const all = { subtree: true, childList: true, characterData: true,
  attributeFilter: ["d", "x", "y", "transform", "href", "points", "title", "style"] };
const watch = new MutationObserver((changes) => {
  if (changes.some((change) => shows(change.target)))
    requestAnimationFrame(() => { window.changed = performance.now() });
});
watch.observe(document, all);
const attach = Element.prototype.attachShadow;  // scenes stand in a tree of their own
Element.prototype.attachShadow = function (options) {
  const root = attach.call(this, options);
  watch.observe(root, all);
  return root;
};
"""


def answers(page: Page, thumb: Locator, times: int, seconds: "ProcessorTime") -> Iterator[tuple[float, float]]:
    """For each press on a slider: milliseconds to the last changed frame, and of the server's processors."""
    key = "ArrowLeft" if thumb.input_value() == thumb.get_attribute("max") else "ArrowRight"
    for _ in range(times):
        before, value = seconds(), thumb.input_value()
        thumb.press(key)
        wait_for_figures(page, 400)
        if thumb.input_value() == value:
            return  # the end of the slider
        pressed, changed = page.evaluate("[window.pressed, window.changed]")
        if changed:
            yield changed - pressed, 1000 * (seconds() - before)


def wait_for_figures(page: Page, milliseconds: int = 1500) -> None:
    """Wait until the script has run and its figures are drawn; the first visit of a busy machine takes minutes."""
    for _ in range(2):
        page.wait_for_timeout(milliseconds)
        page.wait_for_selector('[data-testid=stApp][data-test-script-state="notRunning"]', timeout=300_000)
    page.wait_for_timeout(milliseconds)


class ProcessorTime:
    """Seconds that the server has used so far: our one child that runs Streamlit."""

    def __init__(self) -> None:
        children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
        self.stat = next(
            Path(f"/proc/{pid}/stat") for pid in children if b"streamlit" in Path(f"/proc/{pid}/cmdline").read_bytes()
        )

    def __call__(self) -> float:
        user, system = self.stat.read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def sliders_of_lesson(page: Page) -> Iterator[Locator]:
    """Yield the sliders of each part of a lesson, which is open meanwhile."""
    main = page.get_by_test_id("stMain")
    main.get_by_test_id("stHeading").first.wait_for(timeout=300_000)
    wait_for_figures(page)
    tabs = main.locator(".st-key-part [role=radio]")
    for part in range(max(1, tabs.count() - 1)):  # the last is the whole lesson
        if part:
            tabs.nth(part).click()
            wait_for_figures(page)
        yield from main.get_by_test_id("stSlider").all()


def measure_sliders(args: argparse.Namespace) -> None:
    """Print how soon each slider is answered."""
    print(f"{'page':28} {'slider':44} {'median ms':>9} {'server ms':>9} {'n':>3}")
    medians = []
    with server(dict(os.environ)) as address, chromium() as browser:
        seconds = ProcessorTime()
        for view in args.pages.split(",") if args.pages else SLIDER_PAGES:
            page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
            page.add_init_script(WATCH_SLIDERS)
            page.goto(f"{address}/{view}{'' if '?' in view else '?'}line={quote(STUDIED_LINE)}", timeout=120_000)
            for slider in sliders_of_lesson(page):
                thumb, name = slider.locator("input").first, slider.locator("label").first.inner_text()
                if thumb.is_disabled():
                    continue
                thumb.scroll_into_view_if_needed()
                found = list(answers(page, thumb, args.presses, seconds))
                middle = [f"{statistics.median(column):9,.0f}" for column in zip(*found, strict=True)] or ["-", "-"]
                print(f"{view.partition('?')[0]:28} {name:44} {middle[0]:>9} {middle[1]:>9} {len(found):3}", flush=True)
                medians += [statistics.median(wait for wait, _ in found)] if found else []
            page.context.close()
    within = sum(median <= 300 for median in medians)
    print(f"{len(medians)} sliders: median {statistics.median(medians):.0f} ms, {within} within 300 ms")
    print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


SCENE_PAGES = ("learn", "learn_rnn", "learn_bptt", "learn_vanishing", "learn_lstm", "learn_cost")
FRAMES = """(seconds) => new Promise((done) => {
  const times = [];
  const note = (now) => {
    times.push(now);
    if (now - times[0] < 1000 * seconds) requestAnimationFrame(note);
    else done(times.slice(1).map((time, which) => time - times[which]));
  };
  requestAnimationFrame(note);
})"""


def measure_frames(args: argparse.Namespace) -> None:
    """Print how even frames come while a scene plays, and how soon a step by key is drawn."""
    print(f"{'page':28} {'scene':>5} {'frames':>6} {'within 34 ms':>12} {'longest ms':>10} {'a step, ms':>10}")
    with server(dict(os.environ)) as address, chromium() as browser:
        for view in args.pages.split(",") if args.pages else SCENE_PAGES:
            page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
            page.add_init_script(WATCH_SLIDERS)
            page.goto(f"{address}/{view}{'' if '?' in view else '?'}line={quote(STUDIED_LINE)}", timeout=120_000)
            wait_for_figures(page)
            for which, scene in enumerate(page.locator(".player").all(), 1):
                scene.press("Home")
                steps = []
                for _ in range(args.presses):
                    page.wait_for_timeout(200)
                    scene.press("ArrowRight")
                    page.wait_for_timeout(200)
                    steps.append(page.evaluate("window.changed - window.pressed"))
                scene.press("Home")
                scene.press(" ")
                waits = np.array(page.evaluate(FRAMES, 3))
                scene.press("k")
                within, step = np.mean(waits < 34), statistics.median(steps)
                print(f"{view:28} {which:5} {len(waits):6} {within:12.1%} {waits.max():10.0f} {step:10.0f}", flush=True)
            page.context.close()
    print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


FIRST, TYPED = "On marche dans la nuit sans faire de bruit", "Et tous les murs de la ville ont entendu la pluie"
# as script/server sets it
SERVER = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
WATCH_TYPING = """() => {
  let typed = "", at = null;
  window.waits = [];
  document.addEventListener("input", (event) => { typed = event.target.value.trim(); at = performance.now(); }, true);
  new MutationObserver(() => {
    const words = [...document.querySelectorAll(".st-key-sheet .words")].at(-1);
    if (at !== null && words?.textContent === typed) { window.waits.push(performance.now() - at); at = null; }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def measure_typing(args: argparse.Namespace) -> None:
    """Print how soon marks follow the keys."""
    environment = os.environ | SERVER
    with (
        tempfile.TemporaryDirectory() as jobs,
        server({**environment, "SEIZE_JOBS": jobs}) as host,
        chromium() as browser,
    ):
        page = browser.new_page()
        page.goto(f"{host}/studio?text={FIRST}")
        page.locator(".st-key-sheet .next").click(timeout=120_000)
        box = page.locator(".st-key-line-panel input[type=text]").first
        box.wait_for(timeout=120_000)
        idle(page)
        page.evaluate(WATCH_TYPING)
        for key in TYPED:
            box.press("Space" if key == " " else key)
            page.wait_for_timeout(args.pause)
        page.wait_for_timeout(1000)
        waits = page.evaluate("window.waits")
    low, high = np.quantile(waits, (0.5, 0.95))
    print(f"{len(waits)} of {len(TYPED)} keys: median {low:.0f} ms, 95 % within {high:.0f}, at most {max(waits):.0f}")
    print(f"load {os.getloadavg()[0]:.1f}")


class Walk:
    """A visit that counts what its visitor does."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.keys, self.fields, self.began = page, 0, 0, 0, time.perf_counter()

    def click(self, place: str | Locator, seconds: float = 300) -> None:
        target = self.page.locator(place) if isinstance(place, str) else place
        target.first.click(timeout=1000 * seconds)
        self.clicks += 1

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def fill(self, place: str, text: str) -> None:
        """Click into a field and fill it."""
        self.click(place)
        self.page.locator(place).first.fill(text)
        self.fields += 1

    def see(self, place: str, text: str = "", seconds: float = 300) -> None:
        """Wait until something shows, with this text."""
        self.page.locator(place).filter(has_text=text).first.wait_for(timeout=1000 * seconds)

    def search(self, text: str) -> None:
        """Search everywhere."""
        self.press("Control+k")
        self.see(".st-key-sought input")
        self.page.locator(".st-key-sought input").fill(text)
        self.fields += 1


FOUR_LINES = (
    "Je marche seul dans la nuit\nLa ville dort sans un bruit\nMa mère attend à la maison\nOn rentre avec la saison"
)


def own_table() -> bytes:
    """Return 18 songs of three voices as a visitor's spreadsheet has them."""
    rows = io.StringIO()
    writer = csv.writer(rows)
    writer.writerow(["artist", "title", "year", "lyrics"])
    for voice in sorted((ROOT / "data" / "demo").iterdir())[1:4]:
        for song in sorted(voice.glob("*.txt"))[:6]:
            _, head, lyrics = song.read_text("utf-8").split("---\n", 2)
            fields = dict(line.split(": ", 1) for line in head.splitlines())
            writer.writerow([fields["artist"], fields["title"], fields["year"], lyrics])
    return rows.getvalue().encode()


def rarest_rhyme(walk: Walk) -> None:
    walk.click(".st-key-door-artist a")
    walk.see("h2", "Rarest rhyme")


def couplet_card(walk: Walk) -> None:
    walk.click(".st-key-card-example .stPopover button")
    walk.see(".stPopoverBody, [data-testid=stPopoverBody]", "PNG")
    with walk.page.expect_download(timeout=120_000):
        walk.click(walk.page.get_by_role("button", name="PNG").first)


def rewritten_line(walk: Walk) -> None:
    walk.click(".st-key-door-studio a")
    walk.click(walk.page.get_by_text("Edit as text"))
    walk.fill(".st-key-whole-text textarea", FOUR_LINES)
    walk.press("Control+Enter")
    walk.see(".st-key-sheet [data-line='2']", "maison")
    walk.click(".st-key-sheet [data-line='2'] .words")
    walk.click(walk.page.get_by_role("button", name="Rephrase"))
    walk.click(".st-key-take-1 button")
    walk.see(".st-key-sheet [data-line='2'] .beats", "12")


def years_of_word(walk: Walk) -> None:
    walk.search("nuit")
    walk.see("[class*=st-key-hit-] a", "word ·")
    walk.click(walk.page.locator("[class*=st-key-hit-] a").filter(has_text="word ·").first)
    walk.click(walk.page.get_by_role("radio", name="Timeline"))
    walk.see("h2", "nuit over the years")


def brought_table(walk: Walk) -> None:
    walk.click(".st-key-door-importing a")
    walk.page.locator("[data-testid=stFileUploaderDropzoneInput]").set_input_files(
        {"name": "mes-textes.csv", "mimeType": "text/csv", "buffer": own_table()}
    )
    walk.clicks += 2  # the button, and the file
    walk.click(walk.page.get_by_role("button", name="Prepare mine"))
    walk.click(walk.page.get_by_role("link", name="Open mine"))
    walk.see(".findings li")


def trained_run(walk: Walk) -> None:
    walk.click(".st-key-door-training a")
    walk.fill(".st-key-minutes input", SHORTEST)
    walk.press("Enter")
    idle(walk.page)
    walk.click(".st-key-start button")
    walk.click(walk.page.get_by_role("link", name="See it among the models"), 900)
    walk.see(".js-plotly-plot")


def lesson_on_vanishing(walk: Walk) -> None:
    walk.search("vanishing")
    walk.see(".st-key-hit-0 a")
    walk.press("ArrowDown")
    walk.press("Enter")
    walk.see("h1")
    walk.page.wait_for_url("**/learn_vanishing**", timeout=120_000)


SHORTEST = "0.1"  # minutes: the least that the form takes
TASKS = {
    "rhyme": ("an artist's rarest rhyme", rarest_rhyme),
    "card": ("a card of a couplet", couplet_card),
    "rewrite": ("line 3 of a text to twelve syllables", rewritten_line),
    "years": ("the years of a word", years_of_word),
    "table": ("findings of a CSV of one's own", brought_table),
    "train": (f"train for {SHORTEST} minutes and compare", trained_run),
    "lesson": ("the lesson on vanishing gradients", lesson_on_vanishing),
}


def measure_tasks(args: argparse.Namespace) -> None:
    """Print how far each task is from the home."""
    print(f"{'task':40} {'clicks':>6} {'keys':>5} {'fields':>6} {'seconds':>8}", flush=True)
    with tempfile.TemporaryDirectory() as home:
        folders = {f"SEIZE_{name.upper()}": f"{home}/{name}" for name in ("prepared", "models", "jobs", "notebooks")}
        shutil.copytree(ROOT / "data" / "prepared", folders["SEIZE_PREPARED"])
        shutil.copytree(ROOT / "models", folders["SEIZE_MODELS"])
        with server({**os.environ, **SERVER, **folders}) as address, chromium() as browser:
            for key in args.pages.split(",") if args.pages else TASKS:
                what, walk_to = TASKS[key]
                page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US").new_page()
                page.goto(address, timeout=240_000)
                page.locator(".st-key-door-learn a").first.wait_for(timeout=240_000)
                settle(page)
                walk = Walk(page)
                try:
                    walk_to(walk)
                    seconds = f"{time.perf_counter() - walk.began:8.1f}"
                except Error as error:
                    seconds = f" not done: {error.message.splitlines()[0]}"
                print(f"{what:40} {walk.clicks:6} {walk.keys:5} {walk.fields:6} {seconds}", flush=True)
                page.context.close()
    print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["layout", "sliders", "frames", "typing", "tasks"])
    parser.add_argument("--address", default="http://localhost:8501", help="of layout: a dashboard that runs")
    parser.add_argument("--axe", type=Path, help="of layout: axe.min.js")
    parser.add_argument("--pages", default="", help="comma-separated, all unless given")
    parser.add_argument("--languages", default="en,fr", help="of layout")
    parser.add_argument("--widths", default="1440,390", help="of layout")
    parser.add_argument("--presses", type=int, default=5, help="of sliders and frames")
    parser.add_argument("--pause", type=int, default=180, help="of typing: milliseconds between keys")
    args = parser.parse_args()
    measures = {
        "layout": measure_layout, "sliders": measure_sliders, "frames": measure_frames, "typing": measure_typing,
        "tasks": measure_tasks,
    }  # fmt: skip
    measures[args.what](args)


if __name__ == "__main__":
    main()
