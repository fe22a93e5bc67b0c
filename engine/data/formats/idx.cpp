// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/idx.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>

#include "engine/core/said.h"
#include "engine/data/byte_reader.h"
#include "engine/data/formats/idx_pairs.h"
#include "engine/core/number_text.h"

namespace strata {

namespace {

constexpr std::uint8_t kUnsignedByte = 0x08;
constexpr int kMaxRank = 4;

bool beginsLikeIdx(std::span<const std::uint8_t> bytes) {
    return bytes.size() >= 4 && bytes[0] == 0 && bytes[1] == 0 && bytes[3] >= 1 && bytes[3] <= kMaxRank &&
           (bytes[2] == 0x08 || bytes[2] == 0x09 || (bytes[2] >= 0x0B && bytes[2] <= 0x0E));
}

std::string dimsText(std::span<const std::int64_t> dims) {
    std::string text;
    for (const std::int64_t dim : dims)
        text += (text.empty() ? "" : " x ") + grouped(dim);
    return text;
}

Error truncated(const std::string& path, std::uint64_t have, std::uint64_t need, const std::string& dims) {
    return failure(
        "idx.truncated",
        said("\"{}\" is truncated: its header says {} values, which needs {}, but it holds only {}; "
             "get the file again.",
             path, dims, byteText(need), byteText(have)));
}

/// What the two well-known sets of this format are told by: their first labels.
struct Known {
    const char* name;
    const char* description;
    std::array<std::uint8_t, 10> train;
    std::array<std::uint8_t, 10> test;
    std::vector<std::string> classNames;
};

const std::vector<Known>& knownSets() {
    static const std::vector<Known> sets{
        {"MNIST",
         toSay("Handwritten digits, 28 x 28 grey (LeCun, Cortes, Burges)."),
         {5, 0, 4, 1, 9, 2, 1, 3, 1, 4},
         {7, 2, 1, 0, 4, 1, 4, 9, 5, 9},
         {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}},
        {"Fashion-MNIST",
         toSay("Pictures of clothes, 28 x 28 grey (Zalando SE, MIT licence)."),
         {9, 0, 0, 3, 0, 2, 7, 2, 5, 5},
         {9, 2, 1, 1, 6, 1, 4, 6, 5, 7},
         {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
          "Ankle boot"}},
    };
    return sets;
}

const Known* recognise(const std::vector<std::uint8_t>& labels, bool train) {
    for (const Known& known : knownSets()) {
        const auto& first = train ? known.train : known.test;
        const std::size_t full = train ? 60000 : 10000;
        if (labels.size() == full && std::equal(first.begin(), first.end(), labels.begin())) return &known;
    }
    return nullptr;
}

struct Part {
    IdxArray images;
    std::vector<std::uint8_t> labels;
};

Result<Part> readPart(const IdxPair& pair, const DataOptions& options) {
    if (pair.labels.empty())
        return failure(
            "idx.no_labels",
            said("\"{}\" has no label file beside it; put the file with the same name but \"labels\" "
                 "in place of \"images\" (e.g. train-labels-idx1-ubyte.gz) into that folder.",
                 pair.images));
    if (pair.images.empty())
        return failure(
            "idx.no_images",
            said("\"{}\" holds labels, but there is no image file beside it; put the file with the "
                 "same name but \"images\" in place of \"labels\" into that folder.",
                 pair.labels));
    if (options.stop.stop_requested()) return failure("data.stopped", said("Opening the data was stopped."));
    Result<IdxArray> images = readIdx(pair.images, options.memoryLimit);
    if (!images) return images.error();
    if (images->dims.size() < 3)
        return failure("idx.not_images",
                       said("\"{}\" holds {} values, not images (N x height x width); name a "
                            "file of images.",
                            pair.images, dimsText(images->dims)));
    if (images->dims.size() == 4 && images->dims[3] != 1 && images->dims[3] != 3)
        return failure("idx.channels",
                       said("\"{}\" holds images of {} channels; only 1 (grey) and 3 (colour) "
                            "are known.",
                            pair.images, images->dims[3]));
    Result<IdxArray> labels = readIdx(pair.labels, options.memoryLimit);
    if (!labels) return labels.error();
    if (labels->dims.size() != 1)
        return failure("idx.not_labels",
                       said("\"{}\" holds {} values, not one label an image; name the right "
                            "label file.",
                            pair.labels, dimsText(labels->dims)));
    if (images->dims[0] != labels->dims[0])
        return failure("idx.count",
                       said("\"{}\" holds {} images but \"{}\" holds {} labels; they do not belong "
                            "together.",
                            pair.images, grouped(images->dims[0]), pair.labels,
                            grouped(labels->dims[0])));
    if (images->values.empty())
        return failure("idx.empty",
                       said("\"{}\" holds no images; name a file that does.", pair.images));
    return Part{std::move(*images), std::move(labels->values)};
}

} // namespace

std::optional<int> idxRank(const std::string& path) {
    const std::vector<std::uint8_t> bytes = peekFile(path, 4);
    if (!beginsLikeIdx(bytes) || bytes[2] != kUnsignedByte) return std::nullopt;
    return bytes[3];
}

Result<IdxArray> readIdx(const std::string& path, std::uint64_t memoryLimit) {
    Result<ByteReader> reader = ByteReader::open(path);
    if (!reader) return reader.error();
    std::array<std::uint8_t, 4 + 4 * kMaxRank> header{};
    Result<std::size_t> got = reader->read(std::span(header).first(4));
    if (!got) return got.error();
    if (*got < 4 || !beginsLikeIdx(header))
        return failure("idx.magic",
                       said("\"{}\" does not begin like an IDX file (0 0 type dimensions); name an "
                            "IDX file such as train-images-idx3-ubyte.gz.",
                            path));
    if (header[2] != kUnsignedByte)
        return failure("idx.type",
                       said("\"{}\" holds values of IDX type 0x{:02X}; only unsigned bytes (0x08) "
                            "can be images or labels here, so convert it.",
                            path, header[2]));

    const std::size_t rank = header[3];
    const std::span<std::uint8_t> sizes = std::span(header).subspan(4, 4 * rank);
    got = reader->read(sizes);
    if (!got) return got.error();
    if (*got < sizes.size())
        return failure("idx.truncated",
                       said("\"{}\" ends within its header; get the file again.", path));

    IdxArray array;
    std::uint64_t need = 1;
    bool tooLarge = false;
    for (std::size_t i = 0; i < rank; ++i) {
        std::uint64_t dim = 0;
        for (std::size_t byte = 0; byte < 4; ++byte)
            dim = dim << 8 | sizes[4 * i + byte];
        array.dims.push_back(static_cast<std::int64_t>(dim));
        tooLarge = tooLarge || __builtin_mul_overflow(need, dim, &need);
    }
    const std::uint64_t headerSize = 4 + 4 * rank;
    const std::string dims = dimsText(array.dims);
    if (!tooLarge && reader->plainSize() > 0 && reader->plainSize() < headerSize + need)
        return truncated(path, reader->plainSize(), headerSize + need, dims);
    if (tooLarge || need > memoryLimit)
        return failure(
            "idx.too_large",
            said("\"{}\": its header says {} values, {}, more than the {} that may be held in "
                 "memory; the file is damaged, or take a smaller one.",
                 path, dims, tooLarge ? said("more than any memory") : byteText(need),
                 byteText(memoryLimit)));

    Result<std::vector<std::uint8_t>> values = reader->readUpTo(need);
    if (!values) return values.error();
    if (values->size() < need) return truncated(path, headerSize + values->size(), headerSize + need, dims);
    std::uint8_t surplus = 0;
    got = reader->read({&surplus, 1});
    if (!got) return got.error();
    if (*got > 0)
        return failure("idx.too_long",
                       said("\"{}\" is longer than its header says ({} values); get the file "
                            "again.",
                            path, dims));
    array.values = std::move(*values);
    return array;
}

Result<DataSource> openIdx(const std::string& path, const DataOptions& options) {
    Result<IdxFiles> files = findIdxFiles(path);
    if (!files) return files.error();
    Result<Part> train = readPart(files->train, options);
    if (!train) return train.error();
    std::optional<Part> test;
    if (files->test) {
        Result<Part> part = readPart(*files->test, options);
        if (!part) return part.error();
        const auto& a = train->images.dims;
        const auto& b = part->images.dims;
        if (!std::equal(a.begin() + 1, a.end(), b.begin() + 1, b.end()))
            return failure("idx.sizes",
                           said("\"{}\" holds {} values but \"{}\" holds {}: training and test "
                                "images must have one size; name one image file in a folder of "
                                "its own.",
                                files->train.images, dimsText(a), files->test->images, dimsText(b)));
        test = std::move(*part);
    }

    const Known* known = recognise(train->labels, true);
    if (!known) known = recognise(test ? test->labels : train->labels, false);
    DataSource source;
    source.pathOrName = path;
    source.name = known ? known->name : files->name;
    source.description = known ? known->description : said("IDX files in {}", files->folder);
    std::vector<std::string> names;
    if (known) {
        names = known->classNames;
    } else {
        int classes = *std::max_element(train->labels.begin(), train->labels.end()) + 1;
        if (test)
            classes = std::max(classes, *std::max_element(test->labels.begin(), test->labels.end()) + 1);
        for (int i = 0; i < classes; ++i)
            names.push_back(fmt::format("{}", i));
    }
    const auto makeSet = [&](Part&& part) -> std::shared_ptr<const Dataset> {
        const auto& dims = part.images.dims;
        MemoryDataset::Content content;
        content.name = source.name;
        content.description = source.description;
        content.sampleShape = Shape{dims[1], dims[2], dims.size() == 4 ? dims[3] : 1};
        content.pixels = std::move(part.images.values);
        content.labels.assign(part.labels.begin(), part.labels.end());
        content.classNames = names;
        return std::make_shared<MemoryDataset>(std::move(content));
    };
    if (known) { // a damaged label file could hold any byte
        for (const std::vector<std::uint8_t>* labels : {&train->labels, test ? &test->labels : nullptr}) {
            if (labels && *std::max_element(labels->begin(), labels->end()) >= names.size())
                return failure("idx.label",
                               said("\"{}\": a label is larger than 9, but {} has ten classes; the "
                                    "label file is damaged.",
                                    path, known->name));
        }
    }
    source.train = makeSet(std::move(*train));
    if (test) source.test = makeSet(std::move(*test));
    source.fingerprint = fingerprint(source.train.get(), source.test.get());
    return source;
}

} // namespace strata
