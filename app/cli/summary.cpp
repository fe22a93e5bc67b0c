// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include "engine/graph/flatten.h"
#include "engine/graph/summary.h"
#include "engine/interop/data_choice.h"
#include "engine/interop/keras_config.h"

#include <cstdlib>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/ioctl.h>
#include <unistd.h>

namespace strata::cli {
namespace {

struct Words {
    std::string model;
    bool json = false;
};

/// As Python's shutil.get_terminal_size(), by which Keras goes: the variable COLUMNS, else the terminal, else 80.
int terminalColumns() {
    const char* said = std::getenv("COLUMNS");
    const int columns = said == nullptr ? 0 : std::atoi(said);
    if (columns > 0) return columns;
    winsize size{};
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

int summarise(const Words& words) {
    Result<Model> model = openModel(words.model);
    if (!model) return fail(model.error());
    const ModelGraph graph = flatten(model->state.graph); // what is built, as Keras would list it
    const GraphReport report = analyse(graph, {.largestValue = largestValueOf(model->state.data), .silenced = model->state.silenced});
    SummaryOptions options;
    options.columns = terminalColumns();
    if (const Result<KerasPart> part = kerasPart(graph); part && part->sequential) {
        options.modelName = "sequential";
        options.showInputs = false;
    }
    if (words.json) fmt::print("{}\n", summaryJson(graph, report, options).dump(2));
    else fmt::print("{}", summaryText(graph, report, options));
    int code = kOk;
    for (const Problem& p : report.problems) {
        if (p.severity == Severity::Error) code = fail({p.text, p.id});
        else if (!p.silenced) remark(p.text);
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
