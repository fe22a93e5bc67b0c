#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does Winograd's rounding cost accuracy? Trains a network with each convolution algorithm and several seeds and prints mean and
spread of the test accuracy in per cent.

    STRATA_DATA_PATH=FOLDER python3 tests/benchmarks/winograd_accuracy.py build/release/app/strata MODEL DATA
        [--seeds 5] [--epochs 3] [--limit IMAGES]"""
import argparse
import json
import os
import statistics
import subprocess
import tempfile


def accuracy(words, algorithm, seed, folder):
    environment = dict(os.environ, STRATA_CONV=algorithm)
    out = os.path.join(folder, "trained.keras")
    train = [words.strata, "train", words.model, "--data", words.data, "--epochs", str(words.epochs), "--seed", str(seed), "--out", out]
    if words.limit:
        train += ["--limit", str(words.limit)]
    subprocess.run(train, env=environment, check=True, capture_output=True, cwd=folder)
    said = subprocess.run([words.strata, "evaluate", out, "--data", words.data, "--json"], env=environment, check=True, capture_output=True,
                          text=True, cwd=folder).stdout
    return 100 * json.loads(said)["accuracy"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("strata", type=os.path.abspath)
    parser.add_argument("model")
    parser.add_argument("data")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--limit", type=int, default=0, help="images to train with; 0: all")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for algorithm in ("direct", "f2", "f4"):
            found = [accuracy(words, algorithm, seed, folder) for seed in range(1, words.seeds + 1)]
            spread = statistics.stdev(found) if len(found) > 1 else 0
            print(f"{words.model} on {words.data}, {algorithm:<6} {statistics.mean(found):.2f} +- {spread:.2f}  ({', '.join(f'{a:.2f}' for a in found)})",
                  flush=True)


if __name__ == "__main__":
    main()
