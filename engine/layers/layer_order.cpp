// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/layer_order.h"

#include <algorithm>
#include <array>

namespace strata {
namespace {

constexpr std::array<LayerCategory, 9> kCategories{{
    {"io", "Input and output"},
    {"convolution", "Convolution"},
    {"pooling", "Pooling"},
    {"core", "Core"},
    {"normalization", "Normalization"},
    {"regularization", "Regularization"},
    {"activation", "Activation"},
    {"merging", "Merging"},
    {"reshaping", "Reshaping"},
}};

std::size_t rankOf(const LayerType& type) {
    const auto it = std::ranges::find_if(
        kCategories, [&](const LayerCategory& c) { return c.id == type.schema.category; });
    return static_cast<std::size_t>(it - kCategories.begin());
}

} // namespace

std::span<const LayerCategory> layerCategories() {
    return kCategories;
}

void sortForPalette(std::vector<LayerType>& types) {
    std::ranges::stable_sort(types, [](const LayerType& a, const LayerType& b) {
        return std::pair(rankOf(a), a.schema.id) < std::pair(rankOf(b), b.schema.id);
    });
}

} // namespace strata
