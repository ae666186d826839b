"""Which pages there are, by what people want to do, and the parts that some of them have as tabs.

A page is a file in views/. A *place* is a page, or a part of one: it has a name, which links ask for. The first part
of a page is at the page's own address, the others at `?part=name`. What was a page of its own is found there still.
"""

from typing import NamedTuple

from pipeline.core.translation import mark

FIRST_PAGE = "overview"  # the first page


class Tab(NamedTuple):
    """A tab of a page. `method` is the family of measures on Methods that its numbers come from."""

    name: str
    title: str
    about: str
    method: str = ""


class View(NamedTuple):
    """A page of the menu, or one that only links lead to. One without parts is its own only part."""

    file: str
    title: str
    icon: str
    about: str
    method: str = ""
    parts: tuple[Tab, ...] = ()
    hidden: bool = False


class Group(NamedTuple):
    """Pages of the menu by what people want to do. `source` says where their numbers come from."""

    title: str
    source: str
    pages: tuple[View, ...]


def _lesson(file: str, title: str, icon: str, about: str) -> View:
    return View(file, title, icon, about, hidden=True)


# fmt: off
DISCOVER = Group(
    mark("Discover"), mark("Counted by this machine in the songs that are selected in the sidebar."), (
        View(FIRST_PAGE, mark("Home"), "home",
             mark("What the corpus is, what is striking about it, and where to begin."), "Words"),
        View("artist", mark("Artist"), "person",
             mark("A portrait of each voice, and whose vocabulary is richest."), parts=(
            Tab("artist", mark("Portrait"),
                mark("A portrait: words, rhymes, a couplet, the closest voices."), "Sound"),
            Tab("diversity", mark("Richest vocabulary"),
                mark("Whose vocabulary is richest, with intervals on the ranks."), "Diversity"),
        )),
        View("song", mark("Song"), "lyrics", mark("One song to read, and how songs are built."), parts=(
            Tab("song", mark("Read a song"), mark("One song to read: sections, rhymes, ad-libs, original."), "Sound"),
            Tab("structure", mark("Structure"),
                mark("How songs are built: sections, sixteens, refrains, repetition."), "Repetition"),
        )),
        View("words", mark("Words"), "match_word",
             mark("Which words, how many in a line, and which come together."), parts=(
            Tab("lexicon", mark("Lexicon"),
                mark("The words: how many, which are frequent, how the vocabulary grows."), "Lexicon"),
            Tab("verses", mark("Words per verse"),
                mark("How many words a line holds, by artist, year and section."), "Words"),
            Tab("phrases", mark("Phrases"),
                mark("Words that come together: phrases and pairs, down to the lines."), "Company"),
        )),
        View("sound", mark("Rhymes and sounds"), "graphic_eq",
             mark("Syllables, rhyme density, schemes and vowels, down to the lines."), "Sound"),
        View("search", mark("Search in the lyrics"), "manage_search",
             mark("Every match of a word, its company, and when it was said."), parts=(
            Tab("concordance", mark("Concordance"),
                mark("Every match of a word or pattern with the words around it."), "Words"),
            Tab("company", mark("Company of a word"),
                mark("The words that keep a word company: before, after, as a network."), "Company"),
            Tab("timeline", mark("Timeline"), mark("Words over the years, and who said them first."), "Certainty"),
        )),
        View("compare", mark("Compare"), "compare_arrows",
             mark("What sets artists, years or sections apart, and what they share."), parts=(
            Tab("compare", mark("Two sides"),
                mark("The words that set one group of artists apart from another."), "Comparison"),
            Tab("map", mark("Map"), mark("Artists, songs and years by the words that they share."), "Likeness"),
            Tab("reuse", mark("Borrowed and repeated"),
                mark("Words in a row that songs of different artists share, who said them first."), "Words"),
        )),
        View("themes", mark("Themes"), "bubble_chart",
             mark("What is talked about, and in light or dark words."), parts=(
            Tab("worlds", mark("Lexical worlds"),
                mark("What is talked about: classes of segments by their words."), "Comparison"),
            Tab("tone", mark("Light, dark"),
                mark("Light and dark words, with how many are rated, and a lexicon of your own."), "Certainty"),
        )),
))
WRITE = Group(
    mark("Write"),
    mark("Syllables and rhymes are those of the phonetic table; what a model wrote was drawn on this machine."), (
        View("studio", mark("Studio"), "edit_note",
             mark("A text of your own: a network writes it, you type it or paste it; every line to change."), "Sound"),
        View("rhymes", mark("Rhymes"), "menu_book",
             mark("A rhyming dictionary of the corpus, with the lines behind it."), "Sound"),
        View("notebook", mark("Notebook"), "bookmarks", mark("What you kept: open, save and print your drafts.")),
))
MODELS = Group(mark("Models"), mark("Bits are measured on test songs that the model did not learn from."), (
        View("training", mark("Train"), "model_training",
             mark("Teach a network the songs: choose, see what it takes, watch it learn.")),
        View("models", mark("Models"), "leaderboard",
             mark("Every model with its score, and a blind vote between them."), parts=(
            Tab("runs", mark("Scores"),
                mark("Every model with its score: curves, cards, song by song, surprise; move, delete.")),
            Tab("takes", mark("Blind vote"),
                mark("The same first words through several models: a blind vote."), "Certainty"),
        )),
))
UNDERSTAND = Group(
    mark("Understand"), "", (
        View("learn", mark("The lessons"), "school",
             mark("Twelve lessons on how such a network works: what each is for, and what it needs.")),
        _lesson("learn_story", mark("1 From a story to a network"), "auto_stories",
                mark("Guess the next word: windows, memory, networks.")),
        _lesson("learn_functions", mark("2 Functions and notation"), "function",
                mark("Sigmoid, tanh, softmax; every symbol with its tensor.")),
        _lesson("learn_rnn", mark("3 The RNN cell"), "cycle", mark("One cell, step by step, with all its numbers.")),
        _lesson("learn_architectures", mark("4 Six architectures"), "account_tree",
                mark("The shapes that sequences take, trained on rap.")),
        _lesson("learn_bptt", mark("5 Backpropagation through time"), "undo",
                mark("Who teaches what, with the parts often left out.")),
        _lesson("learn_vanishing", mark("6 Vanishing, exploding, clipping"), "trending_down",
                mark("How far an error reaches.")),
        _lesson("learn_lstm", mark("7 The LSTM cell"), "memory", mark("Gates over a line; set one to zero.")),
        _lesson("learn_cost", mark("8 Cost and optimisation"), "speed", mark("Four optimisers racing on one line.")),
        _lesson("learn_series", mark("9 Time series in TensorFlow"), "timeline",
                mark("A network by hand, against a known floor.")),
        _lesson("learn_words", mark("10 From words to vectors"), "data_array",
                mark("Characters, words, one-hot columns, embeddings.")),
        _lesson("learn_bugs", mark("11 Break backpropagation"), "bug_report",
                mark("Eighteen classic mistakes as switches.")),
        _lesson("learn_attention", mark("12 Self-attention"), "hub",
                mark("A line that asks itself; beside it, a gate that reads the input alone.")),
))
DATA = Group(
    mark("Data"),
    mark("Read and counted on this machine; the report of a corpus says what was passed over, and why."), (
        View("data", mark("Import and export"), "swap_vert",
             mark("Bring your own lyrics, and take what is selected with you."), parts=(
            Tab("importing", mark("Import"), mark("Bring your own lyrics: preview, prepare, quality report.")),
            Tab("exporting", mark("Export"),
                mark("What is selected as files for R, TXM, IRaMuTeQ, spreadsheets and scripts.")),
        )),
        View("methods", mark("Methods"), "calculate",
             mark("The definitions, with published and hand-made examples computed live.")),
))
GROUPS = (DISCOVER, WRITE, MODELS, UNDERSTAND, DATA)
# fmt: on
