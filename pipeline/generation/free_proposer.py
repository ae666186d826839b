"""The lines that a trained run writes freely: each token is drawn from all that the model predicts."""

from dataclasses import dataclass
from typing import Any

from pipeline.generation.demand import CheckedLine, LineDemand, Proposer
from pipeline.generation.search.last_words import Candidate
from pipeline.generation.search.unfinished_line import LineConstraints, UnfinishedLine, draw_next_tokens, forbidden_mask
from pipeline.generation.song import SongState
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE, SONG

TRIES = 6  # lines drawn for one, at most


@dataclass(frozen=True)
class UnconstrainedProposer(Proposer):
    """A proposer of lines that the trained run generates freely, without constraints."""

    def propose(self, demand: LineDemand, count: int) -> list[CheckedLine]:
        """Return one line, with empty text where a section ends; its last token may end the song.

        A line is drawn again, `TRIES` times in all, that copies what the run learnt from or begins as one shortly
        before it.
        """
        for _ in range(TRIES):
            line = draw_free_line(demand.song)
            words = tokenise(line.text)
            if not words or not (demand.is_copied(words) or tuple(words[:2]) in demand.recent_beginnings):
                break
        return [CheckedLine(line)]


def draw_free_line(song: SongState) -> Candidate:
    """Return a possible next line of a song, drawn token by token; the song is not changed."""
    search = song.line_search(LineConstraints(), song.context)
    row, read = UnfinishedLine.from_search(search), song.context.rows()
    logits, state = list[Any](), None
    while not row.tokens or row.tokens[-1] not in (LINE, SONG):
        logits.append(read.logits[0])
        state = read.state
        read = draw_next_tokens([row], read, search.sampling, _allowed_token_mask(song, len(row.tokens)), spelled=False)
    return Candidate(row.finished_text().rstrip("\n"), row.tokens, log_p=row.log_p, logits=logits, state=state)


def _allowed_token_mask(song: SongState, length: int) -> Any:
    """Return a mask `(V,)` for the next token of a line of `length` tokens: 0, or -inf for tokens not allowed there. A
    line and a song may not end too early, and a line that is full may only end."""
    vocabulary = song.index.vocabulary
    if length >= song.index.decoding_policy.line_limit:
        return forbidden_mask(vocabulary, [token for token in range(len(vocabulary)) if token != LINE])
    begun = length > 0 or not song.is_at_top
    may_end_song = song.settings.stop_at_song_end and (begun or song.lines)
    return forbidden_mask(vocabulary, [*([] if begun else [LINE]), *([] if may_end_song else [SONG])])
