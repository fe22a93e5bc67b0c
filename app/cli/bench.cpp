// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include "engine/core/number_text.h"
#include "engine/graph/templates.h"
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
    bool json = false;
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

Result<> benchOne(const Reference& reference, const Words& words) {
    const ModelGraph graph = findTemplate(reference.templateId)->make();
    TrainingSettings settings;
    Result<TypedParams> optimizer = makeOptimizer(reference.optimizer, reference.learningRate,
                                                  reference.momentum > 0 ? std::optional(reference.momentum) : std::nullopt);
    if (!optimizer) return optimizer.error();
    settings.optimizer = *optimizer;
    settings.batchSize = reference.batch;
    Workers workers(words.threads);
    Result<BenchResult> result = benchTraining(graph, settings, words.seconds, workers);
    if (!result) return result.error();
    if (words.json) {
        fmt::print("{}\n", nlohmann::ordered_json{{"network", reference.name},
                                                  {"images_per_s", result->imagesPerSecond()},
                                                  {"gflops", result->gflops()},
                                                  {"threads", workers.count()},
                                                  {"batch", reference.batch}}
                               .dump());
    } else {
        fmt::print("{:<12} batch {:>3}  {:>9} images/s  {:6.1f} GFLOP/s  ({:.2f} MFLOP an image)\n", reference.name, reference.batch,
                   grouped(static_cast<std::int64_t>(result->imagesPerSecond())), result->gflops(), result->trainingFlopsPerImage * 1e-6);
    }
    std::fflush(stdout);
    return {};
}

int bench(const Words& words) {
    for (const Reference& reference : kReferences) {
        if (!words.networks.empty() && std::ranges::find(words.networks, reference.name) == words.networks.end()) continue;
        if (interrupted()) return kInterrupted;
        if (Result<> done = benchOne(reference, words); !done) return fail(done.error());
    }
    return kOk;
}

} // namespace

void addBench(const Context& context) {
    CLI::App* c = context.app.add_subcommand("bench", "Training speed of the reference networks on this machine, with a synthetic batch");
    auto w = std::make_shared<Words>();
    std::vector<std::string> names;
    for (const Reference& r : kReferences) names.emplace_back(r.name);
    c->add_option("--networks", w->networks, "Only these, separated by commas")->delimiter(',')->check(CLI::IsMember(names));
    c->add_option("--threads", w->threads, "0: one per processor")->check(CLI::Range(0, 256));
    c->add_option("--seconds", w->seconds, "How long each is measured")->check(CLI::Range(0.1, 600.0));
    c->add_flag("--json", w->json, "One JSON line a network");
    c->callback([w, &code = context.exitCode] { code = bench(*w); });
}

} // namespace strata::cli
