#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the Python that `strata code` writes with real Keras.

For every template and every layer example (saved by save_examples): the script is run, its build_model() must have the
same layers, output shapes and numbers of parameters as Strata's summary. With --train each template's script is also
run to its end, for one epoch on a few made-up pictures.

Not part of ./run test: it needs a virtual environment with keras and tensorflow:
  ninja -C build save_examples strata
  /tmp/kv/bin/python tests/interop/check_code_with_keras.py build/tests/save_examples build/app/strata [--train]
Exit code 0 only when nothing differs.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import warnings

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
warnings.filterwarnings("ignore")

import keras  # noqa: E402
import numpy  # noqa: E402


def layers_of(model):
    out = []
    for layer in model.layers:
        if not isinstance(layer, keras.layers.InputLayer):
            out.append([layer.name, type(layer).__name__, [None] + list(layer.output.shape[1:]), layer.count_params()])
    return out


def expected_layers(path):
    summary = json.loads(pathlib.Path(str(path)[: -len(".keras")] + ".json").read_text())
    layers = [l for l in summary["layers"] if l["class_name"] != "InputLayer"]
    return [[l["name"], l["class_name"], l["output_shape"], l["params"]] for l in layers], summary


def difference(path, space):
    model = space["build_model"]()
    ours, summary = expected_layers(path)
    theirs = layers_of(model)
    for a, b in zip(ours, theirs):
        if a != b:
            return f"Strata {a}, Keras {b}"
    if len(ours) != len(theirs):
        return f"{len(ours)} layers, Keras has {len(theirs)}"
    trainable = sum(int(numpy.prod(w.shape)) for w in model.trainable_weights)
    if (summary["total"], summary["trainable"]) != (model.count_params(), trainable):
        return f"parameters {summary['total']}, {summary['trainable']}; Keras {model.count_params()}, {trainable}"
    return ""


def train(source, space, folder):
    """Runs main() on 40 made-up pictures, for one epoch."""
    source = re.sub(r"epochs=\d+", "epochs=1", source)
    exec(compile(source, "script", "exec"), space)
    shape = space["build_model"]().input_shape[1:]
    random = numpy.random.default_rng(0)

    def load_data():
        part = lambda n: (random.random((n, *shape), dtype="float32"), numpy.arange(n) % 10)
        return part(40), part(10)

    space["load_data"] = load_data
    before = os.getcwd()
    os.chdir(folder)
    try:
        space["main"]()
    finally:
        os.chdir(before)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    examples, strata = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    bad = 0
    with tempfile.TemporaryDirectory() as temp:
        folder = pathlib.Path(temp)
        subprocess.run([examples, temp], check=True)
        files = sorted(folder.glob("*.keras"))
        for path in files:
            space = {"__name__": "script"}
            try:
                source = subprocess.run([strata, "code", str(path)], capture_output=True, text=True, check=True).stdout
                exec(compile(source, path.stem + ".py", "exec"), space)
                found = difference(path, space)
                if not found and "--train" in sys.argv and path.stem.startswith("template_"):
                    # The settings are the template's own, not those that the example was saved with.
                    source = subprocess.run([strata, "code", path.stem[len("template_") :]], capture_output=True, text=True, check=True).stdout
                    train(source, {"__name__": "script"}, folder)
            except subprocess.CalledProcessError as error:
                found = error.stderr.strip()
            except Exception as error:  # one file that fails must not hide the others
                found = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
            keras.backend.clear_session()
            bad += bool(found)
            print(f"{path.stem[:60]:60} {found or 'ok'}", flush=True)
        print(f"{len(files)} scripts, {bad} with differences")
    sys.exit(1 if bad or not files else 0)


if __name__ == "__main__":
    main()
