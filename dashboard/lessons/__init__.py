"""What the Learn pages compute, in NumPy, at the size of one line. Knows nothing of Streamlit and Plotly.

course            the lessons in order: needs, and which of the nine parts of the way each explains
scenes            what plays: the way of a line, the cell, an error on its way back, a race of optimisers
exercises         questions that are checked, and the progress of whoever answers them
cell_scenes       a cell at play, its drawing and its numbers; two runs side by side
diagrams          drawings that play: nodes and wires, each of one part of a scene
named_units       units of a trained network that do something one can name, and how sure that is
overrides         numbers that a visitor changes, and what becomes of a line then
lesson_scripts    a lesson as a script, made of the functions of the cells; `script_bodies` says how it uses them
study             a line as one-hot input and target, and a small network that reads it
context_windows   the feed-forward network that sees the last k words
brackets          a bracket to close and a quotation to be in or out of, where memory decides; letters between
self_attention    what a trained head looks at, what order is worth to it; a gate that reads the input alone
steps             products in numbers, the table of dimensions
through_time      backpropagation through time: who teaches what, and how far back a prediction looks
descent           optimisers racing, clipping, early stopping, training with each of eighteen bugs
gates             a trained network's gates over a line, and what changes when one is forced
shapes            the six shapes that sequences take, and what decides a written word
series_play       series of a corpus, and a small network that guesses on
calculator        NumPy expressions from a visitor, evaluated without running code
word_counting     characters against words: sizes, tokenisers
glossary          symbols and terms, in English and French
document          the text of a lesson, a Markdown file, cut into its blocks
"""
