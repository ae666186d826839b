"""Keras models. TensorFlow is imported here and in `training.fit`, nowhere else.

language_model   the network that Keras saves: embedding -> rnn | lstm | gru -> logits
scan             the same recurrences with backpropagation through time written out: what training runs
"""
