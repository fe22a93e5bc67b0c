// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/npy.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <limits>

#include "engine/core/atomic_file.h"
#include "engine/core/said.h"
#include "engine/data/byte_reader.h"
#include "engine/data/npy_header.h"
#include "engine/core/number_text.h"

namespace strata {

namespace {

constexpr std::uint64_t kNoSize = std::numeric_limits<std::uint64_t>::max();

/// The bits of one element, in the byte order that the file says.
std::uint64_t bitsAt(const std::uint8_t* at, std::size_t size, bool bigEndian) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < size; ++i)
        bits = bits << 8 | at[bigEndian ? i : size - 1 - i];
    return bits;
}

/// IEEE 754 binary16.
float fromHalf(std::uint16_t bits) {
    const int exponent = bits >> 10 & 0x1F;
    const int fraction = bits & 0x3FF;
    float value = 0;
    if (exponent == 0x1F) {
        value = fraction ? NAN : INFINITY;
    } else if (exponent == 0) {
        value = std::ldexp(static_cast<float>(fraction), -24);
    } else {
        value = std::ldexp(static_cast<float>(fraction + 0x400), exponent - 25);
    }
    return bits & 0x8000 ? -value : value;
}

float elementValue(const std::uint8_t* at, char kind, std::size_t size, bool bigEndian) {
    const std::uint64_t bits = bitsAt(at, size, bigEndian);
    if (kind == 'f') {
        if (size == 8) return static_cast<float>(std::bit_cast<double>(bits));
        if (size == 4) return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
        return fromHalf(static_cast<std::uint16_t>(bits));
    }
    if (kind == 'i') {
        const auto shift = static_cast<int>(64 - 8 * size);
        return static_cast<float>(static_cast<std::int64_t>(bits << shift) >> shift);
    }
    return static_cast<float>(bits);
}

/// "<f4" -> 4; 0 for a type that is not a plain number.
std::size_t elementSize(const std::string& dtype) {
    if (dtype.size() != 3 || std::string_view("<>|=").find(dtype[0]) == std::string_view::npos) return 0;
    const auto size = static_cast<std::size_t>(dtype[2] - '0');
    const bool isPowerOfTwo = size == 1 || size == 2 || size == 4 || size == 8;
    switch (dtype[1]) {
    case 'f':
        return isPowerOfTwo && size > 1 ? size : 0;
    case 'i':
    case 'u':
        return isPowerOfTwo ? size : 0;
    case 'b':
        return size == 1 ? 1 : 0;
    default:
        return 0;
    }
}

/// From first index fastest to last index fastest.
void toCOrder(const std::vector<std::int64_t>& dims, std::vector<float>& values) {
    std::vector<float> result(values.size());
    std::vector<std::size_t> strides(dims.size());
    std::size_t stride = 1;
    for (std::size_t axis = 0; axis < dims.size(); ++axis) {
        strides[axis] = stride;
        stride *= static_cast<std::size_t>(dims[axis]);
    }
    std::vector<std::int64_t> index(dims.size());
    std::size_t from = 0;
    for (float& value : result) {
        value = values[from];
        for (std::size_t axis = dims.size(); axis-- > 0;) {
            from += strides[axis];
            if (++index[axis] < dims[axis]) break;
            from -= strides[axis] * static_cast<std::size_t>(dims[axis]);
            index[axis] = 0;
        }
    }
    values = std::move(result);
}

template <class T>
std::vector<std::uint8_t> bytesOf(std::span<const std::int64_t> dims, std::span<const T> values,
                                  const char* dtype) {
    std::string shape;
    std::size_t count = 1;
    for (const std::int64_t dim : dims) {
        shape += fmt::format("{}{}", shape.empty() ? "" : ", ", dim);
        count *= static_cast<std::size_t>(dim);
    }
    assert(count == values.size());
    if (dims.size() == 1) shape += ",";
    std::string header =
        fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}", dtype, shape);
    constexpr std::size_t kPrefix = 10;
    constexpr std::size_t kAlignment = 64; // as NumPy pads, so that the values can be mapped
    header.append((kAlignment - (kPrefix + header.size() + 1) % kAlignment) % kAlignment, ' ');
    header += '\n';

    std::vector<std::uint8_t> bytes{0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    bytes.push_back(static_cast<std::uint8_t>(header.size() & 0xFF));
    bytes.push_back(static_cast<std::uint8_t>(header.size() >> 8));
    bytes.insert(bytes.end(), header.begin(), header.end());
    bytes.reserve(bytes.size() + values.size() * sizeof(T));
    using Bits = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
    for (const T value : values) {
        const auto bits = std::bit_cast<Bits>(value);
        for (std::size_t i = 0; i < sizeof(T); ++i)
            bytes.push_back(static_cast<std::uint8_t>(bits >> (8 * i) & 0xFF));
    }
    return bytes;
}

struct Described {
    NpyHeader header;
    std::size_t elementSize = 0;
    std::uint64_t need = 0; ///< bytes of values; the largest number where the shape has no size
};

Result<Described> describedBy(std::span<const std::uint8_t> bytes, const std::string& name) {
    Result<NpyHeader> header = parseNpyHeader(bytes, name);
    if (!header) return header.error();
    const std::size_t size = elementSize(header->dtype);
    if (size == 0)
        return failure("npy.type",
                       said("\"{}\" holds values of type \"{}\"; only numbers can be read (float16 to "
                            "float64, integers, bool), so convert it with .astype(\"float32\").",
                            name, header->dtype));
    std::uint64_t need = size;
    bool tooLarge = false;
    for (const std::int64_t dim : header->dims)
        tooLarge = tooLarge || __builtin_mul_overflow(need, static_cast<std::uint64_t>(dim), &need);
    for (const std::int64_t dim : header->dims)
        if (dim == 0) {
            need = 0;
            tooLarge = false;
        }
    return Described{std::move(*header), size, tooLarge ? kNoSize : need};
}

Error otherSize(const Described& d, std::uint64_t have, const std::string& name) {
    return failure("npy.size", said("\"{}\": its shape needs {} of values, but it holds {}; the file is damaged, so get it again.",
                                           name, d.need == kNoSize ? said("more than any memory") : byteText(d.need), byteText(have)));
}

} // namespace

Result<NpyArray> parseNpy(std::span<const std::uint8_t> bytes, const std::string& name) {
    Result<Described> described = describedBy(bytes, name);
    if (!described) return described.error();
    NpyHeader& header = described->header;
    const std::uint64_t have = bytes.size() - header.dataOffset;
    if (described->need != have) return otherSize(*described, have, name);

    NpyArray array{std::move(header.dims), {}, std::move(header.dtype)};
    const std::size_t size = described->elementSize;
    const std::size_t count = static_cast<std::size_t>(have) / size;
    array.values.resize(count);
    const char kind = array.dtype[1];
    const bool bigEndian = array.dtype[0] == '>';
    const std::uint8_t* at = bytes.data() + header.dataOffset;
    for (std::size_t i = 0; i < count; ++i)
        array.values[i] = elementValue(at + i * size, kind, size, bigEndian);
    if (header.fortranOrder && array.dims.size() > 1 && count > 0) toCOrder(array.dims, array.values);
    return array;
}

Result<NpyArray> readNpy(const std::string& path) {
    try {
        Result<ByteReader> reader = ByteReader::open(path);
        if (!reader) return reader.error();
        // Its header says what may be read; a shape fits into far less than this.
        Result<std::vector<std::uint8_t>> bytes = reader->readUpTo(1 << 20);
        if (!bytes) return bytes.error();
        const Result<Described> described = describedBy(*bytes, path);
        if (!described) return described.error();
        constexpr std::uint64_t kMost = std::uint64_t{4} << 30;
        if (described->need != kNoSize && described->need > kMost)
            return failure(
                "npy.too_large",
                said("\"{}\" is larger than {}; cut it into smaller arrays.", path, byteText(kMost)));
        const std::uint64_t whole = described->header.dataOffset + std::min(described->need, kMost);
        const std::uint64_t there = reader->plainSize() > 0 ? reader->plainSize() : whole;
        if (described->need == kNoSize || there != whole) {
            const std::uint64_t have = reader->plainSize() > 0 ? reader->plainSize() : bytes->size();
            return otherSize(*described, have - described->header.dataOffset, path);
        }
        if (whole >= bytes->size()) {
            Result<std::vector<std::uint8_t>> rest = reader->readUpTo(whole - bytes->size() + 1); // one more would be too many
            if (!rest) return rest.error();
            bytes->insert(bytes->end(), rest->begin(), rest->end());
        }
        return parseNpy(*bytes, path);
    } catch (const std::bad_alloc&) {
        return failure("npy.memory",
                       said("\"{}\" does not fit into memory; cut it into smaller arrays.", path));
    }
}

std::vector<std::uint8_t> npyBytes(std::span<const std::int64_t> dims, std::span<const float> values) {
    return bytesOf(dims, values, "<f4");
}
std::vector<std::uint8_t> npyBytes(std::span<const std::int64_t> dims, std::span<const std::int64_t> values) {
    return bytesOf(dims, values, "<i8");
}

Result<> writeNpy(const std::string& path, std::span<const std::int64_t> dims,
                  std::span<const float> values) {
    const std::vector<std::uint8_t> bytes = npyBytes(dims, values);
    return writeFileAtomically(path, std::as_bytes(std::span(bytes)));
}
Result<> writeNpy(const std::string& path, std::span<const std::int64_t> dims,
                  std::span<const std::int64_t> values) {
    const std::vector<std::uint8_t> bytes = npyBytes(dims, values);
    return writeFileAtomically(path, std::as_bytes(std::span(bytes)));
}

} // namespace strata
