"""Which pages there are, in groups. A page is a file in views/."""

from urllib.parse import urlsplit

import streamlit as st
from streamlit.navigation.page import Page

from dashboard.components.page_layout import VIEWS

# group -> (file, title, icon, what the page is for)
PAGES: dict[str, list[tuple[str, str, str, str]]] = {
    "Explore": [
        ("overview", "Overview", "library_music", "What the corpus is: key figures, songs per year, voices."),
        ("lexicon", "Lexicon", "match_word", "The words: how many, which are frequent, how the vocabulary grows."),
        ("verses", "Words per verse", "format_align_left", "How many words a line holds, by artist, year and section."),
        ("diversity", "Diversity", "trophy", "Whose vocabulary is richest, with an interval on every rank."),
        ("structure", "Structure", "view_timeline", "How songs are built: sections, sixteens, refrains, repetition."),
        ("sound", "Sound", "graphic_eq", "Syllables, rhyme density, schemes and vowels, down to the lines."),
        ("compare", "Compare", "compare_arrows", "The words that set one group of artists apart from another."),
        ("concordance", "Concordance", "manage_search", "Every match of a word or pattern with the words around it."),
        ("phrases", "Phrases", "segment", "Words that come together: phrases and pairs, down to the lines."),
        ("worlds", "Lexical worlds", "bubble_chart", "What is talked about: classes of segments by their words."),
        ("timeline", "Timeline", "timeline", "Words over the years, and who said them first."),
        ("map", "Map", "scatter_plot", "Artists, songs and years by the words that they share."),
        ("artist", "Artist", "person", "A portrait: words, rhymes, a couplet, the closest voices."),
        ("song", "Song", "lyrics", "One song to read: sections, rhymes, ad-libs, original."),
    ],
    "Write": [
        ("write", "Write", "edit_note", "Give a first line: a network writes the next sixteen bars."),
        ("lines", "Line by line", "format_list_bulleted", "Five next lines: take one, edit it, or write your own."),
        ("takes", "Compare runs", "balance", "The same first words through several models; vote blind."),
        ("notebook", "Notebook", "bookmarks", "What you kept: open, save and print your drafts."),
        ("verse", "Your verse", "mic", "Paste a verse: its rhymes, its syllables, its scheme."),
        ("rhymes", "Rhymes", "menu_book", "A rhyming dictionary of the corpus, with the lines behind it."),
    ],
    "Train": [
        (
            "training",
            "Train",
            "model_training",
            "Teach a network the songs: choose, see what it takes, watch it learn.",
        ),
        (
            "runs",
            "Runs",
            "leaderboard",
            "Every model with its score: curves, cards, song by song, surprise; move, delete.",
        ),
    ],
    "Learn": [
        (
            "learn_story",
            "1 From a story to a network",
            "auto_stories",
            "Guess the next word: windows, memory, networks.",
        ),
        (
            "learn_functions",
            "2 Functions and notation",
            "function",
            "Sigmoid, tanh, softmax; every symbol with its tensor.",
        ),
        ("learn_rnn", "3 The RNN cell", "cycle", "One cell, step by step, with all its numbers."),
        (
            "learn_architectures",
            "4 Six architectures",
            "account_tree",
            "The shapes that sequences take, trained on rap.",
        ),
        ("learn_bptt", "5 Backpropagation through time", "undo", "Who teaches what, with the parts often left out."),
        ("learn_vanishing", "6 Vanishing, exploding, clipping", "trending_down", "How far an error reaches."),
        ("learn_lstm", "7 The LSTM cell", "memory", "Gates over a line; set one to zero."),
        ("learn_cost", "8 Cost and optimisation", "speed", "Four optimisers racing on one line."),
        ("learn_series", "9 Time series in TensorFlow", "timeline", "A network by hand, against a known floor."),
        ("learn_words", "10 From words to vectors", "data_array", "Characters, words, one-hot columns, embeddings."),
        ("learn_bugs", "11 Break backpropagation", "bug_report", "Eighteen classic mistakes as switches."),
        ("learn_verify", "12 Verify", "verified", "Every number checked, live; errata and sources."),
    ],
    "Data": [
        ("importing", "Import", "upload_file", "Bring your own lyrics: preview, prepare, quality report."),
        ("methods", "Methods", "calculate", "Every definition, with its published example computed live."),
    ],
}

FIRST, HOME = PAGES["Explore"][0][0], "home"  # the first page, and a path that nobody sees: Streamlit wants one of it


def has_sidebar(url: str | None) -> bool:
    """Whether the page at this address explores or learns: known before `st.navigation` says which page it is."""
    file = urlsplit(url or "").path.rpartition("/")[2] or FIRST
    return any(file == name for group in ("Explore", "Learn") for name, *_ in PAGES[group])


def explores(page: Page) -> bool:
    """Whether the page looks at a selection of a corpus, and so has the filters beside it."""
    return page.title in {title for _, title, *_ in PAGES["Explore"]}


def pages() -> dict[str, list[Page]]:
    """Return what `st.navigation` takes."""
    shown = {
        group: [
            st.Page(
                VIEWS / f"{file}.py",
                title=title,
                icon=f":material/{icon}:",
                url_path=HOME if file == FIRST else file,
                help=help,
            )
            for file, title, icon, help in entries
        ]
        for group, entries in PAGES.items()
    }
    shown["Explore"].append(st.Page(to_first, title="Seize", url_path=FIRST, visibility="hidden"))
    return shown


def to_first() -> None:
    """Lead who asks for the first page by name to the root, where it is whatever path it is given."""
    st.switch_page(VIEWS / f"{FIRST}.py", query_params=st.query_params.to_dict())


def learns(page: Page) -> bool:
    """Whether the page is a lesson, and so has the line under study beside it."""
    return page.title in {title for _, title, *_ in PAGES["Learn"]}
