// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/batch_loader.h"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "engine/core/rng.h"

namespace strata {

void epochOrder(std::span<std::int64_t> order, std::uint64_t seed, std::int64_t epoch, bool shuffle) {
    std::iota(order.begin(), order.end(), std::int64_t{0});
    if (!shuffle) return;
    constexpr std::uint64_t kShuffle = 0x73687566666C65; // "shuffle"
    Rng rng({.seed = seed, .stream = mix(kShuffle), .step = static_cast<std::uint64_t>(epoch)});
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[rng.below(i)]);
}

BatchLoader::BatchLoader(std::shared_ptr<const Dataset> dataset, const Options& options)
    : m_dataset(std::move(dataset))
    , m_options(options)
    , m_sampleSize(m_dataset->sampleShape().count()) {
    assert(m_dataset && options.batchSize > 0);
    const std::int64_t size = m_dataset->size();
    // Never more room than there are samples: a batch size of a million costs a small set nothing.
    m_options.batchSize = std::clamp<std::int64_t>(options.batchSize, 1, std::max<std::int64_t>(size, 1));
    m_batches = (size + m_options.batchSize - 1) / m_options.batchSize;
    m_read = m_handedOut = m_givenBack = m_batches; // as if an epoch were over
    m_order.resize(static_cast<std::size_t>(size));
    const bool ahead = m_options.readAhead == ReadAhead::Always ||
                       (m_options.readAhead == ReadAhead::WhenUseful && !m_dataset->isInMemory());
    for (std::int64_t i = 0; i < (ahead ? kSlots : 1); ++i) {
        Slot& slot = m_slots[static_cast<std::size_t>(i)];
        slot.images.resize(static_cast<std::size_t>(m_options.batchSize * m_sampleSize));
        slot.labels.resize(static_cast<std::size_t>(m_options.batchSize));
    }
    if (ahead) m_thread = std::jthread([this](std::stop_token stop) { readAhead(stop); });
}

BatchLoader::~BatchLoader() {
    stop();
}

void BatchLoader::startEpoch(std::int64_t epoch, std::int64_t firstBatch) {
    assert(firstBatch >= 0 && firstBatch <= m_batches);
    std::unique_lock lock(m_mutex);
    ++m_generation;
    m_read = m_batches; // the thread begins nothing new
    m_changed.wait(lock, [this] { return !m_filling; });
    epochOrder(m_order, m_options.seed, epoch, m_options.shuffle);
    m_read = m_handedOut = m_givenBack = firstBatch;
    m_changed.notify_all();
}

std::optional<Batch> BatchLoader::next() {
    if (m_stopped) return std::nullopt;
    if (!m_thread.joinable()) {
        if (m_handedOut == m_batches) return std::nullopt;
        const std::int64_t batch = m_handedOut++;
        fill(m_slots[0], batch, m_generation);
        if (m_stopped) return std::nullopt;
        return view(batch);
    }
    std::unique_lock lock(m_mutex);
    m_givenBack = m_handedOut;
    m_changed.notify_all();
    if (m_handedOut == m_batches) return std::nullopt;
    m_changed.wait(lock, [this] { return m_read > m_handedOut || m_stopped; });
    if (m_stopped) return std::nullopt;
    return view(m_handedOut++);
}

void BatchLoader::stop() {
    {
        const std::lock_guard lock(m_mutex);
        m_stopped = true;
        ++m_generation;
        m_thread.request_stop();
    }
    m_changed.notify_all();
}

void BatchLoader::readAhead(const std::stop_token& stop) {
    std::unique_lock lock(m_mutex);
    for (;;) {
        if (!m_changed.wait(lock, stop,
                            [this] { return m_read < m_batches && m_read - m_givenBack < kSlots; }))
            return;
        if (stop.stop_requested()) return;
        const std::int64_t batch = m_read;
        const std::uint64_t generation = m_generation;
        m_filling = true;
        lock.unlock();
        fill(m_slots[static_cast<std::size_t>(batch % kSlots)], batch, generation);
        lock.lock();
        m_filling = false;
        if (generation == m_generation) ++m_read;
        m_changed.notify_all();
    }
}

void BatchLoader::fill(Slot& slot, std::int64_t batch, std::uint64_t generation) {
    const std::int64_t first = batch * m_options.batchSize;
    slot.size = std::min(m_options.batchSize, m_dataset->size() - first);
    for (std::int64_t i = 0; i < slot.size; ++i) {
        if (m_generation != generation) return;
        const std::int64_t index = m_order[static_cast<std::size_t>(first + i)];
        const std::span<float> image(slot.images.data() + i * m_sampleSize,
                                     static_cast<std::size_t>(m_sampleSize));
        m_dataset->read(index, image);
        applyScaling(m_options.scaling, image);
        slot.labels[static_cast<std::size_t>(i)] = m_dataset->label(index);
    }
}

Batch BatchLoader::view(std::int64_t batch) const {
    const Slot& slot = m_slots[m_thread.joinable() ? static_cast<std::size_t>(batch % kSlots) : 0];
    const auto first = static_cast<std::size_t>(batch * m_options.batchSize);
    return {slot.size, slot.images.data(), slot.labels.data(),
            std::span(m_order).subspan(first, static_cast<std::size_t>(slot.size))};
}

} // namespace strata
