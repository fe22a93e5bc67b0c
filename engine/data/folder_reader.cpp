// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/folder_reader.h"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <filesystem>
#include <memory>

#include "engine/core/said.h"
#include "engine/data/byte_reader.h"
#include "engine/core/number_text.h"

namespace strata {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostFileBytes = std::uint64_t{1} << 29;
constexpr std::size_t kMostFiles = 5'000'000;

struct ArchiveCloser {
    void operator()(archive* handle) const { archive_read_free(handle); }
};
using ArchiveHandle = std::unique_ptr<archive, ArchiveCloser>;

/// Null when the file is no archive of these kinds.
ArchiveHandle openArchive(const std::string& path) {
    ArchiveHandle handle(archive_read_new());
    archive_read_support_filter_gzip(handle.get());
    archive_read_support_filter_bzip2(handle.get());
    archive_read_support_filter_xz(handle.get());
    archive_read_support_filter_zstd(handle.get());
    archive_read_support_format_tar(handle.get());
    archive_read_support_format_zip(handle.get());
    constexpr std::size_t kBlock = 1 << 16;
    if (archive_read_open_filename(handle.get(), path.c_str(), kBlock) != ARCHIVE_OK) return nullptr;
    return handle;
}

Error damaged(const std::string& path, archive* handle) {
    const char* reason = archive_error_string(handle);
    return failure("data.damaged", said("The archive \"{}\" is damaged ({}); get it again.", path,
                                        reason ? std::string(reason) : said("no reason given")));
}

Error stopped() {
    return failure("data.stopped", said("Opening the data was stopped."));
}

std::string entryName(archive_entry* entry) {
    const char* name = archive_entry_pathname_utf8(entry);
    if (!name) name = archive_entry_pathname(entry);
    return name ? name : "";
}

bool isFile(archive_entry* entry) {
    return archive_entry_filetype(entry) == AE_IFREG;
}

Result<std::vector<std::string>> listArchive(const std::string& path, std::uint64_t totalLimit,
                                             const std::stop_token& stop) {
    const ArchiveHandle handle = openArchive(path);
    if (!handle)
        return failure("data.unreadable",
                       said("\"{}\" cannot be read as an archive; get it again.", path));
    std::vector<std::string> files;
    std::uint64_t total = 0;
    archive_entry* entry = nullptr;
    for (;;) {
        if (stop.stop_requested()) return stopped();
        const int status = archive_read_next_header(handle.get(), &entry);
        if (status == ARCHIVE_EOF) return files;
        if (status < ARCHIVE_WARN) return damaged(path, handle.get());
        if (!isFile(entry)) continue;
        const auto size = static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(entry), 0));
        if (size > kMostFileBytes || (total += size) > totalLimit)
            return failure(
                "data.archive_too_large",
                said("The archive \"{}\" unpacks to more than can be held ({} at \"{}\"); take a "
                     "smaller one, or unpack it and resize its images.",
                     path, byteText(std::max(total, size)), entryName(entry)));
        if (files.size() >= kMostFiles)
            return failure("data.too_many_files",
                           said("The archive \"{}\" holds more than {} files; take fewer.", path,
                                grouped(kMostFiles)));
        files.push_back(entryName(entry));
    }
}

Result<std::vector<std::string>> listFolder(const std::string& path, const std::stop_token& stop) {
    std::vector<std::string> files;
    std::error_code problem;
    constexpr int kDeepest = 6; // symbolic links could otherwise lead round in circles
    const auto options =
        fs::directory_options::follow_directory_symlink | fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator it(path, options, problem), end; !problem && it != end;
         it.increment(problem)) {
        if (stop.stop_requested()) return stopped();
        if (it.depth() >= kDeepest) it.disable_recursion_pending();
        std::error_code ignored;
        if (!it->is_regular_file(ignored)) continue;
        files.push_back(it->path().lexically_relative(path).generic_string());
        if (files.size() > kMostFiles)
            return failure("data.too_many_files",
                           said("Folder \"{}\" holds more than {} files; take fewer.", path,
                                grouped(kMostFiles)));
    }
    if (problem)
        return failure("data.unreadable",
                       said("Folder \"{}\" cannot be read ({}); check its permissions.", path,
                            problem.message()));
    std::sort(files.begin(), files.end());
    return files;
}

/// No bytes when the entry is damaged or lies about its size.
std::vector<std::uint8_t> entryBytes(archive* handle) {
    constexpr std::size_t kBlock = 1 << 16;
    std::vector<std::uint8_t> bytes;
    while (bytes.size() <= kMostFileBytes) {
        const std::size_t have = bytes.size();
        bytes.resize(have + std::max(kBlock, have));
        const la_ssize_t got = archive_read_data(handle, bytes.data() + have, bytes.size() - have);
        if (got < 0) return {};
        bytes.resize(have + static_cast<std::size_t>(got));
        if (got == 0) return bytes;
    }
    return {};
}

} // namespace

bool isArchive(const std::string& path) {
    const ArchiveHandle handle = openArchive(path);
    archive_entry* entry = nullptr;
    return handle && archive_read_next_header(handle.get(), &entry) >= ARCHIVE_WARN &&
           archive_format(handle.get()) != ARCHIVE_FORMAT_EMPTY;
}

Result<FolderReader> FolderReader::open(const std::string& path, std::uint64_t totalLimit,
                                        std::stop_token stop) {
    FolderReader reader;
    reader.m_path = path;
    std::error_code ignored;
    reader.m_isArchive = !fs::is_directory(path, ignored);
    Result<std::vector<std::string>> files =
        reader.m_isArchive ? listArchive(path, totalLimit, stop) : listFolder(path, stop);
    if (!files) return files.error();
    reader.m_files = std::move(*files);
    return reader;
}

Result<> FolderReader::read(const std::vector<bool>& wanted, const Visitor& visit,
                            std::stop_token stop) const {
    if (!m_isArchive) {
        for (std::size_t file = 0; file < m_files.size(); ++file) {
            if (!wanted[file]) continue;
            if (stop.stop_requested()) return stopped();
            std::vector<std::uint8_t> bytes;
            if (Result<ByteReader> reader = ByteReader::open((fs::path(m_path) / m_files[file]).string())) {
                Result<std::vector<std::uint8_t>> read = reader->readUpTo(kMostFileBytes);
                if (read) bytes = std::move(*read);
            }
            if (Result<> visited = visit(file, std::move(bytes)); !visited) return visited;
        }
        return {};
    }

    const ArchiveHandle handle = openArchive(m_path);
    archive_entry* entry = nullptr;
    for (std::size_t file = 0; file < m_files.size();) {
        if (stop.stop_requested()) return stopped();
        if (!handle || archive_read_next_header(handle.get(), &entry) < ARCHIVE_WARN || !entry)
            return failure("data.changed",
                           said("The archive \"{}\" changed while it was read; try again.", m_path));
        if (!isFile(entry)) continue;
        if (wanted[file])
            if (Result<> visited = visit(file, entryBytes(handle.get())); !visited) return visited;
        ++file;
    }
    return {};
}

} // namespace strata
