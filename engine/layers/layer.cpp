// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/layer.h"

#include "engine/core/said.h"
#include "engine/layers/sizes.h"

#include <algorithm>
#include <cassert>
#include <functional>
#include <numeric>

namespace strata {
namespace {

/// Unknown sizes count as 1.
bool fitsMemory(const Shape& shape) {
    std::vector<std::int64_t> dims;
    for (const std::int64_t d : shape.dims())
        dims.push_back(d < 0 ? 1 : d);
    return productFits(dims);
}

} // namespace

std::int64_t WeightSpec::count() const {
    return std::accumulate(dims.begin(), dims.end(), std::int64_t{1}, std::multiplies<>());
}

const LayerType* findLayerType(std::string_view id) {
    const std::span<const LayerType> types = layerTypes();
    const auto it = std::ranges::find_if(types, [&](const LayerType& t) { return t.schema.id == id; });
    return it == types.end() ? nullptr : &*it;
}

Result<LayerPlan> planLayer(const LayerType& type, const ParamMap& params, std::span<const Shape> inputs) {
    Result<ParamMap> checked = type.schema.check(params);
    if (!checked) return checked.error();
    const auto count = static_cast<int>(inputs.size());
    if (count < type.minInputs) {
        return failure("layer.inputs_missing",
                       type.minInputs == 1
                           ? said("nothing is connected to its input; draw a wire to it")
                           : said("it needs at least {} inputs and has {}; connect another layer to it", type.minInputs, count));
    }
    if (type.maxInputs >= 0 && count > type.maxInputs) {
        return failure("layer.inputs_many",
                       said("it takes {} and has {}; take wires away",
                            type.maxInputs == 0   ? said("no input")
                            : type.maxInputs == 1 ? said("one input")
                                                  : said("at most {} inputs", type.maxInputs),
                            count));
    }
    for (const Shape& in : inputs) {
        if (!fitsMemory(in))
            return failure("layer.too_large", said("its input {} has too many values; use smaller sizes", in.text()));
    }
    Result<LayerPlan> plan = type.plan(*checked, inputs);
    if (!plan) return plan;
    if (!fitsMemory(plan->output)) {
        return failure("layer.too_large",
                       said("its output {} has too many values; use smaller sizes", plan->output.text()));
    }
    for (const WeightSpec& w : plan->weights) {
        if (!productFits(w.dims)) {
            return failure("layer.too_large",
                           said("its {} {} has too many values; use smaller sizes", w.name, Shape(w.dims).text()));
        }
    }
    return plan;
}

std::unique_ptr<Layer> createLayer(const LayerType& type, const ParamMap& params,
                                   std::span<const Shape> inputs) {
    Result<ParamMap> checked = type.schema.check(params);
    assert(checked);
    return type.create(*checked, inputs);
}

} // namespace strata
