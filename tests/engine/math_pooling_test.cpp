// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/isa.h"
#include "engine/math/pooling2d.h"
#include "tests/support/forced_isa.h"
#include "tests/support/math_support.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace strata::math;
using namespace strata::test;

Q_DECLARE_METATYPE(strata::math::PoolGeometry)

namespace {

struct Reference {
    std::vector<double> maximum, average, maximumGradient, averageGradient;
};

/// The definitions of pooling2d.h in double.
Reference reference(const PoolGeometry& g, std::int64_t samples, const GuardedFloats& x,
                    const GuardedFloats& dy) {
    Reference r;
    r.maximum.resize(static_cast<std::size_t>(samples * g.outputFloats()));
    r.average = r.maximum;
    r.maximumGradient.resize(static_cast<std::size_t>(samples * g.inputFloats()));
    r.averageGradient = r.maximumGradient;
    std::size_t out = 0;
    for (std::int64_t s = 0; s < samples; ++s) {
        for (std::int64_t oh = 0; oh < g.outH; ++oh) {
            for (std::int64_t ow = 0; ow < g.outW; ++ow) {
                for (std::int64_t c = 0; c < g.channels; ++c, ++out) {
                    std::vector<std::int64_t> cells;
                    for (std::int64_t i = 0; i < g.poolH; ++i) {
                        for (std::int64_t j = 0; j < g.poolW; ++j) {
                            const std::int64_t ih = oh * g.strideH - g.padTop + i;
                            const std::int64_t iw = ow * g.strideW - g.padLeft + j;
                            if (ih < 0 || ih >= g.inH || iw < 0 || iw >= g.inW) continue;
                            cells.push_back(s * g.inputFloats() + (ih * g.inW + iw) * g.channels + c);
                        }
                    }
                    const auto gradient = static_cast<double>(dy[static_cast<std::int64_t>(out)]);
                    std::int64_t best = cells.front();
                    double sum = 0;
                    for (const std::int64_t cell : cells) {
                        if (x[cell] > x[best]) best = cell;
                        sum += static_cast<double>(x[cell]);
                        r.averageGradient[static_cast<std::size_t>(cell)] +=
                            gradient / static_cast<double>(cells.size());
                    }
                    r.maximum[out] = static_cast<double>(x[best]);
                    r.maximumGradient[static_cast<std::size_t>(best)] += gradient;
                    r.average[out] = sum / static_cast<double>(cells.size());
                }
            }
        }
    }
    return r;
}

PoolGeometry geometry(std::int64_t h, std::int64_t w, std::int64_t channels, std::int64_t ph, std::int64_t pw,
                      std::int64_t sh, std::int64_t sw, bool same) {
    PoolGeometry g;
    g.inH = h;
    g.inW = w;
    g.channels = channels;
    g.poolH = ph;
    g.poolW = pw;
    g.strideH = sh;
    g.strideW = sw;
    if (same) {
        g.outH = (h + sh - 1) / sh;
        g.outW = (w + sw - 1) / sw;
        g.padTop = std::max<std::int64_t>(0, (g.outH - 1) * sh + ph - h) / 2;
        g.padLeft = std::max<std::int64_t>(0, (g.outW - 1) * sw + pw - w) / 2;
    } else {
        g.outH = (h - ph) / sh + 1;
        g.outW = (w - pw) / sw + 1;
    }
    return g;
}

} // namespace

class MathPoolingTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { STRATA_CHECK_FORCED_ISA(); }
    void init() { QVERIFY(selectIsa(isaAtStart())); }

    void agreesWithDefinition_data() {
        QTest::addColumn<PoolGeometry>("g");
        QTest::addColumn<int>("levels");
        const auto row = [](const char* name, const PoolGeometry& g, int levels) {
            QTest::newRow(name) << g << levels;
        };
        row("2x2", geometry(8, 6, 32, 2, 2, 2, 2, false), 0);
        row("2x2 with ties", geometry(8, 6, 19, 2, 2, 2, 2, false), 3);
        row("2x2 of odd sizes", geometry(7, 9, 5, 2, 2, 2, 2, false), 0);
        row("2x2 same of odd sizes", geometry(7, 9, 17, 2, 2, 2, 2, true), 3);
        row("3x3 stride 2 same", geometry(9, 8, 33, 3, 3, 2, 2, true), 3);
        row("3x3 stride 1 same", geometry(5, 6, 16, 3, 3, 1, 1, true), 4);
        row("3x2 stride 1x3", geometry(9, 10, 7, 3, 2, 1, 3, false), 0);
        row("2x2 stride 3", geometry(9, 10, 8, 2, 2, 3, 3, false), 0);
        row("4x4 same, larger than the image", geometry(3, 2, 6, 4, 4, 4, 4, true), 0);
        row("17x17 with wide indices", geometry(20, 19, 5, 17, 17, 1, 2, false), 50);
        row("one channel", geometry(6, 6, 1, 2, 2, 2, 2, false), 3);
    }
    void agreesWithDefinition() {
        QFETCH(PoolGeometry, g);
        QFETCH(int, levels);
        const std::int64_t samples = 3;
        GuardedFloats x = randomFloats(samples * g.inputFloats(), 1);
        if (levels > 0) {
            for (std::int64_t i = 0; i < x.count(); ++i)
                x[i] = std::round(x[i] * static_cast<float>(levels));
        }
        const GuardedFloats dy = randomFloats(samples * g.outputFloats(), 2);
        const Reference expected = reference(g, samples, x, dy);
        for (const std::string_view isa : isaAvailable()) {
            QVERIFY(selectIsa(isa));
            GuardedFloats y(samples * g.outputFloats());
            GuardedFloats withoutIndex(samples * g.outputFloats());
            GuardedFloats dx(samples * g.inputFloats());
            QCOMPARE(maxPoolIndexBytes(g) % 4, 0);
            GuardedFloats index(samples * maxPoolIndexBytes(g) / 4);
            auto* bytes = reinterpret_cast<std::byte*>(index.data());
            maxPoolForward(g, samples, x.data(), y.data(), bytes);
            maxPoolForward(g, samples, x.data(), withoutIndex.data(), nullptr);
            maxPoolBackward(g, samples, dy.data(), bytes, dx.data());
            QVERIFY(index.intact());
            QVERIFY(y.sameBits(withoutIndex));
            QCOMPARE(difference(y, expected.maximum, 0), QString());
            QCOMPARE(difference(dx, expected.maximumGradient, 1e-6), QString());
            averagePoolForward(g, samples, x.data(), y.data());
            averagePoolBackward(g, samples, dy.data(), dx.data());
            QCOMPARE(difference(y, expected.average, 1e-6), QString());
            QCOMPARE(difference(dx, expected.averageGradient, 1e-6), QString());
        }
    }

    /// Behind a relu: the gradient as that relu lets it through.
    void takesTheRelu_data() { agreesWithDefinition_data(); }
    void takesTheRelu() {
        QFETCH(PoolGeometry, g);
        QCOMPARE(maxPoolTakesRelu(g), g.poolH * g.poolW < 256);
        if (!maxPoolTakesRelu(g)) return;
        const std::int64_t samples = 2;
        GuardedFloats x = randomFloats(samples * g.inputFloats(), 5);
        for (std::int64_t i = 0; i < x.count(); ++i) x[i] = std::max(x[i] - 0.5F, 0.0F);
        x[0] = std::numeric_limits<float>::quiet_NaN();
        const GuardedFloats dy = randomFloats(samples * g.outputFloats(), 6);
        for (const std::string_view isa : isaAvailable()) {
            QVERIFY(selectIsa(isa));
            GuardedFloats y(samples * g.outputFloats());
            GuardedFloats index(samples * maxPoolIndexBytes(g) / 4);
            auto* const bytes = reinterpret_cast<std::byte*>(index.data());
            GuardedFloats expected(samples * g.inputFloats());
            maxPoolForward(g, samples, x.data(), y.data(), bytes);
            maxPoolBackward(g, samples, dy.data(), bytes, expected.data());
            std::int64_t stopped = 0;
            for (std::int64_t i = 0; i < x.count(); ++i) {
                if (x[i] > 0 || expected[i] == 0) continue;
                expected[i] = 0;
                ++stopped;
            }
            QVERIFY(stopped > 0);
            GuardedFloats same(samples * g.outputFloats());
            GuardedFloats dx(samples * g.inputFloats());
            maxPoolForward(g, samples, x.data(), same.data(), bytes, {}, true);
            maxPoolBackward(g, samples, dy.data(), bytes, dx.data());
            for (std::int64_t i = 0; i < y.count(); ++i) QVERIFY(same[i] == y[i] || (std::isnan(same[i]) && std::isnan(y[i])));
            for (std::int64_t i = 0; i < dx.count(); ++i) QCOMPARE(dx[i], expected[i]);
        }
    }

    void nanComesThrough() {
        const PoolGeometry g = geometry(4, 4, 17, 2, 2, 2, 2, false);
        GuardedFloats x = randomFloats(g.inputFloats(), 3);
        x[17 * 5 + 3] = std::numeric_limits<float>::quiet_NaN(); // row 1, column 1, channel 3: window (0, 0)
        GuardedFloats y(g.outputFloats());
        GuardedFloats dx(g.inputFloats());
        GuardedFloats index(maxPoolIndexBytes(g) / 4);
        auto* bytes = reinterpret_cast<std::byte*>(index.data());
        maxPoolForward(g, 1, x.data(), y.data(), bytes);
        for (std::int64_t i = 0; i < g.outputFloats(); ++i)
            QCOMPARE(std::isnan(y[i]), i == 3);
        const GuardedFloats dy = randomFloats(g.outputFloats(), 4);
        maxPoolBackward(g, 1, dy.data(), bytes, dx.data());
        QCOMPARE(dx[17 * 5 + 3], dy[3]);
    }

    void global_data() {
        QTest::addColumn<int>("positions");
        QTest::addColumn<int>("channels");
        QTest::newRow("64 x 64") << 64 << 64;
        QTest::newRow("1 x 5") << 1 << 5;
        QTest::newRow("49 x 19") << 49 << 19;
    }
    void global() {
        QFETCH(int, positions);
        QFETCH(int, channels);
        const int samples = 2;
        GuardedFloats x = randomFloats(samples * positions * channels, 5);
        const GuardedFloats dy = randomFloats(samples * channels, 6);
        std::vector<double> average;
        std::vector<double> maximum;
        std::vector<double> averageGradient(static_cast<std::size_t>(x.count()));
        std::vector<double> maximumGradient(static_cast<std::size_t>(x.count()));
        for (int s = 0; s < samples; ++s) {
            for (int c = 0; c < channels; ++c) {
                double sum = 0;
                int best = 0;
                for (int p = 0; p < positions; ++p) {
                    sum += static_cast<double>(x[(s * positions + p) * channels + c]);
                    if (x[(s * positions + p) * channels + c] > x[(s * positions + best) * channels + c])
                        best = p;
                    averageGradient[static_cast<std::size_t>((s * positions + p) * channels + c)] =
                        static_cast<double>(dy[s * channels + c]) / positions;
                }
                average.push_back(sum / positions);
                maximum.push_back(static_cast<double>(x[(s * positions + best) * channels + c]));
                maximumGradient[static_cast<std::size_t>((s * positions + best) * channels + c)] =
                    static_cast<double>(dy[s * channels + c]);
            }
        }
        GuardedFloats y(samples * channels);
        GuardedFloats dx(x.count());
        std::vector<std::int32_t> index(static_cast<std::size_t>(samples * channels));
        globalAverageForward(samples, positions, channels, x.data(), y.data());
        globalAverageBackward(samples, positions, channels, dy.data(), dx.data());
        QCOMPARE(difference(y, average, 1e-6), QString());
        QCOMPARE(difference(dx, averageGradient, 1e-6), QString());
        globalMaxForward(samples, positions, channels, x.data(), y.data(), index.data());
        globalMaxBackward(samples, positions, channels, dy.data(), index.data(), dx.data());
        QCOMPARE(difference(y, maximum, 0), QString());
        QCOMPARE(difference(dx, maximumGradient, 0), QString());
    }
};

QTEST_APPLESS_MAIN(MathPoolingTest)
#include "math_pooling_test.moc"
