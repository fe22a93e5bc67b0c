// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/activation.h"
#include "engine/math/isa.h"
#include "tests/support/forced_isa.h"
#include "tests/support/math_support.h"

#include <QTest>

using namespace strata::math;
using namespace strata::test;

namespace {

struct Point {
    const char* name;
    double x, y;
};

/// Values of Keras 3's definitions, worked out independently of the engine (Python's math module, float64).
constexpr Point kPoints[] = {
    {"linear", -1.25, -1.25},
    {"relu", -1.25, 0},
    {"relu", 2.5, 2.5},
    {"relu6", 7, 6},
    {"leaky_relu", -1.5, -0.3},
    {"elu", -1, -0.6321205588285577},
    {"selu", -1, -1.1113307378125625},
    {"selu", 2, 2.101401974710961},
    {"celu", -1, -0.6321205588285577},
    {"gelu", 1, 0.8413447460685429},
    {"gelu", -2, -0.04550026389635842},
    {"gelu_tanh", 1, 0.8411919906082768},
    {"silu", 1, 0.7310585786300049},
    {"mish", 1, 0.8650983882673103},
    {"sigmoid", -3, 0.04742587317756678},
    {"hard_sigmoid", 1, 0.6666666666666666},
    {"hard_sigmoid", -4, 0},
    {"log_sigmoid", -2, -2.1269280110429727},
    {"sparse_sigmoid", 0.5, 0.75},
    {"hard_silu", 1, 0.6666666666666666},
    {"tanh", 0.5, 0.46211715726000973},
    {"hard_tanh", -3, -1},
    {"tanh_shrink", 1, 0.23840584404423515},
    {"hard_shrink", 0.4, 0},
    {"hard_shrink", 0.6, 0.6},
    {"soft_shrink", -1.5, -1},
    {"softplus", 1, 1.3132616875182228},
    {"sparse_plus", 0.5, 0.5625},
    {"squareplus", 1, 1.618033988749895},
    {"softsign", -3, -0.75},
    {"exponential", 1.5, 4.4816890703380645},
};

} // namespace

class MathActivationTest : public QObject {
    Q_OBJECT

    static void kinds() {
        QTest::addColumn<QByteArray>("isa");
        QTest::addColumn<int>("kind");
        for (const std::string_view isa : isaAvailable()) {
            const QByteArray set(isa.data(), static_cast<qsizetype>(isa.size()));
            for (const Activation kind : allActivations()) {
                QTest::addRow("%s %s", set.constData(), activationName(kind).data())
                    << set << static_cast<int>(kind);
            }
        }
    }
    static bool isRowwise(Activation kind) {
        return kind == Activation::Softmax || kind == Activation::LogSoftmax;
    }

private slots:
    void initTestCase() { STRATA_CHECK_FORCED_ISA(); }
    void init() { QVERIFY(selectIsa(isaAtStart())); }

    void names() {
        for (const Activation kind : allActivations()) {
            QVERIFY(activationFromName(activationName(kind)) == kind);
        }
        QVERIFY(activationFromName("swish") == Activation::Silu);
        QVERIFY(activationFromName("hard_swish") == Activation::HardSilu);
        QVERIFY(!activationFromName("reluu"));
    }

    void values_data() {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < std::size(kPoints); ++i) {
            QTest::addRow("%s(%g)", kPoints[i].name, kPoints[i].x) << static_cast<int>(i);
        }
    }
    void values() {
        QFETCH(int, index);
        const Point& point = kPoints[index];
        const auto kind = activationFromName(point.name);
        QVERIFY(kind.has_value());
        for (const std::string_view isa : isaAvailable()) {
            QVERIFY(selectIsa(isa));
            const auto x = static_cast<float>(point.x);
            float y = 0;
            activate(*kind, 1, 1, &x, &y);
            QVERIFY2(std::abs(static_cast<double>(y) - point.y) <= 2e-6 * std::max(0.1, std::abs(point.y)),
                     qPrintable(QString::number(static_cast<double>(y), 'g', 10)));
        }
    }

    /// Differences of f over two steps against the mean of the slopes at both ends: equal to second order in
    /// the step where the slope is smooth, to first order where it has a corner.
    void slopes_data() { kinds(); }
    void slopes() {
        QFETCH(QByteArray, isa);
        QFETCH(int, kind);
        QVERIFY(selectIsa(isa.constData()));
        const auto which = static_cast<Activation>(kind);
        if (isRowwise(which)) return;
        const ActivationFunction f(which);
        const int n = 1601;
        GuardedFloats x(n);
        GuardedFloats y(n);
        GuardedFloats dy(n);
        GuardedFloats dx(n);
        const double step = 1.0 / 100;
        for (int i = 0; i < n; ++i) {
            x[i] = static_cast<float>((i - n / 2) * step + 0.003);
            dy[i] = 2;
        }
        activate(f, 1, n, x.data(), y.data());
        activateBackward(f, 1, n, x.data(), y.data(), dy.data(), dx.data());
        for (int i = 1; i + 1 < n; ++i) {
            // Skip the cells beside a kink, where one slope stands for two.
            const double left = static_cast<double>(dx[i - 1]);
            const double right = static_cast<double>(dx[i + 1]);
            if (std::abs(left - right) > 0.1 * (1 + std::abs(left) + std::abs(right))) continue;
            const double rise = (static_cast<double>(y[i + 1]) - static_cast<double>(y[i - 1])) /
                                (static_cast<double>(x[i + 1]) - static_cast<double>(x[i - 1]));
            if (std::abs(rise) > 20) continue; // a jump (hard_shrink), or the steep end of the exponential
            const double mean = (left + right) / 4;
            QVERIFY2(std::abs(rise - mean) <=
                         6e-3 * (1 + std::abs(mean)) * (1 + std::abs(static_cast<double>(y[i]))),
                     qPrintable(QStringLiteral("at %1: %2 against %3")
                                    .arg(static_cast<double>(x[i]))
                                    .arg(mean)
                                    .arg(rise)));
        }
    }

    void inPlaceAndPointers_data() { kinds(); }
    void inPlaceAndPointers() {
        QFETCH(QByteArray, isa);
        QFETCH(int, kind);
        QVERIFY(selectIsa(isa.constData()));
        const ActivationFunction f(static_cast<Activation>(kind));
        const int rows = 3;
        const int channels = 37;
        GuardedFloats x = randomFloats(rows * channels, 1);
        const GuardedFloats dy = randomFloats(rows * channels, 2);
        GuardedFloats y(rows * channels);
        GuardedFloats dx(rows * channels);
        activate(f, rows, channels, x.data(), y.data());
        const ActivationReads reads = activationReads(f);
        activateBackward(f, rows, channels, reads == ActivationReads::Input ? x.data() : nullptr,
                         reads == ActivationReads::Output ? y.data() : nullptr, dy.data(), dx.data());
        QVERIFY(y.intact() && dx.intact());
        GuardedFloats inPlace = randomFloats(rows * channels, 1);
        GuardedFloats gradient = randomFloats(rows * channels, 2);
        activate(f, rows, channels, inPlace.data(), inPlace.data());
        QVERIFY(inPlace.sameBits(y));
        activateBackward(f, rows, channels, x.data(), y.data(), gradient.data(), gradient.data());
        QVERIFY(gradient.sameBits(dx));
        GuardedFloats oneRow(channels);
        activate(f, 1, channels, x.data() + channels, oneRow.data());
        for (int c = 0; c < channels; ++c)
            QCOMPARE(oneRow[c], y[channels + c]);
    }

    void extremes_data() { kinds(); }
    void extremes() {
        QFETCH(QByteArray, isa);
        QFETCH(int, kind);
        QVERIFY(selectIsa(isa.constData()));
        const auto which = static_cast<Activation>(kind);
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const float x[] = {nan, -90.0F, 90.0F, -1e4F, 1e4F};
        float y[5];
        if (isRowwise(which)) {
            activate(which, 1, 4, x + 1, y + 1);
        } else {
            activate(which, 1, 5, x, y);
            QVERIFY(std::isnan(y[0]));
        }
        for (int i = 1; i < 5; ++i) {
            QVERIFY(!std::isnan(y[i]));
            if (which != Activation::Exponential) QVERIFY(std::isfinite(y[i]));
        }
        float wholeRow[5];
        activate(which, 1, 5, x, wholeRow);
        QVERIFY(std::isnan(wholeRow[0]));
    }

    void reluArguments() {
        ActivationFunction f(Activation::Relu);
        f.alpha = 0.1F;
        f.maxValue = 2;
        f.threshold = 0.5F;
        const float x[] = {-1, 0.25F, 0.75F, 3};
        const float wanted[] = {-0.15F, -0.025F, 0.75F, 2};
        const float slopes[] = {0.1F, 0.1F, 1, 0};
        const float ones[] = {1, 1, 1, 1};
        float y[4];
        float dx[4];
        activate(f, 1, 4, x, y);
        activateBackward(f, 1, 4, x, y, ones, dx);
        for (int i = 0; i < 4; ++i) {
            QVERIFY(std::abs(y[i] - wanted[i]) < 1e-7F);
            QCOMPARE(dx[i], slopes[i]);
        }
        QVERIFY(activationReads(f) == ActivationReads::Input);
    }

    /// Where the kinks fall together, from Keras 3.15 on TensorFlow:
    /// with tf.GradientTape() as t: t.watch(x); y = keras.activations.relu(x, slope, limit, threshold)
    void reluAtItsKinks_data() {
        QTest::addColumn<QList<float>>("arguments"); // negative_slope, max_value, threshold
        QTest::addColumn<QList<float>>("x");
        QTest::addColumn<QList<float>>("wanted");
        QTest::addColumn<QList<float>>("slopes");
        const float none = std::numeric_limits<float>::infinity();
        QTest::newRow("limit at the threshold")
            << QList<float>{0.5F, 5, 5} << QList<float>{-10, 0, 5, 6} << QList<float>{-7.5F, -2.5F, 0, 5} << QList<float>{0.5F, 0.5F, 0, 0};
        QTest::newRow("limit below the threshold")
            << QList<float>{0.5F, 0.75F, 1} << QList<float>{0.5F, 0.875F, 1, 1.5F} << QList<float>{-0.25F, -0.0625F, 0, 0.75F}
            << QList<float>{0.5F, 0.5F, 0, 0};
        QTest::newRow("limit") << QList<float>{0.5F, 10, 0} << QList<float>{-5, 0, 5, 10, 11} << QList<float>{-2.5F, 0, 5, 10, 10}
                               << QList<float>{0.5F, 0, 1, 1, 0};
        QTest::newRow("slope alone") << QList<float>{0.5F, none, 0} << QList<float>{-5, 0, 5} << QList<float>{-2.5F, 0, 5}
                                     << QList<float>{0.5F, 0.5F, 1};
    }
    void reluAtItsKinks() {
        QFETCH(QList<float>, arguments);
        QFETCH(QList<float>, x);
        QFETCH(QList<float>, wanted);
        QFETCH(QList<float>, slopes);
        ActivationFunction f(Activation::Relu);
        f.alpha = arguments[0];
        f.maxValue = arguments[1];
        f.threshold = arguments[2];
        const QList<float> ones(x.size(), 1.0F);
        QList<float> y(x.size()), dx(x.size());
        activate(f, 1, x.size(), x.data(), y.data());
        activateBackward(f, 1, x.size(), x.data(), y.data(), ones.data(), dx.data());
        QCOMPARE(y, wanted);
        QCOMPARE(dx, slopes);
    }

    void softmaxes_data() {
        QTest::addColumn<QByteArray>("isa");
        QTest::addColumn<int>("channels");
        for (const std::string_view isa : isaAvailable()) {
            const QByteArray set(isa.data(), static_cast<qsizetype>(isa.size()));
            for (const int channels : {1, 2, 10, 33, 1000})
                QTest::addRow("%s %d", set.constData(), channels) << set << channels;
        }
    }
    void softmaxes() {
        QFETCH(QByteArray, isa);
        QFETCH(int, channels);
        QVERIFY(selectIsa(isa.constData()));
        GuardedFloats x = randomFloats(channels, 1);
        for (std::int64_t i = 0; i < channels; ++i)
            x[i] *= 8;
        const GuardedFloats dy = randomFloats(channels, 2);
        double total = 0;
        for (int i = 0; i < channels; ++i)
            total += std::exp(static_cast<double>(x[i]));
        std::vector<double> p;
        std::vector<double> logarithm;
        double weighted = 0;
        double sum = 0;
        for (int i = 0; i < channels; ++i) {
            p.push_back(std::exp(static_cast<double>(x[i])) / total);
            logarithm.push_back(std::log(p.back()));
            weighted += p.back() * static_cast<double>(dy[i]);
            sum += static_cast<double>(dy[i]);
        }
        std::vector<double> gradient;
        std::vector<double> logGradient;
        for (int i = 0; i < channels; ++i) {
            gradient.push_back(p[static_cast<std::size_t>(i)] * (static_cast<double>(dy[i]) - weighted));
            logGradient.push_back(static_cast<double>(dy[i]) - p[static_cast<std::size_t>(i)] * sum);
        }
        GuardedFloats y(channels);
        GuardedFloats dx(channels);
        activate(Activation::Softmax, 1, channels, x.data(), y.data());
        QCOMPARE(difference(y, p, 1e-6), QString());
        activateBackward(Activation::Softmax, 1, channels, nullptr, y.data(), dy.data(), dx.data());
        QCOMPARE(difference(dx, gradient, 1e-6, 1), QString());
        activate(Activation::LogSoftmax, 1, channels, x.data(), y.data());
        QCOMPARE(difference(y, logarithm, 1e-6, 1), QString());
        activateBackward(Activation::LogSoftmax, 1, channels, nullptr, y.data(), dy.data(), dx.data());
        QCOMPARE(difference(dx, logGradient, 1e-6, 1), QString());
    }
};

QTEST_APPLESS_MAIN(MathActivationTest)
#include "math_activation_test.moc"
