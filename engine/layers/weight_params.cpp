// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/weight_params.h"

#include <algorithm>

namespace strata {
namespace {

/// "depthwise" -> "Depthwise"
std::string capital(std::string word) {
    std::ranges::replace(word, '_', ' ');
    word.front() = static_cast<char>(word.front() - 'a' + 'A');
    return word;
}

std::string plural(const std::string& weight) {
    return weight == "bias" ? "biases" : weight + " weights";
}

} // namespace

Param initializerParam(const std::string& weight) {
    return {.key = weight + "_initializer",
            .label = capital(weight) + " initializer",
            .doc = "The numbers with which the " + plural(weight) + " begin.",
            .advanced = true,
            .family = initializerFamily};
}

Param regularizerParam(const std::string& weight) {
    return {.key = weight + "_regularizer",
            .label = capital(weight) + " regularizer",
            .doc =
                "What large " + plural(weight) + " add to the loss, so that they stay small. None: nothing.",
            .advanced = true,
            .family = regularizerFamily};
}

Param constraintParam(const std::string& weight) {
    return {.key = weight + "_constraint",
            .label = capital(weight) + " constraint",
            .doc = "To what the " + plural(weight) + " are brought back after each step. None: nothing.",
            .advanced = true,
            .family = constraintFamily};
}

std::vector<WeightSpec> KernelParams::weights(std::vector<std::int64_t> kernelDims,
                                              std::int64_t channels) const {
    std::vector<WeightSpec> list;
    list.push_back({.name = "kernel",
                    .dims = std::move(kernelDims),
                    .initializer = kernelInitializer,
                    .regularizer = kernelRegularizer,
                    .constraint = kernelConstraint});
    if (useBias) {
        list.push_back({.name = "bias",
                        .dims = {channels},
                        .initializer = biasInitializer,
                        .regularizer = biasRegularizer,
                        .constraint = biasConstraint});
    }
    return list;
}

} // namespace strata
