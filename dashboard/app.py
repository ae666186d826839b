"""The router. `script/server` runs it through `server.py`; `python -m streamlit run dashboard/app.py` runs it alone."""

import streamlit as st

from dashboard import cache
from dashboard.components.corpus import filters
from dashboard.components.frame import figure_card, page_layout
from dashboard.components.lesson import lesson
from dashboard.locale.visitor_language import draw_switch, follow_language
from dashboard.navigation import FIRST, explores, has_sidebar, learns, pages, writes
from pipeline.processes.limits import give_back_memory

st.set_page_config(page_icon=page_layout.STATIC / "icon.png", layout="wide", initial_sidebar_state="auto")
follow_language()
st.logo(page_layout.STATIC / "logo.svg", icon_image=page_layout.STATIC / "icon.svg", size="large")

if has_sidebar(st.context.url):
    st.sidebar.container()  # before the navigation, which otherwise is drawn at the left edge and then moves
page = st.navigation(pages(), position="top", expanded=True)  # a phone shows it as a list, all groups at once
if page.url_path == FIRST:
    page.run()  # before there is a widget: what the address says and a widget is bound to cannot be passed on
st.set_page_config(page_title=f"{page.title} · Seize")
page_layout.add_stylesheet()
draw_switch()
with page_layout.show_errors():
    if explores(page):
        filters.draw()  # here, not in the views: only widgets of the router carry across pages
    elif learns(page):
        lesson.draw_study_line()
    figure_card.mount_sharing(page.title, filters.current_selection().corpus if explores(page) else "")
    page.run()
    if writes(page):
        cache.start_writers()  # now that the page stands: who only explores need not hold them
give_back_memory()
