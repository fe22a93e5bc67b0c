// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cli.h"

#include "app/cli/command.h"
#include "engine/graph/templates.h"

#include <algorithm>
#include <array>
#include <exception>
#include <filesystem>
#include <fmt/format.h>
#include <string_view>

namespace strata::cli {
namespace {

constexpr std::array<std::string_view, 15> kCommands{"summary", "cross-validate", "train",     "rate",     "evaluate", "predict",
                                                   "layers",  "options",   "templates", "datasets", "bench",
                                                   "runs",    "verify",    "code",      "draw"};
constexpr std::array<std::string_view, 4> kOptions{"--help", "-h", "--version", "help"};

} // namespace

bool isCommand(int argc, char** argv) {
    if (argc < 2) return false;
    const std::string_view word = argv[1];
    // A word that is neither a file nor a template is a mistyped command: said here, not by an empty window.
    const bool plain = !word.empty() && std::ranges::all_of(word, [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
    std::error_code ignored;
    if (plain && !word.starts_with('-') && findTemplate(std::string(word)) == nullptr && !std::filesystem::exists(word, ignored)) return true;
    return std::ranges::find(kCommands, word) != kCommands.end() || std::ranges::find(kOptions, word) != kOptions.end();
}

int run(int argc, char** argv, const CurvePainter& paintCurves, const DrawingPainter& paintDrawing) {
    CLI::App app("Strata: draw, train and look inside convolutional networks.\n"
                 "Without a subcommand it opens the window: strata [FILE.keras | TEMPLATE]",
                 "strata");
    app.set_version_flag("--version", "strata " STRATA_VERSION);
    app.require_subcommand(1);
    int code = kOk;
    const Context context{app, code, paintCurves, paintDrawing};
    addSummary(context);
    addCode(context);
    addDraw(context);
    addTrain(context);
    addCrossValidate(context);
    addEvaluate(context);
    addPredict(context);
    addRate(context);
    addLayers(context);
    addOptions(context);
    addDatasets(context);
    addBench(context);
    addRuns(context);
    addVerify(context);
    if (argc == 2 && std::string_view(argv[1]) == "help") {
        fmt::print("{}", app.help());
        return kOk;
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? kOk : kUsage;
    } catch (const std::exception& e) {
        return fail({fmt::format("an internal fault: {}", e.what()), "internal"});
    }
    return code;
}

} // namespace strata::cli
