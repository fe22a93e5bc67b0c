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

LayerType withActivityRegularizer(LayerType type) {
    Param param{.key = "activity_regularizer",
                .label = "Activity regularizer",
                .doc = "What large outputs add to the loss, so that they stay small. None: nothing.",
                .kind = ParamKind::Object,
                .defaultValue = ParamValue(),
                .optional = true,
                .advanced = true,
                .family = regularizerFamily};
    std::vector<Param>& params = type.schema.params;
    const auto last = std::find_if(params.rbegin(), params.rend(),
                                   [](const Param& p) { return p.key.ends_with("_regularizer"); });
    params.insert(last.base(), std::move(param));
    type.plan = [plan = type.plan](const ParamMap& p, std::span<const Shape> inputs) {
        Result<LayerPlan> made = plan(p, inputs);
        const TypedParams* regularizer = p.at("activity_regularizer").asObject();
        if (!made || regularizer == nullptr) return made;
        made->activityRegularizer = *regularizer;
        made->endsInSoftmax = false; // the regularizer's gradient is with respect to the softmax's output
        return made;
    };
    return type;
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
