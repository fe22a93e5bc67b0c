// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/image_folder.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>

#include "engine/core/said.h"
#include "engine/core/workers.h"
#include "engine/data/convert.h"
#include "engine/data/folder_reader.h"
#include "engine/data/formats/class_layout.h"
#include "engine/data/image_file.h"
#include "engine/core/number_text.h"

namespace strata {

namespace {

namespace fs = std::filesystem;

/// The two parts while they fill. Their pixels are of one shape, which the first decoded picture decides;
/// storage of grey turns to colour when the first colour picture arrives.
class Filling {
public:
    Filling(const std::string& place, const ClassLayout& layout, const DataOptions& options)
        : m_place(place)
        , m_options(options) {
        for (std::size_t part = 0; part < 2; ++part)
            m_counts[part] = layout.parts[part].size();
    }

    Result<> add(const Image& image, const std::string& file, std::size_t part, std::size_t place) {
        if (m_channels == 0) {
            m_size = image.size();
            m_channels = image.channels;
            m_first = file;
            if (Result<> room = grow(); !room) return room;
        }
        if (!(image.size() == m_size))
            return failure("folder.sizes",
                           said("{}: \"{}\" is {} x {} but \"{}\" is {} x {} (height x width); "
                                "resize all to one size, {}x{} for instance.",
                                m_place, file, image.height, image.width, m_first, m_size.height,
                                m_size.width, m_size.height, m_size.width));
        if (image.channels > m_channels) {
            for (std::vector<std::uint8_t>& pixels : m_pixels) {
                Image all{static_cast<std::int64_t>(pixels.size()), 1, 1, std::move(pixels)};
                m_channels = 3;
                if (Result<> room = checkRoom(); !room) return room;
                try {
                    pixels = toColour(std::move(all)).pixels;
                } catch (const std::bad_alloc&) {
                    return notGiven();
                }
            }
        }
        const Image* stored = &image;
        Image widened;
        if (image.channels < m_channels) {
            widened = toColour(image);
            stored = &widened;
        }
        std::copy(stored->pixels.begin(), stored->pixels.end(),
                  m_pixels[part].begin() + static_cast<std::ptrdiff_t>(place * stored->pixels.size()));
        return {};
    }

    Shape shape() const { return Shape{m_size.height, m_size.width, m_channels}; }
    std::vector<std::uint8_t> take(std::size_t part) { return std::move(m_pixels[part]); }

private:
    Error notGiven() const {
        return failure("data.memory", said("{}: the system does not give the memory for {} images of {}; resize them to smaller ones, or use fewer.", m_place,
                                           grouped(static_cast<std::int64_t>(m_counts[0] + m_counts[1])), shape().text()));
    }
    Result<> checkRoom() const {
        return checkMemory(m_place, static_cast<std::int64_t>(m_counts[0] + m_counts[1]), shape(), m_options);
    }
    Result<> grow() {
        if (Result<> room = checkRoom(); !room) return room;
        try {
            for (std::size_t part = 0; part < 2; ++part)
                m_pixels[part].resize(m_counts[part] * static_cast<std::size_t>(shape().count()));
        } catch (const std::bad_alloc&) {
            return notGiven();
        }
        return {};
    }

    const std::string& m_place;
    const DataOptions& m_options;
    std::array<std::size_t, 2> m_counts{};
    std::array<std::vector<std::uint8_t>, 2> m_pixels; // (N, H, W, C) each
    ImageSize m_size;
    int m_channels = 0;
    std::string m_first;
};

/// Pictures wait here until there are enough for all processors to decode.
class Decoding {
public:
    Decoding(const std::string& place, const DataOptions& options)
        : m_place(place)
        , m_options(options)
        , m_resizedBytes(options.resize ? static_cast<std::size_t>(options.resize->height * options.resize->width) : 0)
        , m_workers(0) {}

    bool push(std::size_t file, std::string name, std::vector<std::uint8_t> bytes) {
        m_bytes += bytes.size();
        m_waiting.push_back({file, std::move(name), std::move(bytes), failure("", ""), false});
        constexpr std::size_t kMostWaiting = 64;
        constexpr std::size_t kMostBytes = 32 << 20;
        return m_waiting.size() >= kMostWaiting || m_bytes >= kMostBytes || m_waiting.size() * m_resizedBytes >= kMostBytes;
    }

    template <class F>
    Result<> decodeAll(F&& store) {
        m_workers.run(static_cast<std::int64_t>(m_waiting.size()), [this](std::int64_t chunk, int) {
            Item& item = m_waiting[static_cast<std::size_t>(chunk)];
            try {
                item.image = decodeImage(item.bytes, item.name, m_options.colour);
                if (item.image && m_options.resize) item.image = resized(*item.image, *m_options.resize);
            } catch (const std::exception&) { // of std and of OpenCV: both say that there is no memory
                item.tooLarge = true;
            }
            item.bytes = {};
        });
        for (const Item& item : m_waiting) {
            if (item.tooLarge) {
                return failure("data.memory", said("{}: \"{}\" does not fit into the memory that is free; close other programs, or resize the images to smaller ones.",
                                                   m_place, item.name));
            }
            if (Result<> stored = store(item.file, item.name, item.image); !stored) return stored;
        }
        m_waiting.clear();
        m_bytes = 0;
        return {};
    }

private:
    struct Item {
        std::size_t file;
        std::string name;
        std::vector<std::uint8_t> bytes;
        Result<Image> image;
        bool tooLarge;
    };
    const std::string& m_place;
    const DataOptions& m_options;
    const std::size_t m_resizedBytes; ///< a channel of a picture, where the size is known before
    Workers m_workers;
    std::vector<Item> m_waiting;
    std::size_t m_bytes = 0;
};

Error unreadable(const std::string& place, const std::vector<std::string>& names, std::size_t total) {
    std::string some;
    constexpr std::size_t kShown = 3;
    for (std::size_t i = 0; i < std::min(kShown, names.size()); ++i)
        some += fmt::format("{}\"{}\"", i ? ", " : "", names[i]);
    if (names.size() > kShown) some += ", ...";
    return failure("folder.unreadable",
                   said("{}: {} of {} pictures cannot be decoded ({}); remove them or save "
                        "them again as PNG or JPEG.",
                        place, grouped(static_cast<std::int64_t>(names.size())),
                        grouped(static_cast<std::int64_t>(total)), some));
}

} // namespace

bool hasClassFolders(const std::string& folder) {
    // One picture two levels down is enough; a whole data set need not be listed to see that.
    std::error_code problem;
    int looked = 0;
    for (fs::recursive_directory_iterator
             it(folder, fs::directory_options::follow_directory_symlink, problem),
         end;
         !problem && it != end; it.increment(problem)) {
        constexpr int kMostLooks = 20000;
        if (++looked > kMostLooks) return false;
        if (it.depth() >= 3) it.disable_recursion_pending();
        std::error_code ignored;
        if (it.depth() >= 1 && isPictureName(it->path().filename().string()) && it->is_regular_file(ignored))
            return true;
    }
    // A folder of loose pictures is one too, so that openImageFolder can say what is wrong with it.
    for (fs::directory_iterator it(folder, problem), end; !problem && it != end; it.increment(problem))
        if (isPictureName(it->path().filename().string())) return true;
    return false;
}

bool isImageArchive(const std::string& path) {
    return isArchive(path);
}

Result<DataSource> openImageFolder(const std::string& path, const DataOptions& options) {
    // Pictures are smaller packed than unpacked; four times the limit is room for those that are shrunk on
    // loading.
    Result<FolderReader> reader = FolderReader::open(path, 4 * options.memoryLimit, options.stop);
    if (!reader) return reader.error();
    fs::path named(path);
    if (named.filename().empty()) named = named.parent_path();
    const std::string place = fmt::format("\"{}\"", path);
    Result<ClassLayout> layout = classLayout(reader->files(), place);
    if (!layout) return layout.error();

    std::vector<bool> wanted(reader->files().size());
    std::vector<std::array<std::size_t, 2>> slots(wanted.size()); // part, place in it
    std::size_t total = 0;
    for (std::size_t part = 0; part < 2; ++part) {
        for (std::size_t i = 0; i < layout->parts[part].size(); ++i, ++total) {
            const std::size_t file = layout->parts[part][i].file;
            wanted[file] = true;
            slots[file] = {part, i};
        }
    }

    Filling filling(place, *layout, options);
    if (options.resize) { // the size is known, and channels are one at least: told before the first picture takes memory
        const Shape least{options.resize->height, options.resize->width, options.colour == ColourMode::Colour ? 3 : 1};
        if (Result<> room = checkMemory(place, static_cast<std::int64_t>(total), least, options); !room) return room.error();
    }
    Decoding decoding(place, options);
    std::vector<std::string> failed;
    std::int64_t done = 0;
    const auto store = [&](std::size_t file, const std::string& name,
                           const Result<Image>& image) -> Result<> {
        if (image) return filling.add(*image, name, slots[file][0], slots[file][1]);
        failed.push_back(name);
        return {};
    };
    Result<> read = reader->read(
        wanted,
        [&](std::size_t file, std::vector<std::uint8_t> bytes) -> Result<> {
            ++done;
            if (!decoding.push(file, reader->files()[file], std::move(bytes))) return {};
            if (options.progress) options.progress(done, static_cast<std::int64_t>(total));
            return decoding.decodeAll(store);
        },
        options.stop);
    if (read) read = decoding.decodeAll(store);
    if (!read) return read.error();
    if (!failed.empty()) return unreadable(place, failed, total);
    if (options.progress)
        options.progress(static_cast<std::int64_t>(total), static_cast<std::int64_t>(total));

    DataSource source;
    source.name = named.filename().string();
    source.description = said("Images in class folders, {}", path) + layout->note;
    source.pathOrName = path;
    for (std::size_t part = 0; part < 2; ++part) {
        if (layout->parts[part].empty()) continue;
        MemoryDataset::Content content{source.name, source.description, filling.shape(), filling.take(part),
                                       {},          layout->classNames};
        for (const ClassLayout::Sample& sample : layout->parts[part])
            content.labels.push_back(sample.label);
        (part == 0 ? source.train : source.test) = std::make_shared<MemoryDataset>(std::move(content));
    }
    source.fingerprint = fingerprint(source.train.get(), source.test.get());
    return source;
}

} // namespace strata
