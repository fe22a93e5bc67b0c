// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/analysis.h"

#include <functional>

namespace strata {

/// What a repair may change: the drawing, whether the loss takes logits, the batch size, and the shape to
/// which the images are brought when they are read.
struct RepairTarget {
    ModelGraph graph;
    std::optional<bool> lossFromLogits{};
    std::int64_t batchSize = 32;
    std::optional<Shape> sampleShape{};
    bool operator==(const RepairTarget&) const = default;
};
RepairTarget repairTarget(const ModelGraph& graph, const AnalysisContext& context);
/// The context as it is once a repair was applied to the target.
AnalysisContext contextAfter(const AnalysisContext& context, const RepairTarget& target);

/// One way to mend one problem: one click, one undo step.
struct Repair {
    std::string id;          ///< "insert_flatten"
    std::string label;       ///< for the button: "Use a 3×3 kernel"
    std::string consequence; ///< "output 26 → 28, +0 parameters"; found by trying it
    std::function<void(RepairTarget&)> apply;
};

/// One to four repairs, the likeliest first. Each was tried on a copy and does remove the problem; where nobody but
/// the user can know how, the one is to take the layer out.
std::vector<Repair> repairsFor(const ModelGraph& graph, const AnalysisContext& context,
                               const Problem& problem);

} // namespace strata
