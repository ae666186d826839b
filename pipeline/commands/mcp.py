"""The command that gives an assistant Seize's ear: tools over the Model Context Protocol, on stdin and stdout.

Each tool takes texts, numbers and names of what is here, all of bounded size: no path, no address. Nothing is written,
but for a corpus that came with Seize, which is prepared where it is opened first.
"""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, Literal

from pipeline.commands.arguments import command
from pipeline.core.errors import SeizeError, SettingError
from pipeline.core.paths import DEMO_NAME, checked_name
from pipeline.core.translation import error_text

MOST_CHARACTERS = 8000  # of a text: some 200 lines
Table = list[dict[str, Any]]


@command()
def mcp() -> None:
    """Serve tools to an assistant on this computer: syllables, rhymes, checks, corpora, lines (MCP over stdio)."""
    server = build_server()
    sys.stdout = sys.__stdout__  # messages are bytes: what guards terminals would stand in their way
    server.run("stdio")


def build_server() -> Any:
    """Return the `MCPServer` with its tools. Raise SettingError where the extra `mcp` is not installed."""
    try:
        from mcp.server import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
        from mcp.types import ToolAnnotations
        from pydantic import Field
    except ImportError as error:
        raise SettingError("The protocol for assistants is not installed: pip install 'seize[mcp]'.") from error

    from pipeline.analysis.comparison.keyness import keyness_against_french, keyness_of_groups
    from pipeline.analysis.sound import rhyming_dictionary
    from pipeline.analysis.words.concordance import concordance
    from pipeline.corpus.prepare import open_corpus
    from pipeline.generation import constraints
    from pipeline.generation.demand import LineChecks, find_violations
    from pipeline.generation.lyric import LyricSettings
    from pipeline.generation.search.originality import index_spans
    from pipeline.generation.training_text import TrainingText
    from pipeline.generation.writing import write_lyric
    from pipeline.language.pronunciations import Pronunciations
    from pipeline.language.rhyme import RHYME_KINDS
    from pipeline.language.scansion import scan_text_lines, split_sections
    from pipeline.language.syllables import scan_line
    from pipeline.language.tokens import tokenise
    from pipeline.writers.desk import open_run

    server = MCPServer("seize", instructions="French verse heard exactly: syllables, rhymes, schemes.")
    Text = Annotated[str, Field(max_length=MOST_CHARACTERS, description="lines of French; a blank line parts stanzas")]
    Word = Annotated[str, Field(min_length=1, max_length=60, description="a word or a short phrase")]
    Words = Annotated[list[Word], Field(max_length=20)]
    Name = Annotated[str, Field(max_length=64, description="name of a prepared corpus, or of a trained run")]
    Rows = Annotated[int, Field(ge=1, le=100, description="rows to return at most")]
    Scheme = Annotated[str, Field(max_length=16, description="AABB, ABAB, ABBA, AAAA, X for a free line, or free")]
    Syllables = Annotated[int, Field(ge=0, le=30, description="spoken syllables; 0: any number")]
    Tolerance = Annotated[int, Field(ge=0, le=10, description="syllables more or less")]
    Richness = Literal["assonance", "pauvre", "suffisante", "riche", "leonine", "multi2", "multi3", "multi4"]

    def register_tool(name: str) -> Callable[[Callable[..., Table]], None]:
        def register_function(function: Callable[..., Table]) -> None:
            @wraps(function)
            def call_tool(**arguments: Any) -> Table:
                try:
                    return function(**arguments)
                except SeizeError as error:  # that a person, or an assistant, can mend
                    raise ToolError(error_text(error)) from error

            server.tool(name, annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False))(call_tool)

        return register_function

    @register_tool("scan")
    def scan_lines(text: Text) -> Table:
        """Scan each line: its syllables as spoken (with the fewest and the most that speech allows), its rhyme (IPA
        from the last vowel on), its letter in the stanza's rhyme scheme, and the words that rhyme inside it."""
        sounds, table = Pronunciations(), Table()
        for row in scan_text_lines(text.splitlines(), sounds):
            said = scan_line(str(row["text"]), sounds).words
            words = {word.text: RHYME_KINDS["suffisante"].rhyme_phones(word.phones) for word in said}
            keys = [key for key in words.values() if key]
            columns = ("text", "syllables_spoken", "syllables_min", "syllables_max", "rhyme_key")
            inner = [word for word, key in words.items() if keys.count(key or ()) > 1]
            table.append({**{name: row[name] for name in columns}, "letter": row["reading"], "inner_rhymes": inner})
        return table

    @register_tool("rhymes")
    def rhyming_words(word: Word, corpus: Name = DEMO_NAME, syllables: Syllables = 0, rows: Rows = 30) -> Table:
        """List words that rhyme in sound with a French word or phrase, those in a corpus of rap first. Each row has the
        kind of rhyme (near to leonine), shared phones and vowels, syllables, times in the corpus and in French."""
        wanted = rhyming_dictionary.RhymeFilter(syllables=(syllables,) if syllables else ())
        table = rhyming_dictionary.rhymes_of_text(open_corpus(checked_name(corpus)), word, wanted)
        return _first_rows(table.drop(columns="forms"), rows)

    @register_tool("check")
    def check_verse_constraints(
        text: Text,
        scheme: Scheme = "free",
        syllables: Syllables = 0,
        tolerance: Tolerance = 0,
        richness: Richness = "suffisante",
        use: Words = [],  # noqa: B006  # pydantic copies it
        avoid: Words = [],  # noqa: B006
        corpus: Name = DEMO_NAME,
    ) -> Table:
        """Check the lines of a text: return the spoken syllables of each and, in words, what it lacks. Checked are the
        rhyme scheme, the measure, words to use (in the text) or to avoid, and copying (six words in a row of a corpus).
        """
        asked = constraints.Constraints(
            scheme=scheme,
            syllables=syllables or None,
            tolerance=tolerance,
            richness=richness,
            use=tuple(use),
            avoid=tuple(avoid),
        )
        spans = index_spans(TrainingText.from_corpora([open_corpus(checked_name(corpus))]))
        checks, table, before = LineChecks(Pronunciations(), spans), Table(), list[str]()
        for stanza in split_sections(text.splitlines()):
            firsts = dict[str, str]()
            for line, letter in zip(stanza, constraints.rhyme_letters(scheme, len(stanza)), strict=True):
                lacks = find_violations(line, firsts.get(letter, ""), asked, before, checks)
                spoken = scan_line(line, checks.pronunciations).syllables.spoken
                table.append(_line_row(line, spoken, letter, map(constraints.violation_text, lacks)))
                before.append(line)
                if letter:
                    firsts.setdefault(letter, line)
        words = tokenise(text)
        missing = [
            phrase for phrase in constraints.tokenised_phrases(use) if not constraints.contains_phrase(words, phrase)
        ]
        lacking = [constraints.missing_phrase_violation(phrase, in_text=True) for phrase in missing]
        return table + [_line_row("", 0, "", map(constraints.violation_text, lacking))] * bool(lacking)

    @register_tool("search")
    def search_lines(query: Word, corpus: Name = DEMO_NAME, rows: Rows = 20) -> Table:
        """Find a word or phrase (* and ? for any letters) in the lines of a corpus, each with song, artist and year."""
        matches = concordance(open_corpus(checked_name(corpus)), query)
        return _first_rows(matches.rows(0, rows)[["left", "match", "right", "title", "artist", "year"]], rows)

    @register_tool("keywords")
    def distinctive_words(
        corpus: Name = DEMO_NAME,
        artist: Annotated[str, Field(max_length=100, description="whose words; empty: the whole corpus")] = "",
        rows: Rows = 30,
    ) -> Table:
        """List the words typical of an artist compared with the others, or of the corpus compared with general French:
        times, times per million words, and lrc, the log2 ratio's lower limit (the larger, the more typical)."""
        whole = open_corpus(checked_name(corpus))
        table = keyness_of_groups(whole, "artist", [artist]) if artist else keyness_against_french(whole)
        return _first_rows(table[["word", "count", "per_million", "reference_per_million", "lrc", "songs"]], rows)

    @register_tool("write")
    def write_lines(
        seed: Annotated[str, Field(max_length=1000, description="the text to continue; may be empty")] = "",
        lines: Annotated[int, Field(ge=1, le=32, description="lines to write")] = 4,
        scheme: Scheme = "AABB",
        syllables: Syllables = 12,
        run: Name = "seize",
        random_seed: Annotated[int, Field(ge=0, le=10**9, description="the same number writes the same lines")] = 0,
    ) -> Table:
        """Write lines of verse with one of Seize's small networks, a second or two for each line. Each row has the
        text, its spoken syllables, its rhyme letter, and what the line lacks."""
        asked = constraints.Constraints(scheme=scheme, syllables=syllables or None)
        settings = LyricSettings(lines=lines, constraints=asked)
        lyric = write_lyric(open_run(checked_name(run)), seed, settings, random_seed)
        return [
            _line_row(line.text, line.syllables, line.rhyme, map(constraints.violation_text, line.violations))
            for line in lyric.lines
        ]

    return server


def _line_row(text: str, syllables: int | None, letter: str | None, lacks: "map[str]") -> dict[str, Any]:
    return {"line": text, "syllables": syllables or 0, "letter": letter or "", "lacks": [*lacks]}


def _first_rows(table: Any, rows: int) -> Table:
    """Return the first `rows` rows of a table as plain data; None for missing values."""
    shown = table.head(rows).astype(object)
    return shown.where(shown.notna(), None).to_dict("records")
