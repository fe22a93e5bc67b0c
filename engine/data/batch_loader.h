// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "engine/data/dataset.h"
#include "engine/data/scaling.h"

namespace strata {

/// Some samples, ready for the network's input. Points into the loader: good until its next next() or
/// startEpoch().
struct Batch {
    std::int64_t size = 0;
    const float* images = nullptr;         // (size, H, W, C)
    const std::int32_t* labels = nullptr;  // (size)
    std::span<const std::int64_t> indices; // (size), which samples of the data set these are
};

/// The order in which an epoch visits the samples: 0, 1, 2, ... or a Fisher-Yates shuffle of that, a function
/// of seed and epoch alone. Overwrites `order`.
void epochOrder(std::span<std::int64_t> order, std::uint64_t seed, std::int64_t epoch, bool shuffle);

/// Cuts an epoch into batches and has the next ones ready while one is being used. What it delivers depends
/// on data, options and epoch alone, never on timing; nothing is allocated after the constructor. A data set
/// in memory is read within next(): waking a thread would take longer than the copy.
class BatchLoader {
public:
    enum class ReadAhead { WhenUseful, Always, Never };

    struct Options {
        std::int64_t batchSize = 32;
        bool shuffle = true;
        std::uint64_t seed = 0;
        Scaling scaling = Scaling::UnitRange;
        ReadAhead readAhead = ReadAhead::WhenUseful;
    };

    /// requires: dataset, batchSize > 0
    BatchLoader(std::shared_ptr<const Dataset> dataset, const Options& options);
    ~BatchLoader();
    BatchLoader(const BatchLoader&) = delete;
    BatchLoader& operator=(const BatchLoader&) = delete;

    /// The last batch of an epoch may be smaller than the others.
    std::int64_t batchesPerEpoch() const { return m_batches; }

    /// Begins an epoch, also when another is not finished: at its first batch, or where it was left.
    /// requires: 0 <= firstBatch <= batchesPerEpoch()
    void startEpoch(std::int64_t epoch, std::int64_t firstBatch = 0);

    /// The next batch; none at the end of the epoch, before the first one, and after stop().
    std::optional<Batch> next();

    /// From any thread: a waiting next() returns at once, and no batch comes any more.
    void stop();

private:
    static constexpr std::int64_t kSlots = 3;
    struct Slot {
        std::vector<float> images;        // (batchSize, H, W, C)
        std::vector<std::int32_t> labels; // (batchSize)
        std::int64_t size = 0;
    };

    void readAhead(const std::stop_token& stop);
    void fill(Slot& slot, std::int64_t batch, std::uint64_t generation);
    Batch view(std::int64_t batch) const;

    std::shared_ptr<const Dataset> m_dataset;
    Options m_options;
    std::int64_t m_sampleSize = 0;
    std::int64_t m_batches = 0;
    std::vector<std::int64_t> m_order; // (N)
    std::array<Slot, kSlots> m_slots;

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    // Numbers of batches in the running epoch: read, handed out, given back. read - givenBack <= kSlots.
    std::int64_t m_read = 0;
    std::int64_t m_handedOut = 0;
    std::int64_t m_givenBack = 0;
    bool m_filling = false;
    /// A new epoch or stop() makes what is being read worthless.
    std::atomic<std::uint64_t> m_generation{0};
    std::atomic<bool> m_stopped{false};
    std::jthread m_thread; // last: it uses everything above
};

} // namespace strata
