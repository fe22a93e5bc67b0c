// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/workers.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace strata {
namespace {

constexpr int kSpins = 20'000;

void relax() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

/// One worker's own range of chunks: [next, end) in one atomic word, tagged with the round it belongs to, so that a
/// late thief of an earlier round can never take a chunk of the present one.
/// Layout: 24 bits round, 20 bits end, 20 bits next.
struct alignas(64) Range {
    std::atomic<std::uint64_t> word{0};

    static std::uint64_t pack(std::uint64_t round, std::uint64_t next, std::uint64_t end) {
        return ((round & 0xFFFFFFU) << 40) | (end << 20) | next;
    }
    /// Takes the next chunk of that round, or -1.
    std::int64_t take(std::uint64_t round) {
        std::uint64_t seen = word.load(std::memory_order_acquire);
        for (;;) {
            const std::uint64_t next = seen & 0xFFFFFU;
            const std::uint64_t end = (seen >> 20) & 0xFFFFFU;
            if ((seen >> 40) != (round & 0xFFFFFFU) || next >= end) return -1;
            if (word.compare_exchange_weak(seen, seen + 1, std::memory_order_acq_rel)) {
                return static_cast<std::int64_t>(next);
            }
        }
    }
};

} // namespace

struct Workers::Impl {
    explicit Impl(int threads) : ranges(static_cast<std::size_t>(threads)) {
        for (int i = 1; i < threads; ++i) pool.emplace_back([this, i] { serve(i); });
    }
    ~Impl() {
        {
            const std::lock_guard lock(mutex);
            stopping = true;
            round.fetch_add(1, std::memory_order_release);
        }
        wake.notify_all();
        for (std::thread& t : pool) t.join();
    }

    void serve(int worker) {
        std::uint64_t seen = 0;
        for (;;) {
            std::uint64_t current = round.load(std::memory_order_acquire);
            for (int spin = 0; current == seen && spin < kSpins; ++spin) {
                relax();
                current = round.load(std::memory_order_acquire);
            }
            if (current == seen) {
                std::unique_lock lock(mutex);
                sleepers.fetch_add(1, std::memory_order_seq_cst);
                wake.wait(lock, [&] { return round.load(std::memory_order_seq_cst) != seen; });
                sleepers.fetch_sub(1, std::memory_order_seq_cst);
                current = round.load(std::memory_order_acquire);
            }
            seen = current;
            if (stopping.load(std::memory_order_acquire)) return;
            work(current, worker);
        }
    }

    void work(std::uint64_t current, int worker) {
        const std::size_t n = ranges.size();
        for (std::size_t k = 0; k < n; ++k) {
            Range& range = ranges[(static_cast<std::size_t>(worker) + k) % n];
            for (std::int64_t chunk = range.take(current); chunk >= 0; chunk = range.take(current)) {
                // A chunk taken keeps `task` alive: run() returns only when every taken chunk is done.
                (*task.load(std::memory_order_acquire))(chunk, worker);
                remaining.fetch_sub(1, std::memory_order_acq_rel);
            }
        }
    }

    std::vector<Range> ranges;
    std::atomic<const ChunkTask*> task{nullptr};
    std::atomic<std::int64_t> remaining{0};
    std::atomic<std::uint64_t> round{0};
    std::atomic<int> sleepers{0};
    std::atomic<bool> stopping{false};
    std::mutex mutex;
    std::condition_variable wake;
    std::vector<std::thread> pool;
};

Workers::Workers(int threads) {
    assert(threads >= 0);
    if (threads == 0) threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    m_impl = std::make_unique<Impl>(threads);
}

Workers::~Workers() = default;

int Workers::count() const {
    return static_cast<int>(m_impl->ranges.size());
}

void Workers::run(std::int64_t chunks, ChunkTask task) {
    assert(chunks < (1 << 20));
    Impl& impl = *m_impl;
    if (impl.ranges.size() == 1 || chunks <= 1) {
        for (std::int64_t chunk = 0; chunk < chunks; ++chunk) task(chunk, 0);
        return;
    }
    impl.task.store(&task, std::memory_order_release);
    impl.remaining.store(chunks, std::memory_order_release);
    const std::uint64_t next = impl.round.load(std::memory_order_relaxed) + 1;
    const auto count = static_cast<std::int64_t>(impl.ranges.size());
    for (std::int64_t w = 0; w < count; ++w) {
        const ChunkRange range = chunkRange(chunks, count, w);
        impl.ranges[static_cast<std::size_t>(w)].word.store(
            Range::pack(next, static_cast<std::uint64_t>(range.first), static_cast<std::uint64_t>(range.first + range.size)),
            std::memory_order_release);
    }
    impl.round.store(next, std::memory_order_seq_cst);
    if (impl.sleepers.load(std::memory_order_seq_cst) > 0) {
        { const std::lock_guard lock(impl.mutex); }
        impl.wake.notify_all();
    }
    impl.work(next, 0);
    while (impl.remaining.load(std::memory_order_acquire) > 0) relax();
}

std::int64_t batchChunks(std::int64_t batch) {
    return std::clamp<std::int64_t>(batch, 1, 16);
}

} // namespace strata
