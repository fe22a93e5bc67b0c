// SPDX-License-Identifier: GPL-3.0-or-later
// Speed of the kernels of engine/math on the layers of the five reference networks:
//   cmake --build build/release --target math_benchmark
//   build/release/tests/math_benchmark [conv|neighbours|dense] [text in the name]
// STRATA_ISA=avx2 measures another instruction set. Each number is the best of several runs on one thread, in
// GFLOP/s of the direct algorithm (so Winograd can exceed the processor's peak) or GB/s.
#include "engine/core/workers.h"
#include "engine/math/conv2d.h"
#include "engine/math/dense.h"
#include "engine/math/isa.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

using namespace strata;
using namespace strata::math;

namespace {

struct Free {
    void operator()(float* p) const { std::free(p); }
};
using Floats = std::unique_ptr<float[], Free>;

Floats floats(std::int64_t count) {
    const auto bytes = (static_cast<std::size_t>(count) * sizeof(float) + 127) / 64 * 64;
    Floats data(static_cast<float*>(std::aligned_alloc(64, bytes)));
    for (std::int64_t i = 0; i < count; ++i)
        data[static_cast<std::size_t>(i)] = static_cast<float>(i % 13 - 6) * 0.1F;
    return data;
}

/// Seconds of one call: the best of several rounds of at least 10 ms.
template <class F>
double seconds(F call) {
    using Clock = std::chrono::steady_clock;
    double best = 1e9;
    int calls = 1;
    for (int round = 0; round < 7; ++round) {
        const auto start = Clock::now();
        for (int i = 0; i < calls; ++i)
            call();
        const double elapsed = std::chrono::duration<double>(Clock::now() - start).count();
        best = std::min(best, elapsed / calls);
        calls = std::max(1, static_cast<int>(0.01 / best));
    }
    return best;
}

struct ConvCase {
    const char* name;
    int samples, h, w, ci, co, kernel, stride;
    bool same;
};

constexpr ConvCase kConvs[] = {
    {"mnist_small 28x28x1-32 3x3", 2, 28, 28, 1, 32, 3, 1, false},
    {"lenet 28x28x1-32 5x5", 8, 28, 28, 1, 32, 5, 1, false},
    {"lenet 12x12x32-64 5x5", 8, 12, 12, 32, 64, 5, 1, false},
    {"cifar 32x32x3-32", 2, 32, 32, 3, 32, 3, 1, true},
    {"cifar 16x16x32-64", 2, 16, 16, 32, 64, 3, 1, true},
    {"cifar 8x8x64-128", 2, 8, 8, 64, 128, 3, 1, true},
    {"resnet 32x32x16-16", 8, 32, 32, 16, 16, 3, 1, true},
    {"resnet 32x32x16-32 /2", 8, 32, 32, 16, 32, 3, 2, true},
    {"resnet 16x16x32-32", 8, 16, 16, 32, 32, 3, 1, true},
    {"resnet 16x16x32-64 /2", 8, 16, 16, 32, 64, 3, 2, true},
    {"resnet 8x8x64-64", 8, 8, 8, 64, 64, 3, 1, true},
    {"resnet 32x32x16-32 1x1 /2", 8, 32, 32, 16, 32, 1, 2, true},
    {"vgg 32x32x3-64", 4, 32, 32, 3, 64, 3, 1, true},
    {"vgg 32x32x64-64", 4, 32, 32, 64, 64, 3, 1, true},
    {"vgg 16x16x64-128", 4, 16, 16, 64, 128, 3, 1, true},
    {"vgg 16x16x128-128", 4, 16, 16, 128, 128, 3, 1, true},
    {"vgg 8x8x128-256", 4, 8, 8, 128, 256, 3, 1, true},
    {"vgg 8x8x256-256", 4, 8, 8, 256, 256, 3, 1, true},
    {"1x1 16x16x64-256", 4, 16, 16, 64, 256, 1, 1, true},
    {"round 28x28x16-16", 4, 28, 28, 16, 16, 3, 1, true},
    {"odd 27x27x17-17", 4, 27, 27, 17, 17, 3, 1, true},
    {"round 16x16x32-32", 4, 16, 16, 32, 32, 3, 1, true},
    {"odd 16x16x33-33", 4, 16, 16, 33, 33, 3, 1, true},
    {"round 16x16x64-64", 4, 16, 16, 64, 64, 3, 1, true},
    {"odd 16x16x60-60", 4, 16, 16, 60, 60, 3, 1, true},
};

ConvGeometry geometryOf(const ConvCase& c) {
    ConvGeometry g;
    g.inH = c.h;
    g.inW = c.w;
    g.inC = c.ci;
    g.outC = c.co;
    g.kernelH = g.kernelW = c.kernel;
    g.strideH = g.strideW = c.stride;
    if (c.same) {
        g.outH = (c.h + c.stride - 1) / c.stride;
        g.outW = (c.w + c.stride - 1) / c.stride;
        g.padTop = std::max<std::int64_t>(0, (g.outH - 1) * c.stride + c.kernel - c.h) / 2;
        g.padLeft = std::max<std::int64_t>(0, (g.outW - 1) * c.stride + c.kernel - c.w) / 2;
    } else {
        g.outH = (c.h - c.kernel) / c.stride + 1;
        g.outW = (c.w - c.kernel) / c.stride + 1;
    }
    return g;
}

void benchmarkConv(const char* filter) {
    constexpr struct {
        const char* name;
        ConvAlgorithm algorithm;
    } kAlgorithms[] = {{"direct", ConvAlgorithm::Direct},
                       {"im2col", ConvAlgorithm::Im2col},
                       {"f2", ConvAlgorithm::WinogradF2},
                       {"f4", ConvAlgorithm::WinogradF4},
                       {"auto", ConvAlgorithm::Automatic}};
    std::printf("%-28s %-7s %9s %9s %9s\n", "convolution, GFLOP/s", "", "forward", "dx", "dw");
    for (const ConvCase& c : kConvs) {
        if (filter != nullptr && std::strstr(c.name, filter) == nullptr) continue;
        const ConvGeometry g = geometryOf(c);
        const Floats x = floats(c.samples * g.inputFloats());
        const Floats w = floats(g.weightFloats());
        const Floats y = floats(c.samples * g.outputFloats());
        const Floats dx = floats(c.samples * g.inputFloats());
        const Floats dw = floats(g.weightFloats());
        const Floats bias = floats(g.outC);
        for (const auto& a : kAlgorithms) {
            const Convolution conv(g, a.algorithm);
            if (a.algorithm != ConvAlgorithm::Automatic && conv.algorithm() != a.algorithm) continue;
            Workers workers(1);
            const Floats prepared = floats(conv.preparedFloats());
            const Floats scratch = floats(conv.scratchFloats());
            conv.prepareForward(w.get(), prepared.get(), workers);
            conv.prepareBackward(w.get(), prepared.get(), workers);
            const double flops = 2.0 * static_cast<double>(g.macs() * c.samples) * 1e-9;
            const double forward = seconds([&] {
                conv.forward(c.samples, x.get(), w.get(), prepared.get(), bias.get(), y.get(), scratch.get(),
                             {.relu = true});
            });
            const double backwardInput = seconds([&] {
                conv.backwardInput(c.samples, y.get(), w.get(), prepared.get(), dx.get(), scratch.get());
            });
            const double backwardWeights = seconds(
                [&] { conv.backwardWeights(c.samples, x.get(), y.get(), dw.get(), nullptr, scratch.get()); });
            std::printf("%-28s %-7s %9.1f %9.1f %9.1f\n", c.name, a.name, flops / forward,
                        flops / backwardInput, flops / backwardWeights);
        }
    }
}

/// A convolution of a whole batch with its buffers, and its best times so far.
class NeighbourRun {
public:
    NeighbourRun(const ConvCase& c, Workers& workers)
        : m_case(c)
        , m_workers(workers)
        , m_conv(geometryOf(c)) {
        m_conv.prepareForward(m_w.get(), m_prepared.get(), workers);
        m_conv.prepareBackward(m_w.get(), m_prepared.get(), workers);
    }
    const char* name() const { return m_case.name; }

    /// Once each way.
    void measure() {
        take(m_forward, [&] {
            m_conv.forward(m_case.samples, m_x.get(), m_w.get(), m_prepared.get(), nullptr, m_y.get(),
                           m_scratch.get(), m_workers);
        });
        take(m_backward, [&] {
            m_conv.backward(m_case.samples, m_x.get(), m_y.get(), m_prepared.get(), m_dx.get(), m_dw.get(),
                            nullptr, m_workspace.get(), m_scratch.get(), m_workers);
        });
    }
    double forwardRate() const { return flops() / m_forward; }
    double backwardRate() const { return 2 * flops() / m_backward; }

private:
    template <class F>
    static void take(double& best, F call) {
        const auto start = std::chrono::steady_clock::now();
        call();
        best =
            std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    double flops() const { return 2e-9 * static_cast<double>(m_conv.geometry().macs() * m_case.samples); }

    ConvCase m_case;
    Workers& m_workers;
    Convolution m_conv;
    Floats m_x = floats(m_case.samples * m_conv.geometry().inputFloats());
    Floats m_w = floats(m_conv.geometry().weightFloats());
    Floats m_y = floats(m_case.samples * m_conv.geometry().outputFloats());
    Floats m_dx = floats(m_case.samples * m_conv.geometry().inputFloats());
    Floats m_dw = floats(m_conv.geometry().weightFloats());
    Floats m_prepared = floats(m_conv.preparedFloats());
    Floats m_scratch = floats(m_conv.scratchFloats() * m_workers.count());
    Floats m_workspace = floats(m_conv.backwardWeightsFloats(m_case.samples));
    double m_forward = 1e9, m_backward = 1e9; // seconds
};

/// A shape beside its round neighbour, forward and both gradients of a whole batch with two threads: none
/// should be more than 1.5 times slower an operation than the first of its row. They take turns, so that both
/// meet the same moods of the machine.
void benchmarkNeighbours() {
    struct Family {
        const char* name;
        std::vector<ConvCase> cases;
    };
    const Family families[] = {
        {"channels 16", {{"16", 32, 32, 32, 16, 16, 3, 1, true}, {"17", 32, 32, 32, 17, 17, 3, 1, true}}},
        {"channels 32", {{"32", 32, 16, 16, 32, 32, 3, 1, true}, {"33", 32, 16, 16, 33, 33, 3, 1, true}}},
        {"channels 64", {{"64", 32, 16, 16, 64, 64, 3, 1, true}, {"60", 32, 16, 16, 60, 60, 3, 1, true}}},
        {"image 28", {{"28x28", 32, 28, 28, 32, 32, 3, 1, true}, {"27x27", 32, 27, 27, 32, 32, 3, 1, true}}},
        {"image 32",
         {{"32x32", 32, 32, 32, 32, 32, 3, 1, true},
          {"31x31", 32, 31, 31, 32, 32, 3, 1, true},
          {"32x24", 32, 32, 24, 32, 32, 3, 1, true}}},
        {"padding", {{"same", 32, 32, 32, 32, 32, 3, 1, true}, {"valid", 32, 32, 32, 32, 32, 3, 1, false}}},
        {"batch", {{"32", 32, 16, 16, 64, 64, 3, 1, true}, {"33", 33, 16, 16, 64, 64, 3, 1, true}}},
        {"batch, 128 channels",
         {{"32", 32, 8, 8, 128, 128, 3, 1, true}, {"33", 33, 8, 8, 128, 128, 3, 1, true}}},
    };
    std::printf("%-22s %-8s %9s %9s %8s\n", "neighbours, GFLOP/s", "", "forward", "backward", "worst");
    Workers workers(2);
    constexpr int kRounds = 300;
    for (const Family& family : families) {
        std::vector<std::unique_ptr<NeighbourRun>> runs;
        for (const ConvCase& c : family.cases)
            runs.push_back(std::make_unique<NeighbourRun>(c, workers));
        for (int round = 0; round < kRounds; ++round) {
            for (const auto& run : runs)
                run->measure();
        }
        for (const auto& run : runs) {
            const double worst = std::max(runs[0]->forwardRate() / run->forwardRate(),
                                          runs[0]->backwardRate() / run->backwardRate());
            std::printf("%-22s %-8s %9.1f %9.1f %7.2fx\n", family.name, run->name(), run->forwardRate(),
                        run->backwardRate(), worst);
        }
    }
}

void benchmarkDense(const char* filter) {
    constexpr struct {
        const char* name;
        int n, in, out;
    } kCases[] = {{"mnist_small 5408-100", 32, 5408, 100},
                  {"mnist_small 100-10", 32, 100, 10},
                  {"lenet 1024-1000", 128, 1024, 1000},
                  {"cifar 2048-128", 32, 2048, 128},
                  {"cifar 2048-128 b33", 33, 2048, 128},
                  {"vgg 4096-256", 64, 4096, 256},
                  {"4096-4096", 64, 4096, 4096}};
    std::printf("%-28s %-7s %9s %9s %9s\n", "dense, GFLOP/s", "threads", "forward", "dx", "dw");
    for (const auto& c : kCases) {
        if (filter != nullptr && std::strstr(c.name, filter) == nullptr) continue;
        const Floats x = floats(c.n * c.in);
        const Floats w = floats(c.in * c.out);
        const Floats y = floats(c.n * c.out);
        const Floats dx = floats(c.n * c.in);
        const Floats dw = floats(c.in * c.out);
        const Floats scratch = floats(denseScratchFloats(c.in, c.out));
        for (const int threads : {1, 2}) {
            Workers workers(threads);
            const double flops = 2e-9 * c.n * c.in * c.out;
            const double forward = seconds([&] {
                denseForward(c.n, c.in, c.out, x.get(), w.get(), nullptr, y.get(), true, scratch.get(),
                             workers);
            });
            const double backwardInput =
                seconds([&] { denseBackwardInput(c.n, c.in, c.out, y.get(), w.get(), dx.get(), workers); });
            const double backwardWeights = seconds([&] {
                denseBackwardWeights(c.n, c.in, c.out, x.get(), y.get(), dw.get(), nullptr, workers);
            });
            std::printf("%-28s %-7d %9.1f %9.1f %9.1f\n", c.name, threads, flops / forward,
                        flops / backwardInput, flops / backwardWeights);
        }
    }
}

} // namespace

int main(int argc, char** argv) {
    const std::string what = argc > 1 ? argv[1] : "";
    const char* filter = argc > 2 ? argv[2] : nullptr;
    std::printf("instruction set: %s\n", isaName().data());
    if (what.empty() || what == "conv") benchmarkConv(filter);
    if (what.empty() || what == "neighbours") benchmarkNeighbours();
    if (what.empty() || what == "dense") benchmarkDense(filter);
    return 0;
}
