#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seconds an epoch as `strata train --estimate` expects them, beside what the same command then measures: the middle ratio and its span.

    STRATA_DATA_PATH=FOLDER python3 tests/benchmarks/epoch_estimate.py STRATA [NETWORK=DATA ...] [-- words for train]
"""
import json
import subprocess
import sys
import tempfile

RUNS = ["lenet5=mnist", "inception_small=fashion-mnist", "mobilenet_small=cifar-10"]
ROUNDS = 5  # by turns: the machine may be shared


def last_line(command):
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(out.strip().splitlines()[-1])


def main():
    words = sys.argv[1:]
    extra = words[words.index("--") + 1:] if "--" in words else []
    words = words[:words.index("--")] if "--" in words else words
    strata, runs = words[0], words[1:] or RUNS
    print("| network | data | expected s | measured s | expected / measured |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for run in runs:
            network, data = run.split("=")
            command = [strata, "train", network, "--data", data, "--json", "--epochs", "1", "--runs", folder, *extra]
            rounds = [(last_line([*command, "--estimate"])["seconds"], last_line(command)["seconds"]) for _ in range(ROUNDS)]
            ratios = sorted(expected / measured for expected, measured in rounds)
            span = [f"{min(column):.1f}-{max(column):.1f}" for column in zip(*rounds)]
            print(f"| {network} | {data} | {span[0]} | {span[1]} | {ratios[ROUNDS // 2]:.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f}) |", flush=True)


if __name__ == "__main__":
    main()
