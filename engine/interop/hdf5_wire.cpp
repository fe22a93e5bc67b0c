// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/hdf5_wire.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>
#include <type_traits>

namespace strata {
namespace {

constexpr std::string_view mark = "strata-hdf5-tree-1\n";
constexpr std::uint32_t deepest = 64;

class Encoder {
public:
    void raw(const void* data, std::size_t size) {
        if (size == 0) return;
        const std::size_t at = m_bytes.size();
        if (m_bytes.capacity() - at < size) m_bytes.reserve(std::max(2 * m_bytes.capacity(), at + size));
        m_bytes.resize(at + size);
        std::memcpy(m_bytes.data() + at, data, size);
    }
    void number(std::uint64_t v) { raw(&v, sizeof v); }
    void text(std::string_view s) {
        number(s.size());
        raw(s.data(), s.size());
    }
    void array(const H5Array& a) {
        number(a.dims.size());
        for (const std::uint64_t d : a.dims)
            number(d);
        number(a.values.index());
        std::visit([this](const auto& values) { put(values); }, a.values);
    }
    void node(const H5Node& n) {
        text(n.name);
        number(n.attributes.size());
        for (const H5Attribute& a : n.attributes) {
            text(a.name);
            array(a.value);
        }
        number(n.dataset ? 1 : 0);
        if (n.dataset) array(*n.dataset);
        number(n.children.size());
        for (const H5Node& child : n.children)
            node(child);
    }
    std::vector<std::byte> take() { return std::move(m_bytes); }

private:
    void put(std::monostate) {}
    void put(const std::vector<std::string>& texts) {
        number(texts.size());
        for (const std::string& s : texts)
            text(s);
    }
    template <class T>
    void put(const std::vector<T>& values) {
        number(values.size());
        raw(values.data(), values.size() * sizeof(T));
    }

    std::vector<std::byte> m_bytes;
};

struct BadReply : std::runtime_error {
    BadReply()
        : std::runtime_error("bad reply") {}
};

class Decoder {
public:
    explicit Decoder(std::span<const std::byte> bytes)
        : m_rest(bytes) {}

    std::span<const std::byte> raw(std::uint64_t size) {
        if (size > m_rest.size()) throw BadReply();
        const auto part = m_rest.first(static_cast<std::size_t>(size));
        m_rest = m_rest.subspan(part.size());
        return part;
    }
    std::uint64_t number() {
        std::uint64_t v = 0;
        std::memcpy(&v, raw(sizeof v).data(), sizeof v);
        return v;
    }
    /// A number of things that take at least `each` bytes: more than the rest can hold is a lie.
    std::uint64_t count(std::size_t each) {
        const std::uint64_t n = number();
        if (n > m_rest.size() / each) throw BadReply();
        return n;
    }
    std::string text() {
        const auto part = raw(number());
        return {reinterpret_cast<const char*>(part.data()), part.size()};
    }
    H5Array array() {
        H5Array a;
        a.dims.resize(static_cast<std::size_t>(count(sizeof(std::uint64_t))));
        for (std::uint64_t& d : a.dims)
            d = number();
        switch (number()) {
        case 0:
            return a; // a kind that is not known: the shape means nothing to anybody
        case 1:
            a.values = plain<float>();
            break;
        case 2:
            a.values = plain<double>();
            break;
        case 3:
            a.values = plain<std::int64_t>();
            break;
        case 4:
            a.values = texts();
            break;
        default:
            throw BadReply();
        }
        const std::size_t have = std::visit([](const auto& v) { return sizeOf(v); }, a.values);
        if (!matches(a.dims, have)) throw BadReply();
        return a;
    }
    H5Node node(std::uint32_t depth) {
        if (depth > deepest) throw BadReply();
        H5Node n;
        n.name = text();
        const std::uint64_t attributes = count(3 * sizeof(std::uint64_t));
        for (std::uint64_t i = 0; i < attributes; ++i) {
            std::string name = text();
            n.attributes.push_back({std::move(name), array()});
        }
        const std::uint64_t isDataset = number();
        if (isDataset > 1) throw BadReply();
        if (isDataset == 1) n.dataset = array();
        const std::uint64_t children = count(4 * sizeof(std::uint64_t));
        for (std::uint64_t i = 0; i < children; ++i)
            n.children.push_back(node(depth + 1));
        return n;
    }
    bool atEnd() const { return m_rest.empty(); }

private:
    static std::size_t sizeOf(std::monostate) { return 0; }
    template <class T>
    static std::size_t sizeOf(const std::vector<T>& v) {
        return v.size();
    }
    /// The product of the dims is `have`, computed without overflow.
    static bool matches(const std::vector<std::uint64_t>& dims, std::uint64_t have) {
        if (std::find(dims.begin(), dims.end(), 0u) != dims.end()) return have == 0;
        std::uint64_t product = 1;
        for (const std::uint64_t d : dims) {
            if (product > have / d) return false;
            product *= d;
        }
        return product == have;
    }
    template <class T>
    std::vector<T> plain() {
        std::vector<T> values(static_cast<std::size_t>(count(sizeof(T))));
        const auto part = raw(values.size() * sizeof(T));
        if (!values.empty()) std::memcpy(values.data(), part.data(), part.size());
        return values;
    }
    std::vector<std::string> texts() {
        std::vector<std::string> values(static_cast<std::size_t>(count(sizeof(std::uint64_t))));
        for (std::string& s : values)
            s = text();
        return values;
    }

    std::span<const std::byte> m_rest;
};

} // namespace

std::vector<std::byte> encodeH5Reply(const Result<H5Tree>& reply) {
    Encoder out;
    out.raw(mark.data(), mark.size());
    out.number(reply.ok() ? 1 : 0);
    if (reply.ok()) {
        out.node(*reply);
    } else {
        out.text(reply.error().id);
        out.text(reply.error().message);
    }
    return out.take();
}

std::optional<Result<H5Tree>> decodeH5Reply(std::span<const std::byte> bytes) {
    try {
        Decoder in(bytes);
        const auto head = in.raw(mark.size());
        if (std::memcmp(head.data(), mark.data(), mark.size()) != 0) return std::nullopt;
        const std::uint64_t ok = in.number();
        if (ok > 1) return std::nullopt;
        if (ok == 0) {
            std::string id = in.text();
            std::string message = in.text();
            if (!in.atEnd() || !id.starts_with("hdf5.")) return std::nullopt;
            return Result<H5Tree>(failure(std::move(id), std::move(message)));
        }
        H5Tree tree = in.node(0);
        if (!in.atEnd()) return std::nullopt;
        return Result<H5Tree>(std::move(tree));
    } catch (const std::exception&) { // BadReply, bad_alloc
        return std::nullopt;
    }
}

} // namespace strata
