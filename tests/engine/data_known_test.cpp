// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <QTemporaryDir>
#include <QTest>
#include <fmt/format.h>
#include <random>

#include "engine/data/data_places.h"
#include "engine/data/known_data.h"
#include "engine/data/open_data.h"
#include "tests/support/data_files.h"

using namespace strata;
using namespace strata::test;

class DataKnownTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void looksInTheFoldersNamed();
    void findsNamesHoweverWritten_data();
    void findsNamesHoweverWritten();
    void saysWhereToPutWhichFiles_data();
    void saysWhereToPutWhichFiles();
    void lists();
    void placesOfBefore();
    void randomBytesEndInOneSentence();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

/// Every test looks into two new folders only, never into the user's own.
void DataKnownTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    qputenv("STRATA_DATA_PATH", (m_folder->filePath("one") + ":" + m_folder->filePath("two")).toUtf8());
    qputenv("XDG_DATA_HOME", m_folder->filePath("home").toUtf8());
}

static void writeIdx(const QString& folder, std::uint32_t count = 3) {
    writeFile(folder + "/train-images-idx3-ubyte",
              idxFile({count, 2, 2}, QByteArray(static_cast<int>(count) * 4, 'x')));
    writeFile(folder + "/train-labels-idx1-ubyte",
              idxFile({count}, QByteArray(static_cast<int>(count), '\1')));
}

void DataKnownTest::looksInTheFoldersNamed() {
    const std::vector<std::string> folders = dataFolders();
    QCOMPARE(folders.size(), std::size_t{3});
    QCOMPARE(QString::fromStdString(folders[1]), m_folder->filePath("two"));
    QCOMPARE(QString::fromStdString(folders[2]), m_folder->filePath("home/strata/datasets"));
}

void DataKnownTest::findsNamesHoweverWritten_data() {
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("name");
    QTest::newRow("mnist") << "one/mnist"
                           << "mnist";
    QTest::newRow("second folder") << "two/MNIST"
                                   << "mnist";
    QTest::newRow("user's own") << "home/strata/datasets/mnist"
                                << "MNIST";
    QTest::newRow("torchvision") << "one/FashionMNIST/raw"
                                 << "fashion-mnist";
    QTest::newRow("a name of one's own") << "one/my-letters"
                                         << "my-letters";
}

void DataKnownTest::findsNamesHoweverWritten() {
    QFETCH(QString, folder);
    QFETCH(QString, name);
    writeIdx(m_folder->filePath(folder));
    const Result<DataSource> source = openData(name.toStdString());
    QVERIFY2(source.ok(), source.ok() ? "" : source.error().message.c_str());
    QCOMPARE(source->train->size(), 3);
    QCOMPARE(QString::fromStdString(source->pathOrName), name);
}

void DataKnownTest::saysWhereToPutWhichFiles_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("says");
    QTest::newRow("mnist") << "mnist"
                           << "data.not_installed"
                           << "train-images-idx3-ubyte.gz";
    QTest::newRow("cifar") << "cifar10"
                           << "data.not_installed"
                           << "data_batch_1.bin";
    QTest::newRow("fashion") << "fashion-mnist"
                             << "data.not_installed"
                             << "home/strata/datasets/fashion-mnist";
    QTest::newRow("unknown") << "no-such-set"
                             << "data.not_found"
                             << "strata datasets";
    QTest::newRow("a path") << "/no/such/path"
                            << "data.not_found"
                            << "does not exist";
    QTest::newRow("nothing") << ""
                             << "data.no_name"
                             << "digits";
}

void DataKnownTest::saysWhereToPutWhichFiles() {
    QFETCH(QString, name);
    QFETCH(QString, says);
    const Result<DataSource> source = openData(name.toStdString());
    QVERIFY(!source.ok());
    QTEST(QString::fromStdString(source.error().id), "id");
    QVERIFY2(QString::fromStdString(source.error().message).contains(says), source.error().message.c_str());
    QVERIFY(isOneSentence(source.error().message));
}

void DataKnownTest::lists() {
    writeIdx(m_folder->filePath("one/letters"));
    writeIdx(m_folder->filePath("two/mnist"));
    writeFile(m_folder->filePath("one/empty/readme.txt"), "nothing");
    const std::vector<KnownData> list = listDatasets();
    QStringList names;
    for (const KnownData& known : list) {
        names += QString::fromStdString(known.name) + (known.available ? "" : " (missing)");
        QVERIFY(!known.description.empty());
        QCOMPARE(known.available, known.remedy.empty());
        if (known.available) QVERIFY2(openData(known.name).ok(), known.name.c_str());
    }
    QCOMPARE(names.join(", "),
             QString("digits, mnist, fashion-mnist (missing), cifar-10 (missing), letters"));
}

/// A folder that was opened once is found by its name from then on, also where its data lie one deeper.
void DataKnownTest::placesOfBefore() {
    writeIdx(m_folder->filePath("anywhere/MNIST/raw"));
    writeIdx(m_folder->filePath("anywhere/letters"));
    QVERIFY(!openData("mnist").ok());
    for (const char* place : {"anywhere/gone", "anywhere/letters", "anywhere/MNIST/raw", "anywhere/MNIST/raw"})
        rememberDataPlace(m_folder->filePath(place).toStdString());
    QCOMPARE(dataPlaces().size(), std::size_t{3});
    QCOMPARE(QString::fromStdString(dataPlaces().front()), m_folder->filePath("anywhere/MNIST/raw"));
    QVERIFY(openData("mnist").ok());
    QVERIFY(!openData("fashion-mnist").ok());
    QStringList here;
    for (const KnownData& known : listDatasets()) {
        if (known.available) here << QString::fromStdString(known.title);
        else QVERIFY(!known.origin.empty());
        if (known.available) QVERIFY2(openData(known.name).ok(), known.name.c_str());
    }
    QCOMPARE(here.join(", "), QString("Digits, MNIST, letters"));
    // What was put where names are looked up comes before what was only opened.
    writeIdx(m_folder->filePath("two/mnist"));
    QCOMPARE(QString::fromStdString(*findNamedData("mnist")), m_folder->filePath("two/mnist"));
    for (int i = 0; i < 30; ++i) rememberDataPlace(fmt::format("/nowhere/{}", i));
    QCOMPARE(dataPlaces().size(), std::size_t{12});
    QCOMPARE(dataPlaces().front(), std::string("/nowhere/29"));
    writeFile(m_folder->filePath("home/strata/data-places.txt"), QByteArray("not a path\n\0\xff\n/nowhere/30", 25));
    QCOMPARE(dataPlaces(), std::vector<std::string>{"/nowhere/30"});
}

void DataKnownTest::randomBytesEndInOneSentence() {
    std::mt19937 random(5);
    const QList<QByteArray> beginnings{"",
                                       QByteArray("\0\0\x08\3", 4),
                                       QByteArray("\x1F\x8B\x08\0\0\0\0\0\0\3", 10),
                                       QByteArray("\xFD"
                                                  "7zXZ\0\0",
                                                  7),
                                       "PK\3\4",
                                       QByteArray("\x28\xB5\x2F\xFD", 4),
                                       "BZh9"};
    for (int round = 0; round < 700; ++round) {
        QByteArray bytes = beginnings[round % beginnings.size()];
        for (auto count = random() % 300; count > 0; --count)
            bytes += static_cast<char>(random() & 0xFF);
        const QString path = m_folder->filePath(round % 2 ? "random.bin" : "random");
        writeFile(path, bytes);
        const Result<DataSource> source = openData(path.toStdString());
        if (!source) QVERIFY2(isOneSentence(source.error().message), source.error().message.c_str());
    }
}

QTEST_APPLESS_MAIN(DataKnownTest)
#include "data_known_test.moc"
