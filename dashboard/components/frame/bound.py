"""Controls whose values stand in the address, so that what is shared is what was seen.

A control is known by its widget key, in `st.session_state` and in the address. Streamlit's own binding writes the label
of an option, which changes with its wording and its language; `pick` and `pick_or_none` write its key.
`read_from_address` goes before a control, `write_to_address` after it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from math import isinf
from typing import Any, Literal, TypeVar

import numpy as np
import streamlit as st

from dashboard.components.frame import page_layout
from dashboard.locale.escaping import escape_markdown
from pipeline.cells.activations import Array
from pipeline.core.errors import shorten
from pipeline.core.translation import t

K = TypeVar("K", bound=str | int)
PAGE, WRITTEN, SPOKEN = "page-of-address", "written-in-address", "labels-of-values"
LONGEST_NAME = 60  # characters of a name that are shown


def read_from_address(key: str, options: Mapping[K, str], start: K | None, *, everywhere: bool = False) -> None:
    """Set a control to the value in the address, unless this page wrote that value there last.

    So a link and the browser's Back and Forward are followed, and a value that a callback has set stays. A control that
    stands `everywhere` keeps its value where the address says nothing: pages are opened without it.
    """
    value_in_address, fresh = st.query_params.get(key), key not in st.session_state
    if value_in_address is None and everywhere and not fresh:
        if key not in _written_to_address():  # first here: said again, or the browser shows the default and sends it
            value = st.session_state[key]
            st.session_state[key] = value if value in options else start
        return
    if value_in_address != _written_to_address().get(key) or (fresh and value_in_address is not None):
        option = None if value_in_address is None else match_option(value_in_address, options)
        st.session_state[key] = start if option is None else option
    elif not fresh and (state := st.session_state[key]) != start and state not in options:
        typed = match_option(str(state), options)  # into a list that holds not all of them
        st.session_state[key] = start if typed is None else typed


def resend_value_on_label_change(key: str, label_of: Callable[[Any], object]) -> None:
    """Set a control to its own value again when the label of that value has changed. Otherwise the browser would keep
    the old label and send it back. Call this between `read_from_address` and the control."""
    if key not in st.session_state:
        return
    spoken: dict[str, tuple[object, object]] = st.session_state.setdefault(SPOKEN, {})
    value = st.session_state[key]
    before, now = spoken.get(key), (value, label_of(value))
    if before is not None and before != now and before[0] == value:
        st.session_state[key] = value
    spoken[key] = now


def write_to_address(key: str, value: K | None, start: K | None) -> None:
    """Write the value of a control into the address, or remove it there if it is the default, and note what was
    written."""
    text = None if value == start else str(value)
    if text is None and key in st.query_params:
        del st.query_params[key]
    elif text is not None and st.query_params.get(key) != text:
        st.query_params[key] = text
    _written_to_address()[key] = text


def match_option(text: str, options: Mapping[K, str]) -> K | None:
    """Return the option whose key or label is this text, or None. Long lists are searched by typing labels.

    >>> cells = {"rnn": "RNN", "gru": "GRU"}
    >>> match_option("gru", cells), match_option("GRU", cells), match_option("lstm", cells)
    ('gru', 'gru', None)
    """
    by_key = next((option for option in options if str(option) == text), None)
    return by_key if by_key is not None else next((key for key, label in options.items() if label == text), None)


def is_address_value_infinite(key: str) -> bool:
    """Return whether the number in the address for a control is too large for a float."""
    try:
        return isinf(float(st.query_params.get(key, 0)))
    except ValueError:
        return False


def report_unknown(key: str, names: Collection[str], requested: Iterable[str] | None = None) -> None:
    """Draw a remark with values that are not among `names`: `requested` ones, or by default those in the address. Such
    values are mistyped or from another machine."""
    values = st.query_params.get_all(key) if requested is None else requested
    if missing := [shorten(name, LONGEST_NAME) for name in values if name and name not in names]:
        page_layout.remark(t("Nothing here is called {names}.", names=", ".join(missing[:3])))


def enter_page(name: str) -> None:
    """Forget what the controls of another page wrote into the address. The router calls this, because the address that
    Streamlit reports lags by one run."""
    if st.session_state.get(PAGE) != name:
        st.session_state[PAGE], st.session_state[WRITTEN] = name, {}


def _written_to_address() -> dict[str, str | None]:
    """Return what this page wrote into the address: control -> text."""
    return st.session_state.setdefault(WRITTEN, {})


N = TypeVar("N", int, float)
BIND: Literal["query-params"] = "query-params"
Look = Literal["buttons", "list", "radio", "steps"]
MAX_TEXT_CHARACTERS = 400  # characters of a line of text
PLAIN = "%.4g"  # of a control: no digit that it does not need
MAX_LISTED_OPTIONS = 5_000  # options that a menu lists; of more, the others are typed


def slider(
    label: str, low: N, high: N, start: N, step: N | None = None, *, key: str, help: str, disabled: bool = False
) -> N:
    """Draw a slider between two numbers, bound to the address, and return its value."""
    form = PLAIN if isinstance(start, float) else None
    return st.slider(label, low, high, start, step, key=key, bind=BIND, help=help, disabled=disabled, format=form)


def logit_sliders(starts: Sequence[float], reach: float, *, key: str, help: str) -> Array:
    """Draw a slider from -reach to reach for each logit z1, z2, …, and return their values, `(n,)`."""
    return np.array(
        [slider(f"z{i}", -reach, reach, start, 0.1, key=f"{key}{i}", help=help) for i, start in enumerate(starts, 1)]
    )


def integer_box(
    label: str, low: int, high: int, start: int, *, key: str, help: str | None = None, width: int | None = None
) -> int:
    """Draw a box for a whole number, bound to the address, and return the number. `width` is in pixels; by default the
    box fills its row."""
    bind = None if is_address_value_infinite(key) else BIND  # Streamlit would make a whole number of it, and fail
    return int(st.number_input(label, low, high, start, key=key, bind=bind, help=help, width=width or "stretch"))


def text_box(
    label: str, start: str = "", *, key: str, longest: int = MAX_TEXT_CHARACTERS, hint: str | None = None, help: str |
    None = None, width: int | None = None,
) -> str:  # fmt: skip
    """Draw a box for a line of text of at most `longest` characters, bound to the address, and return the text; `width`
    as that of `integer_box`."""
    box: dict[str, Any] = {"placeholder": hint, "help": help, "width": width or "stretch"}
    return st.text_input(label, start, key=key, bind=BIND, max_chars=longest, **box) or ""


def toggle(label: str, on: bool = False, *, key: str, help: str | None = None) -> bool:
    """Draw a switch, bound to the address, and return whether it is on."""
    return st.toggle(label, on, key=key, bind=BIND, help=help)


def pick(
    label: str,
    options: Mapping[K, str],
    start: K | None = None,
    *,
    key: str,
    help: str | None = None,
    look: Look = "buttons",
    width: int | None = None,
    everywhere: bool = False,
    spoken: bool = False,
    listed: int = MAX_LISTED_OPTIONS,
) -> K:
    """Draw a choice of one of `options` (key -> label), and return its key: the first unless `start` is given. The
    address holds the key.

    With `everywhere` it keeps its value from page to page, and with `spoken` the address names it even where it is the
    first; `width` in pixels is that of a list, which holds as many
    options as are `listed` and takes the labels of others.
    """
    first = next(iter(options)) if start is None else start
    read_from_address(key, options, first, everywhere=everywhere)
    if key not in st.session_state:  # the control has this value or its default, never both
        st.session_state[key] = first
    resend_value_on_label_change(key, options.get)
    names, keys = _label_formatter(options, look), list(options)
    persist: Literal["session"] | None = "session" if everywhere else None  # also over pages that do not draw it
    value: K | str | None
    if look != "list":
        buttons = partial(st.segmented_control, required=True)
        controls: dict[Look, Callable[..., K | None]]
        controls = {"buttons": buttons, "steps": st.select_slider, "radio": st.radio}
        value = controls[look](label, keys, format_func=names, key=key, help=help, persist_state=persist)
    else:
        keys = list(dict.fromkeys([*keys[:listed], st.session_state[key]]))
        value = st.selectbox(
            label, keys, format_func=names, key=key, help=help, width=width or "stretch", persist_state=persist,
            accept_new_options=len(keys) < len(options),
        )  # fmt: skip
    chosen = next((option for option in keys if option == value), first)
    write_to_address(key, chosen, None if spoken else first)
    return chosen


def pick_or_none(
    label: str,
    options: Mapping[K, str],
    *,
    key: str,
    look: Literal["buttons", "list"] = "buttons",
    hint: str | None = None,
) -> K | None:
    """Draw a choice of one of `options`, as `pick` does, or of none, as at the start. Return the key or None."""
    read_from_address(key, options, None)
    resend_value_on_label_change(key, options.get)
    keys, names = list(options), _label_formatter(options, look)
    value: K | None
    if look == "buttons":
        value = st.pills(label, keys, format_func=names, key=key)
    else:
        value = st.selectbox(label, keys, None, format_func=names, key=key, placeholder=hint)
    write_to_address(key, value, None)
    return value


def pick_some(
    label: str,
    names: Sequence[str],
    start: Sequence[str] = (),
    *,
    key: str,
    hint: str | None = None,
    most: int | None = None,
    width: int | None = None,
    shown: Callable[[str], str] = str,
) -> tuple[str, ...]:
    """Draw a choice of at most `most` of these `names`, beginning with `start`, and return the chosen ones. If a
    browser cannot list them all, the others can be typed."""
    listed = list(dict.fromkeys([*names[:MAX_LISTED_OPTIONS], *start]))
    chosen = st.multiselect(
        label, listed, list(start), key=key, bind=BIND, placeholder=hint, max_selections=most, format_func=shown,
        width=width or "stretch", accept_new_options=len(listed) < len(names),
    )  # fmt: skip
    available = set(names)
    report_unknown(key, available, chosen)
    return tuple(name for name in chosen if name in available)


def pick_several(
    label: str, options: Mapping[str, str], start: Sequence[str] = (), *, key: str, everywhere: bool = False
) -> tuple[str, ...]:
    """Draw `options` (key -> label) as pills and return the chosen keys. The address holds the keys."""
    in_address, written, known = st.query_params.get(key), _written_to_address(), key in st.session_state
    if not known or (in_address != written.get(key) and not (in_address is None and key not in written)):
        keys = start if in_address is None else in_address.split(",")
        st.session_state[key] = [each for each in keys if each in options]
    elif not set(st.session_state[key]) <= set(options):
        st.session_state[key] = [each for each in st.session_state[key] if each in options]
    resend_value_on_label_change(key, lambda values: [options.get(value) for value in values])
    chosen = st.pills(
        label, list(options), selection_mode="multi", format_func=_label_formatter(options, "buttons"), key=key,
        persist_state="session" if everywhere else None,
    )  # fmt: skip
    write_to_address(key, ",".join(chosen), ",".join(start))
    return tuple(chosen)


def _label_formatter(options: Mapping[K, str], look: Look) -> Callable[[K], str]:
    """Return the function that writes the label of an option: plain in a list, escaped where Streamlit reads
    Markdown."""
    return options.__getitem__ if look == "list" else lambda option: escape_markdown(options[option])
