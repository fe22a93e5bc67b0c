// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/analysis.h"
#include "engine/graph/formula.h"
#include "engine/graph/repairs.h"

#include <optional>

namespace strata {

/// Where the windows lie along one axis of the input, for a drawing.
struct AxisPicture {
    std::string name; ///< "height": in English, not shown: in English, not shown
    std::int64_t input = 0, window = 1, dilation = 1, stride = 1;
    std::int64_t before = 0, after = 0; ///< cells of padding
    std::int64_t places = 0;
    std::int64_t reach() const { return (window - 1) * dilation + 1; }
    /// Strides larger than the window leap over cells everywhere.
    bool leaps() const { return stride > reach() && places > 1; }
    /// Cells at the end that no window touches.
    std::int64_t lost() const { return before + input + after - ((places - 1) * stride + reach()); }
};

/// A formula for some axes of the output; each of them has its result.
struct ShapeFormula {
    Formula formula;
    std::vector<int> axes;
};

/// Why a card's output has this shape, where its parameters come from and what its work is. All of it from
/// the layer's plan and from its parameters by Keras's names (kernel_size, strides, padding, filters ...): a
/// layer that uses them explains itself, any other says what goes in and what comes out. Nothing is shown
/// that does not give the plan's numbers.
struct Explanation {
    Shape input, output;
    std::vector<ShapeFormula> shape;  ///< together every axis of the output, once
    Formula parameters;               ///< of one copy of the layer
    Formula work;                     ///< multiply-adds for one image
    std::vector<AxisPicture> windows; ///< of a sliding window: along height and width, or along steps only
    std::string lost;                 ///< "The last row and column are lost."; empty: none are
    std::optional<Repair> keepAll;    ///< so that none are; explain() tells its consequence, too
    std::string receptive;            ///< one sentence
};

/// requires: the node is in the graph, Ready in the report (made in this context), and its shapes are known
Explanation explain(const ModelGraph& graph, const GraphReport& report, NodeId id, const AnalysisContext& context = {});
/// Of a layer by itself. requires: the plan is the one for these inputs
Explanation explainLayer(const Node& node, std::span<const Shape> inputs, const LayerPlan& plan);

} // namespace strata
