"""The equations of recurrent networks, in NumPy. Keras trains; these cells play.

Two styles share one set of equations, the elementwise functions of `rnn`, `lstm` and `gru`:

* the article's, to read and to check: columns are examples, x `(n_x, m, Tx)`, a `(n_a, m, Tx)`, and every way forward
  has its way back. activations → dense → loss → rnn, lstm, gru → bptt (a whole model) → jacobians; bidirectional,
  encoder_decoder, attention; clipping, optimisers; gradient_checks, and the bugs they catch;
* Keras's, for speed: rows are examples, all gates in one product. layers → replay (a language model), read with
  keras_file. `layout` goes from one style to the other.

All that is known of one cell stands in its file and in one record (`cell`); `registry` lists them.

>>> import numpy as np
>>> rng = np.random.default_rng(0)
>>> from pipeline.cells.replay import network_from_weights
>>> from pipeline.cells.spec import NetworkSpec
>>> spec = NetworkSpec(cell="rnn", units=4, layers=1, embedding=3, tied=False, vocabulary_size=5)
>>> network = network_from_weights(spec, [rng.standard_normal(shape) for shape in spec.shapes()])
>>> logits, state = network.step([2], network.initial_state())
>>> logits.shape, state[0][0].shape
((1, 5), (1, 4))
"""
