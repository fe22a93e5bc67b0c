// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/progress_bar.h"

#include "engine/core/number_text.h"
#include "engine/training/evaluate.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace strata::cli {
namespace {

struct Words {
    std::string model;
    DataWords data;
    int threads = 0;
    bool json = false;
};

int evaluateModel(const Words& words) {
    Result<Model> model = openModel(words.model);
    if (!model) return fail(model.error());
    const DocumentState& state = model->state;
    if (!state.trained) {
        return fail({fmt::format("{}: it has no weights yet; train it first ('strata train {}').", words.model, words.model), "model.untrained"});
    }
    Result<DataChoice> choice = chooseData(words.data, state.data);
    if (!choice) return fail(choice.error());
    Result<DataSource> source = openWithProgress(*choice);
    if (!source) return fail(source.error());
    if (!source->test) remark(fmt::format("{} has no test part; all its {} images are used.", source->name, source->train->size()));
    const Dataset& data = source->test ? *source->test : *source->train;

    Workers workers(words.threads);
    ProgressBar bar;
    Result<Evaluation> result =
        evaluate(state.graph, state.trained->weights, data, scalingOf(*choice, state.graph), state.training.loss, workers,
                 [&](std::int64_t done, std::int64_t total) {
                     bar.show("Evaluating", done, total, fmt::format("{} of {}", grouped(done), grouped(total)));
                     return !interrupted();
                 });
    bar.clear();
    if (!result) return result.error().id == "stopped" ? kInterrupted : fail(result.error());
    if (words.json) {
        fmt::print("{}\n", nlohmann::ordered_json{{"loss", result->loss}, {"accuracy", result->accuracy}}.dump());
    } else {
        fmt::print("Loss {:.4f}, accuracy {:.2f} % on {} images of {}\n", result->loss, 100 * result->accuracy,
                   grouped(result->samples), source->name);
    }
    return kOk;
}

} // namespace

void addEvaluate(const Context& context) {
    CLI::App* c = context.app.add_subcommand("evaluate", "Loss and accuracy of a trained network on the test part of a data set");
    auto w = std::make_shared<Words>();
    c->add_option("model", w->model, "A .keras or .h5 file")->required()->type_name("MODEL");
    addDataWords(*c, w->data);
    c->add_option("--threads", w->threads, "0: one per processor")->check(CLI::Range(0, 256));
    c->add_flag("--json", w->json, "Print {\"loss\": ..., \"accuracy\": ...}");
    c->callback([w, &code = context.exitCode] { code = evaluateModel(*w); });
}

} // namespace strata::cli
