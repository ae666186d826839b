"""Tidy DataFrames in, Plotly figures out. Knows nothing of Streamlit, and nothing of what was measured.

palette           the colours, shared by light and dark
base_figure       the empty figure that all start from, and its data as text, so that Plotly reads no tags in them
label_placement   points with their names, on which side each is written, and where the nodes of a graph stand
bar_charts        bars that can be picked, long tails folded, differences to both sides
distributions     quartiles by group, intervals, curves with bands, words over the years
sections          how songs are built
plane_charts      maps of voices, planes of a correspondence analysis, dendrograms
word_charts       length of words, rank and frequency, typical words, the company of a word
training_charts   how trainings went, how two runs differ
learn_curves      lines, bars and planes of the Learn pages
learn_heat        heat maps of the Learn pages
"""
