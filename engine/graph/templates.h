// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"

#include <span>

namespace strata {

/// A network to begin with, and a data set that it can learn from.
struct Template {
    std::string id;              ///< for the command line: "lenet"
    std::string title;           ///< "LeNet-5"
    std::string doc;             ///< one or two sentences: what it is, from where
    std::string data;            ///< "digits", "mnist", "cifar-10"
    std::int64_t parameters = 0; ///< trainable ones, as published
    /// The recipe that goes with it.
    std::string optimizer = "Adam";
    double learningRate = 1e-3;
    double momentum = 0;
    int batchSize = 32;
    int epochs = 10;
    ModelGraph (*make)(); ///< laid out
};

std::span<const Template> templates();
/// Null when there is none.
const Template* findTemplate(std::string_view id);

} // namespace strata
