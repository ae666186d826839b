"""Tidy DataFrames in, Plotly figures out. Knows nothing of Streamlit, and nothing of what was measured.

palette           the colours, shared by light and dark
base_figure       the empty figure that all start from
data_as_text      strings among the data of a figure, so that Plotly reads no tags in them
label_placement   on which side of its point a name is written
bar_charts        bars that can be picked
distributions     quartiles by group, curves with bands, intervals
sections          how songs are built
comparisons       typical words, words over time, maps
lexicon_charts    length of words, rank and frequency
sound_charts      intervals and shares that can be picked
training_charts   how trainings went, how two runs differ
learn_*           figures of the Learn pages
"""
