// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/number_words.h"
#include "app/cli/progress_bar.h"
#include "app/cli/train_words.h"

#include "engine/interop/run_document.h"
#include "engine/training/rate_finder.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace strata::cli {
namespace {

struct Words {
    std::string model, optimizer;
    DataWords data;
    RateSearch search;
    std::optional<std::int64_t> batchSize, limit;
    std::optional<std::uint64_t> seed;
    int threads = 0;
    bool json = false;
};

Result<TrainingJob> makeJob(const Words& words) {
    Result<Model> model = openModel(words.model);
    if (!model) return model.error();
    DocumentState& state = model->state;
    Result<DataChoice> choice = chooseData(words.data, state.data);
    if (!choice) return choice.error();
    Result<DataSource> source = openWithProgress(*choice);
    if (!source) return source.error();
    state.data = std::move(*choice);
    TrainingSettings& settings = state.training;
    if (!words.optimizer.empty()) {
        Result<TypedParams> optimizer = optimizerOf(words.optimizer, {}, {});
        if (!optimizer) return optimizer.error();
        settings.optimizer = std::move(*optimizer);
    }
    if (words.batchSize) settings.batchSize = *words.batchSize;
    if (words.seed) settings.seed = *words.seed;
    settings.threads = words.threads;
    return makeJob(state, *source, false, words.limit.value_or(0));
}

void print(const RateFound& found) {
    double largest = 0;
    for (const RatePoint& p : found.curve) largest = std::max(largest, p.loss);
    const std::size_t step = std::max<std::size_t>(1, found.curve.size() / 25);
    fmt::print("{:>12}  {:>10}\n", "rate", "loss");
    for (std::size_t i = 0; i < found.curve.size(); i += step) {
        const RatePoint& p = found.curve[i];
        fmt::print("{:>12.3g}  {:>10.4f}  {}\n", p.rate, p.loss, std::string(static_cast<std::size_t>(largest > 0 ? std::clamp(50 * p.loss / largest, 0.0, 50.0) : 0.0), '#'));
    }
    fmt::print("The loss falls most steeply at {:.2g} and is smallest at {:.2g}, which is too large for a whole run: train with "
               "--learning-rate {:.2g}.\n",
               found.steepestAt, found.smallestAt, found.suggested);
}

int findRate(const Words& words) {
    Result<TrainingJob> job = makeJob(words);
    if (!job) return fail(job.error());
    ProgressBar bar;
    const Result<RateFound> found = findLearningRate(std::move(*job), words.search, [&](std::int64_t done, std::int64_t total) {
        bar.show("Searching", done, total, fmt::format("{} of {} batches", done, total));
        return !interrupted();
    });
    bar.clear();
    if (!found) return found.error().id == "stopped" ? kInterrupted : fail(found.error());
    if (!words.json) {
        print(*found);
        return kOk;
    }
    nlohmann::ordered_json line{{"suggested", found->suggested}, {"smallest_at", found->smallestAt}};
    for (const RatePoint& p : found->curve) line["curve"].push_back({p.rate, p.loss});
    fmt::print("{}\n", line.dump());
    return kOk;
}

} // namespace

void addRate(const Context& context) {
    CLI::App* c = context.app.add_subcommand("rate", "Find a learning rate: one short run whose rate rises from batch to batch");
    auto w = std::make_shared<Words>();
    c->add_option("model", w->model, "A .keras file, or the name of a template")->required()->type_name("MODEL");
    addDataWords(*c, w->data);
    c->add_option("--optimizer", w->optimizer, "Keras's name, where it is not the model's own; with options: adam:beta_1=0.8")
        ->type_name("NAME[:KEY=VALUE,...]");
    c->add_option("--from", w->search.from, "The first rate")->capture_default_str();
    c->add_option("--to", w->search.to, "The last rate")->capture_default_str();
    c->add_option("--batches", w->search.batches, "How many batches it takes")->check(wholeNumber(10, 100'000))->capture_default_str();
    c->add_option("--batch-size", w->batchSize, "Images an update")->check(wholeNumber(1, 65536));
    c->add_option("--limit", w->limit, "Use the first N training images only")->check(wholeNumber(1, 1'000'000'000));
    c->add_option("--seed", w->seed, "Same seed, same curve")->check(wholeSeed());
    c->add_option("--threads", w->threads, "0: one per processor")->check(wholeNumber(0, 256));
    c->add_flag("--json", w->json, "Print one JSON line: suggested, smallest_at, curve");
    c->callback([w, &code = context.exitCode] { code = findRate(*w); });
}

} // namespace strata::cli
