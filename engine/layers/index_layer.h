// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/layer.h"

#include <vector>

namespace strata {

/// A layer that only moves values: output value i is input value table[i], or 0 where table[i] is -1. An
/// input value may be used several times; backward then adds.
class IndexLayer final : public Layer {
public:
    explicit IndexLayer(std::vector<std::int32_t> table)
        : m_table(std::move(table)) {}
    void forward(const Pass& pass) override;
    void backward(const Pass& pass) override;

private:
    std::vector<std::int32_t> m_table; ///< (floats of a sample's output)
};

/// The plan of such a layer. The error says that the table would not fit.
Result<LayerPlan> indexPlan(const Shape& output);

/// table[i] = source(coordinates of output value i), a flat place in the input or -1.
template <class F>
std::vector<std::int32_t> indexTable(const Shape& output, const F& source) {
    std::vector<std::int32_t> table(static_cast<std::size_t>(output.count()));
    std::array<std::int64_t, Shape::kMaxRank> at{};
    for (std::int32_t& entry : table) {
        entry = static_cast<std::int32_t>(source(at));
        for (int axis = output.rank() - 1; axis >= 0; --axis) {
            auto& place = at[static_cast<std::size_t>(axis)];
            if (++place < output[axis]) break;
            place = 0;
        }
    }
    return table;
}

/// The flat place of coordinates within a shape.
inline std::int64_t flatIndex(const Shape& shape, const std::array<std::int64_t, Shape::kMaxRank>& at) {
    std::int64_t flat = 0;
    for (int axis = 0; axis < shape.rank(); ++axis)
        flat = flat * shape[axis] + at[static_cast<std::size_t>(axis)];
    return flat;
}

} // namespace strata
