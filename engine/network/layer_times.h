// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

namespace strata {

/// What each layer has taken, in seconds of all workers together divided by their number. Nothing is measured before
/// start().
class LayerTimes {
public:
    struct Passes {
        double forward = 0, backward = 0;
    };
    /// In place of a worker: what is done for the whole batch at once.
    static constexpr int kAll = -1;

    void start(std::size_t layers, int workers) {
        m_workers = workers;
        m_layers = layers;
        m_sums.assign(layers * static_cast<std::size_t>(workers + 1), {});
    }
    bool on() const { return !m_sums.empty(); }
    Passes of(std::size_t layer) const {
        Passes sum;
        for (int w = kAll; w < m_workers; ++w) {
            const Passes& part = m_sums[place(w, layer)];
            const double share = w == kAll ? 1.0 : 1.0 / m_workers;
            sum.forward += part.forward * share;
            sum.backward += part.backward * share;
        }
        return sum;
    }

    /// Adds the time of its own life.
    class Stopwatch {
    public:
        Stopwatch(LayerTimes& times, int worker, std::size_t layer, double Passes::* pass)
            : m_sum(times.on() ? &(times.m_sums[times.place(worker, layer)].*pass) : nullptr) {
            if (m_sum != nullptr) m_start = std::chrono::steady_clock::now();
        }
        ~Stopwatch() {
            if (m_sum != nullptr) *m_sum += std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
        }
        Stopwatch(const Stopwatch&) = delete;
        Stopwatch& operator=(const Stopwatch&) = delete;

    private:
        double* m_sum;
        std::chrono::steady_clock::time_point m_start;
    };

private:
    std::size_t place(int worker, std::size_t layer) const { return static_cast<std::size_t>(worker + 1) * m_layers + layer; }

    std::vector<Passes> m_sums; // (all and each worker, layers)
    std::size_t m_layers = 0;
    int m_workers = 0;
};

} // namespace strata
