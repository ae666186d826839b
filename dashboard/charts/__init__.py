"""Tidy DataFrames in, Plotly figures out. Knows nothing of Streamlit, and nothing of what was measured.

palette           the colours, shared by light and dark
base_figure       the empty figure that all start from, and its data as text, so that Plotly reads no tags in them
label_placement   on which side of its point a name is written, and where the nodes of a graph stand
bar_charts        bars that can be picked, long tails folded
distributions     quartiles by group, curves with bands, intervals, shares
sections          how songs are built
comparisons       typical words, words over time, maps
plane_charts      planes of a correspondence analysis, dendrograms
word_charts       length of words, rank and frequency, the company of a word
training_charts   how trainings went, how two runs differ
learn_*           figures of the Learn pages
"""
