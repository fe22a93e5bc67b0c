// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>

#include "engine/data/open_data.h"
#include "engine/data/statistics.h"
#include "tests/support/data_files.h"

using namespace strata;
using namespace strata::test;

class DataCifarTest : public QObject {
    Q_OBJECT

private slots:
    void agreesWithThePublishedNumbers();
    void interleavesThePlanes();
    void takesPartsByName_data();
    void takesPartsByName();
    void refusesBadFiles_data();
    void refusesBadFiles();
    void endlessFilesAreNotRead();
};

/// A record whose red, green and blue planes are filled with three values.
static QByteArray record(int label, char red, char green, char blue) {
    return QByteArray(1, static_cast<char>(label)) + QByteArray(1024, red) + QByteArray(1024, green) +
           QByteArray(1024, blue);
}

void DataCifarTest::agreesWithThePublishedNumbers() {
    const std::string path = referenceData("cifar-10");
    if (path.empty()) QSKIP("The reference data is not on this machine.");
    const Result<DataSource> source = openData(path);
    QVERIFY2(source.ok(), source.ok() ? "" : source.error().message.c_str());
    QCOMPARE(source->train->size() % 10000, 0); // not every machine has all five batches
    QVERIFY(source->train->size() >= 20000);
    QCOMPARE(source->test->size(), 10000);
    QVERIFY(source->train->sampleShape() == (Shape{32, 32, 3}));
    QCOMPARE(source->train->classNames()[6], std::string("frog"));
    const std::array<int, 10> train{6, 9, 9, 4, 1, 1, 2, 7, 8, 3};
    const std::array<int, 10> test{3, 8, 8, 0, 6, 6, 1, 6, 3, 1};
    for (std::size_t i = 0; i < 10; ++i) {
        QCOMPARE(source->train->label(static_cast<std::int64_t>(i)), train[i]);
        QCOMPARE(source->test->label(static_cast<std::int64_t>(i)), test[i]);
    }
    QVERIFY(labelCounts(*source->test) == std::vector<std::int64_t>(10, 1000));
    // The first pixel of the first image (the frog), as Keras's cifar10.load_data() has it.
    std::vector<float> values(3072);
    source->train->read(0, values);
    QVERIFY(values[0] == 59 && values[1] == 62 && values[2] == 63);
    // Means of all five batches; two of them come within a hundredth of that.
    const DataStatistics numbers = statistics(*source->train);
    const std::array<double, 3> means{.4914, .482158, .446531};
    for (std::size_t c = 0; c < 3; ++c)
        QVERIFY(std::abs(numbers.mean[c] - means[c]) < 0.01);
}

void DataCifarTest::interleavesThePlanes() {
    QTemporaryDir folder;
    QByteArray bytes = record(3, 10, 20, 30);
    bytes[1 + 5] = 77; // red of the sixth pixel
    writeFile(folder.filePath("data_batch_1.bin"), bytes);
    const Result<DataSource> source = openData(folder.path().toStdString());
    QVERIFY(source.ok());
    std::vector<float> values(3072);
    source->train->read(0, values);
    QVERIFY(values[0] == 10 && values[1] == 20 && values[2] == 30);
    QVERIFY(values[15] == 77 && values[16] == 20);
}

void DataCifarTest::takesPartsByName_data() {
    QTest::addColumn<QStringList>("files"); // name:records; the label is the file's number in this list
    QTest::addColumn<QString>("open");
    QTest::addColumn<QString>("train"); // labels
    QTest::addColumn<QString>("test");
    const QStringList all{"data_batch_2.bin:1", "data_batch_10.bin:1", "data_batch_1.bin:2",
                          "test_batch.bin:1"};
    QTest::newRow("in the order of the numbers") << all << ""
                                                 << "2201"
                                                 << "3";
    QTest::newRow("one batch") << all << "data_batch_10.bin"
                               << "1"
                               << "3";
    QTest::newRow("the test batch alone") << all << "test_batch.bin"
                                          << "3"
                                          << "";
    QTest::newRow("a lone subfolder") << QStringList{"cifar-10-batches-bin/data_batch_1.bin:3"} << ""
                                      << "000"
                                      << "";
    QTest::newRow("another name") << QStringList{"mine.bin:4"} << "mine.bin"
                                  << "0000"
                                  << "";
}

void DataCifarTest::takesPartsByName() {
    QFETCH(QStringList, files);
    QFETCH(QString, open);
    QTemporaryDir folder;
    for (int i = 0; i < files.size(); ++i)
        writeFile(folder.filePath(files[i].section(':', 0, 0)),
                  record(i, 1, 2, 3).repeated(files[i].section(':', 1).toInt()));
    const Result<DataSource> source = openData(folder.filePath(open).toStdString());
    QVERIFY2(source.ok(), source.ok() ? "" : source.error().message.c_str());
    const auto labels = [](const std::shared_ptr<const Dataset>& part) {
        QString text;
        for (std::int64_t i = 0; part && i < part->size(); ++i)
            text += QString::number(part->label(i));
        return text;
    };
    QTEST(labels(source->train), "train");
    QTEST(labels(source->test), "test");
}

void DataCifarTest::refusesBadFiles_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("id");
    QTest::newRow("cut") << record(1, 1, 2, 3).repeated(2).chopped(1) << "cifar.truncated";
    QTest::newRow("a few bytes") << QByteArray("\1\2\3") << "cifar.truncated";
    QTest::newRow("a wrong label later on")
        << record(1, 1, 2, 3).repeated(20) + record(10, 1, 2, 3) << "cifar.label";
    QTest::newRow("wrong from the beginning") << record(77, 1, 2, 3) << "data.unrecognised";
    QTest::newRow("more than may be held") << record(1, 1, 2, 3).repeated(40) << "data.memory";
    QTest::newRow("empty") << QByteArray() << "data.unrecognised";
}

void DataCifarTest::refusesBadFiles() {
    QFETCH(QByteArray, bytes);
    QTemporaryDir folder;
    writeFile(folder.filePath("data_batch_1.bin"), bytes);
    DataOptions options;
    options.memoryLimit = 100000;
    const Result<DataSource> source = openData(folder.path().toStdString(), options);
    QVERIFY(!source.ok());
    QTEST(QString::fromStdString(source.error().id), "id");
    QVERIFY2(isOneSentence(source.error().message), source.error().message.c_str());
}

/// A hole of 40 GB is thirteen million black aeroplanes, and no batch.
void DataCifarTest::endlessFilesAreNotRead() {
    QTemporaryDir folder;
    const QString path = folder.filePath("data_batch_1.bin");
    writeFile(path, {});
    QVERIFY(QFile::resize(path, 40'000'000'000));
    const Result<DataSource> source = openData(folder.path().toStdString(), {});
    QVERIFY(!source.ok());
    QCOMPARE(source.error().id, std::string("cifar.too_many"));
    QVERIFY2(isOneSentence(source.error().message), source.error().message.c_str());
}

QTEST_APPLESS_MAIN(DataCifarTest)
#include "data_cifar_test.moc"
