"""The equations of recurrent networks, in NumPy. Keras trains; these cells play.

Two styles share one set of equations:

* the article's, to read and to check (`rnn`, `lstm`, `gru`): columns are examples, x `(n_x, m, Tx)`, a `(n_a, m, Tx)`;
* Keras's, for speed (`layers`, `replay`): rows are examples, all gates in one product.

>>> import numpy as np
>>> rng = np.random.default_rng(0)
>>> spec = {"cell": "rnn", "units": 4, "layers": 1, "embedding": 3, "tied": False, "vocabulary_size": 5}
>>> from pipeline.cells.replay import expected_shapes, network_from_weights
>>> network = network_from_weights(spec, [rng.standard_normal(shape) for shape in expected_shapes(spec)])
>>> logits, state = network.step([2], network.initial_state())
>>> logits.shape, state[0][0].shape
((1, 5), (1, 4))
"""
