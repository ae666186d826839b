"""From a corpus to a run. `train` is the whole way; TensorFlow is imported when fitting starts.

settings    what a training is asked for, and what it reports
windows     songs laid out as (batch, time) windows
fit         the training loop (TensorFlow)
checkpoint  where a training stands, to be resumed
estimate    how long a training will take
train       corpus -> run
"""
