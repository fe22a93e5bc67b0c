// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace strata::ui::test {

/// Milliseconds until what never comes fails the test: only of a hang, however slow or busy the machine is.
constexpr int kPatience = 120'000;

} // namespace strata::ui::test
