"""The dashboard: what the pipeline knows, as pages.

app          the router
navigation   which pages there are
cache        the border to the pipeline: the only place that remembers anything
selection    which part of which corpus a page looks at
measures     measures with their randomness fixed, so that a page always shows the same numbers
words        numbers as the pages say them
charts/      DataFrame -> Plotly figure, no Streamlit
components/  small reusable pieces of page
views/       one file a page: widgets -> call -> draw
static/      fonts, logo, stylesheet
"""
