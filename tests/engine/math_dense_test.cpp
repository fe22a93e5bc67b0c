// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/workers.h"
#include "engine/math/dense.h"
#include "engine/math/gemm.h"
#include "engine/math/isa.h"
#include "tests/support/forced_isa.h"
#include "tests/support/math_support.h"

#include <QTest>

using namespace strata;
using namespace strata::math;
using namespace strata::test;

class MathDenseTest : public QObject {
    Q_OBJECT

    static void shapes() {
        QTest::addColumn<int>("n");
        QTest::addColumn<int>("in");
        QTest::addColumn<int>("out");
        const int sizes[][3] = {{1, 1, 1},      {1, 7, 3},       {2, 300, 10},  {3, 5, 17},
                                {8, 64, 100},   {32, 530, 100},  {33, 31, 33},  {64, 257, 16},
                                {70, 600, 300}, {128, 100, 513}, {300, 20, 40}, {5, 1000, 1},
                                {1, 1300, 60}, {32, 5408, 100}, {50, 1301, 131}, {65, 2000, 33}};
        for (const auto& s : sizes)
            QTest::addRow("%d x %d -> %d", s[0], s[1], s[2]) << s[0] << s[1] << s[2];
    }

private slots:
    void initTestCase() { STRATA_CHECK_FORCED_ISA(); }
    void init() { QVERIFY(selectIsa(isaAtStart())); }

    void agreesWithDefinition_data() { shapes(); }
    void agreesWithDefinition() {
        QFETCH(int, n);
        QFETCH(int, in);
        QFETCH(int, out);
        const GuardedFloats x = randomFloats(n * in, 1);
        const GuardedFloats w = randomFloats(in * out, 2);
        const GuardedFloats bias = randomFloats(out, 3);
        const GuardedFloats dy = randomFloats(n * out, 4);
        std::vector<double> y(static_cast<std::size_t>(n * out));
        std::vector<double> dx(static_cast<std::size_t>(n * in));
        std::vector<double> dw(static_cast<std::size_t>(in * out));
        std::vector<double> db(static_cast<std::size_t>(out));
        for (int i = 0; i < n; ++i) {
            for (int o = 0; o < out; ++o) {
                const auto gradient = static_cast<double>(dy[i * out + o]);
                double& sum = y[static_cast<std::size_t>(i * out + o)];
                sum = static_cast<double>(bias[o]);
                db[static_cast<std::size_t>(o)] += gradient;
                for (int k = 0; k < in; ++k) {
                    sum += static_cast<double>(x[i * in + k]) * static_cast<double>(w[k * out + o]);
                    dx[static_cast<std::size_t>(i * in + k)] +=
                        gradient * static_cast<double>(w[k * out + o]);
                    dw[static_cast<std::size_t>(k * out + o)] +=
                        gradient * static_cast<double>(x[i * in + k]);
                }
            }
        }
        for (const std::string_view isa : isaAvailable()) {
            QVERIFY(selectIsa(isa));
            GuardedFloats serialY(n * out);
            GuardedFloats serialX(n * in);
            GuardedFloats serialW(in * out);
            GuardedFloats serialB(out);
            denseForward(n, in, out, x.data(), w.data(), bias.data(), serialY.data());
            denseBackwardInput(n, in, out, dy.data(), w.data(), serialX.data());
            denseBackwardWeights(n, in, out, x.data(), dy.data(), serialW.data(), serialB.data());
            QCOMPARE(difference(serialY, y, 5e-6), QString());
            QCOMPARE(difference(serialX, dx, 5e-6), QString());
            QCOMPARE(difference(serialW, dw, 5e-6), QString());
            QCOMPARE(difference(serialB, db, 1e-6), QString());
            for (const int threads : {1, 2, 3, 8}) {
                Workers workers(threads);
                GuardedFloats otherY(n * out);
                GuardedFloats scratch(denseScratchFloats(in, out));
                GuardedFloats otherX(n * in);
                GuardedFloats otherW(in * out);
                GuardedFloats otherB(out);
                denseForward(n, in, out, x.data(), w.data(), bias.data(), otherY.data(), false, scratch.data(), workers);
                denseBackwardInput(n, in, out, dy.data(), w.data(), otherX.data(), workers);
                denseBackwardWeights(n, in, out, x.data(), dy.data(), otherW.data(), otherB.data(), workers);
                QVERIFY(otherY.sameBits(serialY) && otherY.intact() && scratch.intact());
                QVERIFY(otherX.sameBits(serialX) && otherX.intact());
                QVERIFY(otherW.sameBits(serialW) && otherW.intact());
                QVERIFY(otherB.sameBits(serialB) && otherB.intact());
            }
        }
    }

    void aRowDoesNotKnowTheOthers_data() { shapes(); }
    void aRowDoesNotKnowTheOthers() {
        QFETCH(int, n);
        QFETCH(int, in);
        QFETCH(int, out);
        const GuardedFloats x = randomFloats(n * in, 5);
        const GuardedFloats w = randomFloats(in * out, 6);
        const GuardedFloats dy = randomFloats(n * out, 7);
        GuardedFloats y(n * out);
        GuardedFloats dx(n * in);
        denseForward(n, in, out, x.data(), w.data(), nullptr, y.data(), true);
        denseBackwardInput(n, in, out, dy.data(), w.data(), dx.data());
        GuardedFloats oneY(out);
        GuardedFloats oneX(in);
        denseForward(1, in, out, x.data() + (n - 1) * in, w.data(), nullptr, oneY.data(), true);
        denseBackwardInput(1, in, out, dy.data() + (n - 1) * out, w.data(), oneX.data());
        for (int o = 0; o < out; ++o) {
            QCOMPARE(oneY[o], y[(n - 1) * out + o]);
            QVERIFY(oneY[o] >= 0);
        }
        for (int k = 0; k < in; ++k)
            QCOMPARE(oneX[k], dx[(n - 1) * in + k]);
    }

    void reluKeepsNan() {
        const float x[] = {std::numeric_limits<float>::quiet_NaN(), 1.0F, -1.0F};
        const float w[] = {1.0F};
        float y[3];
        denseForward(3, 1, 1, x, w, nullptr, y, true);
        QVERIFY(std::isnan(y[0]));
        QCOMPARE(y[1], 1.0F);
        QCOMPARE(y[2], 0.0F);
    }

    void blas_data() {
        QTest::addColumn<bool>("transposeA");
        QTest::addColumn<bool>("transposeB");
        for (int i = 0; i < 4; ++i)
            QTest::addRow("%d%d", i / 2, i % 2) << (i / 2 == 1) << (i % 2 == 1);
    }
    void blas() {
        QFETCH(bool, transposeA);
        QFETCH(bool, transposeB);
        const int m = 5;
        const int n = 7;
        const int k = 3;
        const GuardedFloats a = randomFloats(m * k, 8);
        const GuardedFloats b = randomFloats(k * n, 9);
        const GuardedFloats before = randomFloats(m * n, 10);
        GuardedFloats c(m * n);
        std::copy_n(before.data(), m * n, c.data());
        sgemm(transposeA ? Transpose::Yes : Transpose::No, transposeB ? Transpose::Yes : Transpose::No, m, n,
              k, 2.0F, a.data(), transposeA ? m : k, b.data(), transposeB ? k : n, 0.5F, c.data(), n);
        std::vector<double> expected;
        for (int i = 0; i < m; ++i) {
            for (int j = 0; j < n; ++j) {
                double sum = 0;
                for (int p = 0; p < k; ++p) {
                    sum += static_cast<double>(transposeA ? a[p * m + i] : a[i * k + p]) *
                           static_cast<double>(transposeB ? b[j * k + p] : b[p * n + j]);
                }
                expected.push_back(2 * sum + 0.5 * static_cast<double>(before[i * n + j]));
            }
        }
        QCOMPARE(difference(c, expected, 1e-6), QString());
    }
};

QTEST_APPLESS_MAIN(MathDenseTest)
#include "math_dense_test.moc"
