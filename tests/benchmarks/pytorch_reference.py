#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains the reference networks in PyTorch and in Strata by turns and prints the ratio of their images a second.

    python3 tests/benchmarks/pytorch_reference.py build/release/app/strata [--rounds 3] [--networks mnist_small,resnet20] [--infer | --memory]

Needs python3-torch. PyTorch's figure is the best of contiguous and channels_last with 1 and 2 threads. A round takes three turns
within half a minute, in each PyTorch once with each setting and Strata twice; a program's figure is its best turn, since others on
the machine may take from any of them. The ratio is the worst of the rounds. --infer: one image at a time, forward only. --memory: the
largest resident memory of a process that trains, in MB."""
import argparse
import json
import subprocess
import sys
import time

import torch
from torch import nn


class Residual(nn.Module):
    def __init__(self, cin, cout, stride):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(cin, cout, 3, stride, 1, bias=False), nn.BatchNorm2d(cout), nn.ReLU(),
            nn.Conv2d(cout, cout, 3, 1, 1, bias=False), nn.BatchNorm2d(cout))
        self.skip = nn.Identity() if stride == 1 and cin == cout else nn.Sequential(
            nn.Conv2d(cin, cout, 1, stride, bias=False), nn.BatchNorm2d(cout))

    def forward(self, x):
        return torch.relu(self.body(x) + self.skip(x))


def resnet20():
    blocks = [nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    cin = 16
    for cout, stride in ((16, 1), (32, 2), (64, 2)):
        for i in range(3):
            blocks.append(Residual(cin, cout, stride if i == 0 else 1))
            cin = cout
    return nn.Sequential(*blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def vgg_small():
    layers, cin = [], 3
    for c in (64, 128, 256):
        for _ in range(2):
            layers += [nn.Conv2d(cin, c, 3, padding=1), nn.BatchNorm2d(c), nn.ReLU()]
            cin = c
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(4096, 256), nn.ReLU(), nn.Dropout(0.5), nn.Linear(256, 10))


def sgd(momentum=0.0):
    return lambda p: torch.optim.SGD(p, 0.01, momentum=momentum)


def adam(p):
    return torch.optim.Adam(p, 1e-3)


NETWORKS = {
    "mnist_small": (lambda: nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(5408, 100),
                                          nn.ReLU(), nn.Linear(100, 10)), (1, 28, 28), 32, sgd(0.9)),
    "lenet_wide": (lambda: nn.Sequential(nn.Conv2d(1, 32, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 5), nn.ReLU(),
                                         nn.MaxPool2d(2), nn.Flatten(), nn.Linear(1024, 1000), nn.ReLU(), nn.Linear(1000, 10)),
                   (1, 28, 28), 128, sgd()),
    "cifar_seed": (lambda: nn.Sequential(nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3, padding=1),
                                         nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(64, 128, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                                         nn.Flatten(), nn.Linear(2048, 128), nn.ReLU(), nn.Linear(128, 10)), (3, 32, 32), 32, adam),
    "resnet20": (resnet20, (3, 32, 32), 128, sgd(0.9)),
    "vgg_small": (vgg_small, (3, 32, 32), 64, adam),
}


def torch_latency(name, threads, channels_last, seconds):
    make, shape, _, _ = NETWORKS[name]
    torch.set_num_threads(threads)
    net, x = make().eval(), torch.rand(1, *shape)
    if channels_last:
        net, x = net.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
    with torch.no_grad():
        end = time.perf_counter() + 0.2 * seconds
        while time.perf_counter() < end:
            net(x)
        images, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            net(x)
            images += 1
    return images / (time.perf_counter() - start)


def peak_megabytes(command):
    """The largest resident memory of a program. (What wait4 says of a child begins with its parent's.)"""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak = 0
    while child.poll() is None:
        with open(f"/proc/{child.pid}/status", encoding="ascii") as status:
            peak = max([peak] + [int(line.split()[1]) for line in status if line.startswith("VmHWM")])
        time.sleep(0.02)
    return peak / 1024


def torch_speed(name, threads, channels_last, seconds):
    make, shape, batch, optimizer = NETWORKS[name]
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    net, x, y = make(), torch.rand(batch, *shape), torch.arange(batch) % 10
    if channels_last:
        net, x = net.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
    opt, loss = optimizer(net.parameters()), nn.CrossEntropyLoss()

    def step():
        opt.zero_grad()
        loss(net(x), y).backward()
        opt.step()

    step()
    end = time.perf_counter() + 0.2 * seconds
    while time.perf_counter() < end:
        step()
    images, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        step()
        images += batch
    return images / (time.perf_counter() - start)


def strata_speed(program, name, infer, seconds):
    line = subprocess.run([program, "bench", "--networks", name, "--threads", "2", "--seconds", str(seconds), "--json"]
                          + (["--infer"] if infer else []), check=True, capture_output=True, text=True).stdout
    return json.loads(line)["images_per_s"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("strata")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--networks", default=",".join(NETWORKS))
    parser.add_argument("--infer", action="store_true")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--train-only", help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.train_only:
        torch_speed(words.train_only, 2, False, words.seconds)
        return
    print(f"PyTorch {torch.__version__}")
    speed = torch_latency if words.infer else torch_speed
    for name in words.networks.split(","):
        if words.memory:
            ours = peak_megabytes([words.strata, "bench", "--networks", name, "--threads", "2", "--seconds", "1"])
            theirs = peak_megabytes([sys.executable, __file__, words.strata, "--train-only", name, "--seconds", "1"])
            print(f"{name:<12} Strata {ours:6.0f}  PyTorch {theirs:6.0f} MB", flush=True)
            continue
        ratios = []
        for _ in range(words.rounds):
            theirs = ours = 0
            for _ in range(3):
                for threads in (1, 2):
                    theirs = max([theirs] + [speed(name, threads, last, words.seconds / 2) for last in (False, True)])
                    ours = max(ours, strata_speed(words.strata, name, words.infer, words.seconds / 2))
            ratios.append(ours / theirs)
            print(f"{name:<12} Strata {ours:8.0f}  PyTorch {theirs:8.0f} images/s  ratio {ratios[-1]:.2f}", flush=True)
        print(f"{name:<12} worst of {words.rounds}: {min(ratios):.2f}", flush=True)


if __name__ == "__main__":
    main()
