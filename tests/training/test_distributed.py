"""Our step on two workers of tf.distribute ends with the weights of one process (docs/decisions/distributed.md)."""

import json
import os
import socket
import subprocess
import sys

import numpy as np
import pytest

WORKER = """
import json, os, sys
import keras, numpy as np, tensorflow as tf
cluster = json.loads(os.environ["TF_CONFIG"]) if "TF_CONFIG" in os.environ else None
strategy = tf.distribute.MultiWorkerMirroredStrategy() if cluster else tf.distribute.get_strategy()
from pipeline.cells.replay import NetworkSpec
from pipeline.networks.forward import forward
from pipeline.networks.language_model import language_model

ROWS, TIME, STEPS, UNITS = 8, 20, 6, 24
workers, own = strategy.num_replicas_in_sync, cluster["task"]["index"] if cluster else 0
rows = slice(own * ROWS // workers, (own + 1) * ROWS // workers)
spec = NetworkSpec(cell="lstm", units=UNITS, layers=1, embedding=12, tied=False, vocabulary_size=40)
text = np.random.default_rng(0).integers(4, 40, (ROWS, STEPS * TIME + 1)).astype(np.int32)[rows]
with strategy.scope():
    model = language_model(spec, 1)
    optimiser = keras.optimizers.AdamW(0.01, weight_decay=0.01)
    optimiser.build(model.trainable_variables)

def update(x, y, h, c):
    weights = [v.value for v in model.trainable_variables]
    with tf.GradientTape() as tape:
        logits, state = forward(spec, weights, x, [h, c])
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(tf.transpose(y), logits))
    gradients = [tf.convert_to_tensor(g) for g in tape.gradient(loss, weights)]
    gradients = tf.distribute.get_replica_context().all_reduce("mean", gradients)
    gradients, _ = tf.clip_by_global_norm(gradients, 0.1)
    gradients = [g / workers for g in gradients]  # the optimiser adds up what the replicas give it
    optimiser.apply_gradients(zip(gradients, model.trainable_variables))
    return state

step = tf.function(lambda *window: strategy.run(update, window))
state = [np.zeros((len(text), UNITS), np.float32)] * 2
for start in range(0, STEPS * TIME, TIME):
    state = step(text[:, start : start + TIME], text[:, start + 1 : start + TIME + 1], *state)
np.savez(sys.argv[1], *model.get_weights())
"""


@pytest.mark.slow
def test_two_workers_train_as_one_process(tmp_path):
    addresses = [f"127.0.0.1:{port}" for port in free_ports(2)]
    configs = [None, *({"cluster": {"worker": addresses}, "task": {"type": "worker", "index": i}} for i in range(2))]
    started = [start(tmp_path / f"{number}.npz", config) for number, config in enumerate(configs)]
    try:
        for process in started:
            _, said = process.communicate(timeout=600)
            assert process.returncode == 0, said.decode()[-2000:]
    finally:
        for process in started:
            process.kill()
    one, first, second = (np.load(tmp_path / f"{number}.npz") for number in range(3))
    for name in one.files:
        np.testing.assert_array_equal(first[name], second[name])
        np.testing.assert_allclose(first[name], one[name], atol=2e-5)  # sums in another order; updates of about 0.06


def start(file, config):
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "-1"}
    if config:
        environment["TF_CONFIG"] = json.dumps(config)
    return subprocess.Popen([sys.executable, "-c", WORKER, file], env=environment, stderr=subprocess.PIPE)


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
