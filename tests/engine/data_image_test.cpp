// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>

#include "engine/data/image_file.h"
#include "tests/support/data_files.h"

using namespace strata;
using namespace strata::test;

/// 3 x 2 grey, written by Pillow 13.
static const char* const kJpeg =
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJ"
    "BwYGCAsICQoKCgoKBggLDAsKDAkKCgr/wAALCAADAAIBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcI"
    "CQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcY"
    "GRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKj"
    "pKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AP0g"
    "r//Z";

class DataImageTest : public QObject {
    Q_OBJECT

private slots:
    void decodesWhatPillowWrote_data();
    void decodesWhatPillowWrote();
    void greyAsPillow();
    void resizes();
    void writesPngThatItReads();
    void refusesBadFiles_data();
    void refusesBadFiles();
    void everyTruncationIsRefused();
    void saysWhichShapeIsWanted();
};

static std::span<const std::uint8_t> bytesOf(const QByteArray& bytes) {
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), static_cast<std::size_t>(bytes.size())};
}

static Image image(std::int64_t height, std::int64_t width, int channels, std::vector<std::uint8_t> pixels) {
    return {height, width, channels, std::move(pixels)};
}

// Files in base64, written by Pillow 13.
void DataImageTest::decodesWhatPillowWrote_data() {
    QTest::addColumn<int>("height");
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("channels");
    QTest::addColumn<int>("tolerance");
    QTest::addColumn<QString>("pixels");
    QTest::addColumn<QByteArray>("base64");
    QTest::newRow("png colour")
        << 3 << 2 << 3 << 0 << "255 0 0 0 255 0 0 0 255 10 20 30 200 100 50 255 255 255"
        << QByteArray(
               "iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAIAAAA2iEnWAAAAHklEQVR4nGP4z8DA8J+BgYHhP5eIHMOJFKP///8D"
               "AD5UB5Wc/91CAAAAAElFTkSuQmCC");
    QTest::newRow("png grey")
        << 3 << 2 << 1 << 0 << "0 64 128 192 255 7"
        << QByteArray(
               "iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAAAAACcgYFdAAAAEUlEQVR4nGNgcGBoOMDwnx0ACU4Ch5VhwcEAAAAA"
               "SUVORK5CYII=");
    QTest::newRow("png palette")
        << 3 << 2 << 3 << 0 << "255 0 0 0 255 0 0 0 255 10 20 30 200 100 50 255 255 255"
        << QByteArray(
               "iVBORw0KGgoAAAANSUhEUgAAAAIAAAADBAMAAABLxMOyAAAAElBMVEX///8A/wDIZDIKFB7/AAAAAP8STycHAAAA"
               "DklEQVR4nGNwZBJiUAAAAakAdkV1LYAAAAAASUVORK5CYII=");
    QTest::newRow("png with transparency")
        << 3 << 2 << 3 << 0 << "255 0 0 0 255 0 0 0 255 10 20 30 200 100 50 255 255 255"
        << QByteArray(
               "iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAYAAAC56t6BAAAAJElEQVR4nGP8z8DQwPifgYGJkeE/A5eoHAPTiRRj"
               "hq+vHzIAAF8iB+J39R4PAAAAAElFTkSuQmCC");
    QTest::newRow("png 16 bits")
        << 3 << 2 << 1 << 0 << "0 64 128 192 255 7"
        << QByteArray(
               "iVBORw0KGgoAAAANSUhEUgAAAAIAAAADEAAAAADMEV0eAAAAF0lEQVR4nGNgYHBwYGhoOHCA4f9/dnYAHx0FDYzM"
               "Yx4AAAAASUVORK5CYII=");
    QTest::newRow("png one bit")
        << 3 << 2 << 1 << 0 << "0 0 255 255 255 0"
        << QByteArray(
               "iVBORw0KGgoAAAANSUhEUgAAAAIAAAADAQAAAACRkeMsAAAADklEQVR4nGNgYDjAdAAAAwoBg4PWoBIAAAAASUVO"
               "RK5CYII=");
    QTest::newRow("bmp colour")
        << 3 << 2 << 3 << 0 << "255 0 0 0 255 0 0 0 255 10 20 30 200 100 50 255 255 255"
        << QByteArray(
               "Qk1OAAAAAAAAADYAAAAoAAAAAgAAAAMAAAABABgAAAAAABgAAADEDgAAxA4AAAAAAAAAAAAAMmTI////AAD/AAAe"
               "FAoAAAAA/wD/AAAA");
    QTest::newRow("ppm") << 3 << 2 << 3 << 0 << "255 0 0 0 255 0 0 0 255 10 20 30 200 100 50 255 255 255"
                         << QByteArray("UDYKMiAzCjI1NQr/AAAA/wAAAP8KFB7IZDL///8=");
    QTest::newRow("pgm") << 3 << 2 << 1 << 0 << "0 64 128 192 255 7"
                         << QByteArray("UDUKMiAzCjI1NQoAQIDA/wc=");
    QTest::newRow("webp lossless")
        << 3 << 2 << 3 << 0 << "255 0 0 0 255 0 0 0 255 10 20 30 200 100 50 255 255 255"
        << QByteArray(
               "UklGRkIAAABXRUJQVlA4TDUAAAAvAYAAAC9AkG2zQdzr/jLTIJO2yV//dmZtZNI2rYf986+y8x9o5JGs+wZiwTTk"
               "MJf+IvofDgA=");
    QTest::newRow("jpeg colour")
        << 3 << 2 << 3 << 3 << "200 100 50 200 100 50 200 100 50 200 100 50 200 100 50 200 100 50"
        << QByteArray(
               "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJ"
               "BwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK"
               "CgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAADAAIDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAA"
               "AAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAk"
               "M2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKT"
               "lJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QA"
               "HwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdh"
               "cRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hp"
               "anN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk"
               "5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDPooor+Vz+2D//2Q==");
    QTest::newRow("jpeg grey")
        << 3 << 2 << 1 << 2 << "200 200 200 200 200 200"
        << QByteArray(
               "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJ"
               "BwYGCAsICQoKCgoKBggLDAsKDAkKCgr/wAALCAADAAIBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcI"
               "CQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcY"
               "GRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKj"
               "pKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AP0g"
               "r//Z");
    QTest::newRow("jpeg turned by the camera")
        << 2 << 3 << 3 << 3 << "200 100 50 200 100 50 200 100 50 200 100 50 200 100 50 200 100 50"
        << QByteArray(
               "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAAIBAQEB"
               "AQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQIC"
               "AgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAAR"
               "CAADAAIDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQA"
               "AAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdI"
               "SUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXG"
               "x8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL"
               "/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcY"
               "GRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOk"
               "paanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDP"
               "ooor+Vz+2D//2Q==");
}

void DataImageTest::decodesWhatPillowWrote() {
    QFETCH(QByteArray, base64);
    QFETCH(QString, pixels);
    QFETCH(int, tolerance);
    const QByteArray bytes = QByteArray::fromBase64(base64);
    QVERIFY(looksLikeImage(bytesOf(bytes)));
    const Result<Image> decoded = decodeImage(bytesOf(bytes), "a picture");
    QVERIFY2(decoded.ok(), decoded.ok() ? "" : decoded.error().message.c_str());
    QTEST(static_cast<int>(decoded->height), "height");
    QTEST(static_cast<int>(decoded->width), "width");
    QTEST(decoded->channels, "channels");
    const QStringList wanted = pixels.split(' ');
    QCOMPARE(static_cast<qsizetype>(decoded->pixels.size()), wanted.size());
    for (qsizetype i = 0; i < wanted.size(); ++i)
        QVERIFY2(std::abs(decoded->pixels[static_cast<std::size_t>(i)] - wanted[i].toInt()) <= tolerance,
                 qPrintable(QString("value %1").arg(i)));
    const Result<Image> colour = decodeImage(bytesOf(bytes), "a picture", ColourMode::Colour);
    const Result<Image> grey = decodeImage(bytesOf(bytes), "a picture", ColourMode::Grey);
    QCOMPARE(colour->channels, 3);
    QCOMPARE(grey->channels, 1);
}

void DataImageTest::greyAsPillow() {
    const Image colour =
        image(2, 3, 3, {255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, 200, 100, 50, 255, 255, 255});
    // Image.convert("L") of the same pixels.
    QVERIFY(toGrey(colour).pixels == (std::vector<std::uint8_t>{76, 150, 29, 18, 124, 255}));
    QVERIFY(toColour(toGrey(colour)).pixels.size() == 18);
    QVERIFY(toGrey(toColour(image(1, 2, 1, {3, 250}))).pixels == (std::vector<std::uint8_t>{3, 250}));
}

void DataImageTest::resizes() {
    const Image small = resized(image(2, 4, 1, {0, 100, 200, 200, 100, 200, 200, 200}), {1, 2});
    QVERIFY(small.pixels == (std::vector<std::uint8_t>{100, 200})); // means of 2 x 2
    const Image large = resized(image(1, 2, 1, {0, 200}), {1, 4});
    QVERIFY(large.pixels == (std::vector<std::uint8_t>{0, 50, 150, 200})); // linear between pixel centres
    const Image colour = resized(image(1, 1, 3, {1, 2, 3}), {5, 7});
    QCOMPARE(colour.pixels.size(), std::size_t{105});
    QCOMPARE(int{colour.pixels[104]}, 3);
}

void DataImageTest::writesPngThatItReads() {
    const Image colour = image(2, 1, 3, {1, 2, 3, 250, 100, 0});
    for (const Image& picture : {colour, toGrey(colour)}) {
        const Result<std::vector<std::uint8_t>> png = encodePng(picture);
        QVERIFY(png.ok());
        const Result<Image> again = decodeImage(*png, "again");
        QVERIFY(again.ok());
        QVERIFY(again->pixels == picture.pixels);
        QVERIFY(again->size() == picture.size());
    }
    QVERIFY(imageValues(colour) == (std::vector<float>{1, 2, 3, 250, 100, 0}));
}

void DataImageTest::refusesBadFiles_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("id");
    QTest::newRow("empty") << QByteArray() << "image.damaged";
    QTest::newRow("text") << QByteArray("this is not a picture at all") << "image.damaged";
    QTest::newRow("png header only") << QByteArray("\x89PNG\r\n\x1A\n", 8) << "image.damaged";
    const QByteArray start("\x89PNG\r\n\x1A\n\0\0\0\rIHDR", 16);
    QTest::newRow("png of 2^62 pixels")
        << start + bigEndian32(1u << 31) + bigEndian32(1u << 31) + QByteArray(20, '\0') << "image.too_large";
    QTest::newRow("png of no size") << start + bigEndian32(0) + bigEndian32(9) + QByteArray(20, '\0')
                                    << "image.damaged";
    QTest::newRow("pgm of 10^12 pixels") << QByteArray("P5 1000000 1000000 255\n") << "image.too_large";
    QTest::newRow("jpeg of markers") << QByteArray("\xFF\xD8") + QByteArray(1000, '\xFF') << "image.damaged";
    QTest::newRow("bmp of a negative width")
        << QByteArray("BM") + QByteArray(12, '\0') + QByteArray("\x28\0\0\0\xFF\xFF\xFF\xFF\1\0\0\0", 12)
        << "image.damaged";
}

void DataImageTest::refusesBadFiles() {
    QFETCH(QByteArray, bytes);
    QTemporaryDir folder;
    const QString path = folder.filePath("odd.png");
    writeFile(path, bytes);
    const Result<Image> decoded = readImageFile(path.toStdString());
    QVERIFY(!decoded.ok());
    QTEST(QString::fromStdString(decoded.error().id), "id");
    QVERIFY2(isOneSentence(decoded.error().message), decoded.error().message.c_str());
    QVERIFY(decoded.error().message.find("odd.png") != std::string::npos);
}

void DataImageTest::everyTruncationIsRefused() {
    const QByteArray jpeg = QByteArray::fromBase64(kJpeg);
    const Result<std::vector<std::uint8_t>> png =
        encodePng(image(4, 4, 1, std::vector<std::uint8_t>(16, 77)));
    QVERIFY(png.ok());
    for (const std::span<const std::uint8_t> whole : {std::span<const std::uint8_t>(*png), bytesOf(jpeg)}) {
        QVERIFY(decodeImage(whole, "whole").ok());
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const Result<Image> decoded = decodeImage(whole.first(size), "cut");
            QVERIFY(!decoded.ok());
            QVERIFY(isOneSentence(decoded.error().message));
        }
    }
    std::vector<std::uint8_t> flipped = *png;
    flipped[flipped.size() - 20] ^= 1; // within the pixels: their checksum tells
    QVERIFY(!decodeImage(flipped, "flipped").ok());
}

void DataImageTest::saysWhichShapeIsWanted() {
    const Error size = wrongImageShape("\"a.png\"", Shape{40, 30, 1}, Shape{28, 28, 1});
    QVERIFY2(QString::fromStdString(size.message).contains("resize it to 28x28"), size.message.c_str());
    QVERIFY(!QString::fromStdString(size.message).contains("read it as"));
    const Error both = wrongImageShape("\"a.png\"", Shape{40, 30, 3}, Shape{28, 28, 1});
    QVERIFY(QString::fromStdString(both.message).contains("resize it to 28x28 and read it as grey"));
    QVERIFY(isOneSentence(both.message));
}

QTEST_APPLESS_MAIN(DataImageTest)
#include "data_image_test.moc"
