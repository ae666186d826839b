"""Tidy DataFrames in, Plotly figures out. Knows nothing of Streamlit, and nothing of what was measured.

palette       the inks, shared by light and dark
sheet         the empty figure that all start from
bars          bars that can be picked
distributions quartiles by group, curves with bands
"""
