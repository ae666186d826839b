"""Which pages there are, by what people want to do, and the parts that some of them have as tabs.

A page is a file in views/. A *place* is a page, or a part of one: it has a name, which links ask for. The first part
of a page is at the page's own address, the others at `?part=name`. What was a page of its own is found there still.
"""

from typing import NamedTuple

from pipeline.core.translation import mark

FIRST_PAGE = "overview"  # the first page


class Tab(NamedTuple):
    """A tab of a page; `about` describes it in a sentence, `method` is the family of its measures on Methods."""

    name: str
    title: str
    about: str
    method: str = ""


class View(NamedTuple):
    """A page in the menu, or a `hidden` page that is reached by links alone. `file` is its module in views/; `parts`
    are its tabs, if any."""

    file: str
    title: str
    icon: str
    about: str
    method: str = ""
    parts: tuple[Tab, ...] = ()
    hidden: bool = False


class Group(NamedTuple):
    """Pages of the menu under one title. `source` is a sentence on where their numbers come from, shown below pages
    with a method."""

    title: str
    pages: tuple[View, ...]
    source: str = ""


def _lesson(file: str, title: str, icon: str, about: str) -> View:
    return View(file, title, icon, about, hidden=True)


# fmt: off
DISCOVER = Group(
    mark("Discover"), source=mark("Counted on this computer, in the selected songs."), pages=(
        View(FIRST_PAGE, mark("Home"), "home",
             mark("What the corpus contains, its highlights, and where to start."), "Words"),
        View("artist", mark("Artist"), "person",
             mark("A portrait of each artist, and who has the richest vocabulary."), parts=(
            Tab("artist", mark("Portrait"),
                mark("A portrait: words, rhymes, a verse, the most similar artists."), "Sound"),
            Tab("diversity", mark("Richest vocabulary"),
                mark("Who has the richest vocabulary, with intervals on the ranks."), "Diversity"),
        )),
        View("song", mark("Song"), "lyrics", mark("One song to read, and how songs are built."), parts=(
            Tab("song", mark("Read a song"), mark("One song to read: sections, rhymes, ad-libs, original."), "Sound"),
            Tab("structure", mark("Structure"),
                mark("How songs are built: sections, 16-line verses, choruses, repetition."), "Repetition"),
        )),
        View("words", mark("Words"), "match_word",
             mark("Which words, how many per line, and which go together."), parts=(
            Tab("lexicon", mark("Lexicon"),
                mark("How many words, the most frequent ones, and how the vocabulary grows."), "Lexicon"),
            Tab("verses", mark("Words per line"),
                mark("How many words a line has, by artist, year and section."), "Words"),
            Tab("phrases", mark("Phrases"),
                mark("Words that go together: phrases and pairs, with their lines."), "Company"),
        )),
        View("sound", mark("Rhymes and sounds"), "graphic_eq",
             mark("Syllables, rhyme density, schemes and vowels, with their lines."), "Sound"),
        View("search", mark("Search in the lyrics"), "manage_search",
             mark("Every occurrence of a word, its collocations, and its use over time."), parts=(
            Tab("concordance", mark("Concordance"),
                mark("Every occurrence of a word or pattern, in context."), "Words"),
            Tab("company", mark("Collocations"),
                mark("The words that go with a word, before and after it."), "Company"),
            Tab("timeline", mark("Timeline"), mark("Words over the years, and who used them first."), "Certainty"),
        )),
        View("compare", mark("Compare"), "compare_arrows",
             mark("What distinguishes artists, years or sections, and what they share."), parts=(
            Tab("compare", mark("Distinctive words"),
                mark("The words that distinguish one group of artists from another."), "Comparison"),
            Tab("map", mark("Map"), mark("Artists, songs and years by the words they share."), "Likeness"),
            Tab("reuse", mark("Shared lines"),
                mark("Phrases shared by songs of different artists, and who used them first."), "Words"),
        )),
        View("themes", mark("Themes"), "bubble_chart",
             mark("What the songs talk about, in positive or negative words."), parts=(
            Tab("worlds", mark("Themes"),
                mark("What the songs talk about: segments grouped by their words."), "Comparison"),
            Tab("tone", mark("Positive / negative"),
                mark("Positive and negative words, how many are rated, and your own lexicon."), "Certainty"),
        )),
))
WRITE = Group(
    mark("Write"), source=mark("Syllables and rhymes come from the phonetic table."), pages=(
        View("studio", mark("Studio"), "edit_note",
             mark("Your own text: a model drafts it, or you type or paste it; every line can be changed."), "Sound"),
        View("rhymes", mark("Rhymes"), "menu_book",
             mark("A rhyming dictionary of the corpus, with example lines."), "Sound"),
        View("notebook", mark("Notebook"), "bookmarks", mark("Open, save and print your drafts.")),
))
MODELS = Group(mark("Models"), (
        View("training", mark("Train"), "model_training",
             mark("Train a network on the songs: choose its settings, see the time needed, watch it learn.")),
        View("models", mark("Models"), "leaderboard",
             mark("Every model with its score, and a blind vote between them."), parts=(
            Tab("runs", mark("Scores"),
                mark("Every model with its score: curves, cards, song by song, surprisal; move, delete.")),
            Tab("takes", mark("Blind vote"),
                mark("The same opening words, continued by several models: a blind vote.")),
        )),
))
UNDERSTAND = Group(
    mark("Understand"), (
        View("learn", mark("The lessons"), "school",
             mark("Twelve lessons on how these networks work: what each is for, and what it needs.")),
        _lesson("learn_story", mark("1 From a story to a network"), "auto_stories",
                mark("Guess the next word: windows, memory, networks.")),
        _lesson("learn_functions", mark("2 Functions and notation"), "function",
                mark("Sigmoid, tanh, softmax; every symbol with its tensor.")),
        _lesson("learn_rnn", mark("3 The RNN cell"), "cycle", mark("One cell, step by step, with all its numbers.")),
        _lesson("learn_architectures", mark("4 Six architectures"), "account_tree",
                mark("The shapes of sequence networks, trained on rap.")),
        _lesson("learn_bptt", mark("5 Backpropagation through time"), "undo",
                mark("An error goes back through the cell, one step at a time.")),
        _lesson("learn_vanishing", mark("6 Vanishing, exploding, clipping"), "trending_down",
                mark("Why an error vanishes, and what a gate changes.")),
        _lesson("learn_lstm", mark("7 The LSTM cell"), "memory", mark("Gates over a line; set one to zero.")),
        _lesson("learn_cost", mark("8 Cost and optimisation"), "speed", mark("Four optimisers racing on one line.")),
        _lesson("learn_series", mark("9 Time series in TensorFlow"), "timeline",
                mark("A network built by hand, compared with a known lower bound.")),
        _lesson("learn_words", mark("10 From words to vectors"), "data_array",
                mark("Characters, words, one-hot columns, embeddings.")),
        _lesson("learn_bugs", mark("11 Break backpropagation"), "bug_report",
                mark("Eighteen classic mistakes, each with a switch.")),
        _lesson("learn_attention", mark("12 Self-attention"), "hub",
                mark("Attention within a line, and a gate that reads only its input.")),
))
DATA = Group(
    mark("Data"), (
        View("data", mark("Import and export"), "swap_vert",
             mark("Import your own lyrics, and export the selection."), parts=(
            Tab("importing", mark("Import"), mark("Import your own lyrics: preview, preparation, quality report.")),
            Tab("exporting", mark("Export"),
                mark("The selection as files for R, TXM, IRaMuTeQ, spreadsheets and scripts.")),
        )),
        View("methods", mark("Methods"), "calculate",
             mark("The definitions, with published and hand-made examples computed live.")),
))
GROUPS = (DISCOVER, WRITE, MODELS, UNDERSTAND, DATA)
# fmt: on
