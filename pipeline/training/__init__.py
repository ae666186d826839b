"""From a corpus to a run. `train` is the whole way; TensorFlow is imported when fitting starts.

settings    what a training is asked for, and what it reports
material    the songs as tokens
windows     songs laid out as (batch, time) windows
fit         the training loop (TensorFlow)
fitted      what it gives
checkpoint  where a training stands, to be resumed
estimate    how long a training will take
reports     what is reported on the way
assemble    the parts of a run, as they become known
train       corpus -> run
sweep       corpus -> many runs, and a table
"""
