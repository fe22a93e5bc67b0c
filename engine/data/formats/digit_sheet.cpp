// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/digit_sheet.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <fmt/format.h>
#include <numeric>

#include "engine/core/rng.h"
#include "engine/core/said.h"
#include "engine/data/image_file.h"

// The assembler takes the picture in as it is; a generated array of numbers would be five times its size to
// compile.
asm(".pushsection .rodata\n"
    ".global strata_digits_begin\n"
    ".global strata_digits_end\n"
    "strata_digits_begin:\n"
    ".incbin \"" STRATA_DIGITS_PNG "\"\n"
    "strata_digits_end:\n"
    ".byte 0\n"
    ".popsection\n");
extern "C" const unsigned char strata_digits_begin[];
extern "C" const unsigned char strata_digits_end[];

namespace strata {

namespace {

constexpr std::int64_t kSide = 20;
constexpr std::int64_t kColumns = 100;
constexpr std::int64_t kClasses = 10;
constexpr std::int64_t kPerClass = 500;
constexpr std::int64_t kTrainPerClass = 400;

using ClassOrder = std::array<std::int64_t, kPerClass>;

ClassOrder shuffledClass(std::int64_t digit) {
    ClassOrder order{};
    std::iota(order.begin(), order.end(), 0);
    Rng rng({.seed = 0,
             .stream = mix(0x646967697473ull /* "digits" */),
             .step = static_cast<std::uint64_t>(digit)});
    for (std::size_t i = order.size() - 1; i > 0; --i)
        std::swap(order[i], order[rng.below(i + 1)]);
    return order;
}

std::shared_ptr<const Dataset> makePart(const Image& sheet, const std::array<ClassOrder, kClasses>& orders,
                                        std::int64_t first, std::int64_t last) {
    MemoryDataset::Content content;
    content.name = "Digits";
    content.description =
        toSay("5,000 handwritten digits, 20 x 20 grey (OpenCV's sample sheet, Apache-2.0; widely taken to "
              "be cut from MNIST).");
    content.sampleShape = Shape{kSide, kSide, 1};
    for (std::int64_t digit = 0; digit < kClasses; ++digit)
        content.classNames.push_back(fmt::format("{}", digit));
    for (std::int64_t place = first; place < last; ++place) {
        for (std::int64_t digit = 0; digit < kClasses; ++digit) {
            const std::int64_t number =
                digit * kPerClass + orders[static_cast<std::size_t>(digit)][static_cast<std::size_t>(place)];
            const std::int64_t top = number / kColumns * kSide;
            const std::int64_t left = number % kColumns * kSide;
            for (std::int64_t y = 0; y < kSide; ++y) {
                const auto row = sheet.pixels.begin() + ((top + y) * sheet.width + left);
                content.pixels.insert(content.pixels.end(), row, row + kSide);
            }
            content.labels.push_back(static_cast<std::int32_t>(digit));
        }
    }
    return std::make_shared<MemoryDataset>(std::move(content));
}

} // namespace

Result<DataSource> openDigits() {
    const std::span<const std::uint8_t> png(strata_digits_begin, strata_digits_end);
    Result<Image> sheet = decodeImage(png, "digits.png", ColourMode::Grey);
    if (!sheet) return sheet.error();
    assert(sheet->width == kColumns * kSide && sheet->height == kClasses * kPerClass / kColumns * kSide);
    std::array<ClassOrder, kClasses> orders{};
    for (std::int64_t digit = 0; digit < kClasses; ++digit)
        orders[static_cast<std::size_t>(digit)] = shuffledClass(digit);

    DataSource source;
    source.train = makePart(*sheet, orders, 0, kTrainPerClass);
    source.test = makePart(*sheet, orders, kTrainPerClass, kPerClass);
    source.name = source.train->name();
    source.description = source.train->description();
    source.pathOrName = "digits";
    source.fingerprint = fingerprint(source.train.get(), source.test.get());
    return source;
}

} // namespace strata
