"""Tidy DataFrames in, Plotly figures out. Knows nothing of Streamlit, and nothing of what was measured.

palette           the colours, shared by light and dark
base_figure       the empty figure that all start from, and escaping of its data, so that Plotly reads no tags in them
label_placement   points with their names, the side that each is written on, layout of networks
bar_charts        bars that can be picked, long tails folded, diverging bars
distributions     quartiles by group, intervals, curves with bands, words over the years
sections          sections of songs, shares of kinds, self-similarity of a song
plane_charts      similarity maps, planes of a correspondence analysis, dendrograms
word_charts       length of words, rank and frequency, typical words, collocates, networks
training_charts   how trainings went, how two runs differ
learn_curves      lines, bars and planes of the Learn pages
learn_heat        heat maps of the Learn pages
"""
