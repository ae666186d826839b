"""What the Learn pages compute, in NumPy, at the size of one line. Knows nothing of Streamlit and Plotly.

study             a line as one-hot input and target, and a small network that reads it
context_windows   the feed-forward network that sees the last k words
steps             one step of the RNN in numbers
through_time      backpropagation through time: who teaches what, and how far back a prediction looks
descent           optimisers racing, clipping, early stopping, training with each of eighteen bugs
gates             a trained network's gates over a line, units that fire, interventions
shapes            the six shapes that sequences take, and what decides a written word
series_play       series of a corpus, and a small network that guesses on
calculator        NumPy expressions from a visitor, evaluated without running code
word_counting     characters against words: sizes, times, tokenisers
glossary          symbols and terms, in English and French
document          the text of a lesson, a Markdown file, cut into its blocks
"""
