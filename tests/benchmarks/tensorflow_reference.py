#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains the reference networks in Keras on TensorFlow and in Strata by turns and prints the ratio of their images a second.

    python3 tests/benchmarks/tensorflow_reference.py build/release/app/strata [--rounds 3] [--networks mnist_small,resnet20]

Needs the tensorflow package (its Keras), which nothing else of Strata does. TensorFlow's figure is the best of 1 and 2 threads, each
in a process of its own since they are fixed at the first step; the step is a compiled tf.function over a batch that lies in memory.
The ratio is the worst of the rounds."""
import argparse
import json
import os
import subprocess
import sys
import time

BATCH = {"mnist_small": 32, "lenet_wide": 128, "cifar_seed": 32, "resnet20": 128, "vgg_small": 64}


def conv(x, filters, size, strides=1, padding="same", bias=True, activation=None):
    from keras import layers
    return layers.Conv2D(filters, size, strides=strides, padding=padding, use_bias=bias, activation=activation)(x)


def residual(x, filters, strides):
    from keras import layers
    y = layers.ReLU()(layers.BatchNormalization()(conv(x, filters, 3, strides, bias=False)))
    y = layers.BatchNormalization()(conv(y, filters, 3, bias=False))
    if strides != 1 or x.shape[-1] != filters:
        x = layers.BatchNormalization()(conv(x, filters, 1, strides, bias=False))
    return layers.ReLU()(layers.Add()([y, x]))


def network(name):
    """A model that ends in logits, and its optimizer."""
    import keras
    from keras import layers
    small = keras.Input((28, 28, 1))
    colour = keras.Input((32, 32, 3))
    if name == "mnist_small":
        x = layers.MaxPooling2D()(conv(small, 32, 3, padding="valid", activation="relu"))
        x = layers.Dense(100, activation="relu")(layers.Flatten()(x))
        return keras.Model(small, layers.Dense(10)(x)), keras.optimizers.SGD(0.01, momentum=0.9)
    if name == "lenet_wide":
        x = layers.MaxPooling2D()(conv(small, 32, 5, padding="valid", activation="relu"))
        x = layers.MaxPooling2D()(conv(x, 64, 5, padding="valid", activation="relu"))
        x = layers.Dense(1000, activation="relu")(layers.Flatten()(x))
        return keras.Model(small, layers.Dense(10)(x)), keras.optimizers.SGD(0.01)
    if name == "cifar_seed":
        x = colour
        for filters in (32, 64, 128):
            x = layers.MaxPooling2D()(conv(x, filters, 3, activation="relu"))
        x = layers.Dense(128, activation="relu")(layers.Flatten()(x))
        return keras.Model(colour, layers.Dense(10)(x)), keras.optimizers.Adam(1e-3)
    if name == "resnet20":
        x = layers.ReLU()(layers.BatchNormalization()(conv(colour, 16, 3, bias=False)))
        for filters, strides in ((16, 1), (32, 2), (64, 2)):
            for block in range(3):
                x = residual(x, filters, strides if block == 0 else 1)
        x = layers.GlobalAveragePooling2D()(x)
        return keras.Model(colour, layers.Dense(10)(x)), keras.optimizers.SGD(0.01, momentum=0.9)
    x = colour
    for filters in (64, 128, 256):
        for _ in range(2):
            x = layers.ReLU()(layers.BatchNormalization()(conv(x, filters, 3)))
        x = layers.MaxPooling2D()(x)
    x = layers.Dropout(0.5)(layers.Dense(256, activation="relu")(layers.Flatten()(x)))
    return keras.Model(colour, layers.Dense(10)(x)), keras.optimizers.Adam(1e-3)


def measure(name, threads, seconds):
    import keras
    import tensorflow as tf
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    keras.utils.set_random_seed(1)
    model, optimizer = network(name)
    batch = BATCH[name]
    x = tf.random.uniform((batch, *model.input_shape[1:]))
    y = tf.range(batch) % 10
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer.build(model.trainable_variables)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            value = loss(y, model(x, training=True))
        optimizer.apply_gradients(zip(tape.gradient(value, model.trainable_variables), model.trainable_variables))
        return value

    step()
    end = time.perf_counter() + 0.2 * seconds
    while time.perf_counter() < end:
        step().numpy()
    images, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        step().numpy()
        images += batch
    return images / (time.perf_counter() - start)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("strata")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--networks", default=",".join(BATCH))
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--threads", type=int, default=2, help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.measure:
        import keras
        import tensorflow as tf
        print(json.dumps({"images_per_s": measure(words.measure, words.threads, words.seconds), "tensorflow": tf.__version__,
                          "keras": keras.__version__}))
        return
    quiet = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", KERAS_BACKEND="tensorflow", CUDA_VISIBLE_DEVICES="")

    def answer(command):
        out = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=quiet).stdout
        return json.loads(out.splitlines()[-1])

    for name in words.networks.split(","):
        ratios = []
        for _ in range(words.rounds):
            theirs = [answer([sys.executable, __file__, words.strata, "--measure", name, "--threads", str(t), "--seconds", str(words.seconds)])
                      for t in (1, 2)]
            best = max(t["images_per_s"] for t in theirs)
            ours = answer([words.strata, "bench", "--networks", name, "--threads", "2", "--seconds", str(words.seconds), "--json"])
            ratios.append(ours["images_per_s"] / best)
            print(f"{name:<12} Strata {ours['images_per_s']:8.0f}  TensorFlow {theirs[0]['tensorflow']}, Keras {theirs[0]['keras']} "
                  f"{best:8.0f} images/s  ratio {ratios[-1]:.2f}", flush=True)
        print(f"{name:<12} worst of {words.rounds}: {min(ratios):.2f}", flush=True)


if __name__ == "__main__":
    main()
