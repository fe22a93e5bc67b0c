// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/data/dataset.h"

#include <optional>

namespace strata {

/// Some samples of another data set, in the order given: shares it, copies no pixel.
class SubsetDataset final : public Dataset {
public:
    /// requires: base, every index in [0, base->size())
    SubsetDataset(std::shared_ptr<const Dataset> base, std::vector<std::int64_t> indices);

    std::int64_t size() const override { return static_cast<std::int64_t>(m_indices.size()); }
    Shape sampleShape() const override { return m_base->sampleShape(); }
    std::vector<std::string> classNames() const override { return m_base->classNames(); }
    int label(std::int64_t index) const override { return m_base->label(baseIndex(index)); }
    void read(std::int64_t index, std::span<float> out) const override {
        m_base->read(baseIndex(index), out);
    }
    std::string name() const override { return m_base->name(); }
    std::string description() const override { return m_base->description(); }
    bool isInMemory() const override { return m_base->isInMemory(); }

    /// Where sample `index` stands in the data set underneath.
    std::int64_t baseIndex(std::int64_t index) const { return m_indices[static_cast<std::size_t>(index)]; }

private:
    std::shared_ptr<const Dataset> m_base;
    std::vector<std::int64_t> m_indices;
};

/// The samples [first, first + count). requires: dataset, the range lies inside it
std::shared_ptr<const Dataset> slice(std::shared_ptr<const Dataset> dataset, std::int64_t first,
                                     std::int64_t count);

/// The first `count` samples, or the data set itself when it has no more. requires: dataset, count >= 0
std::shared_ptr<const Dataset> limit(std::shared_ptr<const Dataset> dataset, std::int64_t count);

struct ValidationSplit {
    std::shared_ptr<const Dataset> train;
    /// Null when the share is 0.
    std::shared_ptr<const Dataset> validation;
};

/// How many of `size` samples stay for training: floor(size * (1 - share)), as in Keras.
std::int64_t trainingCount(std::int64_t size, double share);
/// Keras's validation_split: the last `share` of the samples, cut before any shuffling; the training part
/// keeps the first floor(n * (1 - share)). Fails when the share is not in [0, 1) or leaves a part without
/// samples.
Result<ValidationSplit> validationSplit(std::shared_ptr<const Dataset> dataset, double share);

/// The parts of a k-fold cross-validation: each sample is in the validation part of exactly one fold and in the training
/// part of all others. As scikit-learn's KFold: the first n % k folds have one sample more; without a seed a fold is a
/// run of neighbours, with one the samples are shuffled first. Both parts keep the order of the data. A fold is made
/// when it is asked for: all at once would be `count` times the indices of the data.
class Folds {
public:
    /// Fails when `count` is not from 2 to the number of samples. requires: dataset
    static Result<Folds> make(std::shared_ptr<const Dataset> dataset, std::int64_t count,
                              std::optional<std::uint64_t> shuffleSeed);

    std::int64_t count() const { return m_count; }
    /// requires: fold in [0, count())
    ValidationSplit at(std::int64_t fold) const;

private:
    Folds(std::shared_ptr<const Dataset> dataset, std::int64_t count, std::vector<std::int64_t> order)
        : m_dataset(std::move(dataset))
        , m_count(count)
        , m_order(std::move(order)) {}

    std::shared_ptr<const Dataset> m_dataset;
    std::int64_t m_count;
    std::vector<std::int64_t> m_order;
};

} // namespace strata
