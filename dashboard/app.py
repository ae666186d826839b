"""The router. `script/server` runs it through `server.py`; `python -m streamlit run dashboard/app.py` runs it alone."""

import streamlit as st

from dashboard.components import filters, frame, lesson
from dashboard.navigation import explores, learns, pages

st.set_page_config(page_icon=frame.STATIC / "icon.png", layout="wide", initial_sidebar_state="auto")
st.logo(frame.STATIC / "logo.svg", icon_image=frame.STATIC / "icon.svg", size="large")

page = st.navigation(pages(), position="top")
st.set_page_config(page_title=f"{page.title} · Seize")
frame.style()
with frame.errors():
    if explores(page):
        filters.draw()  # here, not in the views: only widgets of the router carry across pages
    elif learns(page):
        lesson.draw()
    page.run()
