// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/workers.h"
#include "engine/math/conv2d.h"
#include "engine/math/elementwise.h"
#include "engine/math/isa.h"
#include "tests/support/forced_isa.h"
#include "tests/support/math_support.h"

#include <QTest>

using namespace strata;
using namespace strata::math;
using namespace strata::test;

Q_DECLARE_METATYPE(strata::math::ConvGeometry)
Q_DECLARE_METATYPE(strata::math::ConvAlgorithm)

namespace {

struct Reference {
    std::vector<double> y, dx, dw, db;
};

/// The definition of conv2d.h, word for word, in double.
Reference reference(const ConvGeometry& g, std::int64_t samples, const GuardedFloats& x,
                    const GuardedFloats& w, const GuardedFloats& bias, const GuardedFloats& dy) {
    Reference r;
    r.y.resize(static_cast<std::size_t>(samples * g.outputFloats()));
    r.dx.resize(static_cast<std::size_t>(samples * g.inputFloats()));
    r.dw.resize(static_cast<std::size_t>(g.weightFloats()));
    r.db.resize(static_cast<std::size_t>(g.outC));
    const std::int64_t ci = g.inC / g.groups;
    const std::int64_t co = g.outC / g.groups;
    for (std::int64_t s = 0; s < samples; ++s) {
        for (std::int64_t oh = 0; oh < g.outH; ++oh) {
            for (std::int64_t ow = 0; ow < g.outW; ++ow) {
                for (std::int64_t o = 0; o < g.outC; ++o) {
                    const auto at =
                        static_cast<std::size_t>(s * g.outputFloats() + (oh * g.outW + ow) * g.outC + o);
                    const auto gradient = static_cast<double>(dy[static_cast<std::int64_t>(at)]);
                    double sum = static_cast<double>(bias[o]);
                    r.db[static_cast<std::size_t>(o)] += gradient;
                    for (std::int64_t kh = 0; kh < g.kernelH; ++kh) {
                        for (std::int64_t kw = 0; kw < g.kernelW; ++kw) {
                            const std::int64_t ih = oh * g.strideH - g.padTop + kh * g.dilationH;
                            const std::int64_t iw = ow * g.strideW - g.padLeft + kw * g.dilationW;
                            if (ih < 0 || ih >= g.inH || iw < 0 || iw >= g.inW) continue;
                            for (std::int64_t c = 0; c < ci; ++c) {
                                const std::int64_t in =
                                    s * g.inputFloats() + (ih * g.inW + iw) * g.inC + o / co * ci + c;
                                const std::int64_t weight = ((kh * g.kernelW + kw) * ci + c) * g.outC + o;
                                sum += static_cast<double>(x[in]) * static_cast<double>(w[weight]);
                                r.dx[static_cast<std::size_t>(in)] +=
                                    gradient * static_cast<double>(w[weight]);
                                r.dw[static_cast<std::size_t>(weight)] +=
                                    gradient * static_cast<double>(x[in]);
                            }
                        }
                    }
                    r.y[at] = sum;
                }
            }
        }
    }
    return r;
}

ConvGeometry geometry(std::int64_t h, std::int64_t w, std::int64_t ci, std::int64_t co, std::int64_t kh,
                      std::int64_t kw, bool same, std::int64_t sh = 1, std::int64_t sw = 1,
                      std::int64_t dh = 1, std::int64_t dw = 1, std::int64_t groups = 1) {
    ConvGeometry g;
    g.inH = h;
    g.inW = w;
    g.inC = ci;
    g.outC = co;
    g.kernelH = kh;
    g.kernelW = kw;
    g.strideH = sh;
    g.strideW = sw;
    g.dilationH = dh;
    g.dilationW = dw;
    g.groups = groups;
    const std::int64_t spanH = (kh - 1) * dh + 1;
    const std::int64_t spanW = (kw - 1) * dw + 1;
    if (same) { // Keras: the odd cell of padding goes below and to the right
        g.outH = (h + sh - 1) / sh;
        g.outW = (w + sw - 1) / sw;
        g.padTop = std::max<std::int64_t>(0, (g.outH - 1) * sh + spanH - h) / 2;
        g.padLeft = std::max<std::int64_t>(0, (g.outW - 1) * sw + spanW - w) / 2;
    } else {
        g.outH = (h - spanH) / sh + 1;
        g.outW = (w - spanW) / sw + 1;
    }
    return g;
}

/// A `same` geometry with other padding: two outputs more for each row and column before the image, one more at the right.
ConvGeometry paddedBy(std::int64_t top, std::int64_t left, ConvGeometry g) {
    g.outH += 2 * (top - g.padTop);
    g.outW += 2 * (left - g.padLeft) + 1;
    g.padTop = top;
    g.padLeft = left;
    return g;
}

double tolerance(ConvAlgorithm algorithm) {
    return algorithm == ConvAlgorithm::WinogradF4 ? 5e-5 : 4e-6;
}

std::vector<double> doubles(const GuardedFloats& values) {
    std::vector<double> out;
    for (std::int64_t i = 0; i < values.count(); ++i) out.push_back(static_cast<double>(values[i]));
    return out;
}

constexpr std::array kAlgorithms{ConvAlgorithm::Automatic, ConvAlgorithm::Direct, ConvAlgorithm::Im2col,
                                 ConvAlgorithm::WinogradF2, ConvAlgorithm::WinogradF4};

} // namespace

class MathConv2dTest : public QObject {
    Q_OBJECT

    static void shapes() {
        QTest::addColumn<ConvGeometry>("g");
        const auto row = [](const char* name, const ConvGeometry& g) { QTest::newRow(name) << g; };
        row("one pixel", geometry(1, 1, 1, 1, 1, 1, false));
        row("mnist", geometry(12, 12, 1, 32, 3, 3, false));
        row("colour same", geometry(9, 11, 3, 32, 3, 3, true));
        row("5x5 same", geometry(10, 7, 4, 17, 5, 5, true));
        row("5x5 valid", geometry(12, 9, 8, 20, 5, 5, false));
        row("3x3 16-16 same", geometry(8, 8, 16, 16, 3, 3, true));
        row("3x3 17-19 same", geometry(7, 9, 17, 19, 3, 3, true));
        row("3x3 17-17 same", geometry(9, 18, 17, 17, 3, 3, true));
        row("3x3 17-17 one column", geometry(16, 1, 17, 17, 3, 3, true));
        row("3x3 16-33 valid", geometry(10, 19, 16, 33, 3, 3, false));
        row("3x3 33-16 same", geometry(8, 8, 33, 16, 3, 3, true));
        row("5x5 17-33 same", geometry(10, 12, 17, 33, 5, 5, true));
        row("3x3 17-17 padded by 2", paddedBy(2, 1, geometry(8, 7, 17, 17, 3, 3, true)));
        row("3x3 33-65 valid", geometry(6, 11, 33, 65, 3, 3, false));
        row("3x3 32-100", geometry(5, 5, 32, 100, 3, 3, true));
        row("3x3 20-200 two panels", geometry(4, 3, 20, 200, 3, 3, true));
        row("3x3 200-20", geometry(3, 4, 200, 20, 3, 3, true));
        row("3x3 16-8 one row", geometry(1, 13, 16, 8, 3, 3, true));
        row("3x3 16-8 one column", geometry(13, 1, 16, 8, 3, 3, true));
        row("3x3 48-48 2x2", geometry(2, 2, 48, 48, 3, 3, true));
        row("3x3 padded by 2", paddedBy(2, 1, geometry(6, 7, 16, 24, 3, 3, true)));
        row("3x3 asymmetric", [] {
            ConvGeometry g = geometry(6, 7, 18, 24, 3, 3, false);
            g.outH = 6;
            g.outW = 7;
            return g;
        }());
        row("1x1", geometry(5, 6, 19, 33, 1, 1, false));
        row("1x1 strided", geometry(7, 8, 16, 32, 1, 1, true, 2, 2));
        row("1x1 stride 3", geometry(7, 8, 5, 6, 1, 1, false, 3, 3));
        row("stride 2 same", geometry(9, 10, 6, 18, 3, 3, true, 2, 2));
        row("stride 2 valid", geometry(10, 9, 16, 16, 3, 3, false, 2, 2));
        row("stride 3x2", geometry(11, 10, 3, 5, 4, 5, true, 3, 2));
        row("stride beyond the kernel", geometry(11, 13, 3, 7, 2, 2, false, 4, 3));
        row("dilation", geometry(12, 11, 5, 9, 3, 3, true, 1, 1, 2, 3));
        row("dilation valid", geometry(12, 11, 16, 16, 3, 2, false, 1, 1, 3, 2));
        row("dilation and stride", geometry(12, 11, 4, 9, 3, 3, true, 2, 3, 2, 2));
        row("even kernel", geometry(7, 6, 3, 20, 2, 4, true));
        row("1d", geometry(1, 30, 4, 12, 1, 5, true));
        row("kernel beyond the image", geometry(2, 3, 3, 4, 5, 7, true));
        row("groups 2", geometry(6, 5, 8, 12, 3, 3, true, 1, 1, 1, 1, 2));
        row("groups 3, stride", geometry(6, 7, 9, 6, 3, 3, true, 2, 2, 1, 1, 3));
        row("groups, dilation", geometry(9, 9, 4, 40, 3, 3, true, 1, 1, 2, 2, 2));
        row("depthwise", geometry(7, 6, 19, 19, 3, 3, true, 1, 1, 1, 1, 19));
        row("depthwise 32 stride 2", geometry(8, 8, 32, 32, 3, 3, true, 2, 2, 1, 1, 32));
        row("depthwise 5x5 dilated", geometry(9, 8, 7, 7, 5, 5, true, 1, 1, 2, 2, 7));
        row("depth multiplier 2", geometry(6, 7, 5, 10, 3, 3, true, 1, 1, 1, 1, 5));
        row("depth multiplier 3 stride 2", geometry(7, 9, 6, 18, 3, 3, false, 2, 2, 1, 1, 6));
        row("many weights", geometry(9, 10, 65, 129, 3, 3, true));
        row("weights in panels", geometry(7, 6, 64, 128, 3, 3, true));
        row("five panels, valid", geometry(6, 9, 128, 160, 3, 3, false));
    }

    struct Run {
        GuardedFloats y, dx, dw, db;
    };
    static Run run(const Convolution& conv, std::int64_t samples, const GuardedFloats& x,
                   const GuardedFloats& w, const GuardedFloats& bias, const GuardedFloats& dy) {
        const ConvGeometry& g = conv.geometry();
        Workers workers(2);
        Run r{GuardedFloats(samples * g.outputFloats()), GuardedFloats(samples * g.inputFloats()),
              GuardedFloats(g.weightFloats()), GuardedFloats(g.outC)};
        GuardedFloats prepared(conv.preparedFloats());
        GuardedFloats scratch(conv.scratchFloats());
        conv.prepareForward(w.data(), prepared.data(), workers);
        conv.forward(samples, x.data(), w.data(), prepared.data(), bias.data(), r.y.data(), scratch.data());
        conv.prepareBackward(w.data(), prepared.data(), workers);
        conv.backwardInput(samples, dy.data(), w.data(), prepared.data(), r.dx.data(), scratch.data());
        conv.backwardWeights(samples, x.data(), dy.data(), r.dw.data(), r.db.data(), scratch.data());
        if (!prepared.intact() || !scratch.intact()) qFatal("a buffer is written beyond its end");
        return r;
    }

private slots:
    void initTestCase() { STRATA_CHECK_FORCED_ISA(); }
    void init() { QVERIFY(selectIsa(isaAtStart())); }

    void agreesWithDefinition_data() { shapes(); }
    void agreesWithDefinition() {
        QFETCH(ConvGeometry, g);
        const std::int64_t samples = 3;
        const GuardedFloats x = randomFloats(samples * g.inputFloats(), 1);
        const GuardedFloats w = randomFloats(g.weightFloats(), 2);
        const GuardedFloats bias = randomFloats(g.outC, 3);
        const GuardedFloats dy = randomFloats(samples * g.outputFloats(), 4);
        const Reference expected = reference(g, samples, x, w, bias, dy);
        for (const std::string_view isa : isaAvailable()) {
            QVERIFY(selectIsa(isa));
            for (const ConvAlgorithm algorithm : kAlgorithms) {
                const Convolution conv(g, algorithm);
                const Run r = run(conv, samples, x, w, bias, dy);
                const double within = tolerance(conv.algorithm());
                const QByteArray place = QByteArray(isa.data(), static_cast<qsizetype>(isa.size())) +
                                         " algorithm " + QByteArray::number(static_cast<int>(algorithm)) +
                                         " ";
                const auto check = [&](const char* what, const GuardedFloats& got,
                                       const std::vector<double>& wanted) {
                    const QString wrong = difference(got, wanted, within);
                    if (!wrong.isEmpty()) QFAIL((place + what + ": " + wrong.toUtf8()).constData());
                };
                check("y", r.y, expected.y);
                check("dx", r.dx, expected.dx);
                check("dw", r.dw, expected.dw);
                check("db", r.db, expected.db);
            }
        }
    }

    void algorithmsGiveWay() {
        const ConvGeometry plain = geometry(8, 8, 16, 16, 3, 3, true);
        QCOMPARE(Convolution(plain, ConvAlgorithm::Direct).algorithm(), ConvAlgorithm::Direct);
        QCOMPARE(Convolution(plain, ConvAlgorithm::Im2col).algorithm(), ConvAlgorithm::Im2col);
        QCOMPARE(Convolution(plain, ConvAlgorithm::WinogradF2).algorithm(), ConvAlgorithm::WinogradF2);
        QCOMPARE(Convolution(plain, ConvAlgorithm::WinogradF4).algorithm(), ConvAlgorithm::WinogradF4);
        setAutomaticConvAlgorithm(ConvAlgorithm::WinogradF2);
        QCOMPARE(Convolution(plain).algorithm(), ConvAlgorithm::WinogradF2);
        setAutomaticConvAlgorithm(ConvAlgorithm::Automatic);
        QCOMPARE(Convolution(plain).algorithm(), ConvAlgorithm::WinogradF4);
        QVERIFY(convAlgorithmFromName("f4") == ConvAlgorithm::WinogradF4);
        QVERIFY(!convAlgorithmFromName("fft"));
        const ConvGeometry tailed = geometry(8, 8, 17, 17, 3, 3, true);
        QCOMPARE(Convolution(tailed).algorithm(), ConvAlgorithm::WinogradF4);
        QVERIFY(!Convolution(tailed).fuses().input); // which tells that the last channel goes its own way
        const ConvGeometry strided = geometry(8, 8, 16, 16, 3, 3, true, 2, 2);
        QCOMPARE(Convolution(strided, ConvAlgorithm::WinogradF2).algorithm(), ConvAlgorithm::Direct);
        QCOMPARE(Convolution(strided, ConvAlgorithm::WinogradF4).algorithm(), ConvAlgorithm::Direct);
    }

    /// No bias is a bias of zero, and the fused relu is the relu of the result, NaN included.
    void epilogue_data() { shapes(); }
    void epilogue() {
        QFETCH(ConvGeometry, g);
        Workers workers(1);
        GuardedFloats x = randomFloats(g.inputFloats(), 1);
        const GuardedFloats w = randomFloats(g.weightFloats(), 2);
        GuardedFloats zero(g.outC);
        std::fill_n(zero.data(), g.outC, 0.0F);
        for (const ConvAlgorithm algorithm : kAlgorithms) {
            const Convolution conv(g, algorithm);
            GuardedFloats plain(g.outputFloats());
            GuardedFloats fused(g.outputFloats());
            GuardedFloats prepared(conv.preparedFloats());
            GuardedFloats scratch(conv.scratchFloats());
            conv.prepareForward(w.data(), prepared.data(), workers);
            x[0] = std::numeric_limits<float>::quiet_NaN();
            conv.forward(1, x.data(), w.data(), prepared.data(), zero.data(), plain.data(), scratch.data());
            conv.forward(1, x.data(), w.data(), prepared.data(), nullptr, fused.data(), scratch.data(),
                         {.relu = true});
            for (std::int64_t i = 0; i < g.outputFloats(); ++i) {
                if (std::isnan(plain[i])) {
                    QVERIFY(std::isnan(fused[i]));
                } else {
                    QCOMPARE(fused[i], std::max(plain[i], 0.0F));
                }
            }
        }
    }

    /// What neighbours leave to a convolution's backward pass comes out as if they had done it themselves.
    void fusedBackward_data() { shapes(); }
    void fusedBackward() {
        QFETCH(ConvGeometry, g);
        constexpr std::int64_t kSamples = 3;
        const std::int64_t outputs = kSamples * g.outputFloats();
        const std::int64_t inputs = kSamples * g.inputFloats();
        const GuardedFloats x = randomFloats(inputs, 21);
        const GuardedFloats w = randomFloats(g.weightFloats(), 22);
        const GuardedFloats dy = randomFloats(outputs, 23);
        const GuardedFloats y = randomFloats(outputs, 24);
        const GuardedFloats before = randomFloats(inputs, 25);
        const GuardedFloats a = randomFloats(g.outC, 26);
        const GuardedFloats b = randomFloats(g.outC, 27);
        const GuardedFloats c = randomFloats(g.outC, 28);
        GuardedFloats mapped(outputs);
        combineChannels(outputs / g.outC, g.outC, dy.data(), y.data(), a.data(), b.data(), c.data(), mapped.data());
        Workers workers(1);
        for (const ConvAlgorithm algorithm : kAlgorithms) {
            const Convolution conv(g, algorithm);
            const ConvFusible can = conv.fuses();
            GuardedFloats prepared(conv.preparedFloats());
            GuardedFloats scratch(conv.scratchFloats());
            conv.prepareBackward(w.data(), prepared.data(), workers);
            const auto backward = [&](const GuardedFloats& gradient, const ConvFusion& fusion, GuardedFloats& dx,
                                      GuardedFloats& partial) {
                conv.backwardPart(kSamples, x.data(), gradient.data(), prepared.data(), dx.data(), partial.data(), false,
                                  scratch.data(), fusion);
            };
            GuardedFloats dx(inputs);
            GuardedFloats partial(conv.partialFloats());
            backward(mapped, {}, dx, partial);
            if (can.gradient) {
                GuardedFloats fusedX(inputs);
                GuardedFloats fusedPartial(conv.partialFloats());
                backward(dy, {.gradient = {a.data(), b.data(), c.data(), y.data()}}, fusedX, fusedPartial);
                // Not to the bit: whether the map's products are fused with their sums is the compiler's choice.
                const std::int64_t first = conv.partialFloats() - (g.weightFloats() + 15) / 16 * 16;
                const auto part = [&](const GuardedFloats& of) {
                    GuardedFloats dw(g.weightFloats());
                    std::copy_n(of.data() + first, g.weightFloats(), dw.data());
                    return dw;
                };
                QCOMPARE(difference(fusedX, doubles(dx), tolerance(conv.algorithm())), QString());
                QCOMPARE(difference(part(fusedPartial), doubles(part(partial)), tolerance(conv.algorithm())), QString());
            }
            if (can.addToInput) {
                GuardedFloats added(inputs);
                GuardedFloats ignored(conv.partialFloats());
                std::copy_n(before.data(), inputs, added.data());
                backward(mapped, {.addToInput = true}, added, ignored);
                std::vector<double> wanted;
                for (std::int64_t i = 0; i < inputs; ++i)
                    wanted.push_back(static_cast<double>(dx[i]) + static_cast<double>(before[i]));
                QCOMPARE(difference(added, wanted, tolerance(conv.algorithm())), QString());
            }
            QVERIFY(scratch.intact() && prepared.intact());
        }
    }

    /// A drawing may ask for strides that no network has: each tap is looked at once, whatever they are.
    void largeStridesAreNoWork() {
        const Convolution conv(geometry(4096, 4096, 1, 1, 512, 512, false, 512, 512));
        QCOMPARE(conv.geometry().outH, 8);
        const Convolution pixels(geometry(4096, 4096, 1, 1, 1, 1, false, 4096, 4096));
        QCOMPARE(pixels.geometry().outH, 1);
        const Convolution depthwise(geometry(4096, 4096, 2, 2, 512, 512, false, 512, 512, 1, 1, 2));
        QCOMPARE(depthwise.geometry().outW, 8);
    }

    void samplesDoNotKnowEachOther_data() { shapes(); }
    void samplesDoNotKnowEachOther() {
        QFETCH(ConvGeometry, g);
        const std::int64_t samples = 11;
        const GuardedFloats x = randomFloats(samples * g.inputFloats(), 5);
        const GuardedFloats w = randomFloats(g.weightFloats(), 6);
        const GuardedFloats bias = randomFloats(g.outC, 7);
        const GuardedFloats dy = randomFloats(samples * g.outputFloats(), 8);
        for (const ConvAlgorithm algorithm : kAlgorithms) {
            const Convolution conv(g, algorithm);
            const Run all = run(conv, samples, x, w, bias, dy);
            const std::int64_t at = 7;
            GuardedFloats oneX(g.inputFloats());
            GuardedFloats oneDy(g.outputFloats());
            std::copy_n(x.data() + at * g.inputFloats(), g.inputFloats(), oneX.data());
            std::copy_n(dy.data() + at * g.outputFloats(), g.outputFloats(), oneDy.data());
            const Run one = run(conv, 1, oneX, w, bias, oneDy);
            for (std::int64_t i = 0; i < g.outputFloats(); ++i)
                QCOMPARE(one.y[i], all.y[at * g.outputFloats() + i]);
            for (std::int64_t i = 0; i < g.inputFloats(); ++i)
                QCOMPARE(one.dx[i], all.dx[at * g.inputFloats() + i]);
        }
    }

    void anyNumberOfThreadsGivesTheSameBits_data() { shapes(); }
    void anyNumberOfThreadsGivesTheSameBits() {
        QFETCH(ConvGeometry, g);
        const std::int64_t samples = 19;
        const GuardedFloats x = randomFloats(samples * g.inputFloats(), 9);
        const GuardedFloats w = randomFloats(g.weightFloats(), 10);
        const GuardedFloats bias = randomFloats(g.outC, 11);
        const GuardedFloats dy = randomFloats(samples * g.outputFloats(), 12);
        const Reference expected = reference(g, samples, x, w, bias, dy);
        for (const ConvAlgorithm algorithm : kAlgorithms) {
            const Convolution conv(g, algorithm);
            const Run serial = run(conv, samples, x, w, bias, dy);
            GuardedFloats firstW(g.weightFloats());
            GuardedFloats firstB(g.outC);
            for (const int threads : {1, 2, 3, 8}) {
                Workers workers(threads);
                GuardedFloats workspace(conv.backwardWeightsFloats(samples));
                GuardedFloats scratch(conv.scratchFloats() * threads);
                GuardedFloats dw(g.weightFloats());
                GuardedFloats db(g.outC);
                conv.backwardWeights(samples, x.data(), dy.data(), dw.data(), db.data(), workspace.data(),
                                     scratch.data(), workers);
                GuardedFloats prepared(conv.preparedFloats());
                GuardedFloats y(samples * g.outputFloats());
                GuardedFloats dx(samples * g.inputFloats());
                conv.prepareForward(w.data(), prepared.data(), workers);
                conv.prepareBackward(w.data(), prepared.data(), workers);
                conv.forward(samples, x.data(), w.data(), prepared.data(), bias.data(), y.data(),
                             scratch.data(), workers);
                conv.backwardInput(samples, dy.data(), w.data(), prepared.data(), dx.data(), scratch.data(),
                                   workers);
                QVERIFY(workspace.intact() && scratch.intact() && prepared.intact());
                QVERIFY(y.sameBits(serial.y) && dx.sameBits(serial.dx));
                if (threads == 1) {
                    QCOMPARE(difference(dw, expected.dw, tolerance(conv.algorithm())), QString());
                    QCOMPARE(difference(db, expected.db, 1e-6), QString());
                    std::copy_n(dw.data(), g.weightFloats(), firstW.data());
                    std::copy_n(db.data(), g.outC, firstB.data());
                }
                QVERIFY(dw.sameBits(firstW));
                QVERIFY(db.sameBits(firstB));
            }
        }
    }

    void fusedMultiplyAddsAgreeBetweenWidths_data() { shapes(); }
    void fusedMultiplyAddsAgreeBetweenWidths() {
#ifdef __SANITIZE_THREAD__
        QSKIP("which multiplication joins which addition is the compiler's choice, and between watched reads it chooses otherwise");
#endif
        const auto available = isaAvailable();
        if (std::find(available.begin(), available.end(), "avx512") == available.end())
            QSKIP("no AVX-512 here");
        QFETCH(ConvGeometry, g);
        const GuardedFloats x = randomFloats(2 * g.inputFloats(), 5);
        const GuardedFloats w = randomFloats(g.weightFloats(), 6);
        const GuardedFloats bias = randomFloats(g.outC, 7);
        const GuardedFloats dy = randomFloats(2 * g.outputFloats(), 8);
        for (const ConvAlgorithm algorithm : kAlgorithms) {
            const Convolution conv(g, algorithm);
            QVERIFY(selectIsa("avx2"));
            const Run narrow = run(conv, 2, x, w, bias, dy);
            QVERIFY(selectIsa("avx512"));
            const Run wide = run(conv, 2, x, w, bias, dy);
            QVERIFY(narrow.y.sameBits(wide.y));
            QVERIFY(narrow.dx.sameBits(wide.dx));
            QVERIFY(narrow.dw.sameBits(wide.dw));
        }
    }
};

QTEST_APPLESS_MAIN(MathConv2dTest)
#include "math_conv2d_test.moc"
