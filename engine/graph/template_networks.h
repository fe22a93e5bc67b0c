// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"

namespace strata::networks {

/// The drawings of the templates, laid out.
ModelGraph lenet();
ModelGraph lenet5();
ModelGraph mnistSmall();
ModelGraph lenetWide();
ModelGraph cifar();
ModelGraph vggSmall();
ModelGraph resnetSmall();
ModelGraph resnet20();
ModelGraph mobilenetSmall();
ModelGraph inceptionSmall();
ModelGraph blank();

} // namespace strata::networks
