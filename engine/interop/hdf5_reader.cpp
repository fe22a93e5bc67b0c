// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/interop/hdf5_handle.h"
#include "engine/interop/hdf5_tree.h"

#include <algorithm>
#include <bit>
#include <new>
#include <stdexcept>

namespace strata {
namespace {

std::mutex& sessionMutex() {
    static std::mutex mutex;
    return mutex;
}

/// Ends the reading of a file from any depth; never leaves this file.
struct ReadError : std::runtime_error {
    ReadError(std::string errorId, const std::string& message)
        : std::runtime_error(message)
        , id(std::move(errorId)) {}
    std::string id;
};

[[noreturn]] void throwDamaged(const std::string& where, std::string_view what) {
    throw ReadError("hdf5.damaged",
                    said("The HDF5 file is damaged: \"{}\" {}; fetch or save it again.", where, what));
}

H5Handle checked(H5Handle handle, const std::string& where) {
    if (!handle.ok()) throwDamaged(where, said("cannot be opened"));
    return handle;
}

float fromBfloat16(std::uint16_t bits) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

/// C callback: no exception may pass through libhdf5.
template <class Info>
herr_t collectName(hid_t, const char* name, const Info*, void* data) {
    try {
        static_cast<std::vector<std::string>*>(data)->emplace_back(name);
        return 0;
    } catch (...) {
        return -1;
    }
}

/// A C text of at most `width` bytes, cut as the type says.
std::string cutText(const char* first, std::size_t width, H5T_str_t padding) {
    std::string_view text(first, width);
    if (padding == H5T_STR_SPACEPAD) return std::string(text.substr(0, text.find_last_not_of(' ') + 1));
    if (padding == H5T_STR_NULLPAD) {
        const std::size_t last = text.find_last_not_of('\0');
        return std::string(text.substr(0, last + 1));
    }
    return std::string(text.substr(0, std::min(text.find('\0'), width)));
}

/// Values come from datasets and from attributes; the two differ in these calls only.
struct Source {
    hid_t id;
    bool isAttribute;

    hid_t type() const { return isAttribute ? H5Aget_type(id) : H5Dget_type(id); }
    hid_t space() const { return isAttribute ? H5Aget_space(id) : H5Dget_space(id); }
    herr_t read(hid_t memoryType, void* to) const {
        return isAttribute ? H5Aread(id, memoryType, to)
                           : H5Dread(id, memoryType, H5S_ALL, H5S_ALL, H5P_DEFAULT, to);
    }
};

class TreeReader {
public:
    TreeReader(std::uint64_t fileSize, const H5Limits& limits)
        : m_limits(limits)
        , m_fileSize(fileSize)
        , m_room(valueLimit(fileSize, limits)) {}

    H5Node readGroup(hid_t group, std::string name, const std::string& where, std::uint32_t depth) {
        countNode(where);
        if (depth > m_limits.maxDepth) throwDamaged(where, said("is nested too deeply"));
        H5Node node;
        node.name = std::move(name);
        node.attributes = readAttributes(group, where);
        for (std::string& childName : childNames(group, where)) {
            const std::string path = where == "/" ? "/" + childName : where + "/" + childName;
            refuseSoftLink(group, childName, path);
            const H5Handle object = checked({H5Oopen(group, childName.c_str(), H5P_DEFAULT), H5Oclose}, path);
            const H5I_type_t kind = H5Iget_type(object.get());
            if (kind == H5I_GROUP) {
                node.children.push_back(readGroup(object.get(), std::move(childName), path, depth + 1));
            } else if (kind == H5I_DATASET) {
                node.children.push_back(readDataset(object.get(), std::move(childName), path));
            }
        }
        return node;
    }

private:
    void countNode(const std::string& where) {
        if (++m_nodes > m_limits.maxNodes) {
            throw ReadError("hdf5.too_large",
                            said("The HDF5 file is refused: it holds more than {} objects at \"{}\"; "
                                 "choose a file that Keras or Strata saved.",
                                 m_limits.maxNodes, where));
        }
    }

    void take(std::uint64_t bytes, const std::string& where) {
        if (bytes > m_room) {
            throw ReadError("hdf5.too_large",
                            said("The HDF5 file is refused: its {} bytes would unpack to more than {} "
                                 "bytes at \"{}\"; save it without compression.",
                                 m_fileSize, valueLimit(m_fileSize, m_limits), where));
        }
        m_room -= bytes;
    }

    static void refuseSoftLink(hid_t group, const std::string& name, const std::string& where) {
        H5L_info_t link{};
        if (H5Lget_info(group, name.c_str(), &link, H5P_DEFAULT) < 0) throwDamaged(where, said("cannot be found"));
        if (link.type == H5L_TYPE_HARD) return;
        throw ReadError(
            "hdf5.refers_elsewhere",
            said("The HDF5 file is refused: \"{}\" is a link to another place; save the model itself.",
                 where));
    }

    static std::vector<std::string> childNames(hid_t group, const std::string& where) {
        const H5Handle made = checked({H5Gget_create_plist(group), H5Pclose}, where);
        unsigned order = 0;
        if (H5Pget_link_creation_order(made.get(), &order) < 0) order = 0;
        const bool tracked = (order & H5P_CRT_ORDER_TRACKED) != 0;
        std::vector<std::string> names;
        if (H5Literate(group, tracked ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME, H5_ITER_INC, nullptr,
                       collectName<H5L_info_t>, &names) < 0) {
            throwDamaged(where, said("has an unreadable list of members"));
        }
        return names;
    }

    std::vector<H5Attribute> readAttributes(hid_t object, const std::string& where) {
        std::vector<std::string> names;
        hsize_t position = 0;
        // By name: the order of attributes means nothing to Keras, and most files do not track it.
        if (H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &position, collectName<H5A_info_t>, &names) < 0) {
            throwDamaged(where, said("has unreadable attributes"));
        }
        std::vector<H5Attribute> attributes;
        for (std::string& name : names) {
            countNode(where);
            const std::string path = where + "@" + name;
            const H5Handle attribute = checked({H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose}, path);
            H5Array value = readValues({attribute.get(), true}, path);
            attributes.push_back({std::move(name), std::move(value)});
        }
        return attributes;
    }

    H5Node readDataset(hid_t dataset, std::string name, const std::string& where) {
        countNode(where);
        const H5Handle made = checked({H5Dget_create_plist(dataset), H5Pclose}, where);
        const H5D_layout_t layout = H5Pget_layout(made.get());
        if (layout == H5D_VIRTUAL || H5Pget_external_count(made.get()) != 0) {
            throw ReadError("hdf5.refers_elsewhere",
                            said("The HDF5 file is refused: the values of \"{}\" are in another file; "
                                 "save the model into one file.",
                                 where));
        }
        H5Node node;
        node.name = std::move(name);
        node.attributes = readAttributes(dataset, where);
        node.dataset = readValues({dataset, false}, where);
        // Opaque pairs of bytes that Keras marks as bfloat16, which HDF5 has no name for.
        if (node.text("dtype") == "bfloat16") readBfloat16(dataset, *node.dataset, where);
        return node;
    }

    H5Array readValues(const Source& source, const std::string& where) {
        const H5Handle type = checked({source.type(), H5Tclose}, where);
        const H5Handle space = checked({source.space(), H5Sclose}, where);
        H5Array array;
        const std::uint64_t count = readDims(space.get(), array.dims, where);
        const H5S_class_t spaceClass = H5Sget_simple_extent_type(space.get());
        if (spaceClass == H5S_NULL) return {{0}, std::monostate{}};
        const std::size_t size = H5Tget_size(type.get());
        if (size == 0) throwDamaged(where, said("has values without a size"));
        switch (H5Tget_class(type.get())) {
        case H5T_FLOAT:
            if (size <= sizeof(float))
                array.values = numbers<float>(source, H5T_NATIVE_FLOAT, count, where);
            else
                array.values = numbers<double>(source, H5T_NATIVE_DOUBLE, count, where);
            break;
        case H5T_INTEGER:
        case H5T_ENUM: // h5py's booleans
        case H5T_BITFIELD:
            array.values = numbers<std::int64_t>(source, H5T_NATIVE_INT64, count, where);
            break;
        case H5T_STRING:
            if (H5Tis_variable_str(type.get()) > 0)
                array.values = variableTexts(source, space.get(), type.get(), count, where);
            else
                array.values = fixedTexts(source, type.get(), size, count, where);
            break;
        default:
            break;
        }
        return array;
    }

    /// The number of values. ensures: it can be multiplied by any size of a value.
    static std::uint64_t readDims(hid_t space, std::vector<std::uint64_t>& dims, const std::string& where) {
        const int rank = H5Sget_simple_extent_ndims(space);
        if (rank < 0 || rank > H5S_MAX_RANK) throwDamaged(where, said("has an unreadable shape"));
        std::vector<hsize_t> sizes(static_cast<std::size_t>(rank));
        if (rank > 0 && H5Sget_simple_extent_dims(space, sizes.data(), nullptr) < 0)
            throwDamaged(where, said("has an unreadable shape"));
        constexpr std::uint64_t most = std::uint64_t{1} << 44;
        std::uint64_t count = 1;
        bool empty = false;
        for (const hsize_t d : sizes) {
            empty = empty || d == 0;
            if (d > most || (d != 0 && count > most / d)) throwDamaged(where, said("has an impossible shape"));
            if (d != 0) count *= d;
        }
        dims.assign(sizes.begin(), sizes.end());
        return empty ? 0 : count;
    }

    template <class T>
    std::vector<T> numbers(const Source& source, hid_t memoryType, std::uint64_t count,
                           const std::string& where) {
        take(count * sizeof(T), where);
        refuseUnstored(source, count * sizeof(T), where);
        std::vector<T> values(static_cast<std::size_t>(count));
        if (count > 0 && source.read(memoryType, values.data()) < 0)
            throwDamaged(where, said("has unreadable values"));
        return values;
    }

    /// A dataset that no byte of the file stands behind has only its fill value: a header can claim any size
    /// of it.
    void refuseUnstored(const Source& source, std::uint64_t bytes, const std::string& where) const {
        constexpr std::uint64_t harmless = 1 << 20;
        if (source.isAttribute || bytes <= harmless) return;
        const hsize_t stored = H5Dget_storage_size(source.id);
        if (stored == 0 || stored > m_fileSize)
            throwDamaged(where, said("claims values that the file does not hold"));
    }

    std::vector<std::string> fixedTexts(const Source& source, hid_t type, std::size_t width,
                                        std::uint64_t count, const std::string& where) {
        constexpr std::uint64_t widest = std::uint64_t{1} << 31;
        if (width > widest || count > widest) throwDamaged(where, said("has impossible texts"));
        take(count * (width + sizeof(std::string)), where);
        refuseUnstored(source, count * width, where);
        std::vector<char> raw(static_cast<std::size_t>(count * width));
        if (count > 0 && source.read(type, raw.data()) < 0) throwDamaged(where, said("has unreadable texts"));
        const H5T_str_t padding = H5Tget_strpad(type);
        std::vector<std::string> texts;
        texts.reserve(static_cast<std::size_t>(count));
        for (std::size_t i = 0; i < count; ++i)
            texts.push_back(cutText(raw.data() + i * width, width, padding));
        return texts;
    }

    std::vector<std::string> variableTexts(const Source& source, hid_t space, hid_t type, std::uint64_t count,
                                           const std::string& where) {
        take(count * (sizeof(char*) + sizeof(std::string)), where);
        refuseUnstored(source, count * sizeof(char*), where);
        const H5Handle memory = checked({H5Tcopy(H5T_C_S1), H5Tclose}, where);
        H5Tset_size(memory.get(), H5T_VARIABLE);
        H5Tset_cset(memory.get(), H5Tget_cset(type)); // HDF5 does not convert between ASCII and UTF-8
        std::vector<char*> raw(static_cast<std::size_t>(count), nullptr);
        const herr_t read = count > 0 ? source.read(memory.get(), raw.data()) : 0;
        std::vector<std::string> texts;
        std::uint64_t bytes = 0;
        try {
            for (const char* text : raw) {
                if (read >= 0) texts.emplace_back(text != nullptr ? text : "");
                if (read >= 0) bytes += texts.back().size();
            }
        } catch (...) {
            H5Dvlen_reclaim(memory.get(), space, H5P_DEFAULT, raw.data());
            throw;
        }
        if (count > 0) H5Dvlen_reclaim(memory.get(), space, H5P_DEFAULT, raw.data());
        if (read < 0) throwDamaged(where, said("has unreadable texts"));
        take(bytes, where);
        return texts;
    }

    void readBfloat16(hid_t dataset, H5Array& array, const std::string& where) {
        const H5Handle type = checked({H5Dget_type(dataset), H5Tclose}, where);
        if (H5Tget_class(type.get()) != H5T_OPAQUE || H5Tget_size(type.get()) != 2) return;
        const std::uint64_t count = array.count();
        take(count * sizeof(float), where);
        refuseUnstored({dataset, false}, count * 2, where);
        std::vector<std::uint16_t> raw(static_cast<std::size_t>(count));
        if (count > 0 && Source{dataset, false}.read(type.get(), raw.data()) < 0)
            throwDamaged(where, said("has unreadable values"));
        std::vector<float> values(raw.size());
        std::transform(raw.begin(), raw.end(), values.begin(), fromBfloat16);
        array.values = std::move(values);
    }

    const H5Limits m_limits;
    const std::uint64_t m_fileSize;
    std::uint64_t m_room; // bytes of values that may still be read
    std::uint64_t m_nodes = 0;
};

Result<H5Tree> read(std::span<const std::byte> file, const H5Limits& limits) {
    const H5Handle access = checked({H5Pcreate(H5P_FILE_ACCESS), H5Pclose}, "/");
    // The core driver keeps the file in memory; what it would write back goes nowhere.
    constexpr std::size_t growth = 64 << 10;
    if (H5Pset_fapl_core(access.get(), growth, 0) < 0 ||
        H5Pset_file_image(access.get(), const_cast<std::byte*>(file.data()), file.size()) < 0 ||
        H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG) < 0) {
        throw std::bad_alloc();
    }
    const H5Handle opened(H5Fopen("image", H5F_ACC_RDONLY, access.get()), H5Fclose);
    if (!opened.ok()) {
        return failure("hdf5.damaged",
                       said("The HDF5 file is damaged: its head or its end is missing; fetch or save it again."));
    }
    const H5Handle root = checked({H5Gopen2(opened.get(), "/", H5P_DEFAULT), H5Gclose}, "/");
    return TreeReader(file.size(), limits).readGroup(root.get(), {}, "/", 0);
}

bool hasSignature(std::span<const std::byte> file) {
    constexpr std::string_view mark = "\x89HDF\r\n\x1a\n";
    // A user block may come first; the signature is then at 512, 1024, 2048, ...
    for (std::size_t at = 0; at + mark.size() <= file.size(); at = at == 0 ? 512 : at * 2) {
        const auto here = file.subspan(at, mark.size());
        if (std::equal(here.begin(), here.end(), std::as_bytes(std::span(mark)).begin())) return true;
    }
    return false;
}

} // namespace

H5Session::H5Session()
    : m_lock(sessionMutex()) {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    H5PLset_loading_state(0);
}

Result<H5Tree> readHdf5(std::span<const std::byte> file, const H5Limits& limits) {
    if (!hasSignature(file)) {
        return failure(
            "hdf5.not_hdf5",
            said("The file is not an HDF5 file; choose a model or weights file that Keras or Strata saved."));
    }
    try {
        const H5Session session;
        return read(file, limits);
    } catch (const ReadError& e) {
        return failure(e.id, e.what());
    } catch (const std::exception&) { // bad_alloc, length_error
        return failure(
            "hdf5.too_large",
            said("The HDF5 file does not fit into memory; close other programs or choose a smaller file."));
    }
}

} // namespace strata
