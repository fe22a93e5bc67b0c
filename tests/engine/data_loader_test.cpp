// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <latch>
#include <numeric>
#include <QTest>
#include <set>
#include <thread>

#include "engine/data/batch_loader.h"
#include "engine/data/split.h"

using namespace strata;

Q_DECLARE_METATYPE(strata::BatchLoader::ReadAhead)

namespace {

/// Sample i is [i % 256, (i / 256) % 256], its label i % 3.
std::shared_ptr<const Dataset> numbers(std::int64_t size) {
    MemoryDataset::Content content{"numbers", "", Shape{1, 2, 1}, {}, {}, {"a", "b", "c"}};
    for (std::int64_t i = 0; i < size; ++i) {
        content.pixels.push_back(static_cast<std::uint8_t>(i % 256));
        content.pixels.push_back(static_cast<std::uint8_t>(i / 256 % 256));
        content.labels.push_back(static_cast<std::int32_t>(i % 3));
    }
    return std::make_shared<MemoryDataset>(std::move(content));
}

/// Its sample 5 does not come before the test lets it.
class SlowDataset final : public Dataset {
public:
    std::int64_t size() const override { return 100; }
    Shape sampleShape() const override { return {1}; }
    std::vector<std::string> classNames() const override { return {"a"}; }
    int label(std::int64_t) const override { return 0; }
    void read(std::int64_t index, std::span<float> out) const override {
        if (index == 5) {
            reached.count_down();
            release.wait();
        }
        out[0] = static_cast<float>(index);
    }
    std::string name() const override { return "slow"; }
    std::string description() const override { return "slow"; }
    mutable std::latch reached{1};
    mutable std::latch release{1};
};

using ReadAhead = BatchLoader::ReadAhead;

} // namespace

class DataLoaderTest : public QObject {
    Q_OBJECT

private slots:
    void everySampleOnceWithItsLabel_data();
    void everySampleOnceWithItsLabel();
    void ordersDifferByEpochAndSeedOnly();
    void shuffleIsUniform();
    void deliversTheSameAheadOrNot();
    void anEpochMayBeginAnewInTheMiddle();
    void stopWakesAWaitingReader();
    void scalingDividesAsNumPy();
    void splits();
    void splitsAsKeras_data();
    void splitsAsKeras();
    void foldsHoldEachSampleOnce_data();
    void foldsHoldEachSampleOnce();
};

void DataLoaderTest::everySampleOnceWithItsLabel_data() {
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("batch");
    QTest::addColumn<bool>("shuffle");
    QTest::addColumn<ReadAhead>("ahead");
    for (const ReadAhead ahead : {ReadAhead::Always, ReadAhead::Never}) {
        for (const bool shuffle : {true, false}) {
            for (const auto& [size, batch] :
                 {std::pair{1000, 32}, {1024, 32}, {7, 100}, {5, 1}, {1, 1}, {0, 4}})
                QTest::addRow("%d by %d%s%s", size, batch, shuffle ? " shuffled" : "",
                              ahead == ReadAhead::Always ? " ahead" : "")
                    << size << batch << shuffle << ahead;
        }
    }
}

void DataLoaderTest::everySampleOnceWithItsLabel() {
    QFETCH(int, size);
    QFETCH(int, batch);
    QFETCH(bool, shuffle);
    QFETCH(ReadAhead, ahead);
    BatchLoader loader(
        numbers(size),
        {.batchSize = batch, .shuffle = shuffle, .seed = 3, .scaling = Scaling::None, .readAhead = ahead});
    QVERIFY(!loader.next()); // before the first epoch
    for (int epoch = 0; epoch < 3; ++epoch) {
        loader.startEpoch(epoch);
        std::vector<int> seen(static_cast<std::size_t>(size));
        std::int64_t batches = 0;
        std::int64_t last = -1;
        while (const std::optional<Batch> b = loader.next()) {
            ++batches;
            QCOMPARE(b->size, std::min<std::int64_t>(batch, size - (batches - 1) * std::min(batch, size)));
            QCOMPARE(static_cast<std::int64_t>(b->indices.size()), b->size);
            for (std::int64_t i = 0; i < b->size; ++i) {
                const std::int64_t index = b->indices[static_cast<std::size_t>(i)];
                ++seen[static_cast<std::size_t>(index)];
                QCOMPARE(static_cast<std::int64_t>(b->images[2 * i] + 256 * b->images[2 * i + 1]), index);
                QCOMPARE(std::int64_t{b->labels[i]}, index % 3);
                if (!shuffle) QCOMPARE(index, last + 1);
                last = index;
            }
        }
        QCOMPARE(batches, loader.batchesPerEpoch());
        QVERIFY(std::all_of(seen.begin(), seen.end(), [](int times) { return times == 1; }));
    }
}

static std::vector<std::int64_t> order(std::size_t size, std::uint64_t seed, std::int64_t epoch) {
    std::vector<std::int64_t> result(size);
    epochOrder(result, seed, epoch, true);
    return result;
}

void DataLoaderTest::ordersDifferByEpochAndSeedOnly() {
    QVERIFY(order(1000, 1, 0) == order(1000, 1, 0));
    QVERIFY(order(1000, 1, 0) != order(1000, 1, 1));
    QVERIFY(order(1000, 1, 0) != order(1000, 2, 0));
}

void DataLoaderTest::shuffleIsUniform() {
    // Each of four samples comes to each of four places in a quarter of 4,000 epochs; the bound is 6
    // deviations.
    std::array<std::array<int, 4>, 4> counts{};
    for (int epoch = 0; epoch < 4000; ++epoch) {
        const std::vector<std::int64_t> o = order(4, 9, epoch);
        for (std::size_t place = 0; place < 4; ++place)
            ++counts[place][static_cast<std::size_t>(o[place])];
    }
    for (const auto& place : counts)
        for (const int count : place)
            QVERIFY2(std::abs(count - 1000) < 165, qPrintable(QString::number(count)));
}

void DataLoaderTest::deliversTheSameAheadOrNot() {
    std::array<std::vector<float>, 2> images;
    for (const ReadAhead ahead : {ReadAhead::Always, ReadAhead::Never}) {
        BatchLoader loader(numbers(500), {.batchSize = 7, .seed = 11, .readAhead = ahead});
        for (int epoch = 0; epoch < 3; ++epoch) {
            loader.startEpoch(epoch);
            while (const std::optional<Batch> b = loader.next())
                images[ahead == ReadAhead::Always].insert(images[ahead == ReadAhead::Always].end(), b->images,
                                                          b->images + 2 * b->size);
        }
    }
    QCOMPARE(images[0].size(), std::size_t{3000});
    QVERIFY(images[0] == images[1]);
}

void DataLoaderTest::anEpochMayBeginAnewInTheMiddle() {
    for (const ReadAhead ahead : {ReadAhead::Always, ReadAhead::Never}) {
        BatchLoader loader(numbers(100), {.batchSize = 10, .shuffle = false, .readAhead = ahead});
        for (int round = 0; round < 50; ++round) {
            loader.startEpoch(round);
            for (int i = 0; i < round % 5; ++i) {
                const std::optional<Batch> b = loader.next();
                QVERIFY(b);
                QCOMPARE(b->indices[0], std::int64_t{10 * i});
            }
        }
    }
}

void DataLoaderTest::stopWakesAWaitingReader() {
    const auto slow = std::make_shared<SlowDataset>();
    BatchLoader loader(slow, {.batchSize = 10, .shuffle = false});
    loader.startEpoch(0);
    std::jthread stopper([&] {
        slow->reached.wait();
        loader.stop();
    });
    QVERIFY(!loader.next()); // the reading thread still hangs in sample 5
    slow->release.count_down();
    loader.startEpoch(1);
    QVERIFY(!loader.next());
}

void DataLoaderTest::scalingDividesAsNumPy() {
    std::vector<float> values(256);
    std::iota(values.begin(), values.end(), 0.0f);
    applyScaling(Scaling::UnitRange, values);
    QCOMPARE(values[0], 0.0f);
    QCOMPARE(values[255], 1.0f);
    // np.float32(x) / 255 in hexadecimal, where multiplication by the rounded 1/255 differs.
    QVERIFY(values[1] == 0x1.010102p-8f);
    for (int i = 0; i < 256; ++i)
        QVERIFY(values[static_cast<std::size_t>(i)] == static_cast<float>(i / 255.0));
    QVERIFY(scalingFromName("none") == Scaling::None);
    QVERIFY(!scalingFromName("None of these"));
    for (const std::string_view name : scalingNames())
        QVERIFY(scalingName(*scalingFromName(name)) == name);
}

void DataLoaderTest::splits() {
    const auto data = numbers(10);
    QVERIFY(limit(data, 10) == data);
    const auto first = limit(data, 3);
    QCOMPARE(first->size(), 3);
    QCOMPARE(first->label(2), 2);
    std::vector<float> values(2);
    slice(data, 4, 2)->read(1, values);
    QCOMPARE(values[0], 5.0f);
    QVERIFY(first->isInMemory());
}

void DataLoaderTest::splitsAsKeras_data() {
    QTest::addColumn<int>("size");
    QTest::addColumn<double>("share");
    QTest::addColumn<int>(
        "train"); // keras.src.trainers.data_adapters: int(math.floor(n * (1.0 - share))); -1: refused
    QTest::newRow("60000, 0.1") << 60000 << 0.1 << 54000;
    QTest::newRow("1000, 0.3") << 1000 << 0.3 << 700;
    QTest::newRow("10, 0.9") << 10 << 0.9 << -1; // floor(10 * 0.0999...98) = 0, which Keras refuses too
    QTest::newRow("3, 0.5") << 3 << 0.5 << 1;
    QTest::newRow("whole") << 10 << 1.0 << -1;
    QTest::newRow("negative") << 10 << -0.1 << -1;
    QTest::newRow("not a number") << 10 << std::nan("") << -1;
    QTest::newRow("one sample") << 1 << 0.5 << -1;
}

void DataLoaderTest::splitsAsKeras() {
    QFETCH(int, size);
    QFETCH(double, share);
    QFETCH(int, train);
    const Result<ValidationSplit> split = validationSplit(numbers(size), share);
    if (train <= 0) {
        QVERIFY(!split.ok());
        QVERIFY(split.error().message.back() == '.');
        return;
    }
    QVERIFY(split.ok());
    QCOMPARE(split->train->size(), train);
    QCOMPARE(split->validation->size(), size - train);
    QCOMPARE(split->validation->label(0), train % 3);
}

void DataLoaderTest::foldsHoldEachSampleOnce_data() {
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("count");
    QTest::addColumn<QList<int>>("sizes"); // sklearn.model_selection.KFold: the first n % k folds have one more
    QTest::newRow("10 in 5") << 10 << 5 << QList<int>{2, 2, 2, 2, 2};
    QTest::newRow("11 in 4") << 11 << 4 << QList<int>{3, 3, 3, 2};
    QTest::newRow("3 in 3") << 3 << 3 << QList<int>{1, 1, 1};
    QTest::newRow("more folds than samples") << 3 << 4 << QList<int>{};
    QTest::newRow("one fold") << 3 << 1 << QList<int>{};
}

void DataLoaderTest::foldsHoldEachSampleOnce() {
    QFETCH(int, size);
    QFETCH(int, count);
    QFETCH(QList<int>, sizes);
    for (const auto seed : {std::optional<std::uint64_t>(), std::optional<std::uint64_t>(7)}) {
        const auto parts = Folds::make(numbers(size), count, seed);
        QCOMPARE(parts.ok(), !sizes.isEmpty());
        if (!parts) continue;
        std::multiset<std::int64_t> held;
        QCOMPARE(parts->count(), std::int64_t{count});
        for (std::int64_t i = 0; i < parts->count(); ++i) {
            const ValidationSplit split = parts->at(i);
            const auto& part = dynamic_cast<const SubsetDataset&>(*split.validation);
            const auto& rest = dynamic_cast<const SubsetDataset&>(*split.train);
            QCOMPARE(part.size(), sizes[static_cast<qsizetype>(i)]);
            std::set<std::int64_t> together;
            for (std::int64_t k = 0; k < part.size(); ++k) together.insert(part.baseIndex(k));
            for (std::int64_t k = 0; k < rest.size(); ++k) together.insert(rest.baseIndex(k));
            QCOMPARE(together.size(), static_cast<std::size_t>(size));
            QCOMPARE(part.size() + rest.size(), size);
            for (std::int64_t k = 0; k < part.size(); ++k) held.insert(part.baseIndex(k));
        }
        QCOMPARE(held.size(), static_cast<std::size_t>(size));
        QCOMPARE(std::set<std::int64_t>(held.begin(), held.end()).size(), held.size());
    }
    const auto plain = Folds::make(numbers(30), 3, std::nullopt), mixed = Folds::make(numbers(30), 3, 7);
    bool moved = false;
    for (std::int64_t k = 0; k < 10; ++k) {
        const auto at = [k](const ValidationSplit& s) { return dynamic_cast<const SubsetDataset&>(*s.validation).baseIndex(k); };
        QCOMPARE(at(plain->at(0)), k);
        moved = moved || at(mixed->at(0)) != k;
    }
    QVERIFY(moved);
}

QTEST_APPLESS_MAIN(DataLoaderTest)
#include "data_loader_test.moc"
