// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/split.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

#include "engine/core/number_text.h"
#include "engine/data/batch_loader.h"

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

Result<std::vector<ValidationSplit>> folds(const std::shared_ptr<const Dataset>& dataset, std::int64_t count,
                                           std::optional<std::uint64_t> shuffleSeed) {
    assert(dataset);
    const std::int64_t size = dataset->size();
    if (count < 2 || count > size)
        return failure("data.folds", fmt::format("{} folds of {} images cannot be made: there must be at least 2 folds, "
                                                 "and an image in each.",
                                                 grouped(count), grouped(size)));
    std::vector<std::int64_t> order(static_cast<std::size_t>(size));
    epochOrder(order, shuffleSeed.value_or(0), 0, shuffleSeed.has_value());
    std::vector<ValidationSplit> parts;
    std::int64_t first = 0;
    for (std::int64_t fold = 0; fold < count; ++fold) {
        const std::int64_t end = first + size / count + (fold < size % count ? 1 : 0);
        std::vector<std::int64_t> held(order.begin() + first, order.begin() + end);
        std::vector<std::int64_t> rest(order.begin(), order.begin() + first);
        rest.insert(rest.end(), order.begin() + end, order.end());
        std::ranges::sort(held);
        std::ranges::sort(rest);
        parts.push_back({std::make_shared<SubsetDataset>(dataset, std::move(rest)),
                         std::make_shared<SubsetDataset>(dataset, std::move(held))});
        first = end;
    }
    return parts;
}

} // namespace strata
