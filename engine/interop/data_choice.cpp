// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/data_choice.h"

#include "engine/training/evaluate.h"

namespace strata {

Result<DataSource> openChoice(const DataChoice& choice, DataOptions options) {
    if (choice.resizeHeight > 0 && choice.resizeWidth > 0) options.resize = ImageSize{choice.resizeHeight, choice.resizeWidth};
    if (choice.colour == "grey") options.colour = ColourMode::Grey;
    if (choice.colour == "rgb") options.colour = ColourMode::Colour;
    return openData(choice.source, options);
}

DataChoice movedTo(DataChoice choice, const std::string& source) {
    choice.source = source;
    return choice;
}

Scaling scalingOf(const DataChoice& choice, const ModelGraph& graph) {
    return scalingFromName(choice.scaling).value_or(defaultScaling(graph));
}

std::optional<double> largestValueOf(const DataChoice& choice) {
    const std::optional<Scaling> scaling = scalingFromName(choice.scaling);
    if (!scaling) return {};
    return *scaling == Scaling::UnitRange ? 1 : 255;
}

} // namespace strata
