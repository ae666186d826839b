"""The router. `script/server` runs it through `server.py`; `python -m streamlit run dashboard/app.py` runs it alone."""

import streamlit as st

from dashboard import cache, navigation
from dashboard.components.corpus import filters, site_search
from dashboard.components.frame import bound, figure_card, page_layout
from dashboard.components.lesson import lesson
from dashboard.locale.visitor_language import draw_language_switch, sync_address_language
from pipeline.core.translation import in_language, language
from pipeline.processes.limits import give_back_memory

st.set_page_config(page_icon=page_layout.STATIC / "icon.png", layout="wide", initial_sidebar_state="auto")
sync_address_language()
st.logo(page_layout.STATIC / "logo.svg", icon_image=page_layout.STATIC / "icon.svg", size="large")

if navigation.has_sidebar(st.context.url):
    st.sidebar.container()  # before the navigation, which otherwise is drawn at the left edge and then moves
page = st.navigation(navigation.pages(), position="top", expanded=True)  # a phone shows a list of all groups at once
bound.enter_page(page.url_path)
st.html(page_layout.stylesheet())
with st.container(key="top", horizontal=True, width="content"):
    site_search.draw_search_button()
    draw_language_switch()
with in_language(language()), page_layout.show_errors():  # once: it is asked at each word and number of a page
    place = navigation.draw_tabs(page)
    navigation.underline_menu_group(place)
    title, explores = navigation.title_of(place), navigation.shows_corpus_filters(place)
    st.set_page_config(page_title=f"{title or page.title} · Seize")
    if explores:
        filters.draw_filters()  # here, not in the views: only widgets of the router carry across pages
    elif navigation.is_lesson_place(place):
        lesson.draw_lesson_line_box()
    figure_card.mount_sharing(title, filters.current_selection().corpus if explores else "")
    page.run()
    navigation.draw_page_end(place)
    if navigation.is_page_for_writing(place):
        cache.start_writers()  # now that the page stands: who only explores need not hold them
give_back_memory()
