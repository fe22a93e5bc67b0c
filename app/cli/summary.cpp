// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include "engine/graph/summary.h"
#include "engine/interop/keras_config.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace strata::cli {
namespace {

struct Words {
    std::string model;
    bool json = false;
};

int summarise(const Words& words) {
    Result<Model> model = openModel(words.model);
    if (!model) return fail(model.error());
    const ModelGraph& graph = model->state.graph;
    const GraphReport report = analyse(graph);
    SummaryOptions options;
    if (const Result<KerasPart> part = kerasPart(graph); part && part->sequential) {
        options.modelName = "sequential";
        options.showInputs = false;
    }
    fmt::print("{}\n", words.json ? summaryJson(graph, report, options).dump(2) : summaryText(graph, report, options));
    int code = kOk;
    for (const Problem& p : report.problems) {
        if (p.severity != Severity::Error) continue;
        code = fail({p.text, p.id});
    }
    return code;
}

} // namespace

void addSummary(const Context& context) {
    CLI::App* command = context.app.add_subcommand("summary", "Print the table of a network's layers, shapes and parameters, as Keras does");
    auto words = std::make_shared<Words>();
    command->add_option("model", words->model, "A .keras or .h5 file, or the name of a template")->required()->type_name("MODEL");
    command->add_flag("--json", words->json, "As JSON");
    command->callback([words, &code = context.exitCode] { code = summarise(*words); });
}

} // namespace strata::cli
