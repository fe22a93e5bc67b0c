// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/split.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "engine/core/number_text.h"
#include "engine/core/said.h"
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

std::int64_t trainingCount(std::int64_t size, double share) {
    return static_cast<std::int64_t>(std::floor(static_cast<double>(size) * (1.0 - share)));
}

Result<ValidationSplit> validationSplit(std::shared_ptr<const Dataset> dataset, double share) {
    assert(dataset);
    if (!(share >= 0 && share < 1))
        return failure(
            "data.validation_share",
            said("Validation share {} is not from 0 up to (not including) 1; 0.1 takes the last "
                 "tenth of the training images.",
                 share));
    if (share == 0) return ValidationSplit{std::move(dataset), nullptr};

    const std::int64_t size = dataset->size();
    const std::int64_t train = trainingCount(size, share);
    if (train <= 0 || train >= size)
        return failure(
            "data.validation_empty",
            said("A validation share of {} of {} images leaves {} for training and {} for "
                 "validation; both need at least one, so change the share or take more images.",
                 share, grouped(size), grouped(train), grouped(size - train)));
    return ValidationSplit{slice(dataset, 0, train), slice(dataset, train, size - train)};
}

Result<Folds> Folds::make(std::shared_ptr<const Dataset> dataset, std::int64_t count,
                          std::optional<std::uint64_t> shuffleSeed) {
    assert(dataset);
    const std::int64_t size = dataset->size();
    if (count < 2 || count > size)
        return failure("data.folds", said("{} folds of {} images cannot be made: there must be at least 2 folds, "
                                          "and an image in each.",
                                          grouped(count), grouped(size)));
    std::vector<std::int64_t> order(static_cast<std::size_t>(size));
    epochOrder(order, shuffleSeed.value_or(0), 0, shuffleSeed.has_value());
    return Folds(std::move(dataset), count, std::move(order));
}

ValidationSplit Folds::at(std::int64_t fold) const {
    assert(fold >= 0 && fold < m_count);
    const std::int64_t size = m_dataset->size();
    const std::int64_t first = fold * (size / m_count) + std::min(fold, size % m_count);
    const std::int64_t end = first + size / m_count + (fold < size % m_count ? 1 : 0);
    std::vector<std::int64_t> held(m_order.begin() + first, m_order.begin() + end);
    std::vector<std::int64_t> rest;
    rest.reserve(m_order.size() - held.size());
    rest.insert(rest.end(), m_order.begin(), m_order.begin() + first);
    rest.insert(rest.end(), m_order.begin() + end, m_order.end());
    std::ranges::sort(held);
    std::ranges::sort(rest);
    return {std::make_shared<SubsetDataset>(m_dataset, std::move(rest)),
            std::make_shared<SubsetDataset>(m_dataset, std::move(held))};
}

} // namespace strata
