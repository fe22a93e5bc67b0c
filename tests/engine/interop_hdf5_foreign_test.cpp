// SPDX-License-Identifier: GPL-3.0-or-later
// Files that libhdf5 finds in order, but that Keras would not write: each is made here by libhdf5 itself.
#include "engine/interop/hdf5_wall.h"
#include "interop_data.h"
#include "tests/support/wall_main.h"

#include <functional>
#include <hdf5.h>
#include <QTemporaryDir>
#include <QTest>

using namespace strata;

namespace {

using Make = std::function<void(hid_t file)>;

std::vector<std::byte> fileOf(const Make& make) {
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fapl_core(access, 1 << 16, 0);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    const hid_t file = H5Fcreate("foreign", H5F_ACC_TRUNC, H5P_DEFAULT, access);
    make(file);
    H5Fflush(file, H5F_SCOPE_GLOBAL);
    std::vector<std::byte> image(static_cast<std::size_t>(H5Fget_file_image(file, nullptr, 0)));
    H5Fget_file_image(file, image.data(), image.size());
    H5Fclose(file);
    H5Pclose(access);
    return image;
}

hid_t dataset(hid_t file, const char* name, hid_t type, std::vector<hsize_t> dims, hid_t made = H5P_DEFAULT) {
    const hid_t space = H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr);
    const hid_t set = H5Dcreate2(file, name, type, space, H5P_DEFAULT, made, H5P_DEFAULT);
    H5Sclose(space);
    return set;
}

void textAttribute(hid_t object, const char* name, std::string_view text, H5T_str_t padding,
                   std::size_t width) {
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, width);
    H5Tset_strpad(type, padding);
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    std::string raw(text);
    raw.resize(width, padding == H5T_STR_SPACEPAD ? ' ' : '\0');
    H5Awrite(attribute, type, raw.data());
    H5Aclose(attribute);
    H5Sclose(space);
    H5Tclose(type);
}

std::string message(const auto& result) {
    return result.ok() ? std::string() : result.error().message;
}

} // namespace

class InteropHdf5ForeignTest : public QObject {
    Q_OBJECT
private slots:
    void packedDatasetsAreRead() {
        std::vector<float> values(50000);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = static_cast<float>(i % 1000);
        const auto file = fileOf([&](hid_t f) {
            const hid_t made = H5Pcreate(H5P_DATASET_CREATE);
            const hsize_t chunk[] = {100, 50};
            H5Pset_chunk(made, 2, chunk);
            H5Pset_shuffle(made);
            H5Pset_deflate(made, 9);
            const hid_t set = dataset(f, "w", H5T_IEEE_F32BE, {1000, 50}, made);
            H5Dwrite(set, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
        });
        QVERIFY(file.size() < 100000);
        const auto tree = readHdf5Guarded(file);
        QVERIFY2(tree.ok(), message(tree).c_str());
        QVERIFY(tree->child("w")->dataset->toFloats() == values);
    }

    void allKindsOfNumbers() {
        const auto file = fileOf([](hid_t f) {
            const std::int8_t bits[] = {1, 0};
            const hid_t boolean = H5Tenum_create(H5T_NATIVE_INT8);
            const std::int8_t no = 0;
            const std::int8_t yes = 1;
            H5Tenum_insert(boolean, "FALSE", &no);
            H5Tenum_insert(boolean, "TRUE", &yes);
            H5Dwrite(dataset(f, "bool", boolean, {2}), boolean, H5S_ALL, H5S_ALL, H5P_DEFAULT, bits);
            const std::uint8_t bytes[] = {200, 7};
            H5Dwrite(dataset(f, "u8", H5T_STD_U8LE, {2}), H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                     bytes);
            // IEEE half precision, as numpy's float16: 1 sign, 5 exponent, 10 mantissa bits.
            const hid_t half = H5Tcopy(H5T_IEEE_F32LE);
            H5Tset_fields(half, 15, 10, 5, 0, 10);
            H5Tset_size(half, 2);
            H5Tset_ebias(half, 15);
            const std::uint16_t halves[] = {0x3c00, 0xc100}; // 1, -2.5
            H5Dwrite(dataset(f, "half", half, {2}), half, H5S_ALL, H5S_ALL, H5P_DEFAULT, halves);
            const hid_t opaque = H5Tcreate(H5T_OPAQUE, 2);
            const std::uint16_t brains[] = {0x3f80, 0xc020}; // 1, -2.5
            const hid_t set = dataset(f, "brain", opaque, {2});
            H5Dwrite(set, opaque, H5S_ALL, H5S_ALL, H5P_DEFAULT, brains);
            textAttribute(set, "dtype", "bfloat16", H5T_STR_NULLTERM, 9);
            const hid_t pair = H5Tcreate(H5T_COMPOUND, 8);
            H5Tinsert(pair, "a", 0, H5T_NATIVE_FLOAT);
            H5Tinsert(pair, "b", 4, H5T_NATIVE_FLOAT);
            dataset(f, "pair", pair, {3});
        });
        const auto tree = readHdf5Guarded(file);
        QVERIFY2(tree.ok(), message(tree).c_str());
        const auto floats = [&](const char* name) { return tree->child(name)->dataset->toFloats(); };
        QVERIFY(floats("bool") == std::vector<float>({1, 0}));
        QVERIFY(floats("u8") == std::vector<float>({200, 7}));
        QVERIFY(floats("half") == std::vector<float>({1, -2.5f}));
        QVERIFY(floats("brain") == std::vector<float>({1, -2.5f}));
        QVERIFY(!floats("pair").has_value());
        QVERIFY(tree->child("pair")->dataset->dims == std::vector<std::uint64_t>{3});
    }

    void allKindsOfTexts() {
        const auto file = fileOf([](hid_t f) {
            textAttribute(f, "padded", "abc", H5T_STR_NULLPAD, 8);
            textAttribute(f, "exact", "abc", H5T_STR_NULLPAD, 3);
            textAttribute(f, "ended", "abc", H5T_STR_NULLTERM, 8);
            textAttribute(f, "spaces", "abc", H5T_STR_SPACEPAD, 8);
            textAttribute(f, "empty", "", H5T_STR_NULLPAD, 4);
        });
        const auto tree = readHdf5Guarded(file);
        QVERIFY2(tree.ok(), message(tree).c_str());
        for (const char* name : {"padded", "exact", "ended", "spaces"})
            QCOMPARE(*tree->text(name), std::string("abc"));
        QCOMPARE(*tree->text("empty"), std::string());
    }

    void refuses_data() {
        QTest::addColumn<std::vector<std::byte>>("file");
        QTest::addColumn<QString>("id");
        const auto row = [](const char* name, const char* id, const Make& make) {
            QTest::newRow(name) << fileOf(make) << QString(id);
        };
        row("link to another file", "hdf5.refers_elsewhere",
            [](hid_t f) { H5Lcreate_external("/etc/passwd", "/x", f, "out", H5P_DEFAULT, H5P_DEFAULT); });
        row("soft link", "hdf5.refers_elsewhere",
            [](hid_t f) { H5Lcreate_soft("/a", f, "b", H5P_DEFAULT, H5P_DEFAULT); });
        row("values in another file", "hdf5.refers_elsewhere", [](hid_t f) {
            const hid_t made = H5Pcreate(H5P_DATASET_CREATE);
            H5Pset_external(made, "/etc/passwd", 0, 64);
            dataset(f, "stolen", H5T_STD_U8LE, {64}, made);
        });
        row("values borrowed from other datasets", "hdf5.refers_elsewhere", [](hid_t f) {
            const hid_t made = H5Pcreate(H5P_DATASET_CREATE);
            const hsize_t ten = 10;
            const hid_t space = H5Screate_simple(1, &ten, nullptr);
            H5Pset_virtual(made, space, "/tmp/other.h5", "/x", space);
            dataset(f, "virtual", H5T_NATIVE_FLOAT, {10}, made);
        });
        row("a group in itself", "hdf5.damaged", [](hid_t f) {
            const hid_t group = H5Gcreate2(f, "g", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
            H5Lcreate_hard(group, ".", group, "again", H5P_DEFAULT, H5P_DEFAULT);
        });
        row("groups that double", "hdf5.too_large", [](hid_t f) {
            hid_t group = H5Gcreate2(f, "g", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
            for (int i = 0; i < 30; ++i) {
                const hid_t inner = H5Gcreate2(group, "a", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
                H5Lcreate_hard(group, "a", group, "b", H5P_DEFAULT, H5P_DEFAULT);
                group = inner;
            }
        });
        row("terabytes that were never written", "hdf5.too_large", [](hid_t f) {
            dataset(f, "void", H5T_NATIVE_FLOAT, {1000, 1000, 1000, 1000});
        });
        row("megabytes that were never written", "hdf5.damaged", [](hid_t f) {
            dataset(f, "void", H5T_NATIVE_FLOAT, {1000, 1000});
        });
        row("packed zeros", "hdf5.too_large", [](hid_t f) {
            const hid_t made = H5Pcreate(H5P_DATASET_CREATE);
            const hsize_t chunk = 50'000'000;
            H5Pset_chunk(made, 1, &chunk);
            H5Pset_deflate(made, 9);
            const std::vector<float> zeros(chunk);
            const hid_t set = dataset(f, "bomb", H5T_NATIVE_FLOAT, {chunk}, made);
            H5Dwrite(set, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, zeros.data());
        });
        row("the same values under many names", "hdf5.too_large", [](hid_t f) {
            const std::vector<float> values(1'000'000);
            const hid_t set = dataset(f, "w", H5T_NATIVE_FLOAT, {values.size()});
            H5Dwrite(set, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
            for (int i = 0; i < 100; ++i) {
                H5Lcreate_hard(f, "w", f, std::to_string(i).c_str(), H5P_DEFAULT, H5P_DEFAULT);
            }
        });
    }
    void refuses() {
        QFETCH(std::vector<std::byte>, file);
        QFETCH(QString, id);
        const auto tree = readHdf5Guarded(file);
        QVERIFY(!tree.ok());
        QVERIFY2(tree.error().message.ends_with('.'), tree.error().message.c_str());
        QCOMPARE(QString::fromStdString(tree.error().id), id);
    }

    void creationOrderIsKept() {
        const auto file = fileOf([](hid_t f) {
            const hid_t made = H5Pcreate(H5P_GROUP_CREATE);
            H5Pset_link_creation_order(made, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
            const hid_t group = H5Gcreate2(f, "g", H5P_DEFAULT, made, H5P_DEFAULT);
            for (const char* name : {"z", "a", "m"})
                H5Gcreate2(group, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        });
        const auto tree = readHdf5Guarded(file);
        QVERIFY2(tree.ok(), message(tree).c_str());
        std::string order;
        for (const H5Node& child : tree->child("g")->children)
            order += child.name;
        QCOMPARE(order, std::string("zam"));
    }
};

STRATA_WALL_TEST_MAIN(InteropHdf5ForeignTest, QCoreApplication)
#include "interop_hdf5_foreign_test.moc"
