// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/number_words.h"

#include "engine/core/number_text.h"
#include "engine/graph/templates.h"
#include "engine/math/isa.h"
#include "engine/math/peak.h"
#include "engine/training/bench.h"
#include "engine/training/recipe.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace strata::cli {
namespace {

struct Words {
    std::vector<std::string> networks;
    int threads = 2;
    double seconds = 3;
    bool infer = false, json = false, profile = false;
};

/// The reference networks: a template each, with the recipe under which others were measured.
struct Reference {
    const char* name;
    const char* templateId;
    const char* optimizer;
    double learningRate;
    double momentum;
    std::int64_t batch;
};
constexpr std::array<Reference, 5> kReferences{{
    {"mnist_small", "mnist_small", "SGD", 0.01, 0.9, 32},
    {"lenet_wide", "lenet_wide", "SGD", 0.01, 0, 128},
    {"cifar_seed", "cifar", "Adam", 1e-3, 0, 32},
    {"resnet20", "resnet20", "SGD", 0.1, 0.9, 128},
    {"vgg_small", "vgg_small", "Adam", 1e-3, 0, 64},
}};

constexpr double kNoTime = 1e-9; ///< seconds an image of a layer that does nothing

Result<BenchResult> measure(const Reference& reference, const Words& words, std::int64_t batch, Workers& workers) {
    TrainingSettings settings;
    Result<TypedParams> optimizer = makeOptimizer(reference.optimizer, reference.learningRate,
                                                  reference.momentum > 0 ? std::optional(reference.momentum) : std::nullopt);
    if (!optimizer) return optimizer.error();
    settings.optimizer = *optimizer;
    settings.batchSize = batch;
    return benchNetwork(findTemplate(reference.templateId)->make(), settings, {words.seconds, !words.infer, words.profile}, workers);
}

nlohmann::ordered_json jsonOf(const BenchLayer& layer, double peak) {
    const double seconds = layer.forwardSeconds + layer.backwardSeconds;
    const double gflops = seconds < kNoTime ? 0 : (layer.forwardFlops + layer.backwardFlops) / seconds * 1e-9;
    return {{"layer", layer.name},
            {"type", layer.type},
            {"forward_us", layer.forwardSeconds * 1e6},
            {"backward_us", layer.backwardSeconds * 1e6},
            {"forward_mflop", layer.forwardFlops * 1e-6},
            {"backward_mflop", layer.backwardFlops * 1e-6},
            {"gflops", gflops},
            {"peak_share", gflops / peak}};
}

/// Microseconds an image, GFLOP/s and the share of the peak; nothing for a pass that takes no time.
std::string passText(double seconds, double flops, double peak) {
    if (seconds < kNoTime) return fmt::format("{:>27}", "");
    const double gflops = flops / seconds * 1e-9;
    return fmt::format("{:>8.2f} us {:>8.1f} {:>4.0f} %", seconds * 1e6, gflops, 100 * gflops / peak);
}

void printProfile(const BenchResult& result, double peak) {
    const double total = result.seconds / static_cast<double>(result.images);
    fmt::print("  {:<26} {:<20} {:>27} {:>27} {:>7}\n", "layer", "type", "forward  GFLOP/s   peak", "backward  GFLOP/s   peak", "share");
    for (const BenchLayer& l : result.layers) {
        const double seconds = l.forwardSeconds + l.backwardSeconds;
        if (seconds < kNoTime) continue;
        fmt::print("  {:<26} {:<20} {:>27} {:>27} {:>5.1f} %\n", l.name, l.type, passText(l.forwardSeconds, l.forwardFlops, peak),
                   passText(l.backwardSeconds, l.backwardFlops, peak), 100 * seconds / total);
    }
    fmt::print("  {:<47} {:>8.2f} us {:>50.1f} %\n", "input, loss and update", result.otherSeconds * 1e6, 100 * result.otherSeconds / total);
}

Result<> benchOne(const Reference& reference, const Words& words, double peak, Workers& workers) {
    const std::int64_t batch = words.infer ? 1 : reference.batch;
    Result<BenchResult> result = measure(reference, words, batch, workers);
    if (!result) return result.error();
    const double share = result->gflops() / peak;
    if (words.json) {
        nlohmann::ordered_json line{{"network", reference.name},
                                    {"images_per_s", result->imagesPerSecond()},
                                    {"gflops", result->gflops()},
                                    {"peak_share", share},
                                    {"threads", workers.count()},
                                    {"batch", batch}};
        for (const BenchLayer& l : result->layers) line["layers"].push_back(jsonOf(l, peak));
        fmt::print("{}\n", line.dump());
    } else {
        fmt::print("{:<12} batch {:>3}  {:>9} images/s  {:6.1f} GFLOP/s  {:3.0f} % of the peak  ({:.2f} MFLOP an image{})\n", reference.name,
                   batch, grouped(static_cast<std::int64_t>(result->imagesPerSecond())), result->gflops(), 100 * share,
                   result->flopsPerImage * 1e-6, words.infer ? fmt::format(", {:.3f} ms", 1e3 / result->imagesPerSecond()) : "");
        if (words.profile) printProfile(*result, peak);
    }
    std::fflush(stdout);
    return {};
}

int bench(const Words& words) {
    Workers workers(words.threads);
    const double peak = math::measurePeakGflops(workers);
    if (!words.json)
        fmt::print("{} thread{}, {}, peak {:.0f} GFLOP/s of multiply-adds\n"
                   "Operations are counted as direct convolutions do them; Winograd's need fewer and may pass the peak.\n",
                   workers.count(), workers.count() == 1 ? "" : "s", math::isaName(), peak);
    for (const Reference& reference : kReferences) {
        if (!words.networks.empty() && std::ranges::find(words.networks, reference.name) == words.networks.end()) continue;
        if (interrupted()) return kInterrupted;
        if (Result<> done = benchOne(reference, words, peak, workers); !done) return fail(done.error());
    }
    return kOk;
}

} // namespace

void addBench(const Context& context) {
    CLI::App* c = context.app.add_subcommand("bench", "Speed of the reference networks on this machine, with a synthetic batch");
    auto w = std::make_shared<Words>();
    std::vector<std::string> names;
    for (const Reference& r : kReferences) names.emplace_back(r.name);
    c->add_option("--networks", w->networks, "Only these, separated by commas")->delimiter(',')->check(oneOf(names));
    c->add_option("--threads", w->threads, "0: one per processor")->check(wholeNumber(0, 256));
    c->add_option("--seconds", w->seconds, "How long each is measured")->check(numberWithin(0.1, 600.0));
    c->add_flag("--infer", w->infer, "One image at a time, forward only, instead of training");
    c->add_flag("--profile", w->profile, "Where the time goes, layer by layer");
    c->add_flag("--json", w->json, "One JSON line a network");
    c->callback([w, &code = context.exitCode] { code = bench(*w); });
}

} // namespace strata::cli
