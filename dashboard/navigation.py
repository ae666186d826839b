"""Which pages there are, in groups. A page is a file in views/."""

import re
from urllib.parse import urlsplit

import streamlit as st
from streamlit.navigation.page import Page

from dashboard.components.frame.page_layout import VIEWS, answer, question
from pipeline.core.translation import mark, t

# group -> (file, title, icon, what the page is for)
PAGES: dict[str, list[tuple[str, str, str, str]]] = {
    "Explore": [
        ("overview", mark("Overview"), "library_music",
         mark("What the corpus is: key figures, songs per year, voices.")),
        ("lexicon", mark("Lexicon"), "match_word",
         mark("The words: how many, which are frequent, how the vocabulary grows.")),
        ("verses", mark("Words per verse"), "format_align_left",
         mark("How many words a line holds, by artist, year and section.")),
        ("diversity", mark("Diversity"), "trophy",
         mark("Whose vocabulary is richest, with an interval on every rank.")),
        ("structure", mark("Structure"), "view_timeline",
         mark("How songs are built: sections, sixteens, refrains, repetition.")),
        ("sound", mark("Sound"), "graphic_eq",
         mark("Syllables, rhyme density, schemes and vowels, down to the lines.")),
        ("compare", mark("Compare"), "compare_arrows",
         mark("The words that set one group of artists apart from another.")),
        ("concordance", mark("Concordance"), "manage_search",
         mark("Every match of a word or pattern with the words around it.")),
        ("phrases", mark("Phrases"), "segment",
         mark("Words that come together: phrases and pairs, down to the lines.")),
        ("worlds", mark("Lexical worlds"), "bubble_chart",
         mark("What is talked about: classes of segments by their words.")),
        ("tone", mark("Tone"), "contrast",
         mark("Light and dark words, with how many are rated, and a lexicon of your own.")),
        ("reuse", mark("Shared words"), "share",
         mark("Words in a row that songs of different artists share, who said them first.")),
        ("timeline", mark("Timeline"), "timeline", mark("Words over the years, and who said them first.")),
        ("map", mark("Map"), "scatter_plot", mark("Artists, songs and years by the words that they share.")),
        ("artist", mark("Artist"), "person", mark("A portrait: words, rhymes, a couplet, the closest voices.")),
        ("song", mark("Song"), "lyrics", mark("One song to read: sections, rhymes, ad-libs, original.")),
        ("exporting", mark("Export"), "download",
         mark("What is selected as files for R, TXM, IRaMuTeQ, spreadsheets and scripts.")),
    ],
    "Write": [
        ("write", mark("Write"), "edit_note", mark("Give a first line: a network writes the next sixteen bars.")),
        ("lines", mark("Line by line"), "format_list_bulleted",
         mark("Five next lines: take one, edit it, or write your own.")),
        ("takes", mark("Compare runs"), "balance", mark("The same first words through several models; vote blind.")),
        ("notebook", mark("Notebook"), "bookmarks", mark("What you kept: open, save and print your drafts.")),
        ("verse", mark("Your verse"), "mic", mark("Paste a verse: its rhymes, its syllables, its scheme.")),
        ("rhymes", mark("Rhymes"), "menu_book", mark("A rhyming dictionary of the corpus, with the lines behind it.")),
    ],
    "Train": [
        ("training", mark("Train"), "model_training",
         mark("Teach a network the songs: choose, see what it takes, watch it learn.")),
        ("runs", mark("Runs"), "leaderboard",
         mark("Every model with its score: curves, cards, song by song, surprise; move, delete.")),
    ],
    "Learn": [
        ("learn", mark("The lessons"), "school",
         mark("Twelve lessons on how such a network works: what each is for, and what it needs.")),
        ("learn_story", mark("1 From a story to a network"), "auto_stories",
         mark("Guess the next word: windows, memory, networks.")),
        ("learn_functions", mark("2 Functions and notation"), "function",
         mark("Sigmoid, tanh, softmax; every symbol with its tensor.")),
        ("learn_rnn", mark("3 The RNN cell"), "cycle", mark("One cell, step by step, with all its numbers.")),
        ("learn_architectures", mark("4 Six architectures"), "account_tree",
         mark("The shapes that sequences take, trained on rap.")),
        ("learn_bptt", mark("5 Backpropagation through time"), "undo",
         mark("Who teaches what, with the parts often left out.")),
        ("learn_vanishing", mark("6 Vanishing, exploding, clipping"), "trending_down",
         mark("How far an error reaches.")),
        ("learn_lstm", mark("7 The LSTM cell"), "memory", mark("Gates over a line; set one to zero.")),
        ("learn_cost", mark("8 Cost and optimisation"), "speed", mark("Four optimisers racing on one line.")),
        ("learn_series", mark("9 Time series in TensorFlow"), "timeline",
         mark("A network by hand, against a known floor.")),
        ("learn_words", mark("10 From words to vectors"), "data_array",
         mark("Characters, words, one-hot columns, embeddings.")),
        ("learn_bugs", mark("11 Break backpropagation"), "bug_report", mark("Eighteen classic mistakes as switches.")),
        ("learn_verify", mark("12 Verify"), "verified", mark("Every number checked, live; errata and sources.")),
    ],
    "Data": [
        ("importing", mark("Import"), "upload_file", mark("Bring your own lyrics: preview, prepare, quality report.")),
        ("methods", mark("Methods"), "calculate", mark("Every definition, with its published example computed live.")),
    ],
}  # fmt: skip

GROUPS = (mark("Explore"), mark("Write"), mark("Train"), mark("Learn"), mark("Data"))  # as they are shown
LESSONS = {file: title for file, title, *_ in PAGES["Learn"] if file != "learn"}
FIRST, HOME = PAGES["Explore"][0][0], "home"  # the first page, and a path that nobody sees: Streamlit wants one of it


def has_sidebar(url: str | None) -> bool:
    """Whether the page at this address explores or learns: known before `st.navigation` says which page it is."""
    file = urlsplit(url or "").path.rpartition("/")[2] or FIRST
    return _is_in(file, "Explore") or _is_in(file, "Learn")


def explores(page: Page) -> bool:
    """Whether the page looks at a selection of a corpus, and so has the filters beside it."""
    return _is_in(FIRST if page.url_path in ("", HOME) else page.url_path, "Explore")


def pages() -> dict[str, list[Page]]:
    """Return what `st.navigation` takes."""
    shown = {
        t(group): [
            st.Page(
                VIEWS / f"{file}.py",
                title=t(title),
                icon=f":material/{icon}:",
                url_path=HOME if file == FIRST else file,
                help=t(help),
            )
            for file, title, icon, help in entries
        ]
        for group, entries in PAGES.items()
    }
    shown[t("Explore")].append(st.Page(to_first, title="Seize", url_path=FIRST, visibility="hidden"))
    if missing := missing_page(st.context.url):
        page = st.Page(no_such_page, title=t("No such page"), url_path=missing, visibility="hidden")
        shown[t("Explore")].append(page)
    return shown


def missing_page(url: str | None) -> str:
    """Return the name of the page that an address asks for and that does not exist; empty where there is one.

    >>> missing_page("http://localhost:8501/lyrics"), missing_page("http://localhost:8501/lexicon?word=nuit")
    ('lyrics', '')
    """
    file = urlsplit(url or "").path.strip("/")
    paths = {"", HOME, *(name for entries in PAGES.values() for name, *_ in entries)}
    return file if file not in paths and re.fullmatch(r"[\w-]{1,60}", file) else ""


def no_such_page() -> None:
    """Instead of a page that does not exist: the ways to those that do."""
    question(t("Nothing is at this address"))
    answer(t("No page has this name. It may have been mistyped, or it comes from another version of Seize."))
    for file in (FIRST, "write", "learn_story"):
        title, about = next(
            (title, about) for entries in PAGES.values() for name, title, _, about in entries if name == file
        )
        st.page_link(VIEWS / f"{file}.py", label=f"{t(title)} · {t(about)}", icon=":material/arrow_forward:")


def to_first() -> None:
    """Lead who asks for the first page by name to the root, where it is whatever path it is given."""
    st.switch_page(VIEWS / f"{FIRST}.py", query_params=st.query_params.to_dict())


def learns(page: Page) -> bool:
    """Whether the page is a lesson, and so has the line under study beside it."""
    return _is_in(page.url_path, "Learn")


def writes(page: Page) -> bool:
    """Whether the page is one of those where verses are written."""
    return _is_in(page.url_path, "Write")


def _is_in(file: str, group: str) -> bool:
    return any(file == name for name, *_ in PAGES[group])
