"""The notebook on disk: a draft survives its server, belongs to its visitor, and comes back from the trash."""

import os
from pathlib import Path

import pytest

from dashboard.queries import draft_store
from dashboard.queries.draft_store import DraftStore, SessionDrafts
from pipeline.core.errors import SeizeError, SettingError
from pipeline.generation.lyric import GeneratedLine, Lyric, WriteSettings


def lyric(text: str = "la nuit") -> Lyric:
    line = GeneratedLine(text=text, log_probability=-1.0, tokens=2)
    return Lyric(run="x", seed="la", text=f"{text}\n", lines=(line,), settings=WriteSettings(), random_seed=3)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEIZE_NOTEBOOKS", str(tmp_path))
    return tmp_path


def test_a_draft_is_there_for_a_new_server() -> None:
    kept = DraftStore("anna").save(lyric(), "Un soir")
    (found,) = DraftStore("anna").drafts()
    assert found == kept
    assert (found.name, found.lyric) == ("Un soir", lyric())


def test_the_same_text_is_one_draft_and_keeps_its_name() -> None:
    store = DraftStore("anna")
    first = store.save(lyric(), "Un soir")
    again = store.save(lyric())
    other = store.save(lyric("le jour"), id=first.id)
    assert again.id == other.id == first.id
    assert [(draft.name, draft.lyric.text) for draft in store.drafts()] == [("Un soir", "le jour\n")]


def test_the_latest_is_first() -> None:
    store = DraftStore("anna")
    for text in ("un", "deux", "trois"):
        store.save(lyric(text))
    assert [draft.lyric.text for draft in store.drafts()] == ["trois\n", "deux\n", "un\n"]


def test_a_notebook_is_of_its_visitor(place: Path) -> None:
    DraftStore("anna").save(lyric())
    assert DraftStore("bert").drafts() == []
    assert not any("anna" in str(path) for path in place.rglob("*"))
    DraftStore("../anna").save(lyric())
    assert all(path.parent == place for path in place.iterdir())


def test_deleting_can_be_undone() -> None:
    store = DraftStore("anna")
    draft = store.save(lyric())
    store.delete(draft)
    assert store.drafts() == []
    assert [gone.id for gone in store.deleted()] == [draft.id]
    store.restore(draft.id)
    assert [back.id for back in store.drafts()] == [draft.id]
    store.restore("../../etc/passwd")


def test_a_damaged_file_hides_no_other(place: Path) -> None:
    store = DraftStore("anna")
    draft = store.save(lyric())
    for name, content in (("a", "{"), ("b", "[]"), ("c", '{"lyric": {"format": 1}}'), ("d", "null")):
        (store.folder / f"{name}.json").write_text(content)
    assert [found.id for found in store.drafts()] == [draft.id]


def test_too_many_too_large_and_a_full_disk_are_sentences(monkeypatch: pytest.MonkeyPatch, full_disk: None) -> None:
    store = DraftStore("anna")
    with pytest.raises(SeizeError, match="cannot be written"):
        store.save(lyric("la nuit " * 200))
    assert store.drafts() == []
    monkeypatch.setattr(draft_store, "LARGEST", 10)
    with pytest.raises(SettingError, match="larger than"):
        store.save(lyric())
    monkeypatch.setattr(draft_store, "MOST", 0)
    with pytest.raises(SettingError, match="holds 0 drafts"):
        store.save(lyric())


def test_a_name_is_one_short_line() -> None:
    store = DraftStore("anna")
    draft = store.rename(store.save(lyric()), "  Un\nsoir " + "x" * 200)
    assert draft.name.startswith("Un soir x")
    assert len(draft.name) == draft_store.LONGEST_NAME
    assert store.drafts()[0].name == draft.name


@pytest.mark.parametrize("on_disk", [True, False])
def test_the_last_deleted_drafts_come_back(on_disk: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft_store, "TRASH", 2)
    store = DraftStore("anna") if on_disk else SessionDrafts([], [])
    for second, text in enumerate(("un", "deux", "trois")):
        draft = store.save(lyric(text))
        for file in Path(os.environ["SEIZE_NOTEBOOKS"]).rglob(f"{draft.id}.json"):
            os.utime(file, (second, second))  # the first is the oldest, however fast the disk
        store.delete(draft)
    assert [draft.lyric.text for draft in store.deleted()] == ["trois\n", "deux\n"]
