#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens what Strata saves with real Keras, and the other way round.

Every template and every layer example, saved by Strata with weights, is
  1. opened by keras.saving.load_model: layers, shapes and parameters of the summary, predictions (1e-5),
  2. saved again by Keras as .keras (its config.json must say the same as Strata's) and as legacy .h5,
  3. and both are opened by Strata, which must predict the same.

Not part of ./run test: it needs a virtual environment with keras and tensorflow (on the torch backend Keras's average
pooling with padding "same" counts the padding as values, which no other backend does):
  python3 -m venv /tmp/kv && /tmp/kv/bin/pip install keras tensorflow-cpu
  ninja -C build save_examples
  /tmp/kv/bin/python tests/interop/check_with_keras.py build/tests/save_examples
Exit code 0 only when nothing differs.
"""
import json
import logging
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings
import zipfile

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
warnings.filterwarnings("ignore")

import absl.logging  # noqa: E402
import keras  # noqa: E402
import numpy  # noqa: E402

logging.getLogger("absl").setLevel(logging.ERROR)
logging.getLogger("tensorflow").setLevel(logging.ERROR)

TOLERANCE = 1e-5


def worst(a, b):
    """The largest difference, in units of the larger of 1 and the largest magnitude."""
    if a.shape != b.shape:
        return float("inf")
    return float(numpy.max(numpy.abs(a - b)) / max(1.0, float(numpy.max(numpy.abs(b)))))


def normalised(value):
    """A config without what a run of Keras leaves in it by chance."""
    if isinstance(value, dict):
        out = {k: normalised(v) for k, v in value.items() if k not in ("shared_object_id", "compile_config")}
        if "kwargs" in out:
            out["kwargs"] = {}
        return out
    if isinstance(value, list):
        return [normalised(v) for v in value]
    return value


def same(a, b, path):
    """b is Keras's. It says None for a size that a Reshape works out, the number of groups that -1 stood for, and the
    float32 next to a regularizer's strength."""
    if path.endswith("/groups") and a == -1:
        return True
    if "regularizer/" in path and isinstance(a, float) and isinstance(b, float):
        return numpy.float32(a) == numpy.float32(b)
    return a == b or (b is None and "/output_shape/" in path)


def difference(a, b, path=""):
    """The first place where Strata's value and Keras's differ."""
    if isinstance(a, dict) and isinstance(b, dict):
        for key in list(a) + [k for k in b if k not in a]:
            if key not in a or key not in b:
                return f"{path}/{key} is only on one side"
            found = difference(a[key], b[key], f"{path}/{key}")
            if found:
                return found
        return ""
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (x, y) in enumerate(zip(a, b)):
            found = difference(x, y, f"{path}/{i}")
            if found:
                return found
        return ""
    return "" if same(a, b, path) else f"{path}: {a!r} != {b!r}"


def config_of(path):
    with zipfile.ZipFile(path) as archive:
        return normalised(json.loads(archive.read("config.json")))


def summary_of(model):
    def shape(layer):
        found = layer.batch_shape if isinstance(layer, keras.layers.InputLayer) else layer.output.shape
        return [None] + list(found[1:])

    layers = [
        {"name": l.name, "class_name": type(l).__name__, "output_shape": shape(l), "params": l.count_params()}
        for l in model.layers
    ]
    trainable = sum(int(numpy.prod(w.shape)) for w in model.trainable_weights)
    return {"layers": layers, "total": model.count_params(), "trainable": trainable}


def strata_predicts(program, model, inputs, folder):
    out = folder / "strata.npy"
    run = subprocess.run([program, "--predict", str(model), str(inputs), str(out)], capture_output=True, text=True)
    if run.returncode != 0:
        raise RuntimeError("Strata: " + run.stderr.strip())
    return numpy.load(out)


def check(program, path, folder):
    """(differences as numbers, complaints)"""
    base = str(path)[: -len(".keras")]
    inputs, ours = numpy.load(base + ".in.npy"), numpy.load(base + ".out.npy")
    expected = json.loads(pathlib.Path(base + ".json").read_text())
    complaints = []
    model = keras.saving.load_model(path)
    found = difference(expected, summary_of(model), "summary")
    if found:
        complaints.append(found)
    if model.optimizer is None or model.loss is None:
        complaints.append("not compiled")
    theirs = numpy.asarray(model.predict(inputs, verbose=0))
    numbers = [worst(theirs, ours)]
    if any(l.__class__.__name__ == "AlphaDropout" and l.noise_shape is not None for l in model.layers):
        # Keras cannot save what it loaded there: it keeps the list in a wrapper that cannot be copied.
        return numbers + [float("nan")] * 2, complaints + (["predictions differ"] if numbers[0] > TOLERANCE else [])
    for name in ("again.keras", "again.h5"):
        again = folder / name
        model.save(again)
        numbers.append(worst(strata_predicts(program, again, base + ".in.npy", folder), theirs))
    found = difference(config_of(path), config_of(folder / "again.keras"), "config")
    if found:
        complaints.append(found)
    if max(numbers) > TOLERANCE:
        complaints.append("predictions differ")
    return numbers, complaints


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    program = os.path.abspath(sys.argv[1])
    print(f"Keras {keras.__version__} on {keras.backend.backend()}, tolerance {TOLERANCE:g}")
    print(f"{'saved by Strata':52} {'Keras':>9} {'.keras back':>11} {'.h5 back':>9}  result")
    bad = 0
    with tempfile.TemporaryDirectory() as temp:
        folder = pathlib.Path(temp)
        if subprocess.run([program, temp]).returncode != 0:
            bad += 1
        files = sorted(f for f in folder.glob("*.keras"))
        for path in files:
            try:
                numbers, complaints = check(program, path, folder)
            except Exception as error:  # one file that fails must not hide the others
                numbers, complaints = [float("nan")] * 3, [" ".join(str(error).split())[:300]]
            (folder / "again.keras").unlink(missing_ok=True)
            keras.backend.clear_session()
            bad += bool(complaints)
            print(f"{path.stem[:52]:52} {numbers[0]:9.1e} {numbers[1]:11.1e} {numbers[2]:9.1e}  {'; '.join(complaints) or 'ok'}", flush=True)
        print(f"{len(files)} files, {bad} with differences")
        if not files:
            bad = 1
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
