// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>
#include <QTest>
#include <set>

#include "engine/data/open_data.h"
#include "engine/data/split.h"
#include "engine/data/statistics.h"

using namespace strata;

class DataDigitsTest : public QObject {
    Q_OBJECT

private slots:
    void hasTheSizesOfTheIssue();
    void isStratifiedAlsoAtItsEnd();
    void partsShareNoImage();
    void isTheSameEveryTime();
    void showsInkInTheMiddle();
    void canBeResizedAndColoured();
};

static DataSource digits() {
    Result<DataSource> source = openData("digits");
    if (!source) qFatal("%s", source.error().message.c_str());
    return *source;
}

void DataDigitsTest::hasTheSizesOfTheIssue() {
    const DataSource source = digits();
    QCOMPARE(source.train->size(), 4000);
    QCOMPARE(source.test->size(), 1000);
    QVERIFY(source.train->sampleShape() == (Shape{20, 20, 1}));
    QCOMPARE(source.train->classNames().size(), std::size_t{10});
    QCOMPARE(source.train->classNames()[7], std::string("7"));
    QVERIFY(labelCounts(*source.train) == std::vector<std::int64_t>(10, 400));
    QVERIFY(labelCounts(*source.test) == std::vector<std::int64_t>(10, 100));
}

void DataDigitsTest::isStratifiedAlsoAtItsEnd() {
    const Result<ValidationSplit> split = validationSplit(digits().train, 0.1);
    QVERIFY(split.ok());
    QCOMPARE(split->train->size(), 3600);
    QVERIFY(labelCounts(*split->validation) == std::vector<std::int64_t>(10, 40));
    QVERIFY(labelCounts(*limit(digits().train, 500)) == std::vector<std::int64_t>(10, 50));
}

void DataDigitsTest::partsShareNoImage() {
    const DataSource source = digits();
    std::multiset<std::vector<float>> images;
    std::vector<float> values(400);
    const auto add = [&](const Dataset& part) {
        for (std::int64_t i = 0; i < part.size(); ++i) {
            part.read(i, values);
            images.insert(values);
        }
    };
    add(*source.train);
    const std::set<std::vector<float>> train(images.begin(), images.end());
    images.clear();
    add(*source.test);
    for (const std::vector<float>& image : images)
        QVERIFY(!train.contains(image));
}

void DataDigitsTest::isTheSameEveryTime() {
    QCOMPARE(digits().fingerprint, digits().fingerprint);
    // The split is a promise: an accuracy told years ago still speaks of these 1,000 images.
    QCOMPARE(digits().fingerprint, std::uint64_t{12175773739279020155u});
}

void DataDigitsTest::showsInkInTheMiddle() {
    const DataSource source = digits();
    const DataStatistics numbers = statistics(*source.train);
    QVERIFY(numbers.mean[0] > 0.1 && numbers.mean[0] < 0.5);
    std::vector<float> values(400);
    double edge = 0;
    double middle = 0;
    for (std::int64_t i = 0; i < source.test->size(); ++i) {
        source.test->read(i, values);
        edge += values[0] + values[19] + values[380] + values[399];
        middle += values[9 * 20 + 9] + values[9 * 20 + 10] + values[10 * 20 + 9] + values[10 * 20 + 10];
    }
    QVERIFY(middle > 20 * edge); // cells cut at the right places: strokes are not in the corners
}

void DataDigitsTest::canBeResizedAndColoured() {
    DataOptions options;
    options.resize = ImageSize{28, 28};
    options.colour = ColourMode::Colour;
    const Result<DataSource> source = openData("digits", options);
    QVERIFY(source.ok());
    QVERIFY(source->test->sampleShape() == (Shape{28, 28, 3}));
    QCOMPARE(source->test->size(), 1000);
    QVERIFY(source->fingerprint != digits().fingerprint);
    const DataStatistics before = statistics(*digits().test);
    const DataStatistics after = statistics(*source->test);
    for (int c = 0; c < 3; ++c)
        QVERIFY(std::abs(after.mean[c] - before.mean[0]) < 0.01);
}

QTEST_APPLESS_MAIN(DataDigitsTest)
#include "data_digits_test.moc"
