"""The Studio, the notebook and the comparison, through AppTest."""

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import cache
from dashboard.components.writing import blind_tests, drafts, line_panel, writing_sheet
from dashboard.components.writing.blind_tests import Vote, vote_table
from dashboard.components.writing.written_lines import human_line, lines_html, listbox_html, marked_line, word_table
from dashboard.locale.escaping import escape_html
from dashboard.queries.draft_store import DraftStore
from dashboard.queries.visitors import identify
from pipeline.core.errors import SettingError, WriterError
from pipeline.core.owners import OPERATOR
from pipeline.corpus.prepare import open_corpus
from pipeline.generation.constraints import Constraints, Violation, violation_text
from pipeline.generation.form import parse_plan
from pipeline.generation.lyric import CopiedSpan, GeneratedLine, Lyric, LyricSettings, Quotation, WrittenToken
from pipeline.generation.partner.server import ADDRESS, LocalServer, chosen_server
from pipeline.generation.sampling import SamplingSettings
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.tokens import blank_adlibs
from pipeline.writers.requested_text import RequestedText
from tests.dashboard import pages
from tests.dashboard.pages import go, html
from tests.generation.test_partner import server

TWO = ["0.6", "1.0"]  # temperatures


def visit(app: AppTest, view: str, **query: str | list[str]) -> AppTest:
    return pages.visit(app, view, **{"model": "tiny", **query})


LINE = GeneratedLine(
    text="la rue <b>",
    log_probability=-2.0,
    tokens=3,
    syllables=3,
    rhyme="A",
    copies=(CopiedSpan(2, "la rue", 'Un "titre" <i>'),),
    violations=(Violation("phrase-avoided", {"phrase": "<b>"}),),
    pieces=(WrittenToken(" rue", 0.25, (("<nuit>", 0.5),)), WrittenToken(" <b>", 0.5), WrittenToken("\n", 1.0)),
)


def test_a_line_is_escaped_wherever_it_shows() -> None:
    shown = lines_html([LINE, human_line("<script>")], Pronunciations())
    shown += listbox_html([replace(LINE, kind="<i>"), human_line("<script>")], Pronunciations(), {"<script>"})
    assert not any(tag in shown for tag in ("<b>", "<i>", "<script>"))
    assert "“&lt;b&gt;”" in shown


def test_a_line_names_its_author_where_most_lines_are_of_another() -> None:
    own = human_line("la nuit")
    assert lines_html([LINE, replace(LINE, text="le jour"), own], Pronunciations()).count('class="origin"') == 1
    assert 'class="origin"' not in lines_html([LINE, LINE], Pronunciations())


def test_a_wrong_count_of_syllables_is_said_once() -> None:
    short = replace(LINE, violations=(Violation("syllables", {"count": 3, "least": 8, "most": 8}),))
    assert line_panel.line_facts_html(short).count("3") == 1


def test_a_word_tells_its_probability_and_the_alternatives() -> None:
    line = GeneratedLine(
        text="la rue",
        log_probability=0,
        tokens=2,
        pieces=(WrittenToken(" rue", 0.25, (("nuit", 0.5), ("rue", 0.25))), WrittenToken("\n", 1.0)),
    )
    tip = 'data-tip="probability 25.0% · most likely here: nuit 50.0%, rue 25.0%"'
    assert marked_line(line) == f"la <span {tip}>rue</span>"
    assert word_table(line).to_dict("records") == [
        {"word": "rue", "probability": 0.25, "instead": "nuit 50.0%, rue 25.0%"}
    ]
    assert word_table(human_line("à moi")).empty


def test_a_copied_run_is_marked_with_its_source() -> None:
    line = GeneratedLine(
        text="Oui, la rue est à nous", log_probability=0, tokens=1, copies=(CopiedSpan(4, "rue est à nous", "X · Y"),)
    )
    assert marked_line(line).startswith(
        'Oui, la <span class="copied" data-tip="4 consecutive words found in X · Y">rue'
    )


def refuse(text: RequestedText, seconds: float) -> str:
    raise WriterError("The writer is gone.")


LYRIC = Lyric(
    run="tiny", seed="# <b>", text="# <b>\nla rue", lines=(LINE,), settings=LyricSettings(lines=1), random_seed=3
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
    with pytest.raises(SettingError, match="not a text saved"):
        drafts.read_draft(content)


def test_a_draft_whose_lines_cannot_be_shown_is_refused() -> None:
    data = LYRIC.to_json()
    line = {**data["lines"][0], "pieces": [{"text": "la", "probability": "<b>", "alternatives": []}]}
    with pytest.raises(SettingError, match="not a text saved"):
        drafts.read_draft(json.dumps({**data, "lines": [line]}).encode())


HOSTILE = {
    "run": 3, "seed": None, "random_seed": True, "unknown": [3], "ended": "yes", "lines": ["x"], "settings": [],
    "lines/0/text": ["la"], "lines/0/kind": 1, "lines/0/rhyme": 1, "lines/0/syllables": "3", "lines/0/syllables ": -1,
    "lines/0/log_probability": float("nan"), "lines/0/log_probability ": 3, "lines/0/tokens": 2.5,
    "lines/0/section": -1, "lines/0/copies": "la rue", "lines/0/copies/0/words": "2", "lines/0/copies/0/source": {},
    "lines/0/pieces": "la",
    "lines/0/pieces/0/text": 1, "lines/0/pieces/0/probability": 1.5, "lines/0/pieces/0/alternatives": [["a", "b"]],
    "lines/0/pieces/0/alternatives ": [["a"]], "lines/0/violations": [{"code": "{x}", "values": {}}],
    "lines/0/violations ": [{"code": "corpus-words", "values": {"count": "<b>"}}], "lines/0/violations  ": [3],
    "settings/lines": "4", "settings/plan": [3], "settings/stop_at_song_end": "yes",
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
        drafts.read_draft(b" " * (drafts.MAX_DRAFT_FILE_BYTES + 1))


def texts(app: AppTest) -> list[str]:
    return [line.text for line in app.session_state["edited-text"].lines]


def pick(app: AppTest, at: int, character: int = -1) -> AppTest:
    """The app after a click on a line; AppTest does not run the script that listens to it."""
    app.session_state["line"], app.session_state["character"] = at, character
    return app.run()


def test_a_text_is_written_and_each_line_of_it_changed_locked_and_taken_back(app: AppTest) -> None:
    visit(app, "studio", seed="la rue", bars="4", take="2", syllables="6", tolerance="1")
    assert not app.exception
    page = app.session_state["written"].writing
    written = texts(app)
    assert written == [line.text for line in page.lines]
    assert [line.rhyme for line in page.lines] == ["A", "A", "B", "B"]
    assert all(violation_text(lack) in html(app) for line in page.lines for lack in line.violations)
    assert html(app).count('role="option"') == 5  # and the place for the next
    assert "text" not in app.query_params  # the address writes it again
    assert not DraftStore(OPERATOR).drafts()  # opening a page makes no draft
    pick(app, 1)
    app.button(key="tool-instead").click().run()
    app.button(key="take-1").click().run()
    assert not app.exception
    changed = texts(app)
    assert [one == two for one, two in zip(written, changed, strict=True)] == [True, False, True, True]
    assert app.query_params["text"] == "\n".join(changed)
    assert [draft.id for draft in DraftStore(OPERATOR).drafts()] == [app.session_state["edited-text"].draft]
    app.button(key="lock").click().run()
    another = next(button for button in app.button if button.label == "Another version")
    another.click().run()
    assert texts(app)[1] == changed[1]
    assert texts(app) != changed
    app.button(key="undo").click().run()
    app.button(key="undo").click().run()
    assert texts(app) == written
    app.button(key="redo").click().run()
    assert texts(app) == changed
    app.button(key="over").click().run()
    assert texts(app) == []
    first = DraftStore(OPERATOR).drafts()
    assert [draft.lyric.text for draft in first] == ["\n".join(changed)]
    next(button for button in app.button if button.label == "Write").click().run()
    pick(app, 0)
    app.button(key="drop").click().run()
    both = DraftStore(OPERATOR).drafts()
    assert len(both) == 2, "each text that is begun is a draft of its own"
    assert first[0] in both


@pytest.mark.parametrize(
    ("query", "writer"), [({}, "centon"), ({"model": "tiny", "bars": "4"}, "network"), ({"text": "la nuit"}, "network")]
)
def test_a_centon_opens_a_fresh_studio_and_the_network_one_that_is_asked(app, query: dict, writer: str) -> None:
    pages.visit(app, "studio", **query)
    assert not app.exception
    assert app.session_state["by"] == writer
    assert texts(app) == ["la nuit"] if "text" in query else app.session_state["written"].request.writer == writer


def test_last_words_reach_the_writers_in_their_order(app: AppTest) -> None:
    visit(app, "studio", bars="4", syllables="0", rhyme="free", seed="la nuit\n", ends="nuit, rue, nuit")
    assert not app.exception
    assert app.session_state["written"].request.settings.constraints.end_words == ("nuit", "rue", "nuit")
    pick(app, 1)
    app.button(key="tool-instead").click().run()
    assert not app.exception
    assert app.session_state[line_panel.ASKED].request.settings.constraints.avoid == (), "its last word is given"


def test_another_take_keeps_the_first_words_and_what_is_locked(app: AppTest) -> None:
    visit(app, "studio", seed="la rue", bars="4", take="2", syllables="6", tolerance="1")
    pick(app, 2)
    app.button(key="lock").click().run()
    before = texts(app)
    next(button for button in app.button if button.label == "Another version").click().run()
    assert not app.exception
    assert texts(app)[0].lower().startswith("la rue")
    assert texts(app)[2] == before[2]
    assert texts(app) != before
    assert f"tiny, version {app.session_state['take']}:" in html(app)


def test_a_line_that_is_only_a_gap_stays(app: AppTest) -> None:
    visit(app, "studio", text="je marche dans la rue\n…\nla nuit")
    assert texts(app) == ["je marche dans la rue", "…", "la nuit"]


def test_a_reload_keeps_the_writer_that_wrote(app: AppTest) -> None:
    draft = DraftStore(OPERATOR).save(replace(LYRIC, text="la rue <b>"))
    visit(app, "studio", text="la rue <b>")
    assert not app.exception
    text = app.session_state["edited-text"]
    assert (text.draft, text.lines[0].tokens) == (draft.id, LINE.tokens)
    assert "tiny, version 3:" in html(app)


def test_a_text_of_the_address_is_edited_line_by_line_and_as_a_whole(app: AppTest) -> None:
    visit(app, "studio", syllables="6", text="je marche dans la rue <b>\n\n# et *toi*")
    assert not app.exception
    assert texts(app) == ["je marche dans la rue <b>", "# et *toi*"]
    assert "<b>" not in html(app)
    pick(app, 0)
    next(field for field in app.text_input if field.label == "Avoid these words").set_value("rue")
    next(button for button in app.button if button.label == "Rephrase").click().run()
    assert "Line 1, rephrased" in html(app)
    assert "<del>rue" in html(app)
    found = app.session_state["line-tool-lines"][1]
    app.button(key="take-1").click().run()
    assert texts(app)[0] == found[0].text
    box = next(field for field in app.text_input if field.label == "Write it yourself")
    box.set_value("je … la rue").run()
    assert texts(app)[0] == "je … la rue"
    app.button(key="tool-fill").click().run()
    app.button(key="take-1").click().run()
    assert texts(app)[0].lower().endswith("la rue")
    pick(app, 2)
    app.button(key="take-2").click().run()
    assert len(texts(app)) == 3
    app.toggle(key="as-text").set_value(True).run()
    app.text_area(key="whole-text").set_value("Le soir\n" + "la nuit " * 400).run()
    assert not app.exception
    assert texts(app)[0] == "Le soir"
    app.text_area(key="whole-text").set_value("je marche dans la rue sans rien dire\n" * 200).run()
    assert "too long for a link" in html(app)
    assert "text" not in app.query_params


def test_a_word_that_is_clicked_has_its_rhymes_and_its_company(app: AppTest) -> None:
    visit(app, "studio", text="je marche dans la nuit")
    pick(app, 0, 20)
    assert not app.exception
    assert app.selectbox(key="word-0-je marche dans la nuit-20").value == 4
    rhyme = next(button for button in app.button if button.key.startswith("word-Rhymes"))
    label = rhyme.label
    rhyme.click().run()
    assert texts(app)[0].endswith(label)


def test_a_stopped_text_goes_on_to_the_same_end_and_outlives_its_writer(app: AppTest, monkeypatch) -> None:
    visit(app, "studio", own_plan="couplet 2 AA 6, refrain 2, refrain")
    whole, page = texts(app), app.session_state["written"]
    assert [line.kind for line in page.writing.lines] == ["couplet"] * 2 + ["refrain"] * 4
    assert whole[2:4] == whole[4:6]
    assert html(app).count("Chorus</p>") == 2
    half = writing_sheet.start_text(page.request)
    half.writing._receive_steps(60)
    half.writing._append_step(half.writing._steps.popleft())  # one of those that came
    half.stopped = True
    app.session_state["written"], app.session_state["edited-text"].lines = half, half.lines(Pronunciations())
    app.run()
    assert "Stopped after 1 line" in html(app)
    assert "reproduces" not in html(app)  # the address asks for the whole text
    with monkeypatch.context() as patch:
        patch.setattr(RequestedText, "read", refuse)
        app.button(key="resume").click().run()
    assert not app.exception
    assert "The writer is gone." in html(app)
    assert len(half.writing.lines) == 1
    app.button(key="resume").click().run()
    assert "The writer is gone." not in html(app)
    assert "reproduces" in html(app)
    assert texts(app) == whole


@pytest.mark.slow
def test_a_partner_proposes_where_the_operator_named_one_and_its_errors_are_one_sentence(app, monkeypatch) -> None:
    query = {"bars": "2", "syllables": "5", "tolerance": "1", "rhyme": "free", "seed": "la nuit\n", "by": "partner"}
    visit(app, "studio", **query)
    assert "by &lt;" not in html(app)  # no operator named one: the network writes
    answer = {"data": [{"id": "<petit>"}], "choices": [{"message": {"content": "je marche dans la rue"}}]}
    with server(json.dumps(answer).encode()) as (address, _):
        monkeypatch.setenv(ADDRESS, address)
        visit(app, "studio", **query)
        next(button for button in app.button if button.label == "Write").click().run()
    assert not app.exception
    assert texts(app)[1] == "je marche dans la rue"
    assert "by &lt;petit&gt;" in html(app)
    assert "by the model" in html(app)  # the second would be the same line
    assert app.query_params["text"]
    next(button for button in app.button if button.label == "Another version").click().run()
    assert not app.exception
    assert "Is it running?" in html(app)


def test_a_model_of_this_machine_is_looked_for_and_remembered(app, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("SEIZE_HOME", str(tmp_path))
    found = LocalServer("http://localhost:8080", "<petit>")
    monkeypatch.setattr("pipeline.generation.partner.server.find_servers", lambda: [])
    visit(app, "studio", by="partner", bars="4")
    assert "No local model is chosen" in html(app)
    app.button(key="look-for-models").click().run()
    assert "llama.cpp (8080)" in html(app)
    monkeypatch.setattr("pipeline.generation.partner.server.find_servers", lambda: [found])
    app.button(key="look-for-models").click().run()
    app.checkbox(key="completes").check().run()
    app.button(key="take-model").click().run()
    assert not app.exception
    assert chosen_server() == replace(found, completes=True)
    assert "&lt;petit&gt;" in html(app)


def test_without_a_local_model_there_is_one_empty_state_and_nothing_to_stop(app, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("SEIZE_HOME", str(tmp_path))
    visit(app, "studio", by="partner", bars="4")
    next(button for button in app.button if button.label == "Write").click().run()
    assert not app.exception
    assert html(app).count("No local model is chosen") == 1
    assert 'role="alert"' not in html(app)
    assert not [button for button in app.button if button.key in ("stop", "resume")]


def test_visitors_of_a_server_look_for_nothing(app, monkeypatch) -> None:
    monkeypatch.setattr(cache, "current_visitor", lambda: identify(local=False))
    visit(app, "studio", by="partner", bars="4")
    assert not [button for button in app.button if button.key == "look-for-models"]
    assert app.session_state["by"] == "network"


def test_each_line_says_who_wrote_it_where_they_differ() -> None:
    quoted = replace(human_line("La nuit"), tokens=3, by="T · <b>", quotation=Quotation("nowhere", 0, "T · <b>"))
    shown = listbox_html([LINE, quoted, human_line("Je marche")], Pronunciations(), ())
    assert [name in shown for name in ("by the model", "T · &lt;b&gt;", "by you")] == [True] * 3
    assert "by the model" not in listbox_html([LINE], Pronunciations(), ())


def test_a_centon_quotes_songs_and_links_to_them(app: AppTest) -> None:
    visit(app, "studio", by="centon", bars="4", syllables="0", rhyme="AABB", quoted="demo", quoted_artist="Marmite")
    assert not app.exception
    lines = open_corpus("demo").where(artists=["Marmite"]).texts
    assert len(texts(app)) == 4
    assert set(texts(app)) <= set(map(str.strip, map(blank_adlibs, lines)))
    assert 'href="song?song=' not in html(app), "an option of a list box holds no link"
    assert "4 lines quoted from songs." in html(app)
    app.session_state["line"] = 0
    app.run()
    assert 'href="song?song=' in html(app)


def test_nothing_is_written_for_who_writes(app: AppTest) -> None:
    visit(app, "studio", by="person", bars="4")
    assert not app.exception
    assert texts(app) == []


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"own_plan": "<img> 12"}, "<img>"),
        ({"fit": "?!"}, "at least one line"),
        ({"theme": "clafoutis"}, "is too rare in"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(app: AppTest, query: dict[str, str], says: str) -> None:
    visit(app, "studio", bars="4", **query)
    assert not app.exception
    assert 'role="alert"' in html(app)
    assert escape_html(says) in html(app)


def test_a_model_that_is_not_there_is_one_sentence_and_no_text(app: AppTest, monkeypatch) -> None:
    monkeypatch.setattr(cache, "writer_names", lambda: ["gone"])
    visit(app, "studio", model="gone")
    assert not app.exception
    assert "There is no model" in html(app)
    assert "written" not in app.session_state


@pytest.mark.slow
def test_an_example_a_theme_and_the_measure_of_a_verse_write_a_whole_text(app: AppTest) -> None:
    visit(app, "studio", bars="4", syllables="6", theme="la mer")
    assert app.session_state["written"].request.settings.theme.words[0] == ("mer", 1.0)
    app.button(key="example-1").click().run()
    assert len(texts(app)) == 8
    assert app.session_state["written"].request.settings.constraints.scheme == "ABAB"
    app.toggle(key="as-text").set_value(True).run()
    app.text_area(key="whole-text").set_value("Je garde la maison\nTu as toujours raison").run()
    app.button(key="refit").click().run()
    assert not app.exception
    assert "couplet 2 AA 5/6 leonine" in html(app)


def test_a_draft_is_opened_and_one_that_is_too_long_is_one_sentence(app: AppTest) -> None:
    store = DraftStore(OPERATOR)
    draft = store.save(LYRIC)
    visit(app, "notebook")
    app.button(key=f"open-{draft.id}").click().run()
    assert not app.exception
    assert texts(app) == [line.text for line in LYRIC.lines]
    store.delete(draft)
    long = store.save(replace(LYRIC, lines=(replace(LYRIC.lines[0], text="la nuit " * 8_000, pieces=()),)))
    visit(app, "notebook")
    app.button(key=f"open-{long.id}").click().run()
    assert not app.exception
    assert any("can be edited" in part.proto.body for part in app.get("html"))


def test_a_draft_opens_with_the_settings_that_it_was_written_with(app: AppTest) -> None:
    wanted = Constraints(scheme="ABAB", syllables=7, use=("nuit", "mer"), rhyme_beat=3)
    plan = parse_plan("couplet 4 ABAB 7, refrain 2")
    sampling = SamplingSettings(temperature=0.35, top_p=0.8)
    settings = replace(LYRIC.settings, constraints=wanted, sampling=sampling, memory=0.5, plan=plan)
    draft = DraftStore(OPERATOR).save(replace(LYRIC, run="tiny", settings=settings))
    app.query_params["model"] = "demo-rnn"
    pages.visit(app, "notebook")
    app.button(key=f"open-{draft.id}").click().run()
    assert not app.exception
    assert (app.number_input(key="syllables").value, app.selectbox(key="rhyme").value) == (7, "ABAB")
    assert (app.selectbox(key="model").value, app.text_area(key="seed").value) == ("tiny", LYRIC.seed)
    assert [app.slider(key=key).value for key in ("temperature", "top_p", "memory")] == [0.35, 0.8, 0.5]
    assert [app.number_input(key=key).value for key in ("take", "beat")] == [LYRIC.random_seed, 3]
    assert [app.text_input(key=key).value for key in ("use", "own_plan")] == [
        "nuit, mer",
        "couplet 4 ABAB 7, refrain 2",
    ]


def test_the_notebook_shows_what_was_kept(app: AppTest) -> None:
    visit(app, "studio", seed="la rue", bars="4", take="2", syllables="6")
    app.button(key="keep").click().run()
    go(app, "notebook").run()
    assert not app.exception
    assert "4 bars" in html(app)
    assert re.search(r"<br>(4 × \d+|\d+(/\d+){3}), [A-Dx]{4}<", html(app)), "the form: syllables, rhymes"
    assert 'class="beats"' in html(app)
    (draft,) = DraftStore(OPERATOR).drafts()
    app.session_state[f"more-{draft.id}"] = True
    app.run()
    app.button(key=f"share-draft-{draft.id}").click().run()
    assert not app.exception
    app.button(key=f"remove-{draft.id}").click().run()
    assert not DraftStore(OPERATOR).drafts()
    assert "4 bars" not in html(app)
    app.button(key="undo").click().run()
    assert "4 bars" in html(app)


def test_of_an_unknown_visitor_nothing_is_kept_on_disk(app: AppTest, monkeypatch) -> None:
    monkeypatch.setattr("dashboard.cache.corpus_cache._is_local_session", lambda: False)
    visit(app, "studio", seed="la rue", bars="4", take="2", syllables="6")
    app.button(key="keep").click().run()
    go(app, "notebook").run()
    assert not app.exception
    assert "until you close this browser tab" in html(app)
    assert "4 bars" in html(app)
    assert not list(Path(os.environ["SEIZE_NOTEBOOKS"]).iterdir())


def test_the_notebook_hears_a_draft_as_the_corpus_of_its_model(app: AppTest, monkeypatch) -> None:
    heard = []
    own = cache.visitor_pronunciations
    monkeypatch.setattr(cache, "visitor_pronunciations", lambda name="demo": heard.append(name) or own("demo"))
    writer = cache.load_writer_vocabulary
    monkeypatch.setattr(cache, "load_writer_vocabulary", lambda name: replace(writer(name), corpus="elsewhere"))
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


def test_the_same_seed_at_two_temperatures_side_by_side(app: AppTest) -> None:
    visit(app, "takes", bars="4", syllables="6", models="tiny", temperatures=TWO, blindly="false")
    assert not app.exception
    assert "tiny at 0.6" in html(app)
    assert "tiny at 1" in html(app)


def test_a_vote_is_blind_from_the_start_between_two_texts_that_differ_and_then_tells(app: AppTest) -> None:
    visit(app, "takes", bars="4", syllables="0", rhyme="free", models="tiny", temperatures=TWO)
    assert "tiny at" not in html(app)
    texts = [text for text in app.html if 'class="paper small"' in text.value]
    assert len({text.value.partition("</h2>")[2] for text in texts}) == 2
    assert app.session_state["votes"] == []
    app.button(key="vote-1-0").click().run()
    assert not app.exception
    assert len(app.session_state["votes"]) == 1
    assert "You preferred tiny at" in html(app)
    assert "1 of 1" in html(app)


def test_two_ways_that_write_the_same_text_are_not_voted_on(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.views.takes.wait_for_whole_text", lambda request: LYRIC)
    visit(app, "takes", bars="4", syllables="0", rhyme="free", models="tiny", temperatures=TWO)
    assert not app.exception
    assert "These settings produce the same text" in html(app)
    assert not [button for button in app.button if button.key and button.key.startswith("vote-")]


def test_a_second_click_on_texts_that_were_voted_on_is_no_vote(monkeypatch: pytest.MonkeyPatch) -> None:
    state = dict[str, Any]()
    monkeypatch.setattr("streamlit.session_state", state)
    ballot = Vote("x", ("a", 0.6), ("b", 1.0), None)
    for _ in range(2):
        blind_tests.cast_vote(ballot, 0)
    assert state["votes"] == [ballot]


def test_votes_are_a_row_each() -> None:
    a, b = ("a", 0.6), ("b", 1.0)
    rows = vote_table([Vote("la rue", a, b, a), Vote("x", a, b, None)]).to_numpy().tolist()
    assert rows == [["la rue", "a at 0.6", "b at 1.0", "a at 0.6"], ["x", "a at 0.6", "b at 1.0", "equal"]]
