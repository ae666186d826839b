"""Keras models, and what training computes of them in TensorFlow, which nothing imports but by way of `quiet_start`.

language_model     the network that Keras saves, embedding -> recurrent layers -> logits, and how it builds each cell
scan               the same recurrences with backpropagation through time written out: what training runs
forward            the network as one function of its weights, and its loss, over the vocabulary or a sample of it
teaching_networks  those of the six architectures of the Learn pages, and an RNN by hand under a GradientTape
quiet_start        TensorFlow, begun without a word
"""
