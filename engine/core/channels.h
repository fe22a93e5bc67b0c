// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace strata {

/// Facts from one thread to another, none lost, in order. The reader drains when it likes.
template <class T>
class EventQueue {
public:
    void push(T event) {
        {
            const std::lock_guard lock(m_mutex);
            m_events.push_back(std::move(event));
        }
        m_arrived.notify_one();
    }
    /// Leaves as much room as there was: the writer takes memory only while the queue is longer than ever.
    std::vector<T> drain() {
        std::vector<T> room;
        room.reserve(roomNeeded());
        const std::lock_guard lock(m_mutex);
        if (m_events.empty()) return {};
        return std::exchange(m_events, std::move(room));
    }
    /// Blocks until there is something to drain.
    void wait() {
        std::unique_lock lock(m_mutex);
        m_arrived.wait(lock, [&] { return !m_events.empty(); });
    }

private:
    std::size_t roomNeeded() {
        const std::lock_guard lock(m_mutex);
        return m_events.empty() ? 0 : m_events.capacity();
    }
    std::mutex m_mutex;
    std::condition_variable m_arrived;
    std::vector<T> m_events;
};

/// State from one thread to another: only the newest matters, and it is handed out once.
template <class T>
class Mailbox {
public:
    void put(T value) {
        const std::lock_guard lock(m_mutex);
        m_value = std::move(value);
    }
    T take() {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_value, T{});
    }

private:
    std::mutex m_mutex;
    T m_value{};
};

} // namespace strata
