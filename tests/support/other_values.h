// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/schema/schema.h"

namespace strata::test {

/// Valid values of a parameter that differ from `now`, for tests that look for its effect.
std::vector<ParamValue> otherValues(const Param& param, const ParamValue& now);

} // namespace strata::test
