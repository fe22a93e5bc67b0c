// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/rng.h"
#include "engine/network/network.h"
#include "tests/support/graph_dsl.h"

#include <cmath>
#include <QTest>

using namespace strata;

namespace {

const char* kChain = "Input 6x6x2 > Conv2D filters=3 kernel_size=3 activation=tanh > AveragePooling2D > Flatten > Dense units=4 activation=tanh";
// A fork, a skip, a merge by sum and one by concatenation, and a view with a second reader beside it.
const char* kBranches = "Input 4x4x2 name=in > Conv2D filters=2 kernel_size=3 padding=same activation=tanh name=a;"
                        "a > Conv2D filters=2 kernel_size=1 activation=sigmoid name=b > Add name=c; a > c;"
                        "c > Concatenate name=d; a > d; d > Flatten name=f;"
                        "f > Dense units=3 name=e > Add name=h; f > Dense units=3 activation=tanh name=g > h";

// Penalties of a layer's own output, of a view's and of what the network ends in.
const char* kRegularized = "Input 5x5x2 > Conv2D filters=3 kernel_size=3 activation=sigmoid activity_regularizer=L2 > "
                           "ActivityRegularization l1=0.3 l2=0.2 > Flatten > "
                           "Dense units=4 activation=softmax activity_regularizer=L2";

std::unique_ptr<Network> compiled(const char* drawing, Workers& workers, bool training, std::int64_t batch, bool keep = false) {
    Result<std::unique_ptr<Network>> n = Network::compile(graphFrom(drawing), {batch, training, keep, 7}, workers);
    if (!n) qFatal("%s", n.error().message.c_str());
    return std::move(*n);
}

void fill(std::span<float> values, std::uint64_t seed) {
    Rng rng({seed, 1, 2, 3});
    for (float& v : values) v = rng.uniform() * 2 - 1;
}

/// sum(c * output) with the coefficients of the Keras cases.
double objective(std::span<const float> output) {
    double sum = 0;
    for (std::size_t i = 0; i < output.size(); ++i) sum += output[i] * (static_cast<double>((i * 37 + 11) % 64) - 32) / 16;
    return sum;
}

} // namespace

class NetworkTest : public QObject {
    Q_OBJECT
private slots:
    void gradients_data() {
        QTest::addColumn<QString>("drawing");
        QTest::newRow("chain") << kChain;
        QTest::newRow("branches") << kBranches;
        QTest::newRow("activity regularizers") << kRegularized;
    }
    void gradients() { // of the whole network
        QFETCH(QString, drawing);
        Workers workers(2);
        const std::int64_t batch = 3;
        auto net = compiled(qPrintable(drawing), workers, true, batch);
        fill(net->input(), 1);
        net->forward(batch, true);
        const std::span<float> gradient = net->outputGradient();
        for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] = static_cast<float>((static_cast<double>((i * 37 + 11) % 64) - 32) / 16);
        net->backward(false);
        const std::vector<float> analytic(net->gradients().begin(), net->gradients().end());
        double largest = 0;
        for (const float g : analytic) largest = std::max(largest, static_cast<double>(std::abs(g)));
        QVERIFY(largest > 0.1);
        for (const Network::Slot& slot : net->arrays()) {
            for (std::int64_t k = 0; k < slot.count; k += std::max<std::int64_t>(1, slot.count / 11)) {
                float& w = net->parameters()[static_cast<std::size_t>(slot.offset + k)];
                const float kept = w;
                constexpr float h = 1e-2F;
                w = kept + h;
                net->forward(batch, true);
                const double up = objective(net->output()) + net->activityPenalty();
                w = kept - h;
                net->forward(batch, true);
                const double down = objective(net->output()) + net->activityPenalty();
                w = kept;
                const double numeric = (up - down) / (2.0 * h);
                QVERIFY2(std::abs(numeric - analytic[static_cast<std::size_t>(slot.offset + k)]) < 2e-3 * largest + 2e-3,
                         qPrintable(QString("%1[%2]: %3 and %4").arg(slot.spec->name.c_str()).arg(k).arg(numeric).arg(analytic[static_cast<std::size_t>(slot.offset + k)])));
            }
        }
    }
    void threadsDoNotMatter_data() { gradients_data(); }
    void threadsDoNotMatter() {
        QFETCH(QString, drawing);
        std::vector<float> first;
        for (const int threads : {1, 2, 3, 8}) {
            Workers workers(threads);
            auto net = compiled(qPrintable(drawing), workers, true, 21);
            fill(net->input(), 5);
            net->forward(21, true);
            std::ranges::copy(net->output(), net->outputGradient().begin());
            net->backward(false);
            std::vector<float> all(net->gradients().begin(), net->gradients().end());
            all.insert(all.end(), net->output().begin(), net->output().end());
            if (first.empty()) first = all;
            QVERIFY(first == all);
        }
    }
    void keptActivationsAgree() {
        Workers workers(2);
        auto lean = compiled(kBranches, workers, false, 2);
        auto kept = compiled(kBranches, workers, false, 2, true);
        fill(lean->input(), 9);
        std::ranges::copy(lean->input(), kept->input().begin());
        const std::vector<float> image(kept->input().begin(), kept->input().end());
        lean->forward(2, false);
        kept->forward(2, false);
        QVERIFY(std::ranges::equal(lean->output(), kept->output()));
        const ModelGraph graph = graphFrom(kBranches);
        for (const auto& node : graph.nodes()) {
            QCOMPARE(kept->activation(node->id).size(), static_cast<std::size_t>(2 * kept->activationShape(node->id).count()));
        }
        QVERIFY(std::ranges::equal(kept->activation(graph.findByName("in")->id), image));
    }
    /// Relus that the layer before does, outputs and gradients over one another, layers chunk by chunk: a network that
    /// keeps every output does without most of it and must say the same to the bit.
    void shortCutsChangeNothing_data() {
        QTest::addColumn<QString>("drawing");
        QTest::addColumn<double>("tolerance");
        // No biases: before a normalization their gradients are rounding errors, or known to be 0.
        QTest::newRow("residual block")
            << "Input 6x6x2 > Conv2D filters=4 kernel_size=3 padding=same use_bias=False > BatchNormalization > Activation activation=relu name=r;"
               "r > Conv2D filters=4 kernel_size=3 padding=same use_bias=False > BatchNormalization > ReLU > "
               "Conv2D filters=4 kernel_size=3 padding=same use_bias=False > "
               "BatchNormalization name=n > Add name=s; r > s; s > ReLU > MaxPooling2D > Flatten > Dense units=3" << 0.0;
        QTest::newRow("residual block that halves")
            << "Input 8x8x2 > Conv2D filters=4 kernel_size=3 padding=same use_bias=False > BatchNormalization > Activation activation=relu name=r;"
               "r > Conv2D filters=6 kernel_size=3 strides=2 padding=same use_bias=False > BatchNormalization > ReLU > "
               "Conv2D filters=6 kernel_size=3 padding=same use_bias=False > BatchNormalization name=n > Add name=s;"
               "r > Conv2D filters=6 kernel_size=1 strides=2 use_bias=False > BatchNormalization name=m; m > s;"
               "s > ReLU > Flatten > Dense units=3" << 1e-5; // two normalizations are added at once: other roundings
        QTest::newRow("sum of two normalizations that somebody else reads")
            << "Input 6x6x2 > Conv2D filters=4 kernel_size=3 padding=same use_bias=False > BatchNormalization name=n;"
               "n > Conv2D filters=4 kernel_size=3 padding=same use_bias=False > BatchNormalization name=m > Add name=s; n > s;"
               "s > Multiply name=p; n > p; p > Flatten > Dense units=3" << 0.0;
        QTest::newRow("relu with two readers")
            << "Input 4x4x2 > BatchNormalization name=n > ReLU name=r; n > Concatenate name=c; r > c; c > Flatten > Dense units=3" << 0.0;
        QTest::newRow("sum of one thing with itself through two ways")
            << "Input 4x4x2 > Conv2D filters=3 kernel_size=1 name=a > Activation activation=tanh name=t > Add name=s; a > s;"
               "s > ReLU > Subtract name=d; t > d; d > Flatten > Dense units=3 activation=softmax" << 0.0;
        QTest::newRow("relus whose gradient the pooling takes")
            << "Input 12x12x2 > Conv2D filters=4 kernel_size=3 activation=relu > MaxPooling2D > "
               "Conv2D filters=5 kernel_size=3 padding=same activation=relu > MaxPooling2D pool_size=3 strides=1 padding=same > "
               "Conv2D filters=3 kernel_size=1 activation=relu name=r > MaxPooling2D name=p; r > GlobalAveragePooling2D name=g;"
               "p > Flatten name=f; g > Concatenate name=c; f > c; c > Dense units=3" << 0.0;
        QTest::newRow("branches") << kBranches << 0.0;
    }
    void shortCutsChangeNothing() {
        QFETCH(QString, drawing);
        QFETCH(double, tolerance);
        const auto agree = [&](std::span<const float> a, std::span<const float> b) {
            return std::ranges::equal(a, b, [&](float u, float v) {
                return u == v || std::abs(static_cast<double>(u - v)) <= tolerance * std::max(1.0, std::abs(static_cast<double>(u)));
            });
        };
        constexpr std::int64_t kBatch = 37; // more than chunks, and not a multiple of them
        Workers one(1);
        Workers three(3);
        auto plain = compiled(qPrintable(drawing), one, true, kBatch, true);
        auto fast = compiled(qPrintable(drawing), three, true, kBatch, false);
        for (std::int64_t step = 0; step < 2; ++step) {
            for (Network* net : {plain.get(), fast.get()}) {
                fill(net->input(), 3);
                net->forward(kBatch, true, step);
                fill(net->outputGradient(), 4);
            }
            QVERIFY(agree(plain->output(), fast->output()));
            for (Network* net : {plain.get(), fast.get()}) net->backward(false);
            QVERIFY(agree(plain->gradients(), fast->gradients()));
            QVERIFY(std::ranges::any_of(fast->gradients(), [](float g) { return g != 0; }));
        }
        fast->forward(5, false);
        plain->forward(5, false);
        QVERIFY(agree(plain->output(), fast->output()));
    }

    void snapshotAndLoad() {
        Workers workers(1);
        auto a = compiled(kChain, workers, false, 1);
        const Weights weights = a->snapshot();
        a->initialise(99);
        QVERIFY(!(a->snapshot() == weights));
        QCOMPARE(a->load(weights), 4);
        QVERIFY(a->snapshot() == weights);
        QCOMPARE(a->snapshot().fingerprint(), weights.fingerprint());
        QCOMPARE(weights.count(), 2 * 9 * 3 + 3 + 12 * 4 + 4);
    }
    void refusals_data() {
        QTest::addColumn<QString>("drawing");
        QTest::addColumn<QString>("says");
        QTest::newRow("window") << "Input 3x3x1 > Conv2D filters=2 kernel_size=5 > Flatten > Dense units=2" << "5";
        QTest::newRow("memory") << "Input 16384x16384x64 > Conv2D filters=64 kernel_size=1 > GlobalAveragePooling2D > Dense units=10" << "GB";
    }
    void refusals() {
        QFETCH(QString, drawing);
        QFETCH(QString, says);
        Workers workers(1);
        const auto n = Network::compile(graphFrom(qPrintable(drawing)), {64, true, false, 1}, workers);
        QVERIFY(!n.ok());
        QVERIFY2(QString::fromStdString(n.error().message).contains(says), n.error().message.c_str());
    }
};

QTEST_APPLESS_MAIN(NetworkTest)
#include "network_test.moc"
