// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include "engine/core/closest_word.h"
#include "engine/graph/templates.h"
#include "engine/training/evaluate.h"
#include "engine/training/recipe.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fmt/format.h>
#include <string_view>
#include <unistd.h>

namespace strata::cli {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
/// When the first Ctrl+C came, in nanoseconds of the monotonic clock; 0: none did.
std::atomic<std::int64_t> g_interrupted{0};

/// The first Ctrl+C ends the work in order; a second one ends the program at once. timeout(1) and terminals may send the
/// first one twice.
void onInterrupt(int) {
    timespec clock{};
    clock_gettime(CLOCK_MONOTONIC, &clock);
    const std::int64_t now = std::max<std::int64_t>(1, clock.tv_sec * kSecond + clock.tv_nsec);
    std::int64_t first = 0;
    if (!g_interrupted.compare_exchange_strong(first, now) && now - first >= kSecond) _exit(kInterrupted);
}

/// Names come out of files that anybody wrote: nothing in them steers the terminal.
std::string printable(std::string text) {
    std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; }, '?');
    return text;
}

} // namespace

bool interrupted() {
    static const bool installed = [] {
        std::signal(SIGINT, onInterrupt);
        std::signal(SIGTERM, onInterrupt);
        return true;
    }();
    (void)installed;
    return g_interrupted != 0;
}

std::string inWords(const Error& error) {
    struct Remedy {
        std::string_view id, options;
    };
    static constexpr std::array<Remedy, 7> remedies{{{"data.shape", "--resize HEIGHTxWIDTH and --colour grey|rgb fit images to a network"},
                                                     {"image.wrong_shape", "--resize HEIGHTxWIDTH and --colour grey|rgb fit images to a network"},
                                                     {"folder.sizes", "--resize HEIGHTxWIDTH resizes images"},
                                                     {"data.memory", "--resize HEIGHTxWIDTH resizes images"},
                                                     {"data.archive_too_large", "--resize HEIGHTxWIDTH resizes images"},
                                                     {"run.other_data", "--data PATH names it"},
                                                     {"run.folder", "--runs DIR names the folder"}}};
    const auto it = std::ranges::find(remedies, error.id, &Remedy::id);
    return it == remedies.end() ? error.message : fmt::format("{} ({}.)", error.message, it->options);
}

// Not with fmt::print, which throws where standard error is closed or full: nobody is left to be told.
int fail(const Error& error) {
    std::fputs(fmt::format("strata: {}\n", printable(inWords(error))).c_str(), stderr);
    return kFailed;
}

void remark(const std::string& text) {
    std::fputs(fmt::format("strata: note: {}\n", printable(text)).c_str(), stderr);
}

void tell(const std::string& text) {
    std::fputs((printable(text) + '\n').c_str(), stderr);
}

Result<Model> openModel(const std::string& fileOrTemplate) {
    Model model;
    if (const Template* t = findTemplate(fileOrTemplate); t != nullptr && !std::filesystem::exists(fileOrTemplate)) {
        model.state.graph = t->make();
        model.state.data.source = t->data;
        model.state.training = recipeOf(*t);
        model.isTemplate = true;
        model.knowsTraining = true;
        return model;
    }
    if (!std::filesystem::exists(fileOrTemplate)) {
        std::vector<std::string> names;
        for (const Template& t : templates()) names.push_back(t.id);
        return failure("model.not_found", fmt::format("{}: there is no such file, and no template of that name; templates are: {}.{}",
                                                      fileOrTemplate, fmt::join(names, ", "), didYouMean(fileOrTemplate, names)));
    }
    Result<OpenedDocument> opened = openDocument(fileOrTemplate);
    if (!opened) return opened.error();
    for (const std::string& text : opened->remarks) remark(text);
    model.knowsTraining = opened->writtenByStrata || opened->compiled;
    model.weightsLost = opened->weightsLost;
    model.state = std::move(opened->state);
    if (!opened->writtenByStrata) {
        model.state.training.validationSplit = 0; // Keras's default
        model.state.data = {};
        model.state.data.source.clear();
    }
    if (!model.knowsTraining) model.state.training.loss = defaultLoss(model.state.graph);
    return model;
}

Result<> checkTrained(const Model& model, const std::string& name) {
    if (model.state.trained) return {};
    if (model.weightsLost) {
        return failure("model.weights_lost", fmt::format("{}: its weights are lost; take an undamaged copy of the file, or "
                                                         "train it anew ('strata train {} --out FILE.keras').",
                                                         name, name));
    }
    return failure("model.untrained", fmt::format("{}: it has no weights yet; train it first ('strata train {}').", name, name));
}

} // namespace strata::cli
