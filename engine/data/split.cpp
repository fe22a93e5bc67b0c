// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/split.h"

#include <cassert>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

#include "engine/core/number_text.h"

namespace strata {

SubsetDataset::SubsetDataset(std::shared_ptr<const Dataset> base, std::vector<std::int64_t> indices)
    : m_base(std::move(base))
    , m_indices(std::move(indices)) {
    assert(m_base);
}

std::shared_ptr<const Dataset> slice(std::shared_ptr<const Dataset> dataset, std::int64_t first,
                                     std::int64_t count) {
    assert(dataset && first >= 0 && count >= 0 && first + count <= dataset->size());
    std::vector<std::int64_t> indices(static_cast<std::size_t>(count));
    std::iota(indices.begin(), indices.end(), first);
    return std::make_shared<SubsetDataset>(std::move(dataset), std::move(indices));
}

std::shared_ptr<const Dataset> limit(std::shared_ptr<const Dataset> dataset, std::int64_t count) {
    assert(dataset && count >= 0);
    if (count >= dataset->size()) return dataset;
    return slice(std::move(dataset), 0, count);
}

Result<ValidationSplit> validationSplit(std::shared_ptr<const Dataset> dataset, double share) {
    assert(dataset);
    if (!(share >= 0 && share < 1))
        return failure(
            "data.validation_share",
            fmt::format("Validation share {} is not from 0 up to (not including) 1; 0.1 takes the last "
                        "tenth of the training images.",
                        share));
    if (share == 0) return ValidationSplit{std::move(dataset), nullptr};

    const std::int64_t size = dataset->size();
    const auto train = static_cast<std::int64_t>(std::floor(static_cast<double>(size) * (1.0 - share)));
    if (train <= 0 || train >= size)
        return failure(
            "data.validation_empty",
            fmt::format("A validation share of {} of {} images leaves {} for training and {} for "
                        "validation; both need at least one, so change the share or take more images.",
                        share, grouped(size), grouped(train), grouped(size - train)));
    return ValidationSplit{slice(dataset, 0, train), slice(dataset, train, size - train)};
}

} // namespace strata
