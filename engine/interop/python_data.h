// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/scaling.h"
#include "engine/interop/document_state.h"

#include <set>
#include <string>

namespace strata::python {

/// The part of a script that loads a document's data: functions, of which the last one is load_data(), which gives
/// (x_train, y_train), (x_test, y_test) as NumPy arrays, brought to size, colour and scale as Strata does it. Where
/// the data have no test part, x_test is None. `channels`: of what the network takes, 0 where it does not say; pictures of a
/// folder get them where the document names no colour. `modules` gets what must be imported.
std::string dataLoader(const DataChoice& choice, std::int64_t channels, Scaling scaling, std::set<std::string>& modules);

} // namespace strata::python
