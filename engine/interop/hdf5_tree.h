// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace strata {

/// An array of a dataset or attribute, row-major; no dims means a scalar (one value).
/// Integers and booleans of any width arrive as int64, float16 and bfloat16 as float. Values of other kinds
/// (references, compounds) arrive as monostate: they are known to be there, not what they are.
struct H5Array {
    using Values = std::variant<std::monostate, std::vector<float>, std::vector<double>,
                                std::vector<std::int64_t>, std::vector<std::string>>;
    std::vector<std::uint64_t> dims;
    Values values;

    /// The numbers as float32; nullopt for text and unknown kinds.
    std::optional<std::vector<float>> toFloats() const;
    /// The product of the dims; requires: it fits (true for everything that was read).
    std::uint64_t count() const;
    bool operator==(const H5Array&) const = default;
};

struct H5Attribute {
    std::string name;
    H5Array value;
    bool operator==(const H5Attribute&) const = default;
};

/// A group or, when `dataset` is set, a dataset; the root's name is empty. Children and attributes have the
/// order of their creation where the file tracks it, else the alphabetical one.
struct H5Node {
    std::string name;
    std::vector<H5Attribute> attributes;
    std::optional<H5Array> dataset;
    std::vector<H5Node> children;

    /// "layers/conv2d/vars/0", relative to this node; nullptr when it is not there.
    const H5Node* find(std::string_view path) const;
    const H5Node* child(std::string_view childName) const;
    const H5Array* attribute(std::string_view attributeName) const;
    /// A scalar text, or an array of one; nullopt otherwise.
    std::optional<std::string> text(std::string_view attributeName) const;
    /// A list of texts; joins name0, name1, ... into which Keras cuts lists above 64512 bytes. An empty array
    /// of numbers counts as an empty list (Keras writes that one as float64).
    std::optional<std::vector<std::string>> textList(std::string_view attributeName) const;

    /// The group at a relative path; made, with those on the way, when it is not there.
    /// requires: no dataset on the way
    H5Node& group(std::string_view path);
    /// Adds a dataset at a relative path and makes the groups on the way.
    H5Node& addDataset(std::string_view path, std::vector<std::uint64_t> dims, H5Array::Values values);
    /// Written as one text of variable length, as h5py does.
    void setText(std::string_view attributeName, std::string value);
    /// Written as null-padded texts of one length; cut into name0, name1, ... above 64512 bytes.
    void setTextList(std::string_view attributeName, std::vector<std::string> values);

    bool operator==(const H5Node&) const = default;
};

using H5Tree = H5Node;

/// What a file may ask for. Values are bounded by the file: at most `freeBytes + ratio * its size`.
struct H5Limits {
    std::uint64_t freeBytes = std::uint64_t{64} << 20;
    std::uint64_t ratio = 8; ///< room for packed (chunked) datasets
    std::uint64_t maxNodes = 200000;
    std::uint32_t maxDepth = 40;
};

/// Bytes of values that a file of this size may unpack to.
std::uint64_t valueLimit(std::uint64_t fileSize, const H5Limits& limits);

/// Reads an HDF5 file completely, in this process. For bytes of our own only: libhdf5 1.10 has memory faults
/// on crafted files, so foreign ones go through readHdf5Guarded (hdf5_wall.h). Links to other files, external
/// and virtual data sets are refused. Thread-safe (one call at a time: libhdf5 is not). Errors:
/// hdf5.not_hdf5, hdf5.damaged, hdf5.too_large, hdf5.refers_elsewhere.
Result<H5Tree> readHdf5(std::span<const std::byte> file, const H5Limits& limits = {});

/// The tree as the bytes of an HDF5 file: contiguous datasets, no time stamps, the same bytes for the same
/// tree. float -> float32, double -> float64, int64 -> int64; texts as said at setText and setTextList.
/// Errors: hdf5.cannot_write (names that are empty, "." or contain "/", twice the same name, dims that do not
/// fit the values, values of unknown kind, an attribute above 64512 bytes).
Result<std::vector<std::byte>> writeHdf5(const H5Tree& tree);

} // namespace strata
