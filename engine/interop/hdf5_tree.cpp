// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/hdf5_tree.h"

#include <algorithm>
#include <fmt/format.h>

namespace strata {
namespace {

/// The first part of a path and the rest behind its "/".
std::pair<std::string_view, std::string_view> firstPart(std::string_view path) {
    const std::size_t slash = path.find('/');
    if (slash == std::string_view::npos) return {path, {}};
    return {path.substr(0, slash), path.substr(slash + 1)};
}

void appendTexts(std::vector<std::string>& list, const H5Array& array) {
    if (const auto* texts = std::get_if<std::vector<std::string>>(&array.values)) {
        list.insert(list.end(), texts->begin(), texts->end());
    }
}

} // namespace

std::uint64_t H5Array::count() const {
    std::uint64_t product = 1;
    for (const std::uint64_t d : dims)
        product *= d;
    return product;
}

std::optional<std::vector<float>> H5Array::toFloats() const {
    const auto cast = [](const auto& from) {
        std::vector<float> to(from.size());
        std::transform(from.begin(), from.end(), to.begin(), [](auto v) { return static_cast<float>(v); });
        return to;
    };
    if (const auto* f = std::get_if<std::vector<float>>(&values)) return *f;
    if (const auto* d = std::get_if<std::vector<double>>(&values)) return cast(*d);
    if (const auto* i = std::get_if<std::vector<std::int64_t>>(&values)) return cast(*i);
    return std::nullopt;
}

const H5Node* H5Node::child(std::string_view childName) const {
    const auto it =
        std::find_if(children.begin(), children.end(), [&](const H5Node& n) { return n.name == childName; });
    return it == children.end() ? nullptr : &*it;
}

const H5Node* H5Node::find(std::string_view path) const {
    const H5Node* node = this;
    while (node != nullptr && !path.empty()) {
        const auto [head, rest] = firstPart(path);
        if (!head.empty()) node = node->child(head);
        path = rest;
    }
    return node;
}

const H5Array* H5Node::attribute(std::string_view attributeName) const {
    const auto it = std::find_if(attributes.begin(), attributes.end(),
                                 [&](const H5Attribute& a) { return a.name == attributeName; });
    return it == attributes.end() ? nullptr : &it->value;
}

std::optional<std::string> H5Node::text(std::string_view attributeName) const {
    const H5Array* array = attribute(attributeName);
    if (array == nullptr) return std::nullopt;
    const auto* texts = std::get_if<std::vector<std::string>>(&array->values);
    if (texts == nullptr || texts->size() != 1) return std::nullopt;
    return texts->front();
}

std::optional<std::vector<std::string>> H5Node::textList(std::string_view attributeName) const {
    std::vector<std::string> list;
    if (const H5Array* whole = attribute(attributeName)) {
        const bool isText = std::holds_alternative<std::vector<std::string>>(whole->values);
        if (!isText && whole->count() != 0) return std::nullopt;
        appendTexts(list, *whole);
        return list;
    }
    for (int part = 0;; ++part) {
        const H5Array* array = attribute(fmt::format("{}{}", attributeName, part));
        if (array == nullptr) {
            if (part == 0) return std::nullopt;
            return list;
        }
        appendTexts(list, *array);
    }
}

H5Node& H5Node::group(std::string_view path) {
    H5Node* node = this;
    while (!path.empty()) {
        const auto [head, rest] = firstPart(path);
        path = rest;
        if (head.empty()) continue;
        H5Node* next = const_cast<H5Node*>(node->child(head));
        if (next == nullptr) {
            node->children.push_back({});
            next = &node->children.back();
            next->name = head;
        }
        node = next;
    }
    return *node;
}

H5Node& H5Node::addDataset(std::string_view path, std::vector<std::uint64_t> shape, H5Array::Values data) {
    const std::size_t slash = path.rfind('/');
    H5Node& parent = slash == std::string_view::npos ? *this : group(path.substr(0, slash));
    H5Node leaf;
    leaf.name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    leaf.dataset = H5Array{std::move(shape), std::move(data)};
    parent.children.push_back(std::move(leaf));
    return parent.children.back();
}

void H5Node::setText(std::string_view attributeName, std::string value) {
    attributes.push_back(
        {std::string(attributeName), H5Array{{}, std::vector<std::string>{std::move(value)}}});
}

void H5Node::setTextList(std::string_view attributeName, std::vector<std::string> list) {
    constexpr std::size_t headerLimit = 64512; // what Keras keeps to; HDF5 itself stops at 64 KiB
    std::size_t width = 1;
    for (const std::string& s : list)
        width = std::max(width, s.size());
    const std::size_t perPart = std::max<std::size_t>(headerLimit / width, 1);
    if (list.size() <= perPart) {
        const std::uint64_t size = list.size();
        attributes.push_back({std::string(attributeName), H5Array{{size}, std::move(list)}});
        return;
    }
    for (std::size_t from = 0, part = 0; from < list.size(); from += perPart, ++part) {
        const auto first = list.begin() + static_cast<std::ptrdiff_t>(from);
        const auto last = list.begin() + static_cast<std::ptrdiff_t>(std::min(from + perPart, list.size()));
        std::vector<std::string> texts(first, last);
        const std::uint64_t size = texts.size();
        attributes.push_back({fmt::format("{}{}", attributeName, part), H5Array{{size}, std::move(texts)}});
    }
}

std::uint64_t valueLimit(std::uint64_t fileSize, const H5Limits& limits) {
    constexpr std::uint64_t most = std::uint64_t{1} << 40;
    if (limits.ratio > 0 && fileSize > most / limits.ratio) return most;
    return std::min(most, limits.freeBytes + limits.ratio * fileSize);
}

} // namespace strata
