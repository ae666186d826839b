"""What the Learn pages compute, in NumPy, at the size of one line. Knows nothing of Streamlit and Plotly.

study       a line as one-hot input and target, and a small network that reads it
windows     the feed-forward network that sees the last k words
memory      how far back a prediction looks
time        backpropagation through time: who teaches what
descent     optimisers racing, clipping, early stopping
gates       a trained network's gates over a line, units that fire, interventions
breaking    the eighteen bugs: the check that catches them and the training that they spoil
calculator  NumPy expressions from a visitor, evaluated without running code
counting    characters against words: sizes and times
glossary    symbols and terms, in English and French
document    the text of a lesson, a Markdown file, cut into its blocks
"""
