// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace strata {

/// "356,810", "-1,290": as Keras and the cards write numbers of parameters.
std::string grouped(std::int64_t number);

/// "896.00 B", "1.36 MB": as Keras's summary does, in steps of 1,024 up to PB.
std::string bytesText(std::int64_t bytes);

} // namespace strata
