// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/shape.h"
#include "engine/graph/model_graph.h"

namespace strata {

/// The value that a parameter of this node has: its own, or the default. Null pointer: the layer has no such
/// parameter.
const ParamValue* paramOf(const Node& node, const std::string& key);
/// The parameter's value as the schema brings it into form: (3, 3) for 3. Empty where it is no list of
/// numbers.
ParamValue::IntList sizesOf(const Node& node, const std::string& key);
ParamValue::RealList realsOf(const Node& node, const std::string& key); ///< the same of fractions
/// The value of a whole number; 0 where the layer has no such parameter.
std::int64_t numberOf(const Node& node, const std::string& key);
bool textIs(const Node& node, const std::string& key, std::string_view text);
bool hasParam(const Node& node, const std::string& key);

/// Height, width ... of a layer's input, whatever the order of its axes.
ParamValue::IntList spatialSizes(const Node& node, const Shape& input);
/// With padding same: how much of the window `key` ever lies on the input, axis by axis. Empty where the layer has no
/// such window or the input another rank.
ParamValue::IntList reachedWindow(const Node& node, const std::string& key, const Shape& input);

/// Is the layer one of this group of the palette ("pooling")?
bool isOf(const Node& node, std::string_view category);
bool isPooling(const Node& node);

} // namespace strata
