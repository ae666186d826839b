"""Songs come and go and the server keeps none: real sessions."""

import psutil
import pytest

from tests.dashboard.browser import server
from tests.dashboard.sessions import paper, visit

WARM, SONGS = 10, 30  # songs before memory is looked at, and until it is looked at again
MOST = 0.7  # MB a song; steps of the allocator alone come to 0.2
QUICK = {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "1", "MALLOC_ARENA_MAX": "2"}  # seconds; heaps, as script/server


def resident() -> float:
    """MB of the server, a child of this process."""
    alive = [
        child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE
    ]  # jobs that ended
    servers = [child for child in alive if "streamlit" in " ".join(child.cmdline())]
    return max(child.memory_info().rss for child in servers) / 1e6


@pytest.mark.slow
def test_memory_stays_flat_over_songs_of_many_visitors(places: dict[str, str]) -> None:
    with server({**places, **QUICK}) as address:
        write = [paper(visit(address, "studio", f"model=tiny&bars=4&take={take}")) for take in range(WARM)]
        before = resident()
        write += [paper(visit(address, "studio", f"model=tiny&bars=4&take={WARM + take}")) for take in range(SONGS)]
        grown = resident() - before
    assert all(write)
    assert len(set(write)) == WARM + SONGS, "each visitor has a song of their own"
    assert grown < MOST * SONGS, f"{grown:.0f} MB more after {SONGS} songs"
