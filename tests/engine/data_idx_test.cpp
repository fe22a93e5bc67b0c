// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>

#include "engine/data/formats/idx.h"
#include "engine/data/open_data.h"
#include "engine/data/statistics.h"
#include "tests/support/data_files.h"

using namespace strata;
using namespace strata::test;

class DataIdxTest : public QObject {
    Q_OBJECT

private slots:
    void agreesWithThePublishedNumbers_data();
    void agreesWithThePublishedNumbers();
    void pairsFiles_data();
    void pairsFiles();
    void refusesBadFiles_data();
    void refusesBadFiles();
    void refusesWhatDoesNotBelongTogether_data();
    void refusesWhatDoesNotBelongTogether();
};

void DataIdxTest::agreesWithThePublishedNumbers_data() {
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QVector<int>>("first");
    QTest::addColumn<QVector<int>>("counts");
    QTest::addColumn<double>("mean");
    QTest::addColumn<double>("deviation");
    QTest::newRow("mnist") << "mnist"
                           << "MNIST" << QVector<int>{5, 0, 4, 1, 9, 2, 1, 3, 1, 4}
                           << QVector<int>{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949}
                           << 0.130660 << 0.308108;
    QTest::newRow("fashion") << "fashion-mnist"
                             << "Fashion-MNIST" << QVector<int>{9, 0, 0, 3, 0, 2, 7, 2, 5, 5}
                             << QVector<int>(10, 6000) << 0.286041 << 0.353024;
}

void DataIdxTest::agreesWithThePublishedNumbers() {
    QFETCH(QString, folder);
    QFETCH(QString, name);
    QFETCH(QVector<int>, first);
    QFETCH(QVector<int>, counts);
    const std::string path = referenceData(folder);
    if (path.empty()) QSKIP("The reference data is not on this machine.");

    const Result<DataSource> source = openData(path);
    QVERIFY2(source.ok(), source.ok() ? "" : source.error().message.c_str());
    QCOMPARE(QString::fromStdString(source->name), name);
    QCOMPARE(source->train->size(), 60000);
    QCOMPARE(source->test->size(), 10000);
    QVERIFY(source->train->sampleShape() == (Shape{28, 28, 1}));
    for (int i = 0; i < 10; ++i)
        QCOMPARE(source->train->label(i), first[i]);
    const std::vector<std::int64_t> found = labelCounts(*source->train);
    for (int i = 0; i < 10; ++i)
        QCOMPARE(found[i], std::int64_t{counts[i]});
    const DataStatistics numbers = statistics(*source->train);
    QFETCH(double, mean);
    QFETCH(double, deviation);
    QVERIFY(std::abs(numbers.mean[0] - mean) < 1e-6);
    QVERIFY(std::abs(numbers.standardDeviation[0] - deviation) < 1e-6);
}

void DataIdxTest::pairsFiles_data() {
    QTest::addColumn<QStringList>("files"); // "name:count", images when the name says so
    QTest::addColumn<QString>("open");      // below the folder; empty: the folder itself
    QTest::addColumn<int>("train");
    QTest::addColumn<int>("test"); // 0: none
    const QStringList mnist{"train-images-idx3-ubyte:6", "train-labels-idx1-ubyte:6",
                            "t10k-images-idx3-ubyte:2", "t10k-labels-idx1-ubyte:2"};
    QTest::newRow("folder") << mnist << "" << 6 << 2;
    QTest::newRow("image file finds the rest") << mnist << "train-images-idx3-ubyte" << 6 << 2;
    QTest::newRow("label file finds the rest") << mnist << "t10k-labels-idx1-ubyte" << 6 << 2;
    QTest::newRow("dots") << QStringList{"train-images.idx3-ubyte:4", "train-labels.idx1-ubyte:4"} << "" << 4
                          << 0;
    QTest::newRow("only a test part")
        << QStringList{"t10k-images-idx3-ubyte:3", "t10k-labels-idx1-ubyte:3"} << "" << 3 << 0;
    QTest::newRow("names without parts")
        << QStringList{"mine-images.idx:5", "mine-labels.idx:5"} << "" << 5 << 0;
    QTest::newRow("one of several sets")
        << QStringList{"emnist-digits-train-images-idx3-ubyte:4", "emnist-digits-train-labels-idx1-ubyte:4",
                       "emnist-letters-train-images-idx3-ubyte:7", "emnist-letters-train-labels-idx1-ubyte:7"}
        << "emnist-letters-train-images-idx3-ubyte" << 7 << 0;
    QTest::newRow("in torchvision's raw folder")
        << QStringList{"MNIST/raw/train-images-idx3-ubyte:4", "MNIST/raw/train-labels-idx1-ubyte:4"} << ""
        << 4 << 0;
}

void DataIdxTest::pairsFiles() {
    QFETCH(QStringList, files);
    QFETCH(QString, open);
    QTemporaryDir folder;
    for (const QString& file : files) {
        const QString name = file.section(':', 0, 0);
        const auto count = file.section(':', 1).toUInt();
        const bool images = name.contains("images");
        writeFile(folder.filePath(name),
                  images ? idxFile({count, 2, 3}, QByteArray(static_cast<int>(count) * 6, 'x'))
                         : idxFile({count}, QByteArray(static_cast<int>(count), '\1')));
    }
    const Result<DataSource> source = openData(folder.filePath(open).toStdString());
    QVERIFY2(source.ok(), source.ok() ? "" : source.error().message.c_str());
    QTEST(static_cast<int>(source->train->size()), "train");
    QTEST(static_cast<int>(source->test ? source->test->size() : 0), "test");
    QVERIFY(source->train->sampleShape() == (Shape{2, 3, 1}));
    QCOMPARE(source->train->classNames().size(), std::size_t{2});
}

void DataIdxTest::refusesBadFiles_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("id");
    const QByteArray good = idxFile({2, 2, 2}, QByteArray(8, 'x'));
    QTest::newRow("empty") << QByteArray() << "idx.magic";
    QTest::newRow("text") << QByteArray("hello, world, this is no picture") << "idx.magic";
    QTest::newRow("header cut") << good.left(9) << "idx.truncated";
    QTest::newRow("values cut") << good.left(good.size() - 1) << "idx.truncated";
    QTest::newRow("values too many") << good + "x"
                                     << "idx.too_long";
    QTest::newRow("2^31 images in 100 bytes")
        << idxFile({1u << 31, 28, 28}, QByteArray(84, 'x')) << "idx.truncated";
    QTest::newRow("product beyond 64 bits")
        << idxFile({0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF}, QByteArray(84, 'x')) << "idx.too_large";
    QTest::newRow("five dimensions") << idxFile({1, 1, 1, 1, 1}, QByteArray(1, 'x')) << "idx.magic";
    QTest::newRow("floats") << QByteArray("\0\0\x0D\1\0\0\0\1abcd", 12) << "idx.type";
    QTest::newRow("broken gzip") << QByteArray("\x1F\x8B\x08\0\0\0\0\0\0\3garbage garbage", 25)
                                 << "data.damaged";
    // gzip of an IDX header that promises 2^31 images, made with Python's gzip.compress(header, mtime=0).
    QTest::newRow("promises compressed")
        << QByteArray::fromHex("1f8b08000000000002036360e0606e600003191006008170feb310000000")
        << "idx.too_large";
}

void DataIdxTest::refusesBadFiles() {
    QFETCH(QByteArray, bytes);
    QTemporaryDir folder;
    const QString path = folder.filePath("some-images");
    writeFile(path, bytes);
    const Result<IdxArray> array = readIdx(path.toStdString(), std::uint64_t{1} << 30);
    QVERIFY(!array.ok());
    QTEST(QString::fromStdString(array.error().id), "id");
    QVERIFY2(isOneSentence(array.error().message), array.error().message.c_str());
    QVERIFY(array.error().message.find("some-images") != std::string::npos);
}

void DataIdxTest::refusesWhatDoesNotBelongTogether_data() {
    QTest::addColumn<QByteArray>("images");
    QTest::addColumn<QByteArray>("labels");
    QTest::addColumn<QString>("id");
    const QByteArray images = idxFile({2, 2, 2}, QByteArray(8, 'x'));
    QTest::newRow("no labels") << images << QByteArray() << "idx.no_labels";
    QTest::newRow("no images") << QByteArray() << idxFile({2}, QByteArray(2, '\0')) << "idx.no_images";
    QTest::newRow("another number") << images << idxFile({3}, QByteArray(3, '\0')) << "idx.count";
    QTest::newRow("no image at all") << idxFile({0, 2, 2}, {}) << idxFile({0}, {}) << "idx.empty";
    QTest::newRow("not two-dimensional")
        << idxFile({2, 4}, QByteArray(8, 'x')) << idxFile({2}, QByteArray(2, '\0')) << "idx.not_images";
}

void DataIdxTest::refusesWhatDoesNotBelongTogether() {
    QFETCH(QByteArray, images);
    QFETCH(QByteArray, labels);
    QTemporaryDir folder;
    const QString imagePath = folder.filePath("train-images-idx3-ubyte");
    const QString labelPath = folder.filePath("train-labels-idx1-ubyte");
    if (!images.isEmpty()) writeFile(imagePath, images);
    if (!labels.isEmpty()) writeFile(labelPath, labels);
    const Result<DataSource> source = openIdx((images.isEmpty() ? labelPath : imagePath).toStdString(), {});
    QVERIFY(!source.ok());
    QTEST(QString::fromStdString(source.error().id), "id");
    QVERIFY2(isOneSentence(source.error().message), source.error().message.c_str());
}

QTEST_APPLESS_MAIN(DataIdxTest)
#include "data_idx_test.moc"
