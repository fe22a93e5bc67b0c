// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/progress_bar.h"

#include "engine/core/number_text.h"

#include <fmt/format.h>

namespace strata::cli {
namespace {

void printPart(const char* title, const Dataset* part) {
    if (part == nullptr) {
        fmt::print("  {:<9} none\n", title);
        return;
    }
    fmt::print("  {:<9} {} images of {}\n", title, grouped(part->size()), part->sampleShape().text());
    const std::vector<std::string> names = part->classNames();
    const std::vector<std::int64_t> counts = labelCounts(*part);
    std::string line;
    for (std::size_t i = 0; i < names.size(); ++i) line += fmt::format("{}{} {}", i == 0 ? "" : ", ", names[i], grouped(counts[i]));
    fmt::print("            {}\n", line);
}

int showDatasets(const DataWords& words) {
    if (words.data.empty()) {
        for (const KnownData& d : listDatasets()) {
            fmt::print("{:<16} {}{}\n", d.name, d.description, d.path.empty() ? "" : " [" + d.path + "]");
            if (!d.available) fmt::print("{:<16} not here: {}\n", "", d.remedy);
        }
        return kOk;
    }
    Result<DataChoice> choice = chooseData(words, {});
    if (!choice) return fail(choice.error());
    Result<DataSource> source = openWithProgress(*choice);
    if (!source) return fail(source.error());
    fmt::print("{}: {}\n", source->name, source->description);
    printPart("training", source->train.get());
    printPart("test", source->test.get());
    return kOk;
}

} // namespace

void addDatasets(const Context& context) {
    CLI::App* c = context.app.add_subcommand("datasets", "List the data sets that are known by name, or look at one");
    auto w = std::make_shared<DataWords>();
    addDataWords(*c, *w);
    asDataName(*c->add_option("source", w->data, "A name, a folder or a file to look at"));
    c->callback([w, &code = context.exitCode] { code = showDatasets(*w); });
}

} // namespace strata::cli
