// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/interop/hdf5_handle.h"
#include "engine/interop/hdf5_tree.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <set>
#include <stdexcept>

namespace strata {
namespace {

constexpr std::size_t attributeLimit = 64512;

struct WriteError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

[[noreturn]] void fail(const std::string& where, std::string_view why) {
    throw WriteError(said("The weights are not saved: \"{}\" {}.", where, why));
}

H5Handle checked(H5Handle handle, const std::string& where) {
    if (!handle.ok()) fail(where, said("is not accepted by HDF5"));
    return handle;
}

void checkName(std::string_view name, const std::string& where) {
    if (name.empty() || name == "." || name == ".." || name.find('/') != std::string_view::npos ||
        name.find('\0') != std::string_view::npos) {
        fail(where, said("has a name that HDF5 does not allow; rename the layer"));
    }
}

template <class T>
constexpr bool isUnknown = std::is_same_v<T, std::monostate>;
template <class T>
constexpr bool isText = std::is_same_v<T, std::vector<std::string>>;

struct FileAndMemoryType {
    hid_t file;
    hid_t memory;
};

FileAndMemoryType typesOf(const std::vector<float>&) {
    return {H5T_IEEE_F32LE, H5T_NATIVE_FLOAT};
}
FileAndMemoryType typesOf(const std::vector<double>&) {
    return {H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE};
}
FileAndMemoryType typesOf(const std::vector<std::int64_t>&) {
    return {H5T_STD_I64LE, H5T_NATIVE_INT64};
}

H5Handle spaceOf(const H5Array& array, std::size_t values, const std::string& where) {
    if (array.dims.size() > H5S_MAX_RANK || array.count() != values) {
        fail(where, said("has {} values, which is not what its shape says", values));
    }
    if (array.dims.empty()) return checked({H5Screate(H5S_SCALAR), H5Sclose}, where);
    const std::vector<hsize_t> dims(array.dims.begin(), array.dims.end());
    return checked({H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr), H5Sclose}, where);
}

/// Fixed-length texts one behind the other, padded with zeros.
std::vector<char> padded(const std::vector<std::string>& texts, std::size_t width) {
    std::vector<char> raw(std::max<std::size_t>(texts.size(), 1) * width, '\0');
    for (std::size_t i = 0; i < texts.size(); ++i)
        std::copy(texts[i].begin(), texts[i].end(), raw.begin() + static_cast<std::ptrdiff_t>(i * width));
    return raw;
}

H5Handle textType(std::size_t width, const std::string& where) {
    H5Handle type = checked({H5Tcopy(H5T_C_S1), H5Tclose}, where);
    H5Tset_size(type.get(), width);
    H5Tset_cset(type.get(), H5T_CSET_UTF8);
    H5Tset_strpad(type.get(), width == H5T_VARIABLE ? H5T_STR_NULLTERM : H5T_STR_NULLPAD);
    return type;
}

void writeAttribute(hid_t object, const std::string& name, hid_t type, hid_t memoryType, hid_t space,
                    const void* data, const std::string& where) {
    const H5Handle attribute =
        checked({H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose}, where);
    static constexpr double nothing = 0; // an empty vector has no address, and HDF5 wants one
    if (H5Awrite(attribute.get(), memoryType, data != nullptr ? data : &nothing) < 0)
        fail(where, said("could not be written"));
}

void writeAttribute(hid_t object, const H5Attribute& a, const std::string& parent) {
    const std::string where = parent + "@" + a.name;
    checkName(a.name, where);
    std::visit(
        [&](const auto& values) {
            using V = std::decay_t<decltype(values)>;
            if constexpr (isUnknown<V>) {
                fail(where, said("has values of an unknown kind"));
            } else {
                const H5Handle space = spaceOf(a.value, values.size(), where);
                if constexpr (isText<V>) {
                    if (a.value.dims.empty()) {
                        if (values.front().find('\0') != std::string::npos)
                            fail(where, said("contains a zero byte"));
                        const char* text = values.front().c_str();
                        const H5Handle type = textType(H5T_VARIABLE, where);
                        writeAttribute(object, a.name, type.get(), type.get(), space.get(), &text, where);
                        return;
                    }
                    std::size_t width = 1;
                    for (const std::string& s : values)
                        width = std::max(width, s.size());
                    if (width * values.size() > attributeLimit) fail(where, said("is above 64512 bytes"));
                    const std::vector<char> raw = padded(values, width);
                    const H5Handle type = textType(width, where);
                    writeAttribute(object, a.name, type.get(), type.get(), space.get(), raw.data(), where);
                } else {
                    if (values.size() * sizeof(values[0]) > attributeLimit)
                        fail(where, said("is above 64512 bytes"));
                    const FileAndMemoryType types = typesOf(values);
                    writeAttribute(object, a.name, types.file, types.memory, space.get(), values.data(),
                                   where);
                }
            }
        },
        a.value.values);
}

H5Handle withoutTimes(hid_t kind, const std::string& where) {
    H5Handle list = checked({H5Pcreate(kind), H5Pclose}, where);
    if (H5Pset_obj_track_times(list.get(), false) < 0) fail(where, said("could not be prepared"));
    return list;
}

void writeAttributes(hid_t object, const H5Node& node, const std::string& where) {
    std::set<std::string_view> names;
    for (const H5Attribute& a : node.attributes) {
        if (!names.insert(a.name).second) fail(where, said("has the attribute \"{}\" twice", a.name));
        writeAttribute(object, a, where);
    }
}

void writeDataset(hid_t parent, const H5Node& node, const std::string& where) {
    if (!node.children.empty()) fail(where, said("is a dataset and has children"));
    const H5Handle made = withoutTimes(H5P_DATASET_CREATE, where);
    H5Pset_fill_time(made.get(), H5D_FILL_TIME_NEVER);
    std::visit(
        [&](const auto& values) {
            using V = std::decay_t<decltype(values)>;
            if constexpr (isUnknown<V>) {
                fail(where, said("has values of an unknown kind"));
            } else {
                const H5Handle space = spaceOf(*node.dataset, values.size(), where);
                const auto create = [&](hid_t type) {
                    return checked({H5Dcreate2(parent, node.name.c_str(), type, space.get(), H5P_DEFAULT,
                                               made.get(), H5P_DEFAULT),
                                    H5Dclose},
                                   where);
                };
                const auto write = [&](const H5Handle& dataset, hid_t type, const void* data) {
                    if (!values.empty() &&
                        H5Dwrite(dataset.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0)
                        fail(where, said("could not be written"));
                    writeAttributes(dataset.get(), node, where);
                };
                if constexpr (isText<V>) {
                    std::size_t width = 1;
                    for (const std::string& s : values)
                        width = std::max(width, s.size());
                    const H5Handle type = textType(width, where);
                    write(create(type.get()), type.get(), padded(values, width).data());
                } else {
                    const FileAndMemoryType types = typesOf(values);
                    write(create(types.file), types.memory, values.data());
                }
            }
        },
        node.dataset->values);
}

void writeChildren(hid_t group, const H5Node& node, const std::string& where) {
    std::set<std::string_view> names;
    for (const H5Node& child : node.children) {
        const std::string path = where + "/" + child.name;
        checkName(child.name, path);
        if (!names.insert(child.name).second) fail(path, said("is there twice; rename one of the layers"));
        if (child.dataset) {
            writeDataset(group, child, path);
            continue;
        }
        const H5Handle made = withoutTimes(H5P_GROUP_CREATE, path);
        const H5Handle sub = checked(
            {H5Gcreate2(group, child.name.c_str(), H5P_DEFAULT, made.get(), H5P_DEFAULT), H5Gclose}, path);
        writeAttributes(sub.get(), child, path);
        writeChildren(sub.get(), child, path);
    }
}

std::vector<std::byte> write(const H5Tree& tree) {
    if (tree.dataset) fail("/", said("is a dataset, the root must be a group"));
    const H5Handle access = checked({H5Pcreate(H5P_FILE_ACCESS), H5Pclose}, "/");
    constexpr std::size_t growth = 1 << 20;
    if (H5Pset_fapl_core(access.get(), growth, 0) < 0 ||
        H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG) < 0)
        throw std::bad_alloc();
    const H5Handle made = withoutTimes(H5P_FILE_CREATE, "/");
    const H5Handle file =
        checked({H5Fcreate("image", H5F_ACC_TRUNC, made.get(), access.get()), H5Fclose}, "/");
    {
        const H5Handle root = checked({H5Gopen2(file.get(), "/", H5P_DEFAULT), H5Gclose}, "/");
        writeAttributes(root.get(), tree, "/");
        writeChildren(root.get(), tree, "");
    }
    if (H5Fflush(file.get(), H5F_SCOPE_GLOBAL) < 0) fail("/", said("could not be written"));
    const ssize_t size = H5Fget_file_image(file.get(), nullptr, 0);
    if (size <= 0) fail("/", said("could not be written"));
    std::vector<std::byte> image(static_cast<std::size_t>(size));
    if (H5Fget_file_image(file.get(), image.data(), image.size()) != size) fail("/", said("could not be written"));
    return image;
}

} // namespace

Result<std::vector<std::byte>> writeHdf5(const H5Tree& tree) {
    try {
        const H5Session session;
        return write(tree);
    } catch (const WriteError& e) {
        return failure("hdf5.cannot_write", e.what());
    } catch (const std::exception&) { // bad_alloc, length_error
        return failure("hdf5.cannot_write", said("The weights are not saved: they do not fit into memory once "
                                                 "more; close other programs and save again."));
    }
}

} // namespace strata
