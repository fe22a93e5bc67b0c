// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/open_data.h"
#include "engine/data/scaling.h"
#include "engine/interop/document_state.h"

namespace strata {

/// Opens the data that a document has chosen. `options` brings progress, stop and memory limit; size and colour come
/// from the choice.
Result<DataSource> openChoice(const DataChoice& choice, DataOptions options = {});

/// The same data, which lies elsewhere now: size, colour and scaling stay what they are.
DataChoice movedTo(DataChoice choice, const std::string& source);

/// The document's scaling, else what the network needs.
Scaling scalingOf(const DataChoice& choice, const ModelGraph& graph);

/// AnalysisContext::largestValue of images with the document's scaling; none where that is left to the network.
std::optional<double> largestValueOf(const DataChoice& choice);

} // namespace strata
