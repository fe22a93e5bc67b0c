// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/help_page.h"

#include "engine/core/closest_word.h"
#include "engine/training/callback.h"
#include "engine/training/loss.h"
#include "engine/training/metric.h"
#include "engine/training/optimizer.h"
#include "engine/training/schedule.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace strata::cli {
namespace {

struct Kind {
    const char* word; ///< of strata train
    const char* title;
    const SchemaFamily& family;
};

std::array<Kind, 5> kinds() {
    return {{{"--optimizer", "Optimizers", optimizerFamily()},
             {"--loss", "Losses", lossFamily()},
             {"--schedule", "Schedules of the learning rate", scheduleFamily()},
             {"--metric", "Metrics", metricFamily()},
             {"--callback", "Callbacks", callbackFamily()}}};
}

int showOptions(const std::string& name) {
    bool found = false;
    std::vector<std::string> names;
    for (const Kind& kind : kinds()) {
        if (name.empty()) fmt::print("{} (strata train {} NAME[:KEY=VALUE,...])\n", kind.title, kind.word);
        for (const Schema* schema : kind.family.members) {
            names.push_back(schema->id);
            if (name.empty()) {
                fmt::print("  {:<32} {}\n", schema->id, firstSentence(schema->doc));
            } else if (bareWord(schema->id) == bareWord(name) || bareWord(schema->id) == bareWord(name) + "decay") {
                if (found) fmt::print("\n");
                printSchema(*schema);
                found = true;
            }
        }
    }
    if (name.empty() || found) return kOk;
    return fail({fmt::format("{}: there is no optimizer, loss, schedule, metric or callback of that name; 'strata options' lists them.{}", name,
                             didYouMean(name, names)),
                 "options.unknown"});
}

} // namespace

void addOptions(const Context& context) {
    CLI::App* c = context.app.add_subcommand("options", "List optimizers, losses, schedules, metrics and callbacks, or print the help page of one");
    auto name = std::make_shared<std::string>();
    c->add_option("name", *name, "Its Keras name, for example Adam or early_stopping")->type_name("NAME");
    c->callback([name, &code = context.exitCode] { code = showOptions(*name); });
}

} // namespace strata::cli
