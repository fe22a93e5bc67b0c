// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/number_words.h"
#include "app/cli/progress_bar.h"

#include "engine/core/number_text.h"

#include <charconv>
#include <fmt/format.h>

namespace strata::cli {
namespace {

/// "28x28" or "28" -> height, width.
Result<std::pair<std::int64_t, std::int64_t>> parseSize(const std::string& text) {
    const auto number = [&](std::string_view part) -> std::int64_t {
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
        return error == std::errc() && end == part.data() + part.size() && value > 0 && value <= 1 << 14 ? value : 0;
    };
    const std::size_t cross = text.find('x');
    const std::int64_t h = number(std::string_view(text).substr(0, cross));
    const std::int64_t w = cross == std::string::npos ? h : number(std::string_view(text).substr(cross + 1));
    if (h == 0 || w == 0) {
        return failure("words.size", fmt::format("--resize {}: must be HEIGHTxWIDTH in pixels, 1 to 16384 each, for example 28x28", text));
    }
    return std::pair(h, w);
}

} // namespace

void asDataName(CLI::Option& option) {
    option.type_name("PATH|NAME")->check([](const std::string& word) {
        return word.empty() ? std::string("must name a data set, a folder or a file") : std::string();
    });
}

void addDataWords(CLI::App& command, DataWords& words) {
    asDataName(*command.add_option("--data", words.data, "Data set: a name (see 'strata datasets'), a folder or a file"));
    addPictureWords(command, words);
    command.add_option("--colour,--color", words.colour, "Read images as grey or rgb")->check(oneOf({"grey", "rgb"}));
}

void addPictureWords(CLI::App& command, DataWords& words) {
    command.add_option("--resize", words.resize, "Bring every image to this size in pixels")->type_name("HxW");
    command.add_option("--scale", words.scale, "unit: divide values by 255; none: leave them. "
                                               "Without it: none when the network begins with Rescaling, else unit")
        ->check(oneOf({"unit", "none"}));
}

Result<DataChoice> chooseData(const DataWords& words, const DataChoice& remembered) {
    DataChoice choice = remembered;
    if (!words.data.empty() && words.data != remembered.source) {
        choice = {};
        choice.source = words.data;
    }
    if (choice.source.empty()) {
        return failure("words.data", "It is not said which data to use; add --data PATH|NAME ('strata datasets' lists names).");
    }
    return fitted(std::move(choice), words);
}

Result<DataChoice> fitted(DataChoice choice, const DataWords& words) {
    if (!words.resize.empty()) {
        auto size = parseSize(words.resize);
        if (!size) return size.error();
        choice.resizeHeight = size->first;
        choice.resizeWidth = size->second;
    }
    if (!words.colour.empty()) choice.colour = words.colour;
    if (!words.scale.empty()) choice.scaling = words.scale;
    return choice;
}

Result<DataSource> openWithProgress(const DataChoice& choice) {
    ProgressBar bar;
    std::stop_source stop;
    DataOptions options;
    options.stop = stop.get_token();
    options.progress = [&](std::int64_t done, std::int64_t total) {
        bar.show("Reading images", done, total, fmt::format("{} of {}", grouped(done), grouped(total)));
        if (interrupted()) stop.request_stop();
    };
    return openChoice(choice, options);
}

} // namespace strata::cli
