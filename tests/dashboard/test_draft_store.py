"""The notebook on disk: a draft survives its server, belongs to its visitor, and comes back from the trash."""

from pathlib import Path

import pytest

from dashboard.queries import draft_store
from dashboard.queries.draft_store import DraftStore
from pipeline.core.errors import SeizeError, SettingError
from pipeline.core.store import Store
from pipeline.generation.lyric import GeneratedLine, Lyric, LyricSettings


def lyric(text: str = "la nuit") -> Lyric:
    line = GeneratedLine(text=text, log_probability=-1.0, tokens=2)
    return Lyric(run="x", seed="la", text=f"{text}\n", lines=(line,), settings=LyricSettings(), random_seed=3)


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
    assert [path.name for path in place.iterdir()] == [draft_store.FILE]
    assert b"anna" not in (place / draft_store.FILE).read_bytes()


def test_deleting_can_be_undone() -> None:
    store = DraftStore("anna")
    draft = store.save(lyric())
    store.delete(draft)
    assert store.drafts() == []
    assert [gone.id for gone in store.deleted_drafts()] == [draft.id]
    store.restore(draft.id)
    assert [back.id for back in store.drafts()] == [draft.id]
    store.restore("../../etc/passwd")


def test_a_draft_that_cannot_be_read_hides_no_other() -> None:
    store = DraftStore("anna")
    draft = store.save(lyric())
    with store.open_for_writing() as things:
        for name, value in (("a", {}), ("b", []), ("c", {"lyric": {"format": 1}}), ("d", None)):
            things.put(draft_store.DRAFT, store.owner, name, value)
    assert [read.id for read in store.drafts()] == [draft.id]


def test_a_damaged_notebook_is_moved_aside_and_said_once(place: Path) -> None:
    content = b"x" * 5000
    (place / draft_store.FILE).write_bytes(content)
    with pytest.raises(SeizeError, match="damaged and a new one was started"):
        DraftStore("anna").drafts()
    DraftStore("anna").save(lyric())
    assert len(DraftStore("anna").drafts()) == 1
    (aside,) = place.glob("notebook.db.damaged-*")
    assert aside.read_bytes() == content


def test_drafts_of_a_session_are_as_those_on_disk(place: Path) -> None:
    store = DraftStore("", Store(None))
    draft = store.rename(store.save(lyric()), "Un soir")
    assert store.drafts() == [draft]
    store.delete(draft)
    assert (store.drafts(), [each.id for each in store.deleted_drafts()]) == ([], [draft.id])
    assert DraftStore("", Store(None)).drafts() == []
    assert not any(place.iterdir())


def test_a_full_disk_is_a_sentence_and_leaves_what_was_there(request: pytest.FixtureRequest) -> None:
    store = DraftStore("anna")
    draft = store.save(lyric())
    request.getfixturevalue("full_disk")
    with pytest.raises(SeizeError, match="cannot be saved"):
        store.save(lyric("la nuit " * 2000))
    assert store.drafts() == [draft]
    with pytest.raises(SeizeError, match="cannot be saved"):
        DraftStore("bert").save(lyric())


def test_too_many_and_too_large_are_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    store = DraftStore("anna")
    monkeypatch.setattr(draft_store, "MAX_DRAFT_BYTES", 10)
    with pytest.raises(SettingError, match="larger than"):
        store.save(lyric())
    monkeypatch.setattr(draft_store, "MAX_DRAFTS", 0)
    with pytest.raises(SettingError, match="full \\(0 drafts"):
        store.save(lyric())


def test_a_name_is_one_short_line() -> None:
    store = DraftStore("anna")
    draft = store.rename(store.save(lyric()), "  Un\nsoir " + "x" * 200)
    assert draft.name.startswith("Un soir x")
    assert len(draft.name) == draft_store.LONGEST_NAME
    assert store.drafts()[0].name == draft.name


@pytest.mark.parametrize("on_disk", [True, False])
def test_the_last_deleted_drafts_come_back(on_disk: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft_store, "MAX_DELETED_DRAFTS", 2)
    store = DraftStore("anna", None if on_disk else Store(None))
    for text in ("un", "deux", "trois"):
        store.delete(store.save(lyric(text)))
    assert {draft.lyric.text for draft in store.deleted_drafts()} == {"trois\n", "deux\n"}
