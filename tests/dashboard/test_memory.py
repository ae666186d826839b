"""Songs come and go and the server keeps none: real sessions."""

import pytest

from tests.dashboard.browser import server, server_of
from tests.dashboard.sessions import paper, visit

WARM, SONGS = 10, 30  # songs before memory is looked at, and until it is looked at again
MOST = 0.7  # MB a song; steps of the allocator alone come to 0.2
QUICK = {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "1", "MALLOC_ARENA_MAX": "2"}  # seconds; heaps, as script/server


def resident(address: str) -> float:
    """MB of the server at this address."""
    return server_of(address).memory_info().rss / 1e6


@pytest.mark.slow
def test_memory_stays_flat_over_songs_of_many_visitors(places: dict[str, str]) -> None:
    with server({**places, **QUICK}) as address:
        write = [paper(visit(address, "studio", f"model=tiny&bars=4&take={take}")) for take in range(WARM)]
        before = resident(address)
        write += [paper(visit(address, "studio", f"model=tiny&bars=4&take={WARM + take}")) for take in range(SONGS)]
        grown = resident(address) - before
    assert all(write)
    assert len(set(write)) == WARM + SONGS, "each visitor has a song of their own"
    assert grown < MOST * SONGS, f"{grown:.0f} MB more after {SONGS} songs"
