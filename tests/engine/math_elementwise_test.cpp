// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/elementwise.h"
#include "engine/math/isa.h"
#include "engine/math/reductions.h"
#include "engine/math/updates.h"
#include "tests/support/forced_isa.h"
#include "tests/support/math_support.h"

#include <QTest>

using namespace strata::math;
using namespace strata::test;

class MathElementwiseTest : public QObject {
    Q_OBJECT

    template <class F>
    static std::vector<double> expected(std::int64_t n, F f) {
        std::vector<double> values;
        for (std::int64_t i = 0; i < n; ++i)
            values.push_back(f(i));
        return values;
    }
    static double d(float v) { return static_cast<double>(v); }

private slots:
    void initTestCase() { STRATA_CHECK_FORCED_ISA(); }
    void init() { QVERIFY(selectIsa(isaAtStart())); }

    void flat_data() {
        QTest::addColumn<QByteArray>("isa");
        QTest::addColumn<int>("n");
        for (const std::string_view isa : isaAvailable()) {
            for (const int n : {1, 3, 15, 16, 33, 1000}) {
                const QByteArray name(isa.data(), static_cast<qsizetype>(isa.size()));
                QTest::addRow("%s %d", name.constData(), n) << name << n;
            }
        }
    }
    void flat() {
        QFETCH(QByteArray, isa);
        QFETCH(int, n);
        QVERIFY(selectIsa(isa.constData()));
        const GuardedFloats a = randomFloats(n, 1);
        const GuardedFloats b = randomFloats(n, 2);
        const auto check = [&](auto call, auto f) {
            GuardedFloats y = randomFloats(n, 3);
            call(y.data());
            return difference(y, expected(n, f), 1e-6);
        };
        const GuardedFloats old = randomFloats(n, 3);
        QCOMPARE(check([&](float* y) { scale(n, 3, a.data(), y); }, [&](auto i) { return 3 * d(a[i]); }),
                 QString());
        QCOMPARE(check([&](float* y) { add(n, a.data(), b.data(), y); },
                       [&](auto i) { return d(a[i]) + d(b[i]); }),
                 QString());
        QCOMPARE(check([&](float* y) { subtract(n, a.data(), b.data(), y); },
                       [&](auto i) { return d(a[i]) - d(b[i]); }),
                 QString());
        QCOMPARE(check([&](float* y) { multiply(n, a.data(), b.data(), y); },
                       [&](auto i) { return d(a[i]) * d(b[i]); }),
                 QString());
        QCOMPARE(check([&](float* y) { maximum(n, a.data(), b.data(), y); },
                       [&](auto i) { return d(std::max(a[i], b[i])); }),
                 QString());
        QCOMPARE(check([&](float* y) { minimum(n, a.data(), b.data(), y); },
                       [&](auto i) { return d(std::min(a[i], b[i])); }),
                 QString());
        QCOMPARE(
            check([&](float* y) { accumulate(n, a.data(), y); }, [&](auto i) { return d(old[i]) + d(a[i]); }),
            QString());
        QCOMPARE(check([&](float* y) { axpy(n, -2, a.data(), y); },
                       [&](auto i) { return d(old[i]) - 2 * d(a[i]); }),
                 QString());
        QCOMPARE(check([&](float* y) { fill(n, 7, y); }, [](auto) { return 7.0; }), QString());
        QCOMPARE(check([&](float* y) { copy(n, a.data(), y); }, [&](auto i) { return d(a[i]); }), QString());
    }

    void updates_data() { flat_data(); }
    void updates() {
        QFETCH(QByteArray, isa);
        QFETCH(int, n);
        QVERIFY(selectIsa(isa.constData()));
        const GuardedFloats g = randomFloats(n, 1);
        for (const bool nesterov : {false, true}) {
            GuardedFloats v = randomFloats(n, 2);
            GuardedFloats w = randomFloats(n, 3);
            std::vector<double> speed;
            std::vector<double> weight;
            for (int i = 0; i < n; ++i) {
                speed.push_back(d(0.9F) * d(v[i]) - d(0.1F) * d(g[i]));
                weight.push_back(d(w[i]) +
                                 (nesterov ? d(0.9F) * speed.back() - d(0.1F) * d(g[i]) : speed.back()));
            }
            momentumUpdate(n, 0.1F, 0.9F, nesterov, g.data(), v.data(), w.data());
            QCOMPARE(difference(v, speed, 1e-6), QString());
            QCOMPARE(difference(w, weight, 1e-6), QString());
        }
        GuardedFloats m = randomFloats(n, 4);
        GuardedFloats v = randomFloats(n, 5);
        GuardedFloats w = randomFloats(n, 6);
        std::vector<double> mean;
        std::vector<double> square;
        std::vector<double> weight;
        for (int i = 0; i < n; ++i) {
            v[i] = std::abs(v[i]);
            mean.push_back(d(m[i]) + (d(g[i]) - d(m[i])) * d(0.1F));
            square.push_back(d(v[i]) + (d(g[i]) * d(g[i]) - d(v[i])) * d(0.25F));
            weight.push_back(d(w[i]) - d(0.01F) * mean.back() / (std::sqrt(square.back()) + d(1e-3F)));
        }
        adamUpdate(n, 0.01F, 0.1F, 0.25F, 1e-3F, g.data(), m.data(), v.data(), w.data());
        QCOMPARE(difference(m, mean, 1e-6), QString());
        QCOMPARE(difference(v, square, 1e-6), QString());
        QCOMPARE(difference(w, weight, 1e-6), QString());
    }

    void nanWins() {
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const float a[] = {nan, 1, 2};
        const float b[] = {1, nan, 3};
        float y[3];
        maximum(3, a, b, y);
        QVERIFY(std::isnan(y[0]) && std::isnan(y[1]) && y[2] == 3);
        minimum(3, a, b, y);
        QVERIFY(std::isnan(y[0]) && std::isnan(y[1]) && y[2] == 2);
        const float zero[] = {0, 0, 0};
        addBias(1, 3, a, zero, y, true);
        QVERIFY(std::isnan(y[0]) && y[1] == 1);
    }

    void channels_data() {
        QTest::addColumn<QByteArray>("isa");
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("channels");
        const int shapes[][2] = {{1, 1}, {5, 3}, {7, 16}, {100, 10}, {33, 33}, {9, 64}, {40, 67}, {3, 700}};
        for (const std::string_view isa : isaAvailable()) {
            const QByteArray name(isa.data(), static_cast<qsizetype>(isa.size()));
            for (const auto& s : shapes)
                QTest::addRow("%s %d x %d", name.constData(), s[0], s[1]) << name << s[0] << s[1];
        }
    }
    void channels() {
        QFETCH(QByteArray, isa);
        QFETCH(int, rows);
        QFETCH(int, channels);
        QVERIFY(selectIsa(isa.constData()));
        const int n = rows * channels;
        const GuardedFloats x = randomFloats(n, 1);
        const GuardedFloats dy = randomFloats(n, 2);
        const GuardedFloats a = randomFloats(channels, 3);
        const GuardedFloats b = randomFloats(channels, 4);
        const GuardedFloats c = randomFloats(channels, 5);
        GuardedFloats y(n);
        addBias(rows, channels, x.data(), a.data(), y.data());
        QCOMPARE(difference(y, expected(n, [&](auto i) { return d(x[i]) + d(a[i % channels]); }), 1e-6),
                 QString());
        scaleShift(rows, channels, x.data(), a.data(), b.data(), y.data(), true);
        QCOMPARE(difference(y,
                            expected(n,
                                     [&](auto i) {
                                         return std::max(0.0,
                                                         d(x[i]) * d(a[i % channels]) + d(b[i % channels]));
                                     }),
                            1e-6),
                 QString());
        combineChannels(rows, channels, dy.data(), x.data(), a.data(), b.data(), c.data(), y.data());
        QCOMPARE(difference(y,
                            expected(n,
                                     [&](auto i) {
                                         const auto k = i % channels;
                                         return d(a[k]) * d(dy[i]) + d(b[k]) * d(x[i]) + d(c[k]);
                                     }),
                            1e-6),
                 QString());

        std::vector<double> sums(static_cast<std::size_t>(channels));
        std::vector<double> products(sums.size());
        std::vector<double> wantedSums(sums.size());
        std::vector<double> wantedProducts(sums.size());
        std::vector<double> wantedSquares(sums.size());
        for (int i = 0; i < n; ++i) {
            const auto k = static_cast<std::size_t>(i % channels);
            wantedSums[k] += d(x[i]);
            wantedProducts[k] += d(x[i]) * d(dy[i]);
            wantedSquares[k] += d(x[i]) * d(x[i]);
        }
        const auto close = [](const std::vector<double>& got, const std::vector<double>& wanted) {
            for (std::size_t k = 0; k < got.size(); ++k) {
                if (!(std::abs(got[k] - wanted[k]) <= 1e-6 * std::max(1.0, std::abs(wanted[k])))) return false;
            }
            return true;
        };
        columnSums(rows, channels, x.data(), sums.data());
        QVERIFY(close(sums, wantedSums));
        columnProducts(rows, channels, x.data(), dy.data(), sums.data(), products.data());
        QVERIFY(close(sums, wantedSums));
        QVERIFY(close(products, wantedProducts));
        columnMoments(rows, channels, x.data(), sums.data(), products.data());
        QVERIFY(close(products, wantedSquares));
        GuardedFloats floatSums(channels);
        columnSums(rows, channels, x.data(), floatSums.data());
        QCOMPARE(difference(floatSums, wantedSums, 1e-6), QString());
        GuardedFloats reduced(channels);
        reduceParts(rows, channels, x.data(), reduced.data());
        QCOMPARE(difference(reduced, wantedSums, 1e-5), QString());
    }

    void flatSums() {
        const GuardedFloats x = randomFloats(1001, 1);
        double total = 0;
        double squares = 0;
        for (std::int64_t i = 0; i < x.count(); ++i) {
            total += d(x[i]);
            squares += d(x[i]) * d(x[i]);
        }
        QVERIFY(std::abs(sum(x.count(), x.data()) - total) < 1e-9);
        QVERIFY(std::abs(sumOfSquares(x.count(), x.data()) - squares) < 1e-9);
        QVERIFY(allFinite(x.count(), x.data()));
        for (const float bad :
             {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
              -std::numeric_limits<float>::infinity()}) {
            GuardedFloats spoiled = randomFloats(1001, 1);
            spoiled[1000] = bad;
            QVERIFY(!allFinite(spoiled.count(), spoiled.data()));
        }
    }

    void unknownSetsAreRefused() {
        const std::string_view before = isaName();
        QVERIFY(!selectIsa("z80"));
        QCOMPARE(isaName(), before);
        QCOMPARE(isaAvailable().front(), std::string_view("plain"));
    }
};

QTEST_APPLESS_MAIN(MathElementwiseTest)
#include "math_elementwise_test.moc"
