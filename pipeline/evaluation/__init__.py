"""How good a run is, in bits, and what follows from it.

evaluate     bits a character of a text or of the songs of a split
dynamic      the same while the network goes on learning (TensorFlow)
comparison   two runs on the songs that both never saw
surprisal    the bits of each token of a text
test_report  what is fitted on validation, and the scores on test, once a run is trained
card         the model card
"""
