"""Writing to measure, line by line, the notebook and the comparison, through AppTest."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import cache
from dashboard.components.writing import drafts, writing_sheet
from dashboard.components.writing.blind_tests import Vote, as_csv
from dashboard.components.writing.pages import marked_line, own_line, paper, word_table
from dashboard.queries.draft_store import ROLLING, DraftStore
from pipeline.core.errors import SettingError, WriterError
from pipeline.core.owners import OPERATOR
from pipeline.generation.constraints import Violation, violation_text
from pipeline.generation.lyric import Copied, GeneratedLine, Lyric, Piece, WriteSettings
from pipeline.language.pronunciations import Pronunciations
from pipeline.writers.requested_text import RequestedText
from tests.dashboard import pages
from tests.dashboard.pages import APP, go, html


def visit(app: AppTest, view: str, **query: str) -> AppTest:
    return pages.visit(app, view, **{"model": "tiny", **query})


LINE = GeneratedLine(
    text="la rue <b>",
    log_probability=-2.0,
    tokens=3,
    syllables=3,
    rhyme="A",
    copied=Copied(2, "la rue", 'Un "titre" <i>'),
    violations=(Violation("phrase-avoided", {"phrase": "<b>"}),),
    pieces=(Piece(" rue", 0.25, (("<nuit>", 0.5),)), Piece(" <b>", 0.5), Piece("\n", 1.0)),
)


def test_a_line_is_escaped_wherever_it_shows() -> None:
    shown = paper([LINE, own_line("<script>")], Pronunciations(), growing="<u>")
    assert not any(tag in shown for tag in ("<b>", "<i>", "<script>", "<u>"))
    assert "holds “&lt;b&gt;”" in shown


def test_a_word_tells_its_probability_and_the_alternatives() -> None:
    line = GeneratedLine(
        text="la rue",
        log_probability=0,
        tokens=2,
        pieces=(Piece(" rue", 0.25, (("nuit", 0.5), ("rue", 0.25))), Piece("\n", 1.0)),
    )
    tip = 'tabindex="-1" data-tip="25.0% likely · likeliest here: nuit 50.0%, rue 25.0%"'
    assert marked_line(line) == f"la <span {tip}>rue</span>"
    assert word_table(line).to_dict("records") == [
        {"word": "rue", "probability": 0.25, "instead": "nuit 50.0%, rue 25.0%"}
    ]
    assert word_table(own_line("à moi")).empty


def test_a_copied_run_is_marked_with_its_source() -> None:
    line = GeneratedLine(
        text="Oui, la rue est à nous", log_probability=0, tokens=1, copied=Copied(4, "rue est à nous", "X · Y")
    )
    assert marked_line(line).startswith(
        'Oui, la <span class="copied" tabindex="-1" data-tip="4 words in a row as in X · Y">rue'
    )


@pytest.mark.slow
def test_bars_to_measure_rhyme_and_say_what_they_lack(app: AppTest) -> None:
    visit(app, "write", seed="la rue", bars="4", take="2", syllables="6")
    assert not app.exception
    lines = app.session_state["written"].writing.lines
    assert [line.rhyme for line in lines] == ["A", "A", "B", "B"]
    assert all(violation_text(lack) in html(app) for line in lines for lack in line.violations)
    assert 'class="beats"' in html(app)


def test_a_plan_writes_its_sections(app: AppTest) -> None:
    visit(app, "write", own_plan="couplet 2 AA 6, refrain 2, refrain")
    lines = app.session_state["written"].writing.lines
    assert [line.kind for line in lines] == ["couplet"] * 2 + ["refrain"] * 4
    assert [line.text for line in lines[2:4]] == [line.text for line in lines[4:6]]
    assert html(app).count("Refrain</p>") == 2


def test_a_plan_that_is_none_is_one_sentence(app: AppTest) -> None:
    visit(app, "write", own_plan="<img> 12")
    assert not app.exception
    assert 'role="alert"' in html(app)
    assert "<img>" not in html(app)


def test_a_stopped_text_goes_on_to_the_same_end(app: AppTest) -> None:

    visit(app, "write", seed="la rue", bars="4", take="2", syllables="6")
    whole = app.session_state["written"].writing.text
    half = writing_sheet.begin(app.session_state["written"].request)
    next(half.writing)
    app.session_state["written"] = half
    app.run()
    assert "Stopped after 1 bar" in html(app)
    app.button(key="resume").click().run()
    assert app.session_state["written"].writing.text == whole


def test_a_writer_that_dies_leaves_the_text_and_a_way_on(app: AppTest, monkeypatch) -> None:

    visit(app, "write", seed="la rue", bars="4", take="2", syllables="6")
    whole = app.session_state["written"].writing.text
    half = writing_sheet.begin(app.session_state["written"].request)
    next(half.writing)
    app.session_state["written"] = half
    app.run()
    with monkeypatch.context() as patch:
        patch.setattr(RequestedText, "read", refuse)
        app.button(key="resume").click().run()
    assert not app.exception
    assert "The writer is gone." in html(app)
    assert len(half.writing.lines) == 1
    app.button(key="resume").click().run()
    assert "The writer is gone." not in html(app)
    assert half.writing.text == whole


def refuse(text: RequestedText, seconds: float) -> str:
    raise WriterError("The writer is gone.")


def test_a_model_that_is_not_there_is_one_sentence_and_no_text(app: AppTest, monkeypatch) -> None:
    monkeypatch.setattr(cache, "writer_names", lambda: ["gone"])
    visit(app, "write", model="gone")
    assert not app.exception
    assert "There is no run" in html(app)
    assert "written" not in app.session_state


def test_an_example_writes_a_whole_verse(app: AppTest) -> None:
    visit(app, "write", bars="4")
    app.button(key="example-crossed").click().run()
    assert not app.exception
    assert len(app.session_state["written"].writing.lines) == 8
    assert app.session_state["written"].request.settings.constraints.scheme == "ABAB"


LYRIC = Lyric(
    run="tiny", seed="# <b>", text="# <b>\nla rue", lines=(LINE,), settings=WriteSettings(lines=1), random_seed=3
)


def test_a_draft_reopens_as_it_was() -> None:
    assert drafts.read_draft(drafts.to_json_text(LYRIC).encode()) == LYRIC


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"[]", b"{}", b"\xff", b"[" * 100_000, json.dumps({**LYRIC.to_json(), "text": 3}).encode()),
        *(b"\0" * 1000, "{}".encode("utf-16"), b'{"format":' + b"9" * 100_000 + b"}"),
        b'{"format": 2, "lines": ' + b"[" * 500_000 + b"]" * 500_000 + b"}",
    ],
)
def test_a_file_that_is_no_draft_is_one_sentence(content: bytes) -> None:
    with pytest.raises(SettingError, match="not a lyric"):
        drafts.read_draft(content)


def test_a_draft_whose_lines_cannot_be_shown_is_refused() -> None:
    data = LYRIC.to_json()
    line = {**data["lines"][0], "pieces": [{"text": "la", "probability": "<b>", "alternatives": []}]}
    with pytest.raises(SettingError, match="not a lyric"):
        drafts.read_draft(json.dumps({**data, "lines": [line]}).encode())


HOSTILE = {
    "run": 3, "seed": None, "random_seed": True, "unknown": [3], "ended": "yes", "lines": ["x"], "settings": [],
    "lines/0/text": ["la"], "lines/0/kind": 1, "lines/0/rhyme": 1, "lines/0/syllables": "3", "lines/0/syllables ": -1,
    "lines/0/log_probability": float("nan"), "lines/0/log_probability ": 3, "lines/0/tokens": 2.5,
    "lines/0/section": -1, "lines/0/copied": "la rue", "lines/0/copied/words": "2", "lines/0/copied/source": {},
    "lines/0/pieces": "la",
    "lines/0/pieces/0/text": 1, "lines/0/pieces/0/probability": 1.5, "lines/0/pieces/0/alternatives": [["a", "b"]],
    "lines/0/pieces/0/alternatives ": [["a"]], "lines/0/violations": [{"code": "{x}", "values": {}}],
    "lines/0/violations ": [{"code": "corpus-words", "values": {"count": "<b>"}}], "lines/0/violations  ": [3],
    "lines/0/surprise": "<b>", "settings/lines": "4", "settings/plan": [3], "settings/stop_at_song_end": "yes",
    "settings/style/voice": 3, "settings/sampling": None, "settings/constraints": {"scheme": 3},
}  # fmt: skip


@pytest.mark.parametrize("place", HOSTILE)
def test_every_field_of_a_draft_is_checked(place: str) -> None:
    data = json.loads(drafts.to_json_text(LYRIC))
    *path, last = place.strip().split("/")
    part = data
    for step in path:
        part = part[int(step) if step.isdecimal() else step]
    part[last] = HOSTILE[place]
    with pytest.raises(SettingError):
        drafts.read_draft(json.dumps(data).encode())


def test_a_draft_too_large_is_refused() -> None:
    with pytest.raises(SettingError, match="at most"):
        drafts.read_draft(b" " * (drafts.LARGEST + 1))


def texts(app: AppTest) -> list[str]:
    return [line.text for line in app.session_state["edit-history"].lines]


def test_a_line_is_taken_edited_dropped_and_taken_back(app: AppTest) -> None:
    visit(app, "lines", syllables="6")
    assert not app.exception
    offered = app.session_state["offers"][1]
    app.button(key="take-2").click().run()
    assert texts(app) == [offered[1].text]
    app.text_input(key="edit").set_value("le chat <b> dans la rue").run()
    assert texts(app) == ["le chat <b> dans la rue"]
    assert "&lt;b&gt;" in html(app)
    assert "<b>" not in html(app)
    app.button(key="drop").click().run()
    assert texts(app) == []
    app.button(key="undo").click().run()
    app.button(key="undo").click().run()
    assert texts(app) == [offered[1].text]
    assert not app.exception


def test_own_words_are_what_the_next_line_answers(app: AppTest) -> None:
    visit(app, "lines", syllables="6")
    app.text_input(key="own").set_value("je marche dans la rue")
    next(button for button in app.button if button.label == "Add my line").click().run()
    assert not app.exception
    assert texts(app) == ["je marche dans la rue"]
    (_, _, text), offered = app.session_state["offers"]
    assert text == "je marche dans la rue\n"
    assert all(line.rhyme == "A" for line in offered)
    assert all(line.rhyme_kind or line.violations for line in offered)


def test_the_address_of_line_by_line_opens_the_same_text(app: AppTest) -> None:
    visit(app, "lines", syllables="6", text="je marche dans la rue\n\n# et *toi* <b>")
    assert not app.exception
    assert texts(app) == ["je marche dans la rue", "# et *toi* <b>"]
    assert "<b>" not in html(app)
    app.button(key="take-1").click().run()
    assert app.query_params["text"] == "\n".join(texts(app))
    assert len(texts(app)) == 3
    app.button(key="over").click().run()
    assert "text" not in app.query_params


def test_a_text_too_long_for_an_address_is_not_put_there(app: AppTest) -> None:
    visit(app, "lines", syllables="6", text="\n".join(["je marche dans la rue sans rien dire"] * 200))
    assert sum(len(text) + 1 for text in texts(app)) <= 4001
    app.text_input(key="own").set_value("la " * 90)
    next(button for button in app.button if button.label == "Add my line").click().run()
    assert "too long for an address" in html(app)
    assert "text" not in app.query_params


def test_words_are_listed_for_those_who_do_not_hover(app: AppTest) -> None:
    visit(app, "write", seed="la rue", bars="4", take="2", syllables="6")
    line = app.session_state["written"].writing.lines[0]
    table = next(frame.value for frame in app.dataframe if "Likeliest in its place" in frame.value)
    assert len(table) > 0
    assert line.text.endswith(" ".join(table["Word"]))


def test_one_line_is_written_again_in_its_place(app: AppTest) -> None:
    visit(app, "lines", syllables="6")
    app.button(key="take-1").click().run()
    app.button(key="take-1").click().run()
    first, second = texts(app)
    app.button(key="again").click().run()
    assert not app.exception
    assert texts(app)[0] == first
    assert texts(app)[1] != second


def test_the_notebook_shows_what_was_kept(app: AppTest) -> None:
    visit(app, "write", seed="la rue", bars="4", take="2", syllables="6")
    app.button(key="keep").click().run()
    go(app, "notebook").run()
    assert not app.exception
    assert "4 bars" in app.radio[0].options[0]
    assert 'class="beats"' in html(app)
    app.session_state["share-draft"] = True
    app.run()
    assert {"PNG", "SVG"} <= {button.proto.label for button in app.get("download_button")}
    app.button(key="remove").click().run()
    assert "Nothing yet" in html(app)
    app.button(key="undo").click().run()
    assert "4 bars" in app.radio[0].options[0]


def test_what_was_written_is_there_after_a_reload(app: AppTest) -> None:
    visit(app, "write", seed="la rue", bars="4", take="2", syllables="6")
    visit(app, "lines", syllables="6")
    app.button(key="take-1").click().run()
    written = texts(app)
    again = AppTest.from_file(str(APP), default_timeout=300)
    visit(again, "lines", syllables="6")
    assert texts(again) == written
    go(again, "notebook").run()
    assert not again.exception
    assert [option.partition(" \u00b7 ")[0].endswith("(not kept yet)") for option in again.radio[0].options] == [
        True,
        True,
    ]
    again.text_input[0].set_value("Un soir").run()
    assert again.radio[0].options[0].startswith("Un soir")


def test_starting_over_keeps_what_stood(app: AppTest) -> None:
    visit(app, "lines", syllables="6")
    app.button(key="take-1").click().run()
    app.button(key="over").click().run()
    assert not app.exception
    assert [draft.id in ROLLING for draft in DraftStore(OPERATOR).drafts()] == [False]


def test_a_draft_goes_on_line_by_line(app: AppTest) -> None:
    DraftStore(OPERATOR).save(LYRIC)
    visit(app, "notebook")
    app.button(key="continue").click().run()
    assert not app.exception
    assert texts(app) == [line.text for line in LYRIC.lines]


def test_a_draft_too_long_to_write_on_is_one_sentence(app: AppTest) -> None:
    """A writer would read a text of megabytes for minutes before its next line."""
    line = replace(LYRIC.lines[0], text="la nuit " * 8_000, pieces=())
    DraftStore(OPERATOR).save(replace(LYRIC, lines=(line,)))
    visit(app, "notebook")
    app.button(key="continue").click().run()
    assert not app.exception
    assert any("continued line by line" in part.proto.body for part in app.get("html"))


def test_of_an_unknown_visitor_nothing_is_kept_on_disk(app: AppTest, monkeypatch) -> None:
    monkeypatch.setattr("dashboard.cache.corpus_cache._is_local", lambda: False)
    visit(app, "write", seed="la rue", bars="4", take="2", syllables="6")
    app.button(key="keep").click().run()
    go(app, "notebook").run()
    assert not app.exception
    assert "until this browser tab closes" in html(app)
    assert "4 bars" in app.radio[0].options[0]
    assert not list(Path(os.environ["SEIZE_NOTEBOOKS"]).iterdir())


def test_a_saved_draft_is_no_markdown_but_its_own() -> None:
    assert drafts.to_markdown(LYRIC).startswith("# \\# \\<b\\>\n\n\\# \\<b\\>  \nla rue  \n")


def test_the_notebook_hears_a_draft_as_the_corpus_of_its_model(app: AppTest, monkeypatch) -> None:
    heard = []
    own = cache.visitor_pronunciations
    monkeypatch.setattr(cache, "visitor_pronunciations", lambda name="demo": heard.append(name) or own("demo"))
    writer = cache.open_writer
    monkeypatch.setattr(cache, "open_writer", lambda name: replace(writer(name), corpus="elsewhere"))
    monkeypatch.setattr(cache, "corpus_names", lambda: ["demo", "elsewhere"])
    notebook = DraftStore(OPERATOR)
    first = notebook.save(LYRIC)
    app.run()
    go(app, "notebook").run()
    assert not app.exception
    assert heard == ["elsewhere"]
    notebook.delete(first)
    notebook.save(replace(LYRIC, run="gone"))
    app.run()
    assert heard == ["elsewhere", "demo"]


def test_a_hostile_draft_is_shown_as_text(app: AppTest) -> None:
    DraftStore(OPERATOR).save(LYRIC)
    app.run()
    go(app, "notebook").run()
    assert not app.exception
    assert "&lt;b&gt;" in html(app)
    assert "<b>" not in html(app)
    assert app.radio[0].options[0].startswith(r"\# \<b\>")


def test_the_same_seed_at_two_temperatures_side_by_side(app: AppTest) -> None:
    visit(app, "takes", bars="4", syllables="6", models="tiny")
    assert not app.exception
    assert "tiny at 0.6" in html(app)
    assert "tiny at 1" in html(app)


def test_a_blind_vote_hides_the_names_and_then_tells(app: AppTest) -> None:
    visit(app, "takes", bars="4", syllables="6", models="tiny", blindly="true")
    assert "tiny at" not in html(app)
    app.button(key="vote-a").click().run()
    assert not app.exception
    assert len(app.session_state["votes"]) == 1
    assert "You preferred: tiny at" in html(app)
    assert "1 of 1" in html(app)


def test_votes_as_a_table_hold_no_formula() -> None:
    a, b = ("a", 0.6), ("b", 1.0)
    rows = as_csv([Vote("=1+1", a, b, a), Vote("x", a, b, None)]).splitlines()
    assert rows[1:] == ["'=1+1,a at 0.6,b at 1.0,a at 0.6", "x,a at 0.6,b at 1.0,equal"]


def test_a_verse_gives_its_measure_to_new_words(app: AppTest) -> None:
    visit(app, "write", fit="Je garde la maison\nTu as toujours raison", richness="pauvre")
    assert not app.exception
    plan = app.session_state["written"].request.settings.plan
    assert ", ".join(map(str, plan)) == "couplet 2 AA 5/6 leonine"
    assert "couplet 2 AA 5/6 leonine" in html(app)


def test_a_verse_without_words_is_one_sentence(app: AppTest) -> None:
    visit(app, "write", fit="?!")
    assert not app.exception
    assert "at least one line" in html(app)


def test_a_verse_of_ones_own_is_kept(app: AppTest) -> None:
    visit(app, "verse", verse="La nuit tombe\nsur la tombe\n\nEt la vie")
    app.button(key="keep").click().run()
    go(app, "notebook").run()
    assert not app.exception
    assert "3 bars" in app.radio[0].options[0]
    assert "Written by hand" in html(app)
    assert "Et la vie" in html(app)


def test_the_page_of_a_verse_leads_to_new_words(app: AppTest) -> None:
    app.run()
    go(app, "verse").run()
    app.button(key="refit").click().run()
    assert not app.exception
    assert app.session_state["fit"].startswith("La nuit est longue")


def test_a_line_is_revised_in_its_place_with_what_changed(app: AppTest) -> None:
    visit(app, "lines", syllables="6", text="je marche dans la rue <b>")
    next(field for field in app.text_input if field.label == "Without the words").set_value("rue")
    next(button for button in app.button if button.label == "Five revisions").click().run()
    assert not app.exception
    assert "Line 1, revised" in html(app)
    assert "<del>rue" in html(app)
    assert "<b>" not in html(app)
    found = app.session_state["line-tool-lines"][1]
    app.button(key="tool-1").click().run()
    assert texts(app) == [found[0].text]
    assert "Line 1, revised" not in html(app)


def test_a_line_with_holes_is_filled_and_added(app: AppTest) -> None:
    visit(app, "lines", syllables="0")
    app.text_input(key="own").set_value("je … la rue")
    next(button for button in app.button if button.label == "Add my line").click().run()
    assert not app.exception
    assert texts(app) == []
    assert "Line 1, filled" in html(app)
    app.button(key="tool-1").click().run()
    assert texts(app)[0].lower().endswith("la rue")


def test_a_line_is_put_before_another(app: AppTest) -> None:
    visit(app, "lines", syllables="6", text="je marche dans la rue")
    app.button(key="between").click().run()
    app.button(key="tool-1").click().run()
    assert not app.exception
    assert len(texts(app)) == 2
    assert texts(app)[1] == "je marche dans la rue"
    app.button(key="undo").click().run()
    assert len(texts(app)) == 1


def test_a_theme_makes_its_words_likelier_and_brings_ideas(app: AppTest) -> None:
    visit(app, "write", bars="4", syllables="6", theme="la mer")
    assert not app.exception
    theme = app.session_state["written"].request.settings.theme
    assert theme.words[0] == ("mer", 1.0)
    assert len(theme.words) > 10


def test_a_theme_that_the_corpus_lacks_is_one_sentence(app: AppTest) -> None:
    visit(app, "write", bars="4", theme="clafoutis <b>")
    assert not app.exception
    assert "too little of" in html(app)
    assert "<b>" not in html(app)


def test_excerpts_are_rated_blind_and_every_grade_is_asked_for(app: AppTest) -> None:
    visit(app, "takes", bars="4", syllables="6", models="tiny", rate="true")
    assert not app.exception
    assert "tiny at" not in html(app)
    assert "excerpts to rate" in html(app)
    keep = next(button for button in app.button if button.label == "Keep and go on")
    keep.click().run()
    assert "Give all five a grade" in html(app)


def test_lines_are_moved_and_steps_taken_again(app: AppTest) -> None:
    visit(app, "lines", syllables="6", text="je marche dans la rue\nle soir tombe")
    app.button(key="up").click().run()
    assert texts(app) == ["le soir tombe", "je marche dans la rue"]
    app.button(key="undo").click().run()
    app.button(key="redo").click().run()
    assert texts(app) == ["le soir tombe", "je marche dans la rue"]
    assert not app.exception


def test_a_plan_makes_sections_line_by_line(app: AppTest) -> None:
    visit(app, "lines", own_plan="refrain 1, couplet 2 AA 6", text="le soir tombe")
    assert not app.exception
    assert "Refrain</p>" in html(app)
    request = app.session_state["offers"]
    assert all(line.syllables for line in request[1])
    app.button(key="take-1").click().run()
    assert "Couplet</p>" in html(app)
    assert all(line.rhyme_kind or line.violations for line in app.session_state["offers"][1])


def test_two_sides_clash_in_turn_before_the_vote_tells_who_they_are(app: AppTest) -> None:
    visit(app, "takes", bars="4", syllables="0", rhyme="free", models="tiny", clash="true")
    assert not app.exception
    turns = app.session_state["clash-turns"][1]
    assert len(turns) == 4
    assert {turn.way for turn in turns[::2]} != {turn.way for turn in turns[1::2]}
    assert "tiny at" not in html(app)
    app.button(key="vote-b").click().run()
    assert "You preferred: tiny at" in html(app)


@pytest.mark.parametrize("stopped", [False, True])
def test_a_text_is_written_on_when_the_language_is_switched_unless_it_was_stopped(app: AppTest, stopped: bool) -> None:
    visit(app, "write", bars="4")
    text = app.session_state["written"].writing.text
    app.session_state["written"] = writing_sheet.begin(app.session_state["written"].request)  # as it was at first
    app.session_state["text-under-way"] = not stopped
    app.button(key="speak-fr").click().run()
    assert not app.exception
    assert app.session_state["written"].done is not stopped
    assert (app.session_state["written"].writing.text == text) is not stopped
