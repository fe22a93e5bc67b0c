// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cli.h"

#include "app/cli/command.h"
#include "engine/core/closest_word.h"
#include "engine/core/memory.h"
#include "engine/graph/templates.h"
#include "engine/math/conv2d.h"
#include "engine/math/isa.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <span>
#include <string_view>

namespace strata::cli {
namespace {

constexpr std::array<std::string_view, 15> kCommands{"summary", "cross-validate", "train",     "rate",     "evaluate", "predict",
                                                   "layers",  "options",   "templates", "datasets", "bench",
                                                   "runs",    "verify",    "code",      "draw"};
constexpr std::array<std::string_view, 2> kOptions{"-h", "help"};

/// What is set in the environment and means nothing is said, not passed over.
void checkEnvironment() {
    const auto told = [](const char* name, const auto& understood, const std::string& rule) {
        const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nobody sets it
        if (value != nullptr && *value != '\0' && !understood(std::string_view(value)))
            remark(fmt::format("{}={} is not understood and not used; {}", name, value, rule));
    };
    told("STRATA_MEMORY_LIMIT", [](std::string_view v) { return bytesFromText(v).has_value(); }, "write a number of bytes, or as 512M or 2G");
    told("STRATA_CONV", [](std::string_view v) { return math::convAlgorithmFromName(v).has_value(); }, "write auto, direct, im2col, f2 or f4");
    const std::span<const std::string_view> known = math::isaAvailable();
    told("STRATA_ISA", [&](std::string_view v) { return std::ranges::find(known, v) != known.end(); },
         fmt::format("this processor has {}", fmt::join(known, ", ")));
}

std::vector<std::string> optionNames(const CLI::App& command) {
    std::vector<std::string> names;
    for (const CLI::Option* option : command.get_options()) {
        for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
    return names;
}

std::vector<const CLI::App*> commandsOf(const CLI::App& app) {
    return app.get_subcommands([](const CLI::App*) { return true; });
}

/// Null where the first word is no command.
const CLI::App* chosenCommand(const CLI::App& app, std::span<char*> words) {
    const std::vector<const CLI::App*> all = commandsOf(app);
    const auto it = std::ranges::find_if(all, [&](const CLI::App* command) { return words.size() > 1 && command->get_name() == words[1]; });
    return it == all.end() ? nullptr : *it;
}

/// What other programs call it.
std::string_view wordHere(std::string_view word) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 11> others{{{"-o", "--out"},
                                                                                          {"--save", "--out"},
                                                                                          {"-e", "--epochs"},
                                                                                          {"-b", "--batch-size"},
                                                                                          {"--workers", "--threads"},
                                                                                          {"--jobs", "--threads"},
                                                                                          {"-j", "--threads"},
                                                                                          {"fit", "train"},
                                                                                          {"test", "evaluate"},
                                                                                          {"show", "summary"},
                                                                                          {"info", "summary"}}};
    const auto it = std::ranges::find(others, word, &std::pair<std::string_view, std::string_view>::first);
    return it == others.end() ? word : it->second;
}

/// The first word that is written as an option of the command and is none; empty: all of them are.
std::string unknownOption(const CLI::App& command, std::span<char*> words) {
    const std::vector<std::string> options = optionNames(command);
    for (const std::string_view word : words) {
        const std::string name(word.substr(0, word.find('=')));
        const bool isLong = name.starts_with("--") && name.size() > 2;
        if ((isLong || wordHere(name).starts_with("--")) && std::ranges::find(options, name) == options.end()) return name;
    }
    return {};
}

/// What nobody knows, and what was meant perhaps: an option, or the command itself. Else what the parser says, whose
/// sentences have no full stop.
std::string explained(const CLI::App& app, std::span<char*> words, std::string text) {
    const CLI::App* chosen = chosenCommand(app, words);
    if (chosen == nullptr && words.size() > 1 && *words[1] != '-') {
        std::vector<std::string> commands;
        for (const CLI::App* command : commandsOf(app)) commands.push_back(command->get_name());
        for (const Template& t : templates()) commands.push_back(t.id);
        return fmt::format("{}: there is no such command.{}", words[1], didYouMean(wordHere(words[1]), commands));
    }
    const CLI::App& asked = chosen != nullptr ? *chosen : app;
    const std::string unknown = unknownOption(asked, words.subspan(1));
    if (!unknown.empty())
        return fmt::format("{}: 'strata {}' has no such option.{}", unknown, chosen != nullptr ? chosen->get_name() : std::string(words[1]),
                           didYouMean(wordHere(unknown), optionNames(asked)));
    if (!text.ends_with('.')) text += '.';
    return text;
}

/// As fail() says it.
std::string mistake(const CLI::App& app, std::span<char*> words, const std::string& text) {
    const CLI::App* chosen = chosenCommand(app, words);
    return fmt::format("strata: {}\nstrata: 'strata {}--help' says what may be written.\n", explained(app, words, text),
                       chosen != nullptr ? chosen->get_name() + " " : std::string());
}

} // namespace

bool isCommand(int argc, char** argv) {
    if (argc < 2) return false;
    const std::string_view word = argv[1];
    // Qt's own options, for the window, have one dash.
    if (word.starts_with("--")) return true;
    // A word that is neither a file nor a template is a mistyped command: said here, not by an empty window.
    const bool plain = !word.empty() && std::ranges::all_of(word, [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
    std::error_code ignored;
    if (plain && !word.starts_with('-') && findTemplate(std::string(word)) == nullptr && !std::filesystem::exists(word, ignored)) return true;
    return std::ranges::find(kCommands, word) != kCommands.end() || std::ranges::find(kOptions, word) != kOptions.end();
}

namespace {

int runCommand(int argc, char** argv, const CurvePainter& paintCurves, const DrawingPainter& paintDrawing) {
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
    checkEnvironment();
    const std::span words(argv, static_cast<std::size_t>(argc));
    app.failure_message([&](const CLI::App*, const CLI::Error& e) { return mistake(app, words, e.what()); });
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? kOk : kUsage; // 0: asked for help
    } catch (const std::exception& e) {
        return fail({fmt::format("an internal fault: {}", e.what()), "internal"});
    }
    return code;
}

} // namespace

int run(int argc, char** argv, const CurvePainter& paintCurves, const DrawingPainter& paintDrawing) {
    const int code = runCommand(argc, argv, paintCurves, paintDrawing);
    // What stands in the buffer still may be lost, and a script that believes the exit code with it.
    if (code == kOk && std::fflush(stdout) != 0)
        return fail({fmt::format("what was to be printed could not be written: {}; make room, or write elsewhere.", std::strerror(errno)), "output"});
    return code;
}

} // namespace strata::cli
