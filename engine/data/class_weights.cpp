// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/class_weights.h"

namespace strata {

std::vector<double> balancedClassWeights(const Dataset& data) {
    const std::size_t classes = data.classNames().size();
    std::vector<double> counts(classes, 0);
    for (std::int64_t i = 0; i < data.size(); ++i)
        counts[static_cast<std::size_t>(data.label(i))] += 1;
    std::vector<double> weights(classes, 1);
    for (std::size_t c = 0; c < classes; ++c) {
        if (counts[c] > 0) weights[c] = static_cast<double>(data.size()) / (static_cast<double>(classes) * counts[c]);
    }
    return weights;
}

} // namespace strata
