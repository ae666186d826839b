"""The equations of recurrent networks, in NumPy. Keras trains; these cells play.

activations        sigmoid, tanh, softmax and their derivatives
output_layer       dense, softmax, cross-entropy
cell               what every cell has in common, its way through time forward and back
rnn lstm gru mingru  one step of each, in both layouts
self_attention     one causal head, which looks back instead of carrying a state
registry           the list of them
bptt               a language model of one layer: cost, gradients, Jacobians
attention          additive attention, forward and back
optimisers         gradient descent and its companions, clipping
gradient_checks    derivatives without deriving
bugs               eighteen mistakes that the checks have to catch
replay             a trained language model, replayed
keras_file         its weights, read without Keras

Two layouts share one set of equations, the elementwise functions of the cells: the article's, to read and to check,
where columns are examples, x `(n_x, m, Tx)`, a `(n_a, m, Tx)`, and every way forward has its way back; and Keras's, for
speed, where rows are examples, and all gates one product.

>>> import numpy as np
>>> rng = np.random.default_rng(0)
>>> from pipeline.cells.replay import NetworkSpec, network_from_weights
>>> spec = NetworkSpec(cell="rnn", units=4, layers=1, embedding=3, tied=False, vocabulary_size=5)
>>> network = network_from_weights(spec, [rng.standard_normal(shape) for shape in spec.weight_shapes()])
>>> logits, state = network.step([2], network.initial_state())
>>> logits.shape, state[0][0].shape
((1, 5), (1, 4))
"""
