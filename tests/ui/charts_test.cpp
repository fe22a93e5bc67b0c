// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/curve_chart.h"
#include "patience.h"

#include <QApplication>
#include <QtTest>

#include <cmath>
#include <limits>

using namespace strata::ui;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool hasColor(const QImage& image, const QColor& color) {
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            if (image.pixel(x, y) == color.rgb()) return true;
    return false;
}

QStringList texts(const ChartScale& scale) {
    QStringList texts;
    for (const Tick& tick : scale.ticks)
        texts << tick.text;
    return texts;
}

} // namespace

class ChartsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reducerKeepsSpikesAndEnds() {
        CurveReducer reducer(10);
        for (int i = 0; i < 100000; ++i)
            reducer.add(i * 1e-4, i == 31234 ? 99.0 : i == 31238 ? -99.0 : std::sin(i));
        const QList<QPointF> points = reducer.points();
        QVERIFY(points.size() <= 500);
        QVERIFY(points.contains(QPointF(31234 * 1e-4, 99.0)));
        QVERIFY(points.contains(QPointF(31238 * 1e-4, -99.0)));
        QCOMPARE(points.constLast(), QPointF(99999 * 1e-4, std::sin(99999)));
        QVERIFY(
            std::is_sorted(points.begin(), points.end(), [](QPointF a, QPointF b) { return a.x() < b.x(); }));
    }

    void reducerLeavesFewPointsAlone() {
        CurveReducer reducer(5);
        reducer.add(1, 3);
        reducer.add(2, kNaN);
        reducer.add(3, 1);
        QCOMPARE(reducer.points(), (QList<QPointF>{{1, 3}, {3, 1}}));
    }

    void smoothingIsATrailingMean() {
        CurveData data;
        data.setPlannedEpochs(1);
        data.setSmoothing(2);
        data.appendBatch(0.25, 4);
        data.appendBatch(0.5, 2);
        data.appendBatch(0.75, std::numeric_limits<double>::infinity());
        data.appendBatch(1.0, 1);
        QCOMPARE(data.smoothedAt(0), 4.0);
        QCOMPARE(data.smoothedAt(1), 3.0);
        QCOMPARE(data.smoothedAt(2), 2.0); // only the finite one counts
        QCOMPARE(data.smoothedAt(3), 1.0);
        QCOMPARE(*data.latestTrain(), 1.0);
        data.appendEpoch({1, 2.5, {}}); // from here on what the epoch's record says
        QCOMPARE(*data.latestTrain(), 2.5);
        data.setSmoothing(4);
        QCOMPARE(data.smoothedAt(3), 7.0 / 3);
        data.clear();
        QVERIFY(data.isEmpty() && !data.latestTrain());
    }

    void trainingBeyondThePlanWidensTheAxis() {
        CurveData data;
        data.setPlannedEpochs(2);
        data.appendBatch(2.0, 1);
        QCOMPARE(data.plannedEpochs(), 2);
        data.appendBatch(2.5, 1);
        QCOMPARE(data.plannedEpochs(), 3);
        data.appendEpoch({7, 0.5, {}});
        QCOMPARE(data.plannedEpochs(), 7);
        QCOMPARE(data.trainPoints().size(), 2);
    }

    void epochsAloneMakeACurve() {
        CurveData data;
        data.setPlannedEpochs(3);
        data.appendEpoch({1, 0.9, 0.8});
        data.appendEpoch({2, 0.5, {}});
        QCOMPARE(data.trainPoints(), (QList<QPointF>{{1, 0.9}, {2, 0.5}}));
        QCOMPARE(data.validationPoints(), (QList<QPointF>{{1, 0.8}}));
        QCOMPARE(*data.latestTrain(), 0.5);
        QCOMPARE(*data.latestValidation(), 0.8);
    }

    void ticksAreRound_data() {
        QTest::addColumn<double>("least");
        QTest::addColumn<double>("largest");
        QTest::addColumn<int>("most");
        QTest::addColumn<bool>("percent");
        QTest::addColumn<QStringList>("expected");
        QTest::newRow("loss") << 0.0 << 0.48 << 6 << false
                              << QStringList{"0.0", "0.1", "0.2", "0.3", "0.4", "0.5"};
        QTest::newRow("narrow loss") << 0.0 << 0.48 << 3 << false << QStringList{"0.00", "0.25", "0.50"};
        QTest::newRow("accuracy") << 0.903 << 0.994 << 6 << true
                                  << QStringList{"90 %", "92 %", "94 %", "96 %", "98 %", "100 %"};
        QTest::newRow("narrow accuracy")
            << 0.903 << 0.994 << 3 << true << QStringList{"90 %", "95 %", "100 %"};
        QTest::newRow("from nothing")
            << 0.1 << 1.0 << 6 << true << QStringList{"0 %", "20 %", "40 %", "60 %", "80 %", "100 %"};
        QTest::newRow("negative") << -1.0 << 1.0 << 5 << false
                                  << QStringList{"−1.0", "−0.5", "0.0", "0.5", "1.0"};
    }

    void ticksAreRound() {
        QFETCH(double, least);
        QFETCH(double, largest);
        QFETCH(int, most);
        QFETCH(bool, percent);
        QFETCH(QStringList, expected);
        const ChartScale scale =
            linearScale(least, largest, most, percent ? NumberStyle::Percent : NumberStyle::Plain);
        QCOMPARE(texts(scale), expected);
        QVERIFY(scale.from <= least && scale.to >= largest);
    }

    void anyRangeHasTicks() {
        for (double least : {-1e9, -3.0, 0.0, 1e-12, 0.3, 1.0, 2.3e5})
            for (double width : {0.0, 1e-13, 1e-6, 0.07, 1.0, 333.0, 1e10})
                for (int most : {3, 4, 6}) {
                    const ChartScale scale = linearScale(least, least + width, most, NumberStyle::Plain);
                    QVERIFY(scale.to > scale.from);
                    QVERIFY2(scale.ticks.size() >= 2 && scale.ticks.size() <= most,
                             qPrintable(texts(scale).join(' ')));
                    const double rounding = 1e-6 * (scale.to - scale.from);
                    QVERIFY(scale.from <= least + rounding && scale.to >= least + width - rounding);
                    if (least <= 0) continue;
                    const ChartScale log = logarithmicScale(least, least + width, most, NumberStyle::Plain);
                    QVERIFY2(log.ticks.size() >= 2 && log.ticks.size() <= most,
                             qPrintable(texts(log).join(' ')));
                    QVERIFY(log.from <= std::log10(least) + 1e-9 &&
                            log.to >= std::log10(least + width) - 1e-9);
                }
    }

    void epochTicks() {
        QCOMPARE(texts(epochScale(30, 8)), (QStringList{"0", "5", "10", "15", "20", "25", "30"}));
        QCOMPARE(texts(epochScale(1, 8)), (QStringList{"0", "1"}));
        QCOMPARE(texts(epochScale(3, 6)), (QStringList{"0", "1", "2", "3"}));
        QCOMPARE(texts(epochScale(1000, 6)), (QStringList{"0", "200", "400", "600", "800", "1000"}));
    }

    void logarithmicAxisClamps() {
        const ChartScale scale = logarithmicScale(0.01, 2.0, 6, NumberStyle::Plain);
        QCOMPARE(texts(scale), (QStringList{"0.01", "0.03", "0.1", "0.3", "1", "3"}));
        QCOMPARE(scale.place(0.1), -1.0);
        QCOMPARE(scale.place(0.0), scale.from);
        QCOMPARE(scale.place(-3.0), scale.from);
    }

    void valuesAreWritten() {
        QCOMPARE(valueText(0.0203, NumberStyle::Plain), QString("0.020"));
        QCOMPARE(valueText(0.00123, NumberStyle::Plain), QString("0.0012"));
        QCOMPARE(valueText(0.00000123, NumberStyle::Plain), QString("1.2e-6"));
        QCOMPARE(valueText(2.302, NumberStyle::Plain), QString("2.302"));
        QCOMPARE(valueText(-0.5, NumberStyle::Plain), QString("−0.500"));
        QCOMPARE(valueText(0, NumberStyle::Plain), QString("0.000"));
        QCOMPARE(valueText(1234567, NumberStyle::Plain), QString("1.2e6"));
        QCOMPARE(valueText(0.9942, NumberStyle::Percent), QString("99.4 %"));
        QCOMPARE(valueText(kNaN, NumberStyle::Plain), QString("not a number"));
    }

    void seriesStaySmall() {
        CurveChart chart({"Loss"});
        chart.resize(900, 200);
        chart.setPlannedEpochs(20);
        for (int i = 0; i < 40000; ++i)
            chart.appendBatch(i / 2000.0, 1.0 / (i + 1));
        chart.flush();
        QVERIFY(chart.largestSeries() <= 500);
        QVERIFY(chart.largestSeries() > 100);
    }

    void mouseTellsValues() {
        CurveChart chart({"Loss"});
        chart.resize(564, 200);
        chart.image({564, 200});
        chart.setPlannedEpochs(4);
        chart.setSmoothing(3);
        for (int i = 1; i <= 40; ++i) {
            chart.appendBatch(i / 20.0, 2.0 - i * 0.01);
            if (i % 20 == 0) chart.appendEpoch(i / 20, 1.5, 1.25);
        }
        chart.image({564, 200}); // lays the plot out: 44 left, 16 right
        const double epoch = (564 - 44 - 16) / 4.0;
        QCOMPARE(chart.valuesAt(44 + epoch + 4), (QStringList{"epoch 1", "train 1.500", "validation 1.250"}));
        QCOMPARE(chart.valuesAt(44 + 1.5 * epoch),
                 (QStringList{"at epoch 1.50", "train 1.710", "this batch 1.700"}));
        QCOMPARE(chart.valuesAt(0), QStringList());
        QVERIFY(chart.accessibleDescription().contains("validation 1.250"));
        chart.setFocus();
        QTest::keyClick(&chart, Qt::Key_Left);
        QVERIFY(chart.accessibleDescription().contains("epoch 2"));
        QTest::keyClick(&chart, Qt::Key_Left);
        QVERIFY(chart.accessibleDescription().contains("epoch 1"));
    }

    void aSpikeLeavesTheAxisToWhatLasts_data() {
        QTest::addColumn<int>("at");
        QTest::addColumn<int>("smoothing");
        QTest::addColumn<int>("batches");
        QTest::newRow("first batch") << 0 << 50 << 60;
        QTest::newRow("first batch, as it is") << 0 << 1 << 60;
        QTest::newRow("in the first epoch") << 70 << 50 << 130;
        QTest::newRow("later") << 700 << 50 << 2000;
        QTest::newRow("later, as it is") << 700 << 1 << 2000;
        QTest::newRow("just now") << 1998 << 10 << 2000;
    }

    void aSpikeLeavesTheAxisToWhatLasts() {
        QFETCH(int, at);
        QFETCH(int, smoothing);
        QFETCH(int, batches);
        CurveChart chart({"Loss"});
        chart.resize(600, 200);
        chart.setPlannedEpochs(20);
        chart.setSmoothing(smoothing);
        for (int i = 0; i < batches; ++i) chart.appendBatch((i + 1) / 100.0, i == at ? 4000.0 : 0.4 + 1.8 * std::exp(-i / 60.0) + 0.05 * std::sin(i));
        chart.flush();
        QVERIFY2(chart.valueScale().to <= 5, qPrintable(texts(chart.valueScale()).join(' ')));
        QVERIFY(chart.valueScale().to > 0.4);
        // Nothing is hidden silently: there is a mark, and words for who does not see it.
        QVERIFY(chart.above().has_value());
        QCOMPARE(chart.above()->y(), 4000.0);
        QCOMPARE(chart.above()->x(), (at + 1) / 100.0);
        QVERIFY2(chart.accessibleDescription().contains(QString("up to 4000 above the axis, at epoch %1").arg((at + 1) / 100.0, 0, 'f', 2)),
                 qPrintable(chart.accessibleDescription()));
        chart.setLogarithmic(true); // the whole range
        chart.flush();
        QVERIFY(chart.valueScale().to >= std::log10(4000.0 / smoothing) && !chart.above());
    }

    void aSpikeOfTheValidationIsMarked() {
        CurveChart chart({"Loss"});
        chart.resize(600, 200);
        chart.setPlannedEpochs(10);
        for (int epoch = 1; epoch <= 8; ++epoch) chart.appendEpoch(epoch, 2.0 / epoch, epoch == 1 ? 90.0 : 2.2 / epoch);
        chart.flush();
        QVERIFY(chart.valueScale().to <= 5);
        QCOMPARE(*chart.above(), QPointF(1, 90));
    }

    void aNaturalCurveIsShownWhole() {
        CurveChart loss({"Loss"}), accuracy({"Accuracy", NumberStyle::Percent});
        for (CurveChart* chart : {&loss, &accuracy}) {
            chart->resize(600, 200);
            chart->setPlannedEpochs(20);
            for (int i = 0; i < 140; ++i) {
                const double fall = 0.1 + 2.2 * std::exp(-i / 25.0) + 0.05 * std::sin(i);
                chart->appendBatch((i + 1) / 100.0, chart == &loss ? fall : 1 - fall / 2.5);
            }
            chart->flush();
            QVERIFY(!chart->above() && !chart->below());
        }
        QVERIFY(loss.valueScale().to >= 2.3);
    }

    /// ln 10, the loss of who does not learn among ten classes, is no number whose sums are exact.
    void aConstantIsShown() {
        for (const int smoothing : {1, 50}) {
            CurveChart chart({"Loss"});
            chart.resize(600, 200);
            chart.setPlannedEpochs(20);
            chart.setSmoothing(smoothing);
            for (int i = 0; i < 1000; ++i) chart.appendBatch((i + 1) / 100.0, 2.302585092994046);
            chart.flush();
            QVERIFY2(chart.valueScale().from < 2.3 && chart.valueScale().to > 2.3, qPrintable(texts(chart.valueScale()).join(' ')));
            QVERIFY(!chart.above());
        }
    }

    void aLastingRiseMovesTheAxis() {
        CurveChart chart({"Loss"});
        chart.resize(600, 200);
        chart.setPlannedEpochs(20);
        for (int i = 0; i < 1000; ++i) chart.appendBatch((i + 1) / 100.0, i < 700 ? 0.4 : 40.0);
        chart.flush();
        QVERIFY(chart.valueScale().to >= 40);
        QVERIFY(!chart.above());
    }

    void appendingIsDrawnAtTheNextFrame() {
        CurveChart chart({"Loss"});
        chart.resize(500, 180);
        chart.show();
        chart.setPlannedEpochs(2);
        chart.appendBatch(0.5, 1);
        chart.appendBatch(1.0, 0.5);
        QTRY_COMPARE_WITH_TIMEOUT(chart.largestSeries(), 2, test::kPatience);
    }

    void strangeValuesDoNoHarm() {
        for (bool logarithmic : {false, true}) {
            CurveChart chart({"Loss", NumberStyle::Plain, false, logarithmic});
            for (double value : {kNaN, -1.0, 0.0, 1e300, -1e300, std::numeric_limits<double>::infinity()}) {
                chart.appendBatch(0.5, value);
                QVERIFY(!chart.image({400, 160}, 1).isNull());
            }
            chart.appendEpoch(1, kNaN, kNaN);
            chart.setBestEpoch(1);
            QVERIFY(!chart.image({400, 160}, 1).isNull());
            QVERIFY(!chart.image({30, 20}, 1).isNull());
        }
    }

    void picturesForTheCommandLine() {
        for (const Theme* theme : {&Theme::light(), &Theme::dark()}) {
            CurvePicture loss, accuracy;
            loss.style.heading = "Loss";
            accuracy.style = {"Accuracy", NumberStyle::Percent};
            for (CurvePicture* picture : {&loss, &accuracy}) {
                picture->data.setPlannedEpochs(8);
                for (int i = 1; i <= 800; ++i) {
                    const double x = i / 100.0, value = std::exp(-x);
                    picture->data.appendBatch(x, picture == &loss ? value : 1 - value);
                    if (i % 100 == 0)
                        picture->data.appendEpoch({i / 100, picture == &loss ? value : 1 - value,
                                                   picture == &loss ? value + 0.05 : 0.95 - value});
                }
                picture->bestEpoch = 8;
            }
            Theme withFont = *theme;
            withFont.fontFamily = preferredFontFamily();
            const QImage image = renderCurves({loss, accuracy}, withFont, {600, 300});
            QCOMPARE(image.size(), QSize(2 * (3 * 16 + 2 * 600), 2 * 332));
            QVERIFY(hasColor(image, theme->series.train));
            QVERIFY(hasColor(image, theme->series.validation));
            QVERIFY(hasColor(image, theme->surface.plot));
            const QString dir = QCoreApplication::applicationDirPath() + "/pictures";
            QVERIFY(QDir().mkpath(dir));
            QVERIFY(image.save(dir + (theme->isDark ? "/curves-dark.png" : "/curves-light.png")));
        }
    }
};

QTEST_MAIN(ChartsTest)
#include "charts_test.moc"
