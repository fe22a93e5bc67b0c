// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/convert.h"

#include <algorithm>
#include <cassert>

#include "engine/core/memory.h"
#include "engine/core/said.h"
#include "engine/data/image_file.h"
#include "engine/core/number_text.h"

namespace strata {

namespace {

Shape shapeAfter(const Shape& shape, const DataOptions& options) {
    Shape result = shape;
    if (options.resize) {
        result.set(0, options.resize->height);
        result.set(1, options.resize->width);
    }
    if (options.colour == ColourMode::Grey) result.set(2, 1);
    if (options.colour == ColourMode::Colour) result.set(2, 3);
    return result;
}

Result<std::shared_ptr<const Dataset>> convertedPart(const Dataset& part, const DataOptions& options,
                                                     std::int64_t done, std::int64_t total) {
    const auto& memory = dynamic_cast<const MemoryDataset&>(part);
    const Shape from = part.sampleShape();
    MemoryDataset::Content content{part.name(), part.description(),      shapeAfter(from, options),
                                   {},          memory.content().labels, part.classNames()};
    if (Result<> fits = checkMemory(part.name(), part.size(), content.sampleShape, options); !fits)
        return fits.error();
    content.pixels.reserve(static_cast<std::size_t>(part.size() * content.sampleShape.count()));
    for (std::int64_t i = 0; i < part.size(); ++i) {
        if (i % 256 == 0) {
            if (options.stop.stop_requested())
                return failure("data.stopped", said("Opening the data was stopped."));
            if (options.progress) options.progress(done + i, total);
        }
        const auto bytes = memory.pixels(i);
        Image image{from[0], from[1], static_cast<int>(from[2]), {bytes.begin(), bytes.end()}};
        image = withColour(std::move(image), options.colour);
        if (options.resize) image = resized(image, *options.resize);
        content.pixels.insert(content.pixels.end(), image.pixels.begin(), image.pixels.end());
    }
    return std::shared_ptr<const Dataset>(std::make_shared<MemoryDataset>(std::move(content)));
}

} // namespace

Result<> checkMemory(const std::string& place, std::int64_t count, const Shape& shape,
                     const DataOptions& options) {
    std::uint64_t bytes = static_cast<std::uint64_t>(count);
    bool tooLarge = false;
    for (const std::int64_t dim : shape.dims())
        tooLarge = tooLarge || __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(dim), &bytes);
    const std::uint64_t most = std::min(options.memoryLimit, static_cast<std::uint64_t>(std::max<std::int64_t>(0, availableMemory())));
    if (!tooLarge && bytes <= most) return {};
    return failure("data.memory",
                   said("{}: {} images of {} need {} of memory, more than the {} there are; resize "
                        "them to smaller ones, or use fewer.",
                        place, grouped(count), shape.text(),
                        tooLarge ? said("more bytes than can be counted") : byteText(bytes),
                        byteText(most)));
}

Result<DataSource> converted(DataSource source, const DataOptions& options) {
    const Shape shape = source.train->sampleShape();
    if (shapeAfter(shape, options) == shape) return source;
    const std::int64_t first = source.train->size();
    const std::int64_t total = first + (source.test ? source.test->size() : 0);
    Result<std::shared_ptr<const Dataset>> train = convertedPart(*source.train, options, 0, total);
    if (!train) return train.error();
    source.train = *train;
    if (source.test) {
        Result<std::shared_ptr<const Dataset>> test = convertedPart(*source.test, options, first, total);
        if (!test) return test.error();
        source.test = *test;
    }
    if (options.progress) options.progress(total, total);
    source.fingerprint = fingerprint(source.train.get(), source.test.get());
    return source;
}

} // namespace strata
