"""The menu, the tabs, and the ways between the places of `site_map`: addresses, links, and what stands below each."""

from collections.abc import Callable
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import streamlit as st

from dashboard.components.frame.bound import pick
from dashboard.components.frame.page_layout import VIEWS, how_to_read
from dashboard.site_map import DISCOVER, FIRST_PAGE, GROUPS, UNDERSTAND, WRITE, Group, Tab, View
from pipeline.core.translation import t

PART_KEY = "part"  # key of the tabs, in the address too
HOME = "home"  # the path of the first page, which nobody sees: Streamlit wants one of it
LESSONS = {page.file: page.title for page in UNDERSTAND.pages if page.hidden}
_FILES = {page.file: page for group in GROUPS for page in group.pages}


def tabs_of_page(page: View) -> tuple[Tab, ...]:
    """Return the tabs of a page; a page without tabs counts as one tab."""
    return page.parts or (Tab(page.file, page.title, page.about, page.method),)


PLACES = {part.name: (page, part) for page in _FILES.values() for part in tabs_of_page(page)}


def page_or_tab_of_url(url: str | None) -> str:
    """Return the name of the page or tab at an address, "" where there is none.

    >>> [page_or_tab_of_url(f"http://localhost/{path}") for path in ("", "words", "words?part=verses", "lyrics")]
    ['overview', 'lexicon', 'verses', '']
    """
    parts = urlsplit(url or "")
    file = parts.path.strip("/").rpartition("/")[2]
    file = FIRST_PAGE if file in ("", HOME) else file
    if file not in _FILES:
        return ""
    names = [part.name for part in tabs_of_page(_FILES[file])]
    asked = parse_qs(parts.query).get(PART_KEY, [""])[0]
    return asked if asked in names else names[0]


def shows_corpus_filters(place: str) -> bool:
    """Return whether a page or tab shows a selection of a corpus, with the filters beside it."""
    return place == "exporting" or _is_page_in_group(place, DISCOVER)


def is_lesson_place(place: str) -> bool:
    """Return whether a page is a lesson or the list of lessons. These show the visitor's line."""
    return place == "learn" or place in LESSONS


def is_page_for_writing(place: str) -> bool:
    """Return whether a page or tab is for writing texts."""
    return place == "takes" or _is_page_in_group(place, WRITE)


def has_sidebar(url: str | None) -> bool:
    """Return whether the place at an address has a sidebar: known before `st.navigation` says which page it is."""
    return shows_corpus_filters(page_or_tab_of_url(url))


def _is_page_in_group(place: str, group: Group) -> bool:
    return place in PLACES and PLACES[place][0] in group.pages


def pages() -> dict[str, list[st.Page]]:
    """Return the pages in their groups, lessons hidden, as `st.navigation` takes them."""
    return {
        t(group.title): [
            st.Page(
                VIEWS / f"{page.file}.py", title=t(page.title), icon=f":material/{page.icon}:", help=t(page.about),
                url_path=HOME if page.file == FIRST_PAGE else page.file, visibility="hidden" if page.hidden else
                "visible",
            )
            for page in group.pages
        ]
        for group in GROUPS
    }  # fmt: skip


def _group_of(page: View) -> Group:
    return next(group for group in GROUPS if page in group.pages)


def underline_menu_group(place: str) -> None:
    """Underline the group of a place in the menu, which Streamlit leaves unmarked while it is closed."""
    if place in PLACES:
        at = 1 + GROUPS.index(_group_of(PLACES[place][0]))
        item = f'[data-testid="stTopNav"] > .rc-overflow-item:nth-child({at}) button'
        st.html(f"<style>{item} {{ box-shadow: inset 0 -3px 0 var(--accent); border-radius: 0; }}</style>")


def draw_tabs(page: st.Page) -> str:
    """Draw the tabs of a page, if it has several, and return the name of the open place; "" for an unknown page."""
    of_menu = _FILES.get(FIRST_PAGE if page.url_path in ("", HOME) else page.url_path)
    if of_menu is None:
        return ""
    parts = tabs_of_page(of_menu)
    if len(parts) == 1:
        return parts[0].name
    return pick(t("Parts of the page"), {part.name: t(part.title) for part in parts}, key=PART_KEY)


def draw_open_tab(**parts: Callable[[], None]) -> None:
    """Call the function of the open tab. `parts` maps the names of tabs to functions that draw them."""
    parts.get(st.session_state.get(PART_KEY, ""), next(iter(parts.values())))()


def title_of(place: str) -> str:
    """Return the title of the page or tab with this name, "" if there is none."""
    return t(PLACES[place][1].title) if place in PLACES else ""


def draw_page_end(place: str) -> None:
    """Draw the help text of a page part and, if it shows measures, where they come from, with a link to Methods."""
    if place not in PLACES or place == "methods" or is_lesson_place(place):  # whose text is the page itself
        return
    how_to_read("concordance" if place == "company" else place)
    page, part = PLACES[place]
    if not part.method:
        return
    group, to = _group_of(page), address("methods", of=part.method)
    words = f'<a href="{escape(to)}" target="_self">{t("How it is counted")}</a>'
    st.html(f'<p class="quiet source leads">{t(group.source)} {words}</p>')


def _tab_query(place: str) -> dict[str, str]:
    page, part = PLACES[place]
    return {} if part == tabs_of_page(page)[0] else {PART_KEY: place}


def address(place: str, **query: str) -> str:
    """Return the relative address of a page or tab with a query.

    >>> address("verses", length="12"), address("lexicon"), address("overview")
    ('words?part=verses&length=12', 'words', './')
    """
    page, _ = PLACES[place]
    query_string = urlencode({**_tab_query(place), **query})
    return ("./" if page.file == FIRST_PAGE else page.file) + (f"?{query_string}" if query_string else "")


def link(place: str, label: str = "", icon: str = "arrow_forward", **query: str) -> None:
    """Draw a link to a page or tab, with its title unless a `label` is given."""
    page, part = PLACES[place]
    text, to = label or t(part.title), VIEWS / f"{page.file}.py"
    st.page_link(to, label=text, icon=f":material/{icon}:", query_params={**_tab_query(place), **query})


def go_to(place: str, **query: Any) -> None:
    """Leave this page for another page or tab."""
    st.switch_page(VIEWS / f"{PLACES[place][0].file}.py", query_params={**_tab_query(place), **query})
