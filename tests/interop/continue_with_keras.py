#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does an optimiser's memory pass between Keras and Strata in both directions?

Keras trains a network and saves it; Keras and Strata each go on from there with the same images in the same
order, and so again from the file that Strata then saves. The losses must agree; with a schedule only what is
remembered must, as a run of Strata begins its schedule anew where fit() goes on with it. For a scratch virtual
environment with keras and a backend, not part of ./run test:

    python tests/interop/continue_with_keras.py build/release/app/strata
"""

import json
import os
import struct
import subprocess
import sys
import tempfile
import warnings

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras  # noqa: E402
import numpy as np  # noqa: E402

COUNT = 256
TOLERANCE = 1e-4  # relative; both compute in float32 with sums in another order
CONSTANTS = dict(batch_size=32, shuffle=False, verbose=0)


def images():
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (COUNT, 12, 12, 1), dtype=np.uint8)
    y = rng.integers(0, 3, COUNT).astype(np.uint8)
    x[y == 1, :6] //= 2
    x[y == 2, :, :6] //= 2
    return x, y


def write_idx(folder, x, y):
    for part in ("train", "t10k"):
        with open(f"{folder}/{part}-images-idx3-ubyte", "wb") as f:
            f.write(struct.pack(">4I", 0x803, COUNT, 12, 12) + x.tobytes())
        with open(f"{folder}/{part}-labels-idx1-ubyte", "wb") as f:
            f.write(struct.pack(">2I", 0x801, COUNT) + y.tobytes())


def network(optimizer):
    keras.utils.set_random_seed(1)
    layers = keras.layers
    model = keras.Sequential([layers.Input((12, 12, 1)), layers.Conv2D(4, 3, activation="relu"),
                              layers.BatchNormalization(), layers.Flatten(), layers.Dense(3, activation="softmax")])
    model.compile(optimizer, "sparse_categorical_crossentropy")
    return model


def strata(command, folder, model, epochs, out):
    words = [command, "train", model, "--data", folder, "--batch-size", "32", "--epochs", str(epochs), "--no-shuffle",
             "--json", "--out", out, "--runs", f"{folder}/runs"]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return [json.loads(line)["loss"] for line in done.stdout.splitlines()]


def main():
    command = os.path.abspath(sys.argv[1])
    optimizers = keras.optimizers
    cases = [optimizers.SGD(0.002), optimizers.SGD(0.002, momentum=0.9),
             optimizers.SGD(0.002, momentum=0.9, nesterov=True), optimizers.Adam(0.001),
             optimizers.Adam(0.001, amsgrad=True), optimizers.AdamW(0.001), optimizers.Nadam(0.001),
             optimizers.RMSprop(0.0005), optimizers.RMSprop(0.0005, momentum=0.5, centered=True),
             optimizers.Adagrad(0.01), optimizers.Adadelta(1.0), optimizers.Adamax(0.001), optimizers.Lion(0.0002),
             optimizers.Lamb(0.001), optimizers.Ftrl(0.05, l1_regularization_strength=0.001),
             optimizers.Adafactor(0.01), optimizers.ScheduleFreeAdamW(0.001, warmup_steps=20),
             optimizers.SGD(0.01, momentum=0.9, clipnorm=0.5, gradient_accumulation_steps=3),
             optimizers.Nadam(0.002, weight_decay=0.01, gradient_accumulation_steps=5),
             optimizers.SGD(optimizers.schedules.ExponentialDecay(0.002, 20, 0.9), momentum=0.9),
             optimizers.Adam(optimizers.schedules.PiecewiseConstantDecay([10, 30], [0.002, 0.001, 0.0005]))]
    x, y = images()
    values = x.astype("float32") / 255
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        write_idx(folder, x, y)
        begun, ours, end = (f"{folder}/{name}.keras" for name in ("begun", "ours", "end"))
        for optimizer in cases:
            model = network(optimizer)
            model.fit(values, y, epochs=2, **CONSTANTS)
            model.save(begun)
            theirs = model.fit(values, y, epochs=2, **CONSTANTS).history["loss"]
            mine = strata(command, folder, begun, 2, ours)
            with warnings.catch_warnings(record=True) as said:
                warnings.simplefilter("always")
                again = keras.saving.load_model(ours)
            warned = [str(w.message) for w in said if "optimizer" in str(w.message)]
            theirs += again.fit(values, y, epochs=1, **CONSTANTS).history["loss"]
            mine += strata(command, folder, ours, 1, end)
            worst = max(abs(a - b) / abs(b) for a, b in zip(mine, theirs))
            scheduled = isinstance(optimizer._learning_rate, optimizers.schedules.LearningRateSchedule)
            good = (scheduled or worst < TOLERANCE) and not warned and int(again.optimizer._iterations) == 5 * COUNT // 32
            failed += not good
            what = "schedule" if scheduled else f"worst {worst:.1e}"
            print(f"{'ok  ' if good else 'FAIL'} {type(optimizer).__name__:17} {what} {' '.join(warned)}")
    print(f"{len(cases) - failed} of {len(cases)} agree")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
