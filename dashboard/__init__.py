"""The dashboard: what the pipeline knows, as pages.

app          the router
navigation   which pages there are
serve        the command that opens it; server and middleware, what Streamlit runs
queries/     what pages ask of the pipeline, without Streamlit
cache/       the border between Streamlit and the pipeline: the only place that caches anything
charts/      DataFrame -> Plotly figure, no Streamlit
locale/      the language of a page, how numbers and counts are written
components/  pieces of page, in rooms
lessons/     what the Learn pages compute, without Streamlit
texts/       the folded explanations and the lessons, Markdown, a folder a language
views/       one file a page: widgets -> query -> draw
static/      fonts, logo, stylesheet
"""
