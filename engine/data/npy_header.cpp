// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/npy_header.h"

#include "engine/core/said.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace strata {

namespace {

/// Just as much of Python's literals as a header may have: strings, True, False, tuples of whole numbers.
class Literals {
public:
    explicit Literals(std::string_view text)
        : m_text(text) {}

    bool take(char c) {
        skipSpace();
        if (m_text.empty() || m_text.front() != c) return false;
        m_text.remove_prefix(1);
        return true;
    }
    std::optional<std::string> string() {
        skipSpace();
        if (m_text.empty() || (m_text.front() != '\'' && m_text.front() != '"')) return std::nullopt;
        const std::size_t end = m_text.find(m_text.front(), 1);
        if (end == std::string_view::npos) return std::nullopt;
        std::string result(m_text.substr(1, end - 1));
        m_text.remove_prefix(end + 1);
        return result;
    }
    std::optional<bool> boolean() {
        skipSpace();
        for (const bool value : {false, true}) {
            const std::string_view word = value ? "True" : "False";
            if (!m_text.starts_with(word)) continue;
            m_text.remove_prefix(word.size());
            return value;
        }
        return std::nullopt;
    }
    std::optional<std::int64_t> number() {
        skipSpace();
        std::int64_t value = 0;
        std::size_t digits = 0;
        for (; digits < m_text.size() && m_text[digits] >= '0' && m_text[digits] <= '9'; ++digits) {
            if (__builtin_mul_overflow(value, std::int64_t{10}, &value) ||
                __builtin_add_overflow(value, std::int64_t{m_text[digits] - '0'}, &value))
                return std::nullopt;
        }
        if (digits == 0) return std::nullopt;
        m_text.remove_prefix(digits);
        if (!m_text.empty() && m_text.front() == 'L')
            m_text.remove_prefix(1); // as Python 2 wrote long numbers
        return value;
    }
    std::optional<std::vector<std::int64_t>> tuple() {
        if (!take('(')) return std::nullopt;
        std::vector<std::int64_t> values;
        constexpr std::size_t kMostDims = 32; // NumPy's own bound
        while (!take(')')) {
            const std::optional<std::int64_t> value = number();
            if (!value || values.size() == kMostDims) return std::nullopt;
            values.push_back(*value);
            if (!take(',')) {
                if (!take(')')) return std::nullopt;
                break;
            }
        }
        return values;
    }
    bool atEnd() {
        skipSpace();
        return m_text.empty();
    }

private:
    void skipSpace() {
        while (!m_text.empty() && (m_text.front() == ' ' || m_text.front() == '\n' || m_text.front() == '\t'))
            m_text.remove_prefix(1);
    }
    std::string_view m_text;
};

bool parseDictionary(std::string_view text, NpyHeader& header) {
    Literals literals(text);
    if (!literals.take('{')) return false;
    bool hasType = false;
    bool hasOrder = false;
    bool hasShape = false;
    while (!literals.take('}')) {
        const std::optional<std::string> key = literals.string();
        if (!key || !literals.take(':')) return false;
        if (*key == "descr" && !hasType) {
            const std::optional<std::string> value = literals.string();
            if (!value) return false;
            header.dtype = *value;
            hasType = true;
        } else if (*key == "fortran_order" && !hasOrder) {
            const std::optional<bool> value = literals.boolean();
            if (!value) return false;
            header.fortranOrder = *value;
            hasOrder = true;
        } else if (*key == "shape" && !hasShape) {
            std::optional<std::vector<std::int64_t>> value = literals.tuple();
            if (!value) return false;
            header.dims = std::move(*value);
            hasShape = true;
        } else {
            return false;
        }
        if (!literals.take(',')) {
            if (!literals.take('}')) return false;
            break;
        }
    }
    return hasType && hasOrder && hasShape && literals.atEnd();
}

} // namespace

Result<NpyHeader> parseNpyHeader(std::span<const std::uint8_t> bytes, const std::string& name) {
    constexpr std::string_view kMagic = "\x93NUMPY";
    const bool magic = bytes.size() >= 10 &&
                       std::equal(kMagic.begin(), kMagic.end(), bytes.begin(),
                                  [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
    if (!magic)
        return failure("npy.magic",
                       said("\"{}\" is not a .npy file (it does not begin with \\x93NUMPY); write it "
                            "with numpy.save.",
                            name));
    const int version = bytes[6];
    if (version < 1 || version > 3)
        return failure("npy.version",
                       said("\"{}\" is in version {} of the .npy format; only 1 to 3 are known, so "
                            "save it again.",
                            name, version));
    const std::size_t lengthSize = version == 1 ? 2 : 4;
    const std::size_t start = 8 + lengthSize;
    std::size_t length = 0;
    if (bytes.size() >= start)
        for (std::size_t i = lengthSize; i-- > 0;)
            length = length << 8 | bytes[8 + i];
    if (bytes.size() < start || length > bytes.size() - start)
        return failure("npy.truncated",
                       said("\"{}\" ends within its header; get the file again.", name));
    NpyHeader header;
    header.dataOffset = start + length;
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + start, length);
    if (!parseDictionary(text, header))
        return failure("npy.header",
                       said("\"{}\": its header is not a plain array's (descr, fortran_order, "
                            "shape); save a single array of numbers with numpy.save.",
                            name));
    return header;
}

} // namespace strata
