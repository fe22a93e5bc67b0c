// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/layer.h"

#include <QString>

namespace strata::ui {

/// The help page of a layer, made from its schema: what it is, its parameters, examples, where to read on.
QString layerHelp(const LayerType& type);

} // namespace strata::ui
