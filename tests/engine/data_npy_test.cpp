// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/resource.h>

#include <QTemporaryDir>
#include <QTest>

#include "engine/data/npy.h"
#include "tests/support/data_files.h"

using namespace strata;
using namespace strata::test;

class DataNpyTest : public QObject {
    Q_OBJECT

private slots:
    void readsWhatNumPyWrote_data();
    void readsWhatNumPyWrote();
    void writesWhatNumPyWrites();
    void refusesBadFiles_data();
    void refusesBadFiles();
    void everyTruncationIsRefused();
    void hugeFilesAreNotRead_data();
    void hugeFilesAreNotRead();
};

static std::span<const std::uint8_t> bytesOf(const QByteArray& bytes) {
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), static_cast<std::size_t>(bytes.size())};
}

/// A version 1 file with any dictionary.
static QByteArray npyWith(const QByteArray& dictionary, const QByteArray& values) {
    QByteArray bytes("\x93NUMPY\1\0", 8);
    bytes += static_cast<char>(dictionary.size() & 0xFF);
    bytes += static_cast<char>(dictionary.size() >> 8);
    return bytes + dictionary + values;
}

// Files in base64, written by numpy.lib.format.write_array of NumPy 2.4.
void DataNpyTest::readsWhatNumPyWrote_data() {
    QTest::addColumn<QString>("dims");
    QTest::addColumn<QString>("values");
    QTest::addColumn<QByteArray>("base64");
    QTest::newRow("float32")
        << "2 3"
        << "-1 -0.5 0 0.5 1 1.5"
        << QByteArray(
               "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp"
               "LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAIC/"
               "AAAAvwAAAAAAAAA/AACAPwAAwD8=");
    QTest::newRow("float64")
        << "2 3"
        << "-1 -0.5 0 0.5 1 1.5"
        << QByteArray(
               "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp"
               "LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA"
               "AADwvwAAAAAAAOC/AAAAAAAAAAAAAAAAAADgPwAAAAAAAPA/AAAAAAAA+D8=");
    QTest::newRow("float16")
        << "2 3"
        << "-1 -0.5 0 0.5 1 1.5"
        << QByteArray(
               "k05VTVBZAQB2AHsnZGVzY3InOiAnPGYyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp"
               "LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAvAC4"
               "AAAAOAA8AD4=");
    QTest::newRow("big-endian float32")
        << "2 3"
        << "-1 -0.5 0 0.5 1 1.5"
        << QByteArray(
               "k05VTVBZAQB2AHsnZGVzY3InOiAnPmY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp"
               "LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAq/gAAA"
               "vwAAAAAAAAA/AAAAP4AAAD/AAAA=");
    QTest::newRow("int64")
        << "2 3"
        << "-2 -1 0 1 2 3"
        << QByteArray(
               "k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp"
               "LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAr+////"
               "////////////////AAAAAAAAAAABAAAAAAAAAAIAAAAAAAAAAwAAAAAAAAA=");
    QTest::newRow("int16")
        << "2 3"
        << "-2 -1 0 1 2 3"
        << QByteArray(
               "k05VTVBZAQB2AHsnZGVzY3InOiAnPGkyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp"
               "LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAr+////"
               "AAABAAIAAwA=");
    QTest::newRow("int8")
        << "2 3"
        << "-2 -1 0 1 2 3"
        << QByteArray(
               "k05VTVBZAQB2AHsnZGVzY3InOiAnfGkxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp"
               "LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAr+/wAB"
               "AgM=");
    QTest::newRow("uint8")
        << "2 3"
        << "248 249 250 251 252 253"
        << QByteArray(
               "k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp"
               "LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAr4+fr7"
               "/P0=");
    QTest::newRow("big-endian uint32")
        << "2 3"
        << "0 1 2 3 4 5"
        << QByteArray(
               "k05VTVBZAQB2AHsnZGVzY3InOiAnPnU0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp"
               "LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA"
               "AAAAAQAAAAIAAAADAAAABAAAAAU=");
    QTest::newRow("bool")
        << "2 3"
        << "0 0 0 1 1 1"
        << QByteArray(
               "k05VTVBZAQB2AHsnZGVzY3InOiAnfGIxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp"
               "LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAB"
               "AQE=");
    QTest::newRow("Fortran order")
        << "2 3"
        << "-2 -1 0 1 2 3"
        << QByteArray(
               "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyks"
               "IH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAADA"
               "AACAPwAAgL8AAABAAAAAAAAAQEA=");
    QTest::newRow("Fortran order, 3 axes")
        << "2 3 4"
        << "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23"
        << QByteArray(
               "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMywg"
               "NCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA"
               "AABAQQAAgEAAAIBBAAAAQQAAoEEAAIA/AABQQQAAoEAAAIhBAAAQQQAAqEEAAABAAABgQQAAwEAAAJBBAAAgQQAA"
               "sEEAAEBAAABwQQAA4EAAAJhBAAAwQQAAuEE=");
    QTest::newRow("version 2")
        << "2 3"
        << "-2 -1 0 1 2 3"
        << QByteArray(
               "k05VTVBZAgB0AAAAeydkZXNjcic6ICc8ZjQnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwg"
               "MyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAADA"
               "AACAvwAAAAAAAIA/AAAAQAAAQEA=");
    QTest::newRow("version 3")
        << "2 3"
        << "-2 -1 0 1 2 3"
        << QByteArray(
               "k05VTVBZAwB0AAAAeydkZXNjcic6ICc8ZjQnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwg"
               "MyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAADA"
               "AACAvwAAAAAAAIA/AAAAQAAAQEA=");
    QTest::newRow("scalar")
        << ""
        << "7.5"
        << QByteArray(
               "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKCksIH0g"
               "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAPBA");
    QTest::newRow("no values")
        << "0 4"
        << ""
        << QByteArray(
               "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDAsIDQp"
               "LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo=");
}

void DataNpyTest::readsWhatNumPyWrote() {
    QFETCH(QByteArray, base64);
    const QByteArray bytes = QByteArray::fromBase64(base64);
    const Result<NpyArray> array = parseNpy(bytesOf(bytes), "x.npy");
    QVERIFY2(array.ok(), array.ok() ? "" : array.error().message.c_str());
    QStringList dims;
    for (const std::int64_t dim : array->dims)
        dims += QString::number(dim);
    QStringList values;
    for (const float value : array->values)
        values += QString::number(static_cast<double>(value));
    QTEST(dims.join(' '), "dims");
    QTEST(values.join(' '), "values");
}

void DataNpyTest::writesWhatNumPyWrites() {
    const QByteArray floats = QByteArray::fromBase64(
        "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDIp"
        "LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA"
        "AADAPwAAAMB2hN9Q");
    const QByteArray numbers = QByteArray::fromBase64(
        "k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsKSwg"
        "fSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAAAA"
        "AAAAAP7/////////AwAAAAAAAAA=");
    QTemporaryDir folder;
    const std::string path = folder.filePath("a.npy").toStdString();
    const auto written = [&] {
        QFile file(QString::fromStdString(path));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    QVERIFY(writeNpy(path, std::vector<std::int64_t>{2, 2}, std::vector<float>{0, 1.5f, -2, 3e10f}).ok());
    QCOMPARE(written(), floats);
    QVERIFY(writeNpy(path, std::vector<std::int64_t>{3}, std::vector<std::int64_t>{1, -2, 3}).ok());
    QCOMPARE(written(), numbers);
    QVERIFY(readNpy(path).ok());
    // Nothing beside it is touched.
    writeFile(folder.filePath("a.npy.part"), "somebody's");
    QVERIFY(writeNpy(path, std::vector<std::int64_t>{1}, std::vector<float>{1}).ok());
    QFile beside(folder.filePath("a.npy.part"));
    QVERIFY(beside.open(QIODevice::ReadOnly));
    QCOMPARE(beside.readAll(), QByteArray("somebody's"));
    const Result<> refused =
        writeNpy("/no such folder/a.npy", std::vector<std::int64_t>{0}, std::vector<float>{});
    QVERIFY(!refused.ok());
    QVERIFY(isOneSentence(refused.error().message));
}

void DataNpyTest::refusesBadFiles_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("id");
    const auto shape = [](const char* dims, const QByteArray& values = QByteArray(8, 'x')) {
        return npyWith(QByteArray("{'descr': '<f4', 'fortran_order': False, 'shape': ") + dims + "}\n",
                       values);
    };
    QTest::newRow("empty") << QByteArray() << "npy.magic";
    QTest::newRow("text") << QByteArray("1,2,3,4,5,6,7,8") << "npy.magic";
    QTest::newRow("version 9") << QByteArray("\x93NUMPY\x09\0\1\0 ", 11) << "npy.version";
    QTest::newRow("header of 4 GB") << QByteArray("\x93NUMPY\2\0\xFF\xFF\xFF\xFF{}", 14) << "npy.truncated";
    QTest::newRow("10^12 values in 8 bytes") << shape("(1000000000000,)") << "npy.size";
    QTest::newRow("product beyond 64 bits") << shape("(4294967296, 4294967296, 4294967296)") << "npy.size";
    QTest::newRow("dimension beyond 64 bits") << shape("(99999999999999999999,)") << "npy.header";
    QTest::newRow("nothing hides values") << shape("(0, 4)") << "npy.size";
    QTest::newRow("negative") << shape("(-2,)") << "npy.header";
    QTest::newRow("too many axes") << shape(("(" + QByteArray("1,").repeated(40) + ")").constData())
                                   << "npy.header";
    QTest::newRow("surplus") << shape("(1,)") << "npy.size";
    QTest::newRow("no shape") << npyWith("{'descr': '<f4', 'fortran_order': False}", {}) << "npy.header";
    QTest::newRow("twice") << npyWith("{'shape': (), 'shape': ()}", {}) << "npy.header";
    QTest::newRow("unclosed") << npyWith("{'descr': '<f4", {}) << "npy.header";
    QTest::newRow("objects") << npyWith("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "x")
                             << "npy.type";
    QTest::newRow("complex")
        << QByteArray::fromBase64(
               "k05VTVBZAQB2AHsnZGVzY3InOiAnPGM4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwg"
               "fSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA"
               "AAAAAAAAAAAAAAAA")
        << "npy.type";
    QTest::newRow("records")
        << QByteArray::fromBase64(
               "k05VTVBZAQB2AHsnZGVzY3InOiBbKCdhJywgJzxmNCcpXSwgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBl"
               "JzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA"
               "AAAAAA==")
        << "npy.header";
}

void DataNpyTest::refusesBadFiles() {
    QFETCH(QByteArray, bytes);
    const Result<NpyArray> array = parseNpy(bytesOf(bytes), "bad.npy");
    QVERIFY(!array.ok());
    QTEST(QString::fromStdString(array.error().id), "id");
    QVERIFY2(isOneSentence(array.error().message), array.error().message.c_str());
    QVERIFY(array.error().message.find("bad.npy") != std::string::npos);
}

void DataNpyTest::everyTruncationIsRefused() {
    const std::vector<std::uint8_t> bytes =
        npyBytes(std::vector<std::int64_t>{2, 2}, std::vector<float>{1, 2, 3, 4});
    QVERIFY(parseNpy(bytes, "whole.npy").ok());
    for (std::size_t size = 0; size < bytes.size(); ++size)
        QVERIFY(!parseNpy(std::span(bytes).first(size), "cut.npy").ok());
}

void DataNpyTest::hugeFilesAreNotRead_data() {
    QTest::addColumn<QByteArray>("shape");
    QTest::addColumn<QString>("id");
    QTest::newRow("as large as it says") << QByteArray("(10000000000,)") << "npy.too_large";
    QTest::newRow("larger than it says") << QByteArray("(4,)") << "npy.size";
}

/// What is refused for its size costs no memory of that size.
void DataNpyTest::hugeFilesAreNotRead() {
    QFETCH(QByteArray, shape);
    const QTemporaryDir folder;
    const QString path = folder.filePath("huge.npy");
    const QByteArray head = npyWith("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + "}", {});
    writeFile(path, head);
    QVERIFY(QFile::resize(path, head.size() + 40'000'000'000)); // a hole: it takes no room
    const auto peak = [] {
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        return usage.ru_maxrss; // kB
    };
    const long before = peak();
    const Result<NpyArray> array = readNpy(path.toStdString());
    QVERIFY(!array);
    QTEST(QString::fromStdString(array.error().id), "id");
    QVERIFY(isOneSentence(array.error().message));
    QVERIFY2(peak() - before < 100'000, qPrintable(QString::number(peak() - before)));
}

QTEST_APPLESS_MAIN(DataNpyTest)
#include "data_npy_test.moc"
