// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/schema/schema.h"

namespace strata::cli {

/// The help page of anything that has a schema: what it is, its reference, its parameters with defaults and ranges.
void printSchema(const Schema& schema);
std::string firstSentence(const std::string& text);

} // namespace strata::cli
