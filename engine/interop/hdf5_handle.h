// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <hdf5.h>
#include <mutex>
#include <utility>

namespace strata {

/// An HDF5 identifier that is closed at the end of its scope. Only for the .cpp files of this room.
class H5Handle {
public:
    using Close = herr_t (*)(hid_t);
    H5Handle(hid_t id, Close close)
        : m_id(id)
        , m_close(close) {}
    H5Handle(H5Handle&& other) noexcept
        : m_id(std::exchange(other.m_id, -1))
        , m_close(other.m_close) {}
    H5Handle& operator=(H5Handle&&) = delete;
    ~H5Handle() {
        if (m_id >= 0) m_close(m_id);
    }
    hid_t get() const { return m_id; }
    bool ok() const { return m_id >= 0; }

private:
    hid_t m_id;
    Close m_close;
};

/// Debian's serial libhdf5 is not thread-safe: whoever calls it holds this lock.
/// Also silences its error printing and forbids it to load filter plug-ins (code from the file system).
class H5Session {
public:
    H5Session();

private:
    std::lock_guard<std::mutex> m_lock;
};

} // namespace strata
