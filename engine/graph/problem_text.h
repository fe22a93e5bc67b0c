// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/analysis.h"

namespace strata {

/// A problem of a node from a sentence that is place-free and open, as layers write them: "the 5 × 5 window
/// does not fit into 3 × 3 values; use ...". What stands before the semicolon is the card's short text.
Problem problemAt(const Node& node, const Error& error, Severity severity = Severity::Error);

/// How a problem's text names a node: `Conv2D "conv_2"`.
std::string placeText(const Node& node);

} // namespace strata
