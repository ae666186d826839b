"""The recipe for who has no texts: the file that lyricsgenius saves -> prepare. All lyrics are invented."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from pipeline.__main__ import main
from pipeline.corpus.store import load_corpus, load_report
from tests.source_tree import ROOT

COUPLET = "La mer est là ce soir\nLa rue est longue et noire\nOn marche vers le port\nEncore un tour dehors"
REFRAIN = "On tient la rampe du quartier\nLa nuit descend sur les paliers"
PAGE = (
    "263 Contributors{title} Lyrics« {title} » est le premier extrait de l'album Quai.\nUntel y parle du port et de la "
    "nuit… Read More\u00a0\n[Couplet 1 : Untel]\n{couplet}\n\n[Refrain : Unetelle]\n{refrain}12Embed"
)


def song(at: int, **more: Any) -> dict[str, Any]:
    """As `Artist.save_lyrics` of lyricsgenius 3 writes it."""
    couplet = COUPLET.replace("mer", f"mer numéro {at}").replace("port", f"port {at * 7}")
    return {
        "_type": "song", "id": 1000 + at, "api_path": f"/songs/{1000 + at}", "url": f"https://genius.com/untel-{at}",
        "title": f"Titre {at}", "title_with_featured": f"Titre {at} (Ft. Unetelle)", "artist": "Untel",
        "artist_names": "Untel (Ft. Unetelle)", "primary_artist": {"name": "Untel"}, "lyrics_state": "complete",
        "featured_artists": [{"name": "Unetelle", "id": 8}], "album": {"name": "Quai", "id": 9} if at % 2 else None,
        "release_date_components": {"year": 2004 + at, "month": 5, "day": 1}, "annotation_count": at,
        "lyrics": PAGE.format(title=f"Titre {at}", couplet=couplet, refrain=REFRAIN),
    } | more  # fmt: skip


@pytest.mark.parametrize("page", ["fans.md", "fans.fr.md"])
def test_the_recipe_leads_from_a_dump_to_a_corpus(
    page: str, prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    songs = [*map(song, range(1, 6)), song(6, lyrics_state="unreleased", lyrics="Bientôt\nPas encore là")]
    dump = {"_type": "artist", "name": "Untel", "id": 7, "alternate_names": ["U"], "songs": songs}
    (tmp_path / "untel.json").write_text(json.dumps(dump), "utf-8")
    monkeypatch.chdir(tmp_path)
    recipe = (ROOT / "docs" / "recipes" / page).read_text("utf-8").partition("## 4.")[2]
    commands = re.findall(r"^seize (.+)$", recipe, re.M)
    assert len(commands) == 1
    assert main(shlex.split(commands[0])) == 0
    corpus, report = load_corpus("untel"), load_report("untel")
    assert corpus.songs["title"].tolist() == [f"Titre {at}" for at in range(1, 6)]
    assert set(corpus.songs["artist"]) == {"Untel"}
    assert set(corpus.songs["featuring"]) == {"Unetelle"}
    assert corpus.songs["year"].tolist() == [2005, 2006, 2007, 2008, 2009]
    assert not any("extrait" in text or "Read More" in text for text in corpus.texts)
    assert {facet.name for facet in corpus.facets}.isdisjoint({"id", "api_path", "url"})
    assert report["account"]["unexplained"] == {"lines": 0, "words": 0}
    assert ["unreleased" in skip["reason"] for skip in report["skipped"]] == [True]
