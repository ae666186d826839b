"""From a corpus to a run, and how good it is, in bits. `train` is the whole way.

settings     what a training is asked for, and what it reports
data         the songs as tokens, in (batch, time) windows
base         a run whose network it starts from
fit          the training loop (TensorFlow)
checkpoint   where a training stands, to be resumed, and what it gives
test_report  what is fitted on validation, and the scores on test, once a run is trained
card         the model card
train        corpus -> run, its parts put together as they become known
estimate     how long a training will take on this machine

evaluate     bits a character of a text or of the songs of a split; the surprisal of each token of a text; two runs
             on the songs that both never saw

Only `fit` imports TensorFlow, and it is imported when it is needed.
"""
