// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/dataset.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "engine/core/rng.h"

namespace strata {

namespace {

/// Eight bytes a step, so that hashing 60,000 images costs less than reading them.
class Hash {
public:
    void add(std::uint64_t value) { m_state = (m_state ^ mix(value)) * 0x9E3779B97F4A7C15ull; }
    void add(std::span<const std::uint8_t> bytes) {
        add(bytes.size());
        std::size_t at = 0;
        for (; at + 8 <= bytes.size(); at += 8) {
            std::uint64_t word = 0;
            for (unsigned i = 0; i < 8; ++i)
                word |= static_cast<std::uint64_t>(bytes[at + i]) << (8 * i);
            m_state = (m_state ^ word) * 0x9E3779B97F4A7C15ull;
            m_state ^= m_state >> 29;
        }
        for (; at < bytes.size(); ++at)
            add(bytes[at]);
    }
    std::uint64_t value() const { return mix(m_state); }

private:
    std::uint64_t m_state = 0x5374726174614461ull;
};

} // namespace

MemoryDataset::MemoryDataset(Content content)
    : m_content(std::move(content))
    , m_sampleSize(static_cast<std::size_t>(m_content.sampleShape.count())) {
    assert(m_content.pixels.size() == m_content.labels.size() * m_sampleSize);
    assert(std::all_of(m_content.labels.begin(), m_content.labels.end(), [this](std::int32_t label) {
        return label >= 0 && static_cast<std::size_t>(label) < m_content.classNames.size();
    }));
}

int MemoryDataset::label(std::int64_t index) const {
    assert(index >= 0 && index < size());
    return m_content.labels[static_cast<std::size_t>(index)];
}

std::span<const std::uint8_t> MemoryDataset::pixels(std::int64_t index) const {
    assert(index >= 0 && index < size());
    return {m_content.pixels.data() + static_cast<std::size_t>(index) * m_sampleSize, m_sampleSize};
}

void MemoryDataset::read(std::int64_t index, std::span<float> out) const {
    assert(out.size() == m_sampleSize);
    const std::uint8_t* from = pixels(index).data();
    float* to = out.data();
    for (std::size_t i = 0; i < m_sampleSize; ++i)
        to[i] = from[i];
}

std::vector<std::int64_t> labelCounts(const Dataset& dataset) {
    std::vector<std::int64_t> counts(dataset.classNames().size());
    for (std::int64_t i = 0; i < dataset.size(); ++i)
        ++counts[static_cast<std::size_t>(dataset.label(i))];
    return counts;
}

std::uint64_t fingerprint(const Dataset* dataset) {
    if (dataset == nullptr) return 0;
    Hash hash;
    const Shape shape = dataset->sampleShape(); // the range below would not keep a temporary alive
    for (const std::int64_t dim : shape.dims())
        hash.add(static_cast<std::uint64_t>(dim));
    for (const std::string& name : dataset->classNames())
        hash.add({reinterpret_cast<const std::uint8_t*>(name.data()), name.size()});

    const auto count = static_cast<std::size_t>(shape.count());
    const auto* memory = dynamic_cast<const MemoryDataset*>(dataset);
    std::vector<float> values(memory ? 0 : count);
    std::vector<std::uint8_t> bytes(memory ? 0 : count);
    for (std::int64_t i = 0; i < dataset->size(); ++i) {
        hash.add(static_cast<std::uint64_t>(dataset->label(i)));
        if (memory) {
            hash.add(memory->pixels(i));
            continue;
        }
        dataset->read(i, values);
        std::transform(values.begin(), values.end(), bytes.begin(), [](float value) {
            return static_cast<std::uint8_t>(std::clamp(value + 0.5f, 0.0f, 255.0f));
        });
        hash.add(bytes);
    }
    return hash.value();
}

std::uint64_t fingerprint(const Dataset* train, const Dataset* test) {
    Hash hash;
    hash.add(fingerprint(train));
    hash.add(fingerprint(test));
    return hash.value();
}

} // namespace strata
