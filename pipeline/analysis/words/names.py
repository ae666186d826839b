"""Names in lyrics: persons, places and brands, by lists, by the artists of the corpus, and guessed from capitals.

Lists (data/lexicons/names.tsv) give the kind, and the place on a map. A name of the lists that is also a common word
(Orange, Pierre) counts as it is written in the list, an artist of one word (Belek) with a capital; any other in
whatever case. A first name and the capitals after it are one name (Michel Berger). What no list has is guessed where a
word that French lacks has a capital inside a line; its kind, from the words before it, is the commonest of its guesses.
A capital that begins a line or a sentence says nothing: such a word is a name where the corpus writes it with a capital
elsewhere, in half of its places or more (truecasing: Lita et al. 2003). Guesses are marked: `guessed`.
`tests/analysis/words/named_lines.tsv` says how good it is; docs/decisions/linguistics.md how good a model would be.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
import simplemma

from pipeline.analysis.counting import GroupingKey, Mask, song_group_codes, word_mask
from pipeline.analysis.lines import line_details_table
from pipeline.analysis.words.word_classes import function_words, word_class_table
from pipeline.core.errors import SettingError
from pipeline.core.paths import lexicons_folder
from pipeline.corpus.song import UNKNOWN_ARTIST
from pipeline.corpus.table import Corpus
from pipeline.language.rhyme_index import french_lexicon_words
from pipeline.language.tokens import Span, is_clitic, token_spans, tokenise

KINDS = ("person", "place", "brand")
INNER_CAPITAL_PATTERN = re.compile(r"[\w,'’] ?[A-ZÀ-ÖØ-Þ]")  # one that is not the first sign of a line
_SENTENCE_BREAK_PATTERN = re.compile(r"[.!?:;…«»\"“”()\[\]—–]")
_STREETS = frozenset(
    [
        *("rue", "avenue", "boulevard", "place", "cité", "quartier", "gare", "métro", "station", "porte", "pont"),
        *("quai", "square", "parc", "passage", "allée", "tour", "port", "ville", "village", "stade", "hôtel"),
        *("hôpital", "prison", "lycée", "collège", "école", "autoroute", "côte", "île", "mont", "département"),
    ]
)
_KIND_BY_PRECEDING_WORD = {
    **dict.fromkeys(("à", "au", "aux", "vers", "en", "de", "du", "d'"), "place"),
    **dict.fromkeys(("un", "une", "le", "la", "l'", "les", "des", "ma", "sa", "ta"), "brand"),
}
_DEMONYM_SUFFIX = re.compile(r"(?:ois|oises?|ais|aises?|iens?|iennes?)$")  # after an article: le Sarcellois


class _NameEntry(NamedTuple):
    name: str  # as written
    kind: str
    what: str
    common: bool  # also a word of French


_NamesByFirstToken = dict[
    str, list[tuple[tuple[str, ...], _NameEntry]]
]  # first token -> names that begin with it, the longest first


@cache
def name_gazetteer() -> pd.DataFrame:
    """Return a table of known names: name, kind, what (a finer kind: city, club), latitude, longitude (or nan)."""
    table = pd.read_csv(lexicons_folder() / "names.tsv", sep="\t", quoting=3, keep_default_na=False)
    places = {axis: pd.to_numeric(table[axis], errors="coerce") for axis in ("latitude", "longitude")}
    return table.assign(**places).drop(columns="source")


def find_names(corpus: Corpus) -> pd.DataFrame:
    """Return the names in the lines of a corpus, in order, a row per occurrence.

    Columns line, start, stop (in its text), name, kind, what, guessed, song.

    `what` is "artist" for one of the corpus, "full name" for a first name of the lists with what follows it, "" for a
    guess. Cached with the corpus; read-only.
    """
    return corpus.cached("names", lambda: _find_names(corpus))


def _find_names(corpus: Corpus) -> pd.DataFrame:
    lists = _listed_and_artist_names(corpus)
    hits: list[
        tuple[int, Span, _NameEntry, bool]
    ] = []  # row, the name as it stands, its entry, whether it begins a line
    texts = list(corpus.texts)
    candidate_rows = _lines_with(corpus, [word for word in lists if not _is_function_word(word)])
    candidate_rows |= np.array([INNER_CAPITAL_PATTERN.search(text) is not None for text in texts], bool)
    hits += [
        (row, *hit) for row in np.flatnonzero(candidate_rows).tolist() for hit in _names_in_line(texts[row], lists)
    ]
    guesses = {span.token.partition(" ")[0] for _, span, entry, _ in hits if not entry.what}
    more = _lines_with(corpus, guesses) & ~candidate_rows  # those that begin with a name that is guessed elsewhere
    hits += [(row, *hit) for row in np.flatnonzero(more).tolist() for hit in _names_in_line(texts[row], lists)]
    hits.sort(key=lambda hit: (hit[0], hit[1].start))
    inside = Counter(span.token for _, span, _, first in hits if not first)
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for _, span, entry, first in hits:
        if not entry.what:
            kinds[span.token][entry.kind] += not first
    initial = Counter(span.token for _, span, _, first in hits if first)
    rows = []
    for row, span, entry, first in hits:
        if first and not _is_written_as_a_name(corpus, span.token, entry, inside[span.token], initial[span.token]):
            continue
        kind = entry.kind if entry.what else max(kinds[span.token].items(), key=lambda pair: pair[1])[0]
        rows.append((row, span.start, span.stop, entry.name, kind, entry.what, not entry.what))
    table = pd.DataFrame(rows, columns=["line", "start", "stop", "name", "kind", "what", "guessed"])
    at = table["line"].to_numpy(int)
    return table.assign(line=corpus.lines.index.to_numpy()[at], song=corpus.lines["song"].to_numpy()[at])


def _lines_with(corpus: Corpus, words: Iterable[str]) -> Mask:
    """Return bool[lines]: True where a line holds one of these words, in lyrics or ad-libs."""
    ids, rows = corpus.token_table("all")
    holds = np.zeros(len(corpus.lines), bool)
    holds[rows[word_mask(corpus.vocabulary, words)[ids]]] = True
    return holds


def name_table(corpus: Corpus, by: GroupingKey | None = None, kind: str = "") -> pd.DataFrame:
    """Return a row per name, or per group and name, most frequent first; of all kinds, or of one of `KINDS`.

    (The group,) name, kind, what, guessed, count, songs, artists, latitude, longitude (nan for no listed place).
    """
    names = find_names(corpus)
    names = names.assign(artist=corpus.songs["artist"].loc[names["song"]].to_numpy())
    if kind:
        _check_kind(kind, KINDS)
        names = names[names["kind"] == kind]
    if by is not None:
        codes, labels = song_group_codes(corpus, by)
        own = codes[corpus.songs.index.get_indexer(names["song"])]
        names = names[own >= 0].assign(**{by: labels[own[own >= 0]]})
    keys = [*([by] if by else []), "name", "kind", "what", "guessed"]
    counted = names.assign(one=names["artist"], place=names["song"]).groupby(keys, sort=True, observed=True)
    table = counted.agg(count=("line", "size"), songs=("place", "nunique"), artists=("one", "nunique")).reset_index()
    places = name_gazetteer().loc[lambda each: each["kind"] == "place", ["name", "latitude", "longitude"]]
    table = table.merge(places, "left", on="name").sort_values("count", ascending=False, kind="stable")
    return table.reset_index(drop=True)


def lines_with_name(corpus: Corpus, name: str) -> pd.DataFrame:
    """Return the lines that hold a name: `line_details_table` and `spans`, (start, stop) in `text`."""
    names = find_names(corpus)
    spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in names[names["name"] == name].drop_duplicates(["line", "start"]).itertuples():
        spans[row.line].append((row.start, row.stop))
    return line_details_table(corpus, spans).assign(spans=pd.Series(list(spans.values()), dtype=object))


NETWORK_KINDS = ("featurings", "mentions", "company")
_MAX_NETWORK_NAMES = 40  # names of a network of company: those of the most songs


def name_network(corpus: Corpus, network: str) -> pd.DataFrame:
    """Return a network of artists or names as links, the heaviest first: source, target, weight (songs).

    `network` says what is linked:

    featurings   an artist and a guest on their song
    mentions     an artist and a person whom they name (another artist, or of the lists); not by a first name alone, and
                 not themselves: guests of the song, a part of the artist's name (Oli of Bigflo & Oli)
    company      two names in one song, of the `_MAX_NETWORK_NAMES` names in the most songs, without guessed ones

    Raise SettingError for another network.
    """
    _check_kind(network, NETWORK_KINDS)
    if network == "featurings":
        guests = corpus.songs["featuring"].str.split(" & ").explode().loc[lambda names: names != ""]
        links = pd.DataFrame(
            {"target": guests, "song": guests.index, "source": corpus.songs["artist"].loc[guests.index]}
        )
    else:
        names = find_names(corpus)
        persons = (
            names[~names["guessed"].to_numpy(bool)]
            .rename(columns={"name": "target"})[["target", "kind", "what", "song"]]
            .drop_duplicates(["target", "song"])
        )
        if network == "mentions":
            persons = persons[(persons["kind"] == "person") & (persons["what"] != "first name")]
            own = corpus.songs.loc[persons["song"], ["artist", "featuring"]]
            links = persons.assign(source=own["artist"].to_numpy())
            performers = zip(own["artist"], own["featuring"], persons["target"], strict=True)
            links = links[[not _is_own_name(target, artist, guests) for artist, guests, target in performers]]
        else:
            most = persons["target"].value_counts(sort=True).index[:_MAX_NETWORK_NAMES]
            persons = persons[persons["target"].isin(most)]
            links = persons.merge(persons.rename(columns={"target": "source"}), on="song")
            links = links[links["source"] < links["target"]]
    links = links[(links["source"] != links["target"]) & (links["source"] != UNKNOWN_ARTIST)]
    weights = links.groupby(["source", "target"])["song"].nunique().rename("weight").reset_index()
    return weights.sort_values("weight", ascending=False, kind="stable").reset_index(drop=True)


def _is_own_name(name: str, artist: str, guests: str) -> bool:
    """Return whether a name is that of a guest, or of the artist: all words of one are in the other."""
    words, own = set(tokenise(name)), set(tokenise(artist))
    return name in guests.split(" & ") or words <= own or own <= words


def _check_kind(name: str, known: tuple[str, ...]) -> None:
    if name not in known:
        raise SettingError("There is no {name!r}: choose one of {known}.", name=name, known=", ".join(known))


def _is_written_as_a_name(corpus: Corpus, name: str, entry: _NameEntry, inside: int, initial: int) -> bool:
    """Return whether a word at the start of a line is a name: the corpus mostly capitalises it inside lines.

    `inside` and `initial` count its capitalised occurrences inside lines and at their starts.
    """
    index = corpus.vocabulary.word2index.get(name, -1)
    total = int(corpus.word_counts("all")[index]) if index >= 0 else 0
    return (inside > 0 or entry.what == "artist") and 2 * inside >= total - initial


def _names_in_line(text: str, lists: _NamesByFirstToken) -> Iterator[tuple[Span, _NameEntry, bool]]:
    """Yield (span, entry, uncertain) of each name in a line; uncertain: a sentence start may explain its capital."""
    spans = token_spans(text)
    is_upper_case = text.isupper()
    at = 0
    while at < len(spans):
        first = at == 0 or _SENTENCE_BREAK_PATTERN.search(text[spans[at - 1].stop : spans[at].start]) is not None
        size, entry = _match_listed_name(text, spans, at, lists)
        if entry and entry.kind == "person" and not is_upper_case:
            surname = _count_capitalised_tokens(text, spans, at + size)
            size += surname
            if surname and entry.what == "first name":
                whole = text[spans[at].start : spans[at + size - 1].stop]
                entry = _NameEntry(whole, "person", "full name", entry.common)
        elif not entry and not is_upper_case and _is_guessed_name(text, spans, at, first):
            size = 1 + _count_capitalised_tokens(text, spans, at + 1)
            name = text[spans[at].start : spans[at + size - 1].stop]
            street = _follows_street_word(spans, at)
            kind = "place" if street else _KIND_BY_PRECEDING_WORD.get(spans[at - 1].token, "person") if at else "person"
            entry = _NameEntry(name, kind, "", True)
        if entry:
            words = " ".join(span.token for span in spans[at : at + size])
            needs_capital = entry.common or (entry.what == "artist" and size == 1)
            yield Span(words, spans[at].start, spans[at + size - 1].stop), entry, first and needs_capital
        at += max(size, 1)


def _match_listed_name(
    text: str, spans: Sequence[Span], at: int, lists: _NamesByFirstToken
) -> tuple[int, _NameEntry | None]:
    """Return (number of tokens, entry) of the longest listed name that begins at token `at`; (0, None) for none."""
    for words, entry in lists.get(spans[at].token, ()):
        tokens = spans[at : at + len(words)]
        if tuple(span.token for span in tokens) == words:
            surface = text[tokens[0].start : tokens[-1].stop].replace("’", "'")
            if entry.name.isdigit() and (not at or spans[at - 1].token not in ("le", "du", "au")):  # le 93
                continue
            if entry.what == "artist" and len(words) == 1 and surface.islower():  # kalash, a weapon
                continue
            if not entry.common or (surface == entry.name and not surface.islower()):
                named_after = entry.kind == "person" and _follows_street_word(spans, at)  # rue Victor-Hugo
                return len(words), entry._replace(kind="place", what="quarter") if named_after else entry
    return 0, None


def _is_guessed_name(text: str, spans: Sequence[Span], at: int, first: bool) -> bool:
    """Return whether a capital makes a token a name: it is no French word, or follows a word such as *rue*."""
    token, start, stop = spans[at]
    if not text[start].isupper() or is_clitic(token) or sum(map(str.isalpha, token)) < 2 or text[start:stop].isupper():
        return False
    if at and _KIND_BY_PRECEDING_WORD.get(spans[at - 1].token) == "brand" and _DEMONYM_SUFFIX.search(token):
        return False
    street = _follows_street_word(spans, at) and not first and not _is_function_word(token)
    return street or not _is_french_word(token)


def _follows_street_word(spans: Sequence[Span], at: int) -> bool:
    """Return whether a word such as *rue* or *gare* precedes a token, with function words alone between."""
    before = next(
        (span.token for span in reversed(spans[max(at - 3, 0) : at]) if not _is_function_word(span.token)), ""
    )
    return before in _STREETS


def _count_capitalised_tokens(text: str, spans: Sequence[Span], at: int) -> int:
    """Return how many tokens from `at` on are capitalised and one space apart: the rest of a name (Moussa Diarra)."""
    size = 0
    while at + size < len(spans):
        before, here = spans[at + size - 1], spans[at + size]
        if text[before.stop : here.start] != " " or not text[here.start].isupper() or len(here.token) < 2:
            break
        size += 1
    return size


def _listed_and_artist_names(corpus: Corpus) -> _NamesByFirstToken:
    """Return a dict from first token to names, longest first: those of artists and guests, and those of the lists."""
    featured = (name for names in corpus.songs["featuring"] for name in names.split(" & "))
    artists = dict.fromkeys([*corpus.songs["artist"], *featured])
    lists = dict(_names_by_first_token())
    own: _NamesByFirstToken = defaultdict(list)
    for name in artists:
        if words := tuple(tokenise(name)) if name != UNKNOWN_ARTIST else ():
            own[words[0]].append((words, _make_name_entry(name, "person", "artist")))
    for word, names in own.items():
        lists[word] = sorted([*names, *lists.get(word, ())], key=lambda pair: -len(pair[0]))
    return lists


@cache
def _names_by_first_token() -> _NamesByFirstToken:
    lists: _NamesByFirstToken = defaultdict(list)
    for row in name_gazetteer().itertuples():
        if words := tuple(tokenise(row.name)):
            lists[words[0]].append((words, _make_name_entry(row.name, row.kind, row.what)))
    return {word: sorted(names, key=lambda pair: -len(pair[0])) for word, names in lists.items()}


def _make_name_entry(name: str, kind: str, what: str) -> _NameEntry:
    words = [word for word in tokenise(name) if not _is_function_word(word)]
    return _NameEntry(name, kind, what, all(map(_is_french_word, words)) or len(name) < 4)


@lru_cache(1 << 16)
def _is_french_word(word: str) -> bool:
    """Return whether a folded word is a word of French or of French slang, or holds a digit."""
    plain = word.strip("'-")
    return plain in _french_words() or simplemma.is_known(plain, lang="fr") or any(map(str.isdigit, plain))


def _is_function_word(word: str) -> bool:
    return word in function_words() or is_clitic(word)


@cache
def _french_words() -> frozenset[str]:
    return french_lexicon_words() | frozenset(word_class_table()["word"]) | function_words()
