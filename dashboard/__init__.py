"""The dashboard: what the pipeline knows, as pages.

app          the router
navigation   which pages there are
server       the same, with its imports begun before the first visitor
queries/     what pages ask of the pipeline, without Streamlit
cache/       the border between Streamlit and the pipeline: the only place that caches anything
charts/      DataFrame -> Plotly figure, no Streamlit
locale/      how numbers and counts are written
components/  small reusable pieces of page
lessons/     what the Learn pages compute, without Streamlit
texts/       the folded explanations and the lessons, Markdown, a folder a language
views/       one file a page: widgets -> query -> draw
static/      fonts, logo, stylesheet
"""
