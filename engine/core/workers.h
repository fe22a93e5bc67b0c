// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>

namespace strata {

/// A reference to a callable `void(std::int64_t chunk, int worker)`; never allocates, lives as long as the call.
class ChunkTask {
public:
    template <class F>
    ChunkTask(const F& callable) // NOLINT(google-explicit-constructor): passing a lambda is the point
        : m_object(&callable), m_call([](const void* object, std::int64_t chunk, int worker) {
              (*static_cast<const F*>(object))(chunk, worker);
          }) {}
    void operator()(std::int64_t chunk, int worker) const { m_call(m_object, chunk, worker); }

private:
    const void* m_object;
    void (*m_call)(const void*, std::int64_t, int);
};

/// A fixed set of threads over which chunks of work are spread. A result must depend on the chunk's number alone,
/// never on the worker's: then the same chunks give the same bits for any number of threads.
/// Each worker takes its own contiguous range of chunks first and steals afterwards; the caller is worker 0. It
/// waits for chunks, not for workers: a thread that the system has put aside delays nobody but its own chunk.
class Workers {
public:
    /// `threads` >= 1; 0 means one per processor.
    explicit Workers(int threads);
    ~Workers();
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    int count() const;
    /// Calls task(chunk, worker) once for every chunk in [0, chunks), and returns when all are done.
    /// The task must not throw and must not call run() of the same Workers.
    void run(std::int64_t chunks, ChunkTask task);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// The range of items that belong to one of `chunks` equal parts of `total`: first, first + size.
struct ChunkRange {
    std::int64_t first = 0;
    std::int64_t size = 0;
};
inline ChunkRange chunkRange(std::int64_t total, std::int64_t chunks, std::int64_t chunk) {
    const std::int64_t first = total * chunk / chunks;
    return {first, total * (chunk + 1) / chunks - first};
}

/// The number of fixed chunks into which a batch is cut, a function of the batch alone (so the same on every
/// machine): at most 16, so that partial weight gradients stay small, and at least as many as 8 threads can use.
std::int64_t batchChunks(std::int64_t batch);

} // namespace strata
