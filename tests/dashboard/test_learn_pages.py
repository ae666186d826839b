"""The Learn pages through AppTest: they open, teach, take any line, and never load TensorFlow."""

import re

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from benchmarks.learn_data import window_perplexity
from dashboard.components.frame.page_layout import TEXTS
from dashboard.lessons import context_windows
from dashboard.lessons.course import COURSE
from dashboard.lessons.document import parse, split_parts
from dashboard.lessons.glossary import terms
from dashboard.navigation import LESSONS as TITLES
from pipeline.core.translation import LANGUAGES
from pipeline.corpus.store import load_corpus
from tests.dashboard.pages import go, lesson, lesson_html, visit

LESSONS = list(TITLES)


def test_there_are_twelve_lessons_in_order() -> None:
    assert [title.partition(" ")[0] for title in TITLES.values()] == [str(n) for n in range(1, 13)]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("page", LESSONS)
def test_a_lesson_teaches(app: AppTest, page: str) -> None:
    lesson(app, page)
    assert not app.exception
    assert len(app.title) == 1
    assert app.title[0].value.endswith("?")
    assert app.latex  # a formula
    assert any(expander.label.endswith("?") for expander in app.expander)  # a question, its answer folded
    assert 'role="alert"' not in lesson_html(app)


def parts_shown(app: AppTest) -> list[str]:
    """The headings of the parts of a lesson that are drawn."""
    return re.findall(r"<h2[^>]* data-rows[^>]*>(.*?)</h2>", lesson_html(app))


def test_a_lesson_is_read_part_by_part(app: AppTest) -> None:
    visit(app, "learn_rnn", line="La nuit tombe")
    assert parts_shown(app) == ["Inside the cell"]
    assert '<h2 class="part"' not in lesson_html(app)  # its tab says it
    assert "What you know now" not in lesson_html(app)
    assert app.button(key="next-part").label == "Next: How surprised was it?"
    app.button(key="next-part").click().run()
    assert parts_shown(app) == ["How surprised was it?"]
    assert app.query_params["part"] == "3.2"
    app.button(key="next-part").click().run()
    assert "What you know now" in lesson_html(app)
    assert "next-part" not in {button.key for button in app.button}
    assert len(parts_shown(lesson(app, "learn_rnn"))) == 3
    assert parts_shown(visit(app, "learn_lstm", part="3.2")) == ["Inside the cell"]  # a part of another lesson


def test_a_lesson_of_one_part_or_two_is_whole(app: AppTest) -> None:
    visit(app, "learn_bugs")
    assert "What you know now" in lesson_html(app)
    assert "next-part" not in {button.key for button in app.button}


LAST = len(LESSONS)


@pytest.mark.parametrize("number", [1, 6, LAST])
def test_a_lesson_ends_with_where_one_is_and_the_way_on(app: AppTest, number: int) -> None:
    shown = lesson(app, LESSONS[number - 1])
    assert f"Lesson {number} of {LAST} · on the map: " in lesson_html(shown)
    ways = [link.proto.page for link in shown.main.get("page_link")][-2 if 1 < number < LAST else -1 :]
    assert ways == [LESSONS[n - 1] for n in (number - 1, number + 1) if 1 <= n <= LAST]


def test_terms_are_explained_in_both_languages() -> None:
    assert all(term.meaning[code] and term.analogy[code] for term in terms() for code in LANGUAGES)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("page", LESSONS)
@pytest.mark.parametrize(
    "line", ["漢字 <b>&\\ $x$", *(pytest.param(line, marks=pytest.mark.slow) for line in ("été", "a" * 60))]
)
def test_a_lesson_takes_any_line(app: AppTest, page: str, line: str) -> None:
    lesson(app, page, line=line)
    assert not app.exception, line
    assert "<b>&\\" not in lesson_html(app)


def test_a_line_too_short_is_said_and_replaced(app: AppTest) -> None:
    lesson(app, "learn_rnn", line="  x ")
    assert not app.exception
    assert "Too short: at least" in lesson_html(app)


def test_the_line_carries_from_page_to_page(app: AppTest) -> None:
    lesson(app, "learn_rnn")
    app.text_input(key="line").set_value("La nuit tombe sur la ville").run()
    go(app, "learn_cost").run()
    assert app.text_input(key="line").value == "La nuit tombe sur la ville"


def test_another_line_comes_from_the_corpus(app: AppTest) -> None:
    lesson(app, "learn_rnn")
    before = app.text_input(key="line").value
    app.button(key="another-line").click().run()
    assert app.text_input(key="line").value != before


@pytest.mark.parametrize("shape", ["F1", "F2", "F3", "F4", "F5", "F6"])
def test_each_shape_opens(app: AppTest, shape: str) -> None:
    lesson(app, "learn_architectures", shape=shape)
    assert not app.exception
    assert "<svg" in lesson_html(app)


def test_the_map_shows_the_way_of_the_line_and_every_lesson(app: AppTest) -> None:
    shown = lesson_html(lesson(app, "learn", line="Je marche dans la nuit"))
    assert not app.exception
    assert "12 lessons" in shown
    assert {link.proto.page for link in app.main.get("page_link")} >= set(LESSONS)


def test_the_same_seed_finishes_the_line_the_same_way(app: AppTest) -> None:
    first = lesson_html(lesson(app, "learn_story", line="Je r'viens 漢 tard", given=3))
    assert not app.exception
    again = AppTest.from_file(app._script_path, default_timeout=300)
    assert lesson_html(lesson(again, "learn_story", line="Je r'viens 漢 tard", given=3)) == first


@pytest.mark.slow
def test_the_shipped_windows_are_those_that_were_measured(app: AppTest) -> None:
    lesson(app, "learn_story", k=3)
    _, apart = context_windows.split_corpus_lines(load_corpus("demo"))
    table = pd.read_csv(context_windows.SHIPPED_WEIGHTS_PATH.with_name("story.csv")).set_index("k")
    assert window_perplexity(context_windows.load_window(3), apart, 3) == pytest.approx(
        table.loc[3, "perplexity"], abs=0.05
    )


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("series", "said"),
    [
        ("coins", "so P(y = 1) ="),
        ("words", "num_classes = 4 classes of similar size: under"),
    ],
)
def test_each_series_shows_what_it_is_made_of(app: AppTest, series: str, said: str) -> None:
    lesson(app, "learn_series").segmented_control(key="made_of").set_value(series).run()
    assert not app.exception
    assert said in lesson_html(app)


def test_the_next_output_stands_beside_persistence_and_majority(app: AppTest) -> None:
    lesson(app, "learn_series", classes=3)
    assert not app.exception
    shown = lesson_html(app)
    assert all(name in shown for name in ("Persistence", "Majority"))


def test_the_rest_of_the_program_is_one_click_away(app: AppTest) -> None:
    links = {link.proto.page for link in lesson(app, "learn_words").main.get("page_link")}
    assert links >= {"data", "words", "training", "studio", "song"}


def test_who_shows_a_plan_does_not_show_the_answers(app: AppTest) -> None:
    plan = lesson_html(visit(app, "learn", **{"class": "plan"}))
    assert not app.exception
    assert "Sheet" in plan
    assert "1/1024" not in plan
    answers = lesson_html(visit(app, "learn", **{"class": "answers"}))
    assert not app.exception
    assert "1/1024" in answers


@pytest.mark.parametrize("page", LESSONS)
def test_a_lesson_has_four_parts_at_most(page: str) -> None:
    for code in LANGUAGES:
        assert len(split_parts(parse((TEXTS / code / f"{page}.md").read_text("utf-8")))[1]) <= 4


def test_the_plan_of_two_hours_teaches_what_its_lessons_need_before() -> None:
    plan = (TEXTS / "en" / "class.md").read_text("utf-8").partition("## Two hours")[2].partition("##")[0]
    taught = [LESSONS[int(n) - 1] for n in re.findall(r"\| Lesson (\d+)", plan)]
    for at, file in enumerate(taught):
        assert set(COURSE[file].needs) <= set(taught[:at]), file


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("page", "query", "key", "value"),
    [
        ("learn_rnn", {"trained": "20 steps"}, "trained", 20),
        ("learn_bptt", {"tau": "7", "target": "3"}, "target", 3),
        ("learn_vanishing", {"scale": "0.5"}, "scale", 0.5),
        ("learn_series", {"made_of": "words per line of a song"}, "made_of", "words"),
        ("learn_architectures", {"shape": "With attention"}, "shape", "F6"),
        ("learn_lstm", {"fires": "vowels", "force": "output gate Γo"}, "fires", "vowel"),
        (
            "learn_vanishing",
            {"touch": "Γf.3.0=0 nonsense c.99.9=1", "left_cell": "GRU"},
            "left_cell",
            "gru",
        ),
        ("learn_bugs", {"bug": "no error from later steps"}, "bug", "no error from later steps"),
    ],
)
def test_an_address_of_before_opens_and_turns_into_keys(
    app: AppTest, page: str, query: dict[str, str], key: str, value: object
) -> None:
    for name, asked in query.items():
        app.query_params[name] = asked
    lesson(app, page)
    assert not app.exception
    assert app.session_state[key] == value
    assert "".join(app.query_params[key]) == str(value)


def test_a_bug_is_predicted_and_then_checked(app: AppTest) -> None:
    opened = lesson_html(lesson(app, "learn_bugs"))
    assert {f"guess-{outcome}" for outcome in ("climbs", "worse", "same")} <= {str(button.key) for button in app.button}
    assert "The check " not in opened.partition("How small an error")[0]
    assert "<td>" not in opened  # nothing is answered yet
    lesson(app, "learn_bugs", bug="no error from later steps")
    app.button(key="guess-worse").click().run()
    seen = lesson_html(app)
    assert "The check fails" in seen
    assert "Your prediction: it falls, but less." in seen
    assert re.findall(r"<td>(.*?)</td>", seen)[::3] == ["no error from later steps"]
    assert "The check passes" in lesson_html(lesson(app, "learn_bugs", bug="none"))
    lesson(app, "learn_bugs", bug="error with the wrong sign")
    app.button(key="guess-climbs").click().run()
    assert "from 3.10 nats" in lesson_html(app)
    assert "9.29" not in lesson_html(app)  # where its curve is cut, which it never measured
    visit(app, "learn_bugs", bug="cell not carried back")
    assert "cell not carried back" in app.radio(key="bug").options
    assert "no error from later steps" not in app.radio(key="bug").options  # a bug of the other cell


def test_rounding_is_not_shown_as_a_number(app: AppTest) -> None:
    assert not re.search(r"\de-1[4-9]", lesson_html(lesson(app, "learn_bptt")))


def test_each_shape_is_compared_best_first(app: AppTest) -> None:
    title = re.search(r"does best on 52 unseen songs(.*?)</h2>", lesson_html(lesson(app, "learn_architectures")))
    bits = [float(bits) for bits in re.findall(r"\d\.\d\d", title[1])] if title else []
    assert len(bits) == 4
    assert bits == sorted(bits)


def test_an_exercise_is_answered_and_helps_after_misses(app: AppTest) -> None:
    lesson(app, "learn_rnn")
    for answer, said in (("3 3", "1 error."), ("50 80", "2 errors."), ("80, 50", "Right.")):
        app.text_input(key="answer-learn_rnn-3").set_value(answer)
        next(button for button in app.button if button.proto.form_id == "form-learn_rnn-3").click().run()
        assert not app.exception
        assert said in lesson_html(app)
    app.text_input(key="answer-learn_rnn-3").set_value("1 1")
    next(button for button in app.button if button.proto.form_id == "form-learn_rnn-3").click().run()
    assert "Right." not in lesson_html(app)  # solved before, but not by this
    assert "1 of " in lesson_html(lesson(app, "learn"))
