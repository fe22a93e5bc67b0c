// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/cifar.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <new>

#include "engine/core/said.h"
#include "engine/core/workers.h"
#include "engine/data/byte_reader.h"
#include "engine/core/number_text.h"

namespace strata {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPlane = 32 * 32;
constexpr std::size_t kSample = 3 * kPlane;
constexpr std::size_t kRecord = 1 + kSample;
constexpr int kClasses = 10;
constexpr std::int64_t kMostImages = 100'000; ///< of one file; a batch has 10,000

/// "data_batch_1.bin.xz" -> "data_batch_1"; compression and .bin taken away.
std::string stem(const fs::path& path) {
    std::string name = path.filename().string();
    for (const char* suffix : {".gz", ".bz2", ".xz", ".zst"})
        if (name.ends_with(suffix)) name.resize(name.size() - std::string_view(suffix).size());
    if (name.ends_with(".bin")) name.resize(name.size() - 4);
    return name;
}

bool saysTest(const std::string& stem) {
    return stem.starts_with("test_batch");
}

/// The batches of a folder by stem; a plain file is preferred to its compressed twin. data_batch_10 after
/// data_batch_9.
struct ByNumber {
    bool operator()(const std::string& a, const std::string& b) const {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    }
};
using Batches = std::map<std::string, std::string, ByNumber>;

Batches findBatches(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code problem;
    for (fs::directory_iterator it(folder, problem), end; !problem && it != end; it.increment(problem)) {
        const std::string name = stem(it->path());
        if (name.starts_with("data_batch") || saysTest(name)) files.push_back(it->path());
    }
    std::sort(files.begin(), files.end());
    Batches batches;
    for (const fs::path& file : files)
        if (isCifarFile(file.string())) batches.emplace(stem(file), file.string());
    return batches;
}

std::vector<std::string> readClassNames(const fs::path& folder) {
    std::vector<std::string> names;
    constexpr std::size_t kMost = 4096;
    std::string line;
    std::vector<std::uint8_t> text = peekFile((folder / "batches.meta.txt").string(), kMost);
    text.push_back('\n');
    for (const std::uint8_t c : text) {
        if (c >= ' ') line += static_cast<char>(c);
        if (c != '\n') continue;
        if (!line.empty()) names.push_back(line);
        line.clear();
    }
    if (names.size() != kClasses)
        names = {"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"};
    return names;
}

Error tooManyImages(const std::string& path, const DataOptions& options) {
    return failure("data.memory",
                   said("\"{}\" holds more images than fit into {} of memory; take fewer batches.",
                        path, byteText(options.memoryLimit)));
}

Error noBatch(const std::string& path) {
    return failure("cifar.too_many", said("\"{}\" holds more than {} images, where a batch of CIFAR-10 has 10,000; the file is "
                                                 "damaged or of another kind.",
                                                 path, grouped(kMostImages)));
}

/// Adds the records of one file, their colour planes interleaved. `held`: bytes of all files together.
Result<> append(const std::string& path, MemoryDataset::Content& content, std::atomic<std::uint64_t>& held,
                const DataOptions& options) {
    Result<ByteReader> reader = ByteReader::open(path);
    if (!reader) return reader.error();
    if (reader->plainSize() > static_cast<std::uint64_t>(kMostImages) * kRecord) return noBatch(path);
    std::vector<std::uint8_t> record(kRecord);
    for (std::int64_t number = 0;; ++number) {
        if (number % 256 == 0 && options.stop.stop_requested())
            return failure("data.stopped", said("Opening the data was stopped."));
        Result<std::size_t> got = reader->read(record);
        if (!got) return got.error();
        if (*got == 0) return {};
        if (*got < kRecord)
            return failure("cifar.truncated",
                           said("\"{}\" is truncated: image {} has only {} of its {} bytes; "
                                "get the file again.",
                                path, grouped(number + 1), grouped(static_cast<std::int64_t>(*got)),
                                grouped(kRecord)));
        if (record[0] >= kClasses)
            return failure("cifar.label",
                           said("\"{}\": image {} has label {}, but CIFAR-10's labels are 0 to "
                                       "9; the file is damaged or of another kind.",
                                       path, grouped(number + 1), record[0]));
        if (number == kMostImages) return noBatch(path);
        if (held.fetch_add(kSample) + kSample > options.memoryLimit) return tooManyImages(path, options);
        content.labels.push_back(record[0]);
        const std::size_t at = content.pixels.size();
        content.pixels.resize(at + kSample);
        std::uint8_t* const out = content.pixels.data() + at;
        const std::uint8_t* const planes = record.data() + 1;
        for (std::size_t i = 0; i < kPlane; ++i)
            for (std::size_t c = 0; c < 3; ++c)
                out[3 * i + c] = planes[c * kPlane + i];
    }
}

} // namespace

bool isCifarFile(const std::string& path) {
    const std::string name = stem(path);
    const std::string file = fs::path(path).filename().string();
    if (!name.starts_with("data_batch") && !saysTest(name) && file.find(".bin") == std::string::npos)
        return false;
    constexpr std::size_t kRecords = 16;
    const std::vector<std::uint8_t> bytes = peekFile(path, kRecords * kRecord);
    if (bytes.empty()) return false;
    for (std::size_t at = 0; at < bytes.size(); at += kRecord)
        if (bytes[at] >= kClasses) return false;
    return true;
}

bool hasCifarFiles(const std::string& folder) {
    return !findBatches(folder).empty();
}

Result<DataSource> openCifar(const std::string& path, const DataOptions& options) {
    std::error_code ignored;
    const bool isFolder = fs::is_directory(path, ignored);
    fs::path folder = isFolder ? fs::path(path) : fs::path(path).parent_path();
    if (folder.empty()) folder = ".";
    Batches batches = findBatches(folder);
    if (!isFolder) {
        std::erase_if(batches,
                      [&](const auto& entry) { return !saysTest(entry.first) || saysTest(stem(path)); });
        batches.emplace(stem(path), path);
    }
    const bool onlyTest =
        std::all_of(batches.begin(), batches.end(), [](const auto& entry) { return saysTest(entry.first); });

    DataSource source;
    source.name = "CIFAR-10";
    source.description = toSay("Photographs of ten kinds of things, 32 x 32 colour (Krizhevsky 2009).");
    source.pathOrName = path;
    MemoryDataset::Content train{source.name, source.description,    Shape{32, 32, 3}, {},
                                 {},          readClassNames(folder)};
    MemoryDataset::Content test = train;

    // Each file on its own: unpacking .xz is the slow part, and it takes one thread a file.
    struct Job {
        std::string file;
        bool forTest;
        MemoryDataset::Content content;
        Result<> result;
    };
    std::vector<Job> jobs;
    for (const auto& [name, file] : batches)
        jobs.push_back({file, saysTest(name) && !onlyTest, {}, {}});
    if (options.progress) options.progress(0, static_cast<std::int64_t>(jobs.size()));
    std::atomic<std::uint64_t> held{0};
    Workers(0).run(static_cast<std::int64_t>(jobs.size()), [&](std::int64_t chunk, int) {
        Job& job = jobs[static_cast<std::size_t>(chunk)];
        try {
            job.result = append(job.file, job.content, held, options);
        } catch (const std::bad_alloc&) {
            job.result = tooManyImages(job.file, options);
        }
    });
    for (Job& job : jobs) {
        if (!job.result) return job.result.error();
        MemoryDataset::Content& part = job.forTest ? test : train;
        part.pixels.insert(part.pixels.end(), job.content.pixels.begin(), job.content.pixels.end());
        part.labels.insert(part.labels.end(), job.content.labels.begin(), job.content.labels.end());
        job.content = {};
    }
    if (options.progress)
        options.progress(static_cast<std::int64_t>(jobs.size()), static_cast<std::int64_t>(jobs.size()));
    if (train.labels.empty())
        return failure("cifar.empty",
                       said("\"{}\" holds no images of CIFAR-10's binary version; put "
                            "data_batch_1.bin to data_batch_5.bin and test_batch.bin there.",
                            path));
    source.train = std::make_shared<MemoryDataset>(std::move(train));
    if (!test.labels.empty()) source.test = std::make_shared<MemoryDataset>(std::move(test));
    source.fingerprint = fingerprint(source.train.get(), source.test.get());
    return source;
}

} // namespace strata
