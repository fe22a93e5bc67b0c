// SPDX-License-Identifier: GPL-3.0-or-later
#include <archive.h>
#include <archive_entry.h>
#include <QTemporaryDir>
#include <QTest>

#include "engine/data/image_file.h"
#include "engine/data/open_data.h"
#include "engine/data/split.h"
#include "tests/support/data_files.h"

using namespace strata;
using namespace strata::test;

class DataFolderTest : public QObject {
    Q_OBJECT

private slots:
    void findsPartsAndClasses_data();
    void findsPartsAndClasses();
    void goesEvenlyThroughTheClasses();
    void greyBecomesColourWhenOneIs();
    void resizesAndTellsProgress();
    void stopsWhenAsked();
    void refuses_data();
    void refuses();
    void onlyPicturesAreCounted();
    void memoryIsBounded();
    void unreadablePicturesAreCounted();
    void damagedArchivesEndWell();
    void readsTheReferenceArchives_data();
    void readsTheReferenceArchives();
};

using Files = QMap<QString, QByteArray>;

/// A PNG of one value.
static QByteArray png(int value, int height = 4, int width = 4, int channels = 1) {
    Image image{height, width, channels, {}};
    image.pixels.assign(static_cast<std::size_t>(height * width * channels),
                        static_cast<std::uint8_t>(value));
    const Result<std::vector<std::uint8_t>> bytes = encodePng(image);
    return {reinterpret_cast<const char*>(bytes->data()), static_cast<int>(bytes->size())};
}

/// Each name gets a picture whose value is its place in the list.
static Files pictures(const QStringList& names) {
    Files files;
    for (int i = 0; i < names.size(); ++i)
        files[names[i]] = png(i);
    return files;
}

static void writeFolder(const QString& folder, const Files& files) {
    for (auto it = files.begin(); it != files.end(); ++it)
        writeFile(folder + "/" + it.key(), it.value());
}

static void writeArchive(const QString& path, const Files& files) {
    archive* handle = archive_write_new();
    if (path.endsWith(".zip")) {
        archive_write_set_format_zip(handle);
    } else {
        archive_write_set_format_pax_restricted(handle);
        archive_write_add_filter_gzip(handle);
    }
    archive_write_open_filename(handle, path.toUtf8().constData());
    for (auto it = files.begin(); it != files.end(); ++it) {
        archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, it.key().toUtf8().constData());
        archive_entry_set_size(entry, it.value().size());
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_write_header(handle, entry);
        archive_write_data(handle, it.value().constData(), static_cast<std::size_t>(it.value().size()));
        archive_entry_free(entry);
    }
    archive_write_free(handle);
}

/// "class:value class:value ..." in order.
static QString contents(const std::shared_ptr<const Dataset>& part) {
    if (!part) return "none";
    QStringList all;
    std::vector<float> values(static_cast<std::size_t>(part->sampleShape().count()));
    for (std::int64_t i = 0; i < part->size(); ++i) {
        part->read(i, values);
        all += QString("%1:%2")
                   .arg(QString::fromStdString(part->classNames()[static_cast<std::size_t>(part->label(i))]))
                   .arg(values[0]);
    }
    return all.join(' ');
}

void DataFolderTest::findsPartsAndClasses_data() {
    QTest::addColumn<QStringList>("files");
    QTest::addColumn<QString>("train");
    QTest::addColumn<QString>("test");
    QTest::newRow("classes") << QStringList{"dog/1.png", "cat/1.png", "cat/2.png", "dog/2.png"}
                             << "cat:1 dog:0 cat:2 dog:3"
                             << "none";
    QTest::newRow("parts") << QStringList{"train/a/1.png", "train/b/1.png", "test/a/1.png"} << "a:0 b:1"
                           << "a:2";
    QTest::newRow("parts in other words")
        << QStringList{"Training/a/1.png", "Training/b/1.png", "valid/b/1.png"} << "a:0 b:1"
        << "b:2";
    QTest::newRow("in a folder of its own")
        << QStringList{"top/x/train/a/1.png", "top/x/train/b/1.png", "top/x/test/b/1.png"} << "a:0 b:1"
        << "b:2";
    QTest::newRow("only a training part") << QStringList{"train/a/1.png", "train/b/1.png"} << "a:0 b:1"
                                          << "none";
    QTest::newRow("a class named test is a class")
        << QStringList{"test/1.png", "other/1.png"} << "other:1 test:0"
        << "none";
    QTest::newRow("deeper") << QStringList{"a/x/1.png", "a/y/1.png", "b/1.png"} << "a:0 b:2 a:1"
                            << "none";
    QTest::newRow("hidden and foreign files")
        << QStringList{"a/1.png",      "b/1.png",     "a/.2.png", "__MACOSX/a/1.png",
                       ".git/x/1.png", "a/notes.txt", "readme.md"}
        << "a:0 b:1"
        << "none";
}

void DataFolderTest::findsPartsAndClasses() {
    QFETCH(QStringList, files);
    QTemporaryDir folder;
    const Files made = pictures(files);
    writeFolder(folder.filePath("set"), made);
    writeArchive(folder.filePath("set.tar.gz"), made);
    writeArchive(folder.filePath("set.zip"), made);
    for (const char* name : {"set", "set.tar.gz", "set.zip", "set/"}) {
        const Result<DataSource> source = openData(folder.filePath(name).toStdString());
        QVERIFY2(source.ok(), source.ok() ? "" : source.error().message.c_str());
        QTEST(contents(source->train), "train");
        QTEST(contents(source->test), "test");
    }
}

void DataFolderTest::goesEvenlyThroughTheClasses() {
    QTemporaryDir folder;
    Files files;
    for (int i = 0; i < 60; ++i)
        files[QString("big/%1.png").arg(i)] = png(1);
    for (int i = 0; i < 20; ++i)
        files[QString("small/%1.png").arg(i)] = png(2);
    writeFolder(folder.path(), files);
    const Result<DataSource> source = openData(folder.path().toStdString());
    QVERIFY(source.ok());
    const Result<ValidationSplit> split = validationSplit(source->train, 0.25);
    QVERIFY(labelCounts(*split->validation) == (std::vector<std::int64_t>{15, 5}));
    QVERIFY(labelCounts(*limit(source->train, 40)) == (std::vector<std::int64_t>{30, 10}));
}

void DataFolderTest::greyBecomesColourWhenOneIs() {
    QTemporaryDir folder;
    writeFolder(folder.path(), {{"a/1.png", png(5)}, {"a/2.png", png(6, 4, 4, 3)}, {"b/1.png", png(7)}});
    const Result<DataSource> source = openData(folder.path().toStdString());
    QVERIFY(source.ok());
    QVERIFY(source->train->sampleShape() == (Shape{4, 4, 3}));
    QCOMPARE(contents(source->train), QString("a:5 b:7 a:6"));
    DataOptions options;
    options.colour = ColourMode::Grey;
    const Result<DataSource> grey = openData(folder.path().toStdString(), options);
    QVERIFY(grey->train->sampleShape() == (Shape{4, 4, 1}));
    QCOMPARE(contents(grey->train), QString("a:5 b:7 a:6"));
}

void DataFolderTest::resizesAndTellsProgress() {
    QTemporaryDir folder;
    writeFolder(folder.path(), {{"a/1.png", png(5, 8, 6)}, {"b/1.png", png(7, 3, 90)}});
    DataOptions options;
    options.resize = ImageSize{5, 9};
    std::int64_t last = -1;
    options.progress = [&](std::int64_t done, std::int64_t total) {
        QVERIFY(done >= last && total == 2);
        last = done;
    };
    const Result<DataSource> source = openData(folder.path().toStdString(), options);
    QVERIFY(source.ok());
    QVERIFY(source->train->sampleShape() == (Shape{5, 9, 1}));
    QCOMPARE(contents(source->train), QString("a:5 b:7"));
    QCOMPARE(last, std::int64_t{2});
    options.resize = ImageSize{0, 9};
    QCOMPARE(openData("digits", options).error().id, std::string("data.resize"));
}

void DataFolderTest::stopsWhenAsked() {
    QTemporaryDir folder;
    writeFolder(folder.filePath("set"), pictures({"a/1.png", "b/1.png"}));
    writeArchive(folder.filePath("set.zip"), pictures({"a/1.png", "b/1.png"}));
    std::stop_source stop;
    stop.request_stop();
    DataOptions options;
    options.stop = stop.get_token();
    for (const char* name : {"set", "set.zip"}) {
        const Result<DataSource> source = openData(folder.filePath(name).toStdString(), options);
        QVERIFY(!source.ok());
        QCOMPARE(source.error().id, std::string("data.stopped"));
    }
}

void DataFolderTest::refuses_data() {
    QTest::addColumn<QStringList>("files");
    QTest::addColumn<QString>("id");
    QTest::newRow("no classes") << QStringList{"1.png", "2.png"} << "folder.no_classes";
    QTest::newRow("one class") << QStringList{"a/1.png", "a/2.png"} << "folder.one_class";
    QTest::newRow("a class only in the test")
        << QStringList{"train/a/1.png", "train/b/1.png", "test/c/1.png"} << "folder.test_class";
    QTest::newRow("nothing known") << QStringList{"a/notes.txt", "b/notes.txt"} << "data.unrecognised";
}

void DataFolderTest::refuses() {
    QFETCH(QStringList, files);
    QTemporaryDir folder;
    writeFolder(folder.path(), pictures(files));
    const Result<DataSource> source = openData(folder.path().toStdString());
    QVERIFY(!source.ok());
    QTEST(QString::fromStdString(source.error().id), "id");
    QVERIFY2(isOneSentence(source.error().message), source.error().message.c_str());
}

void DataFolderTest::onlyPicturesAreCounted() {
    QTemporaryDir folder;
    Files files = pictures({"1.png", "2.png"});
    for (int n = 0; n < 5; ++n) files[QString("%1.txt").arg(n)] = "a text";
    writeFolder(folder.path(), files);
    const std::string message = openData(folder.path().toStdString()).error().message;
    QVERIFY2(message.find("holds 2 pictures but") != std::string::npos, message.c_str());
}

void DataFolderTest::memoryIsBounded() {
    QTemporaryDir folder;
    writeFolder(folder.path(), {{"a/1.png", png(5, 200, 200)}, {"b/1.png", png(7, 200, 200)}});
    DataOptions options;
    options.memoryLimit = 79'999;
    const Result<DataSource> source = openData(folder.path().toStdString(), options);
    QVERIFY(!source.ok());
    QCOMPARE(source.error().id, std::string("data.memory"));
    QVERIFY2(QString::fromStdString(source.error().message).contains("80 kB"),
             source.error().message.c_str());
    options.memoryLimit = 80'000;
    QVERIFY(openData(folder.path().toStdString(), options).ok());

    writeFile(folder.filePath("a/2.png"), png(5, 200, 201));
    QCOMPARE(openData(folder.path().toStdString()).error().id, std::string("folder.sizes"));

    // Where the size is known before, nothing is decoded first: these are no pictures at all.
    QTemporaryDir large;
    writeFolder(large.path(), {{"a/1.png", "no picture"}, {"b/1.png", "no picture"}});
    options.resize = ImageSize{16384, 16384};
    options.memoryLimit = 1 << 20;
    QCOMPARE(openData(large.path().toStdString(), options).error().id, std::string("data.memory"));
    options.resize.reset();

    // 100 MB of zeros in a picture's clothes, in an archive of 100 kB: refused before it is unpacked.
    writeArchive(folder.filePath("bomb.tar.gz"),
                 {{"a/1.png", QByteArray(100 << 20, '\0')}, {"b/1.png", png(1)}});
    options.memoryLimit = 1 << 20;
    const Result<DataSource> bomb = openData(folder.filePath("bomb.tar.gz").toStdString(), options);
    QVERIFY(!bomb.ok());
    QCOMPARE(bomb.error().id, std::string("data.archive_too_large"));
}

void DataFolderTest::unreadablePicturesAreCounted() {
    QTemporaryDir folder;
    Files files = pictures({"a/0.png", "b/0.png"});
    for (int i = 1; i <= 5; ++i)
        files[QString("a/%1.png").arg(i)] = "no picture";
    files["b/1.jpg"] = QByteArray();
    writeFolder(folder.path(), files);
    const Result<DataSource> source = openData(folder.path().toStdString());
    QVERIFY(!source.ok());
    QCOMPARE(source.error().id, std::string("folder.unreadable"));
    const QString message = QString::fromStdString(source.error().message);
    QVERIFY2(message.contains("6 of 8") && message.contains("a/1.png"), qPrintable(message));
    QVERIFY(isOneSentence(source.error().message));
}

void DataFolderTest::damagedArchivesEndWell() {
    QTemporaryDir folder;
    for (const QString name : {"set.zip", "set.tar.gz"}) {
        writeArchive(folder.filePath(name), pictures({"a/1.png", "a/2.png", "b/1.png"}));
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray whole = file.readAll();
        for (qsizetype size = 0; size < whole.size(); size += 7) {
            writeFile(folder.filePath("cut"), whole.left(size));
            const Result<DataSource> source = openData(folder.filePath("cut").toStdString());
            if (!source) QVERIFY2(isOneSentence(source.error().message), source.error().message.c_str());
            QByteArray changed = whole;
            changed[size] = static_cast<char>(changed[size] ^ 0x55);
            writeFile(folder.filePath("changed"), changed);
            const Result<DataSource> other = openData(folder.filePath("changed").toStdString());
            if (!other) QVERIFY2(isOneSentence(other.error().message), other.error().message.c_str());
        }
        writeFile(folder.filePath("half"), whole.left(whole.size() / 2));
        QVERIFY(!openData(folder.filePath("half").toStdString()).ok());
    }
}

void DataFolderTest::readsTheReferenceArchives_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("train");
    QTest::addColumn<int>("test");
    QTest::addColumn<int>("classes");
    QTest::addColumn<QString>("shape");
    QTest::newRow("textures") << "cc0_textures_folder.tar.gz" << 144 << 48 << 3 << "(None, 64, 64, 1)";
    QTest::newRow("mnist") << "mnist_folder_1200.tar.gz" << 1000 << 200 << 10 << "(None, 28, 28, 1)";
    QTest::newRow("cifar") << "cifar10_folder_1200.tar.gz" << 1000 << 200 << 10 << "(None, 32, 32, 3)";
    QTest::newRow("flowers") << "flowers128_folder_1000.tar.gz" << 800 << 200 << 5 << "(None, 128, 128, 3)";
}

void DataFolderTest::readsTheReferenceArchives() {
    QFETCH(QString, file);
    QFETCH(int, classes);
    const std::string path = referenceData("image-folders/" + file);
    if (path.empty()) QSKIP("The reference data is not on this machine.");
    const Result<DataSource> source = openData(path);
    QVERIFY2(source.ok(), source.ok() ? "" : source.error().message.c_str());
    QTEST(static_cast<int>(source->train->size()), "train");
    QTEST(static_cast<int>(source->test->size()), "test");
    QCOMPARE(static_cast<int>(source->train->classNames().size()), classes);
    QTEST(QString::fromStdString(source->train->sampleShape().kerasText()), "shape");
    for (const std::int64_t count : labelCounts(*source->train))
        QCOMPARE(count, source->train->size() / classes);
}

QTEST_APPLESS_MAIN(DataFolderTest)
#include "data_folder_test.moc"
