"""Every row of the article's program: on which page it is shown, and which test holds it to its word.

A page marks what it shows by `data-rows`. The last, L13, is docs/lesson_sources.md.
"""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.analysis import test_lines as words_per_line
from tests.analysis.words import test_lexicon as lexicon
from tests.analysis.words import test_structure as structure
from tests.cells import test_activations as activations
from tests.cells import test_bptt as bptt
from tests.cells import test_clipping_and_optimisers as clipping
from tests.cells import test_jacobians as jacobians
from tests.cells import test_published_numbers as published
from tests.cells import test_replay as replay
from tests.corpus.cleaning import test_rules as rules
from tests.dashboard import test_learn_calculator as calculator
from tests.dashboard import test_learn_lessons as lessons
from tests.dashboard import test_learn_pages as pages
from tests.dashboard.pages import lesson, lesson_html
from tests.language import test_vocabulary as vocabulary
from tests.learn import test_architectures as architectures
from tests.learn import test_shipped_architectures as shipped
from tests.networks import test_language_model as language_model
from tests.training import test_train as training

# row -> (page, test)
ROWS: dict[str, tuple[str, Callable[..., None]]] = {
    "A1": ("learn_story", pages.test_the_same_seed_finishes_the_line_the_same_way),
    "A2": ("learn_story", lessons.test_a_window_is_blind_beyond_its_edge),
    "A3": ("learn_story", lessons.test_the_published_echo_curve_begins_at_certainty),
    "A4": ("learn_story", lessons.test_words_of_lines_become_classes_of_a_series),
    "A5": ("learn_story", lessons.test_the_window_network_learns_by_the_same_functions),
    "B1": ("learn_functions", activations.test_derivatives_of_the_activations),
    "B2": ("learn_functions", activations.test_derivatives_of_the_activations),
    "B3": ("learn_functions", activations.test_temperature_goes_from_argmax_to_uniform),
    "C1": ("learn_functions", lessons.test_every_symbol_has_the_shape_that_it_announces),
    "D1": ("learn_functions", calculator.test_an_expression_equals_numpy),
    "E1": ("learn_rnn", lessons.test_the_dimension_table_counts_what_there_is_to_learn),
    "E2": ("learn_rnn", published.test_a_published_number),
    "E3": ("learn_rnn", lessons.test_surprise_is_the_loss_and_starts_near_ln_v),
    "E4": ("learn_rnn", lessons.test_surprise_is_the_loss_and_starts_near_ln_v),
    "F1": ("learn_architectures", shipped.test_surprise_and_guesses),
    "F2": ("learn_architectures", shipped.test_the_left_sees_nothing_of_the_right),
    "F3": ("learn_architectures", shipped.test_classes_after_each_word),
    "F4": ("learn_architectures", shipped.test_a_verse_follows_its_seed_and_its_voice),
    "F5": ("learn_architectures", shipped.test_a_reply),
    "F6": ("learn_architectures", shipped.test_attention_reverses_and_lights_the_anti_diagonal),
    "G1": ("learn_bptt", bptt.test_every_gradient_is_that_of_the_complex_step),
    "G2": ("learn_bptt", activations.test_derivatives_of_the_activations),
    "G3": ("learn_bptt", activations.test_derivatives_of_the_activations),
    "G4": ("learn_bptt", bptt.test_every_gradient_is_that_of_the_complex_step),
    "G5": ("learn_bptt", lessons.test_truncation_loses_what_later_errors_add_at_far_steps),
    "G6": ("learn_bptt", lessons.test_unused_columns_have_no_gradient),
    "G7": ("learn_bptt", bptt.test_every_gradient_is_that_of_the_complex_step),
    "G8": ("learn_bptt", lessons.test_the_check_on_a_line_is_within_its_tolerances),
    "G9": ("learn_bugs", lessons.test_every_bug_is_caught),
    "H1": ("learn_vanishing", jacobians.test_the_bound_is_never_crossed),
    "H2": ("learn_vanishing", lessons.test_an_input_gradient_is_that_of_the_complex_step),
    "H3": ("learn_vanishing", clipping.test_clipping_by_norm_keeps_the_direction_and_by_value_does_not),
    "H4": ("learn_vanishing", jacobians.test_the_forget_bias_decides_what_an_lstm_keeps),
    "I1": ("learn_lstm", lessons.test_the_numbers_on_the_wires_agree),
    "I2": ("learn_lstm", language_model.test_replay_equals_keras_after_a_round_trip_through_the_file),
    "I3": ("learn_lstm", lessons.test_no_intervention_changes_nothing),
    "I4": ("learn_lstm", lessons.test_the_check_on_a_line_is_within_its_tolerances),
    "J1": ("learn_cost", lessons.test_surprise_is_the_loss_and_starts_near_ln_v),
    "J2": ("learn_cost", lessons.test_the_four_optimisers_all_learn),
    "J3": ("learn_cost", lessons.test_the_detector_hears_an_explosion),
    "K1": ("learn_series", architectures.test_rnn_by_hand_in_tensorflow_is_numpys),
    "K2": ("learn_series", shipped.test_series_lies_between_its_floors),
    "K3": ("learn_series", shipped.test_batches_go_on_from_window_to_window),
    "K4": ("learn_series", architectures.test_training_by_hand_passes_the_first_floor),
    "K5": ("learn_series", lessons.test_words_of_lines_become_classes_of_a_series),
    "L1": ("learn_words", lessons.test_costs_count_vocabulary_and_parameters),
    "L2": ("learn_words", lessons.test_costs_count_vocabulary_and_parameters),
    "L3": ("learn_words", rules.test_a_rule_mends_and_counts),
    "L4": ("learn_words", lexicon.test_layers_add_up),
    "L5": ("learn_words", words_per_line.test_totals_reconcile_with_the_token_count),
    "L6": ("learn_words", training.test_training_learns),
    "L7": ("learn_words", replay.test_carried_state_equals_the_whole_prefix),
    "L8": ("learn_words", lessons.test_tokens_go_there_and_back),
    "L9": ("learn_words", vocabulary.test_a_bijection_with_the_specials_first),
    "L10": ("learn_words", lessons.test_tokens_go_there_and_back),
    "L11": ("learn_words", lessons.test_one_one_a_column),
    "L12": ("learn_words", structure.test_sections_as_bars),
}
SECTIONS = {"A": 5, "B": 3, "C": 1, "D": 1, "E": 4, "F": 6, "G": 9, "H": 4, "I": 4, "J": 3, "K": 5, "L": 12}


def test_no_row_is_forgotten() -> None:
    assert set(ROWS) == {f"{letter}{n}" for letter, count in SECTIONS.items() for n in range(1, count + 1)}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("page", sorted({page for page, _ in ROWS.values()}))
def test_a_page_shows_its_rows(app: AppTest, page: str) -> None:
    marks = lesson_html(lesson(app, page)).split('data-rows="')[1:]
    shown = {row for mark in marks for row in mark.partition('"')[0].split()}
    assert shown >= {row for row, (where, _) in ROWS.items() if where == page}
