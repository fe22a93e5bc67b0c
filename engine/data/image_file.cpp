// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/image_file.h"

#include <algorithm>
#include <cassert>
#include <mutex>

// OpenCV's headers do not pass -Wconversion.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#pragma GCC diagnostic pop

#include "engine/core/said.h"
#include "engine/data/byte_reader.h"
#include "engine/data/image_header.h"
#include "engine/data/image_whole.h"
#include "engine/core/number_text.h"

namespace strata {

namespace {

/// Our own threads divide the work; and OpenCV's decoders would write warnings to stderr beside our sentence.
void prepareOpenCv() {
    static std::once_flag once;
    std::call_once(once, [] {
        cv::setNumThreads(1);
        cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    });
}

/// A header over our own bytes, no copy.
cv::Mat matOver(const Image& image) {
    return {static_cast<int>(image.height), static_cast<int>(image.width), CV_8UC(image.channels),
            const_cast<std::uint8_t*>(image.pixels.data())};
}

Image imageFrom(const cv::Mat& mat) {
    Image image{mat.rows, mat.cols, mat.channels(), {}};
    const std::size_t row = static_cast<std::size_t>(mat.cols) * static_cast<std::size_t>(mat.channels());
    image.pixels.resize(row * static_cast<std::size_t>(mat.rows));
    for (int y = 0; y < mat.rows; ++y)
        std::copy_n(mat.ptr(y), row, image.pixels.data() + row * static_cast<std::size_t>(y));
    return image;
}

Error undecodable(const std::string& name) {
    return failure(
        "image.damaged",
        said("\"{}\" is damaged or no picture that can be decoded (PNG, JPEG, BMP, WebP and PNM "
             "can); remove it or save it again.",
             name));
}

} // namespace

bool looksLikeImage(std::span<const std::uint8_t> firstBytes) {
    const auto begins = [&](std::initializer_list<int> magic) {
        return firstBytes.size() >= magic.size() && std::equal(magic.begin(), magic.end(), firstBytes.begin(),
                                                               [](int a, std::uint8_t b) { return a == b; });
    };
    return begins({0x89, 'P', 'N', 'G'}) || begins({0xFF, 0xD8, 0xFF}) || begins({'B', 'M'}) ||
           begins({'R', 'I', 'F', 'F'}) || imageSizeFromHeader(firstBytes).has_value();
}

Result<Image> decodeImage(std::span<const std::uint8_t> bytes, const std::string& name, ColourMode colour) {
    const std::optional<ImageSize> size = imageSizeFromHeader(bytes);
    if (!size || size->height <= 0 || size->width <= 0) return undecodable(name);
    if (size->height > kMaxImagePixels || size->width > kMaxImagePixels ||
        size->height * size->width > kMaxImagePixels)
        return failure(
            "image.too_large",
            said("\"{}\" says that it has {} x {} pixels, more than the {} that are decoded; make "
                 "it smaller.",
                 name, grouped(size->width), grouped(size->height), grouped(kMaxImagePixels)));
    if (!isWholeImage(bytes)) return undecodable(name);
    prepareOpenCv();
    try {
        const cv::Mat encoded(1, static_cast<int>(bytes.size()), CV_8UC1,
                              const_cast<std::uint8_t*>(bytes.data()));
        cv::Mat decoded = cv::imdecode(encoded, cv::IMREAD_ANYCOLOR);
        if (decoded.empty() || decoded.depth() != CV_8U ||
            (decoded.channels() != 1 && decoded.channels() != 3))
            return undecodable(name);
        if (decoded.channels() == 3) cv::cvtColor(decoded, decoded, cv::COLOR_BGR2RGB);
        return withColour(imageFrom(decoded), colour);
    } catch (const std::exception&) {
        return undecodable(name);
    }
}

Result<Image> readImageFile(const std::string& path, ColourMode colour) {
    Result<ByteReader> reader = ByteReader::open(path);
    if (!reader) return reader.error();
    constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 29;
    Result<std::vector<std::uint8_t>> bytes = reader->readUpTo(kMostBytes);
    if (!bytes) return bytes.error();
    if (bytes->size() == kMostBytes)
        return failure("image.too_large", said("\"{}\" is larger than {}; make the picture smaller.",
                                               path, byteText(kMostBytes)));
    return decodeImage(*bytes, path, colour);
}

Image toColour(Image image) {
    if (image.channels == 3) return image;
    Image result{image.height, image.width, 3, {}};
    result.pixels.reserve(image.pixels.size() * 3);
    for (const std::uint8_t value : image.pixels)
        result.pixels.insert(result.pixels.end(), 3, value);
    return result;
}

Image toGrey(Image image) {
    if (image.channels == 1) return image;
    Image result{image.height, image.width, 1, {}};
    result.pixels.resize(image.pixels.size() / 3);
    for (std::size_t i = 0; i < result.pixels.size(); ++i) {
        const std::uint8_t* const rgb = image.pixels.data() + 3 * i;
        // ITU-R BT.601's luma in 16-bit fixed point; the weights add up to 65536.
        result.pixels[i] =
            static_cast<std::uint8_t>((19595u * rgb[0] + 38470u * rgb[1] + 7471u * rgb[2] + 32768u) >> 16);
    }
    return result;
}

Image withColour(Image image, ColourMode colour) {
    if (colour == ColourMode::Grey) return toGrey(std::move(image));
    if (colour == ColourMode::Colour) return toColour(std::move(image));
    return image;
}

Image resized(const Image& image, ImageSize size) {
    assert(size.height > 0 && size.width > 0);
    if (image.size() == size) return image;
    prepareOpenCv();
    const bool smaller = size.height * size.width < image.height * image.width;
    cv::Mat result;
    cv::resize(matOver(image), result, cv::Size(static_cast<int>(size.width), static_cast<int>(size.height)),
               0, 0, smaller ? cv::INTER_AREA : cv::INTER_LINEAR);
    return imageFrom(result);
}

Result<std::vector<std::uint8_t>> encodePng(const Image& image) {
    assert(!image.pixels.empty() &&
           image.pixels.size() == static_cast<std::size_t>(image.height * image.width * image.channels));
    prepareOpenCv();
    try {
        cv::Mat mat = matOver(image);
        if (image.channels == 3) {
            cv::Mat bgr;
            cv::cvtColor(mat, bgr, cv::COLOR_RGB2BGR);
            mat = bgr;
        }
        std::vector<std::uint8_t> bytes;
        if (cv::imencode(".png", mat, bytes)) return bytes;
    } catch (const std::exception&) { // told below
    }
    return failure("image.encode", said("A picture of {} x {} pixels cannot be written as PNG.",
                                        image.width, image.height));
}

std::vector<float> imageValues(const Image& image) {
    return {image.pixels.begin(), image.pixels.end()};
}

Error wrongImageShape(const std::string& place, const Shape& have, const Shape& want,
                      const std::string& remedy) {
    std::string advice = remedy;
    if (advice.empty()) {
        const bool size = have.rank() < 2 || want.rank() < 2 || have[0] != want[0] || have[1] != want[1];
        const bool colour = have.rank() > 2 && want.rank() > 2 && have[2] != want[2];
        if (size && want.rank() >= 2) advice = said("resize it to {}x{}", want[0], want[1]);
        if (colour)
            advice += said("{}read it as {}", advice.empty() ? "" : said(" and "), want[2] == 1 ? "grey" : "rgb");
        if (advice.empty()) advice = said("use images of that shape");
    }
    return failure("image.wrong_shape", said("{}: the image is {}, but the model wants {}; {}.", place,
                                             have.text(), want.text(), advice));
}

} // namespace strata
