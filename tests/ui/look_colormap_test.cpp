// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/look/colormap.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace strata::ui;

class LookColormapTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void viridisIsMatplotlibs_data() {
        QTest::addColumn<double>("t");
        QTest::addColumn<QColor>("expected");
        // matplotlib's viridis at index 0, 32, 64, 96, 128, 160, 192, 224, 255 of 256.
        const char* colors[] = {"#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c",
                                "#28ae80", "#5ec962", "#addc30", "#fde725"};
        const int at[] = {0, 32, 64, 96, 128, 160, 192, 224, 255};
        for (int i = 0; i < 9; ++i)
            QTest::newRow(colors[i]) << at[i] / 255.0 << QColor(colors[i]);
    }

    void viridisIsMatplotlibs() {
        QFETCH(double, t);
        QFETCH(QColor, expected);
        const QColor got(viridis(static_cast<float>(t)));
        QVERIFY2(std::abs(got.red() - expected.red()) <= 3 && std::abs(got.green() - expected.green()) <= 3 &&
                     std::abs(got.blue() - expected.blue()) <= 3,
                 qPrintable(got.name()));
    }

    void viridisTakesAnything() {
        QCOMPARE(viridis(-5), viridis(0));
        QCOMPARE(viridis(std::numeric_limits<float>::infinity()), viridis(1));
        QCOMPARE(viridis(std::nanf("")), qRgb(128, 128, 128));
    }

    void signedColorsAreSymmetric() {
        for (const Theme* theme : {&Theme::light(), &Theme::dark()}) {
            QCOMPARE(QColor(signedColor(0, 1, *theme)), theme->kernelValues.zero);
            QCOMPARE(QColor(signedColor(2, 2, *theme)), theme->kernelValues.positive);
            QCOMPARE(QColor(signedColor(-9, 2, *theme)), theme->kernelValues.negative);
            QCOMPARE(QColor(signedColor(1, 0, *theme)), theme->kernelValues.zero);
        }
    }

    void mapPutsRowsWhereTheyBelong() {
        const std::vector<float> values{0, 1, 2, 3, 4, 5}; // (2, 3)
        const QImage image = featureMapImage(values, 2, 3, 0, 5);
        QCOMPARE(image.size(), QSize(3, 2));
        QCOMPARE(image.pixel(0, 0), viridis(0));
        QCOMPARE(image.pixel(2, 1), viridis(1));
        QCOMPARE(image.pixel(0, 1), viridis(0.6f));
    }

    void flatMapIsTheLowestColour() {
        const std::vector<float> values(4, 7.0f);
        QCOMPARE(featureMapImage(values, 2, 2, 7, 7).pixel(1, 1), viridis(0));
    }

    void picturesHaveTheirOwnColours() {
        const std::vector<float> rgb{1, 0, 0, 0, 0, 1}; // (1, 2, 3)
        const QImage image = pictureImage(rgb, 1, 2, 3, 0, 1);
        QCOMPARE(image.pixel(0, 0), qRgb(255, 0, 0));
        QCOMPARE(image.pixel(1, 0), qRgb(0, 0, 255));
        QCOMPARE(pictureImage(rgb, 2, 3, 1, 0, 1).pixel(2, 1), qRgb(255, 255, 255));
    }

    /// One maximum a strip, channels last, and a dead filter in the colour of zero.
    void stripHasOneScale() {
        const std::vector<float> values{1, 0, 4, 1, 0, 2, 0, 0, 0, 1, 0, 4}; // (2, 2, 3)
        StripLayout layout;
        layout.tile = 10;
        layout.gap = 2;
        const QImage strip = featureStripImage(values, 2, 2, 3, layout);
        QCOMPARE(strip.size(), QSize(34, 10));
        QCOMPARE(strip.pixel(2, 2), viridis(0.25f));
        QCOMPARE(strip.pixel(14, 2), viridis(0));
        QCOMPARE(strip.pixel(26, 2), viridis(1));
        QCOMPARE(strip.pixel(32, 2), viridis(0.5f));
        QCOMPARE(qAlpha(strip.pixel(11, 5)), 0);
        layout.maxTiles = 1;
        QCOMPARE(featureStripImage(values, 2, 2, 3, layout).pixel(2, 2), viridis(0.25f));
        layout.dpr = 2;
        QCOMPARE(featureStripImage(values, 2, 2, 3, layout).size(), QSize(20, 20));
        QVERIFY(featureStripImage({}, 0, 0, 0, layout).isNull());
    }

    void barcodeKeepsSpikes() {
        std::vector<float> values(1000, 0.0f);
        values[501] = 1;
        const QImage code = barcodeImage(values, 50, 8);
        QCOMPARE(code.size(), QSize(50, 8));
        QCOMPARE(code.pixel(25, 4), viridis(1));
        QCOMPARE(code.pixel(24, 4), viridis(0));
        QCOMPARE(barcodeImage(std::span(values).first(5), 50, 8).width(), 50);
    }
};

QTEST_MAIN(LookColormapTest)
#include "look_colormap_test.moc"
