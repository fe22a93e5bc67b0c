// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/byte_reader.h"

#include "engine/core/said.h"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace strata {

namespace fs = std::filesystem;

struct ByteReader::Impl {
    std::string path;
    archive* handle = nullptr;
    std::uint64_t plainSize = 0;
    bool empty = false;

    ~Impl() { archive_read_free(handle); }
    Error damaged() const {
        const char* reason = archive_error_string(handle);
        return failure("data.damaged",
                       said("\"{}\" is damaged and cannot be unpacked ({}); get the file again.", path,
                            reason ? std::string(reason) : said("no reason given")));
    }
};

ByteReader::ByteReader(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}
ByteReader::ByteReader(ByteReader&&) noexcept = default;
ByteReader& ByteReader::operator=(ByteReader&&) noexcept = default;
ByteReader::~ByteReader() = default;

Result<ByteReader> ByteReader::open(const std::string& path) {
    std::error_code problem;
    const fs::file_status status = fs::status(path, problem);
    if (!fs::exists(status))
        return failure("data.not_found", said("\"{}\" does not exist; check the path.", path));
    if (!fs::is_regular_file(status))
        return failure("data.not_a_file", said("\"{}\" is not a regular file; name a file.", path));

    auto impl = std::make_unique<Impl>();
    impl->path = path;
    impl->handle = archive_read_new();
    // Named one by one: "all" would include filters that start foreign programs.
    archive_read_support_filter_gzip(impl->handle);
    archive_read_support_filter_bzip2(impl->handle);
    archive_read_support_filter_xz(impl->handle);
    archive_read_support_filter_zstd(impl->handle);
    archive_read_support_format_raw(impl->handle);
    const auto size = fs::file_size(path, problem);
    if (!problem && size == 0) {
        impl->empty = true;
        return ByteReader(std::move(impl));
    }
    constexpr std::size_t kBlock = 1 << 16;
    if (archive_read_open_filename(impl->handle, path.c_str(), kBlock) != ARCHIVE_OK) {
        if (!std::ifstream(path))
            return failure("data.unreadable",
                           said("\"{}\" cannot be read; check its permissions.", path));
        return impl->damaged(); // a filter has looked at the first bytes already
    }
    archive_entry* entry = nullptr;
    const int header = archive_read_next_header(impl->handle, &entry);
    if (header == ARCHIVE_EOF) {
        impl->empty = true;
    } else if (header < ARCHIVE_WARN) {
        return impl->damaged();
    }
    // The last filter is always "none"; only one means that nothing is unpacked.
    if (!problem && archive_filter_count(impl->handle) == 1) impl->plainSize = size;
    return ByteReader(std::move(impl));
}

Result<std::size_t> ByteReader::read(std::span<std::uint8_t> out) {
    if (m_impl->empty) return std::size_t{0};
    std::size_t done = 0;
    while (done < out.size()) {
        const la_ssize_t got = archive_read_data(m_impl->handle, out.data() + done, out.size() - done);
        if (got < 0) return m_impl->damaged();
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

Result<std::vector<std::uint8_t>> ByteReader::readUpTo(std::uint64_t count) {
    constexpr std::uint64_t kFirst = 1 << 20;
    std::vector<std::uint8_t> bytes;
    std::uint64_t room = m_impl->plainSize > 0 ? m_impl->plainSize : kFirst;
    while (bytes.size() < count) {
        const std::size_t have = bytes.size();
        bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(count, room)));
        if (bytes.size() == have) break;
        const Result<std::size_t> got = read(std::span(bytes).subspan(have));
        if (!got) return got.error();
        if (have + *got < bytes.size()) {
            bytes.resize(have + *got);
            break;
        }
        room = bytes.size() * std::uint64_t{2};
    }
    return bytes;
}

std::uint64_t ByteReader::plainSize() const {
    return m_impl->plainSize;
}

std::vector<std::uint8_t> peekFile(const std::string& path, std::size_t count) {
    Result<ByteReader> reader = ByteReader::open(path);
    if (!reader) return {};
    Result<std::vector<std::uint8_t>> bytes = reader->readUpTo(count);
    if (!bytes) return {};
    return std::move(*bytes);
}

} // namespace strata
