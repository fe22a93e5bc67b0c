// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/layer.h"
#include "engine/training/loss_meter.h"
#include "engine/training/parameter_update.h"
#include "engine/training/metric.h"
#include "tests/support/layer_rig.h"

#include <QtTest>
#include <array>

using namespace strata;

namespace {

double resultOf(const TypedParams& which, const MetricUpdate& update) {
    const std::unique_ptr<Metric> metric = createMetric(*checkMetric(which));
    return metric->update(update) ? metric->result().front() : -1;
}

bool near(double got, double wanted) {
    return std::abs(got - wanted) < 1e-6 * std::max(1.0, std::abs(wanted));
}

} // namespace

/// Numbers that Keras 3.15 on TensorFlow printed for corners that no case of the shared folder visits; the line above
/// each says how it was asked.
class KerasCornersTest : public QObject {
    Q_OBJECT

private slots:
    // keras.layers.Rescaling([.5, 2.], [0., -1.])(np.array([[[1., 2], [3, 4]]]))
    void rescalingOfEachChannel() {
        const LayerType& type = *findLayerType("Rescaling");
        const ParamMap params{{"scale", ParamValue::RealList{0.5, 2}}, {"offset", ParamValue::RealList{0, -1}}};
        test::LayerRig rig(type, params, {Shape{2, 2}}, 1);
        std::ranges::copy(std::array{1.0F, 2.0F, 3.0F, 4.0F}, rig.inputs[0].data());
        std::ranges::fill(rig.outputGrad.span(), 1.0F);
        rig.forward();
        rig.backward();
        QVERIFY(std::ranges::equal(rig.output.span(), std::array{0.5F, 3.0F, 1.5F, 7.0F}));
        QVERIFY(std::ranges::equal(rig.inputGrads[0].span(), std::array{0.5F, 2.0F, 0.5F, 2.0F}));
        const std::array<Shape, 1> three{Shape{2, 3}};
        QVERIFY(!planLayer(type, params, three));
        QVERIFY(!planLayer(type, {{"scale", ParamValue::RealList{}}}, three));
    }

    // keras.layers.ReLU(max_value=-10); keras.layers.RepeatVector([3])
    void refused() {
        QVERIFY(!findLayerType("ReLU")->schema.check({{"max_value", -10.0}}));
        QVERIFY(!findLayerType("RepeatVector")->schema.check({{"n", ParamValue::IntList{3}}}));
    }

    // m = keras.metrics.R2Score(num_regressors=1); m.update_state([[0., 1], [1, 0], [2, 5]], [[.5, 1], [1, 1], [2, 4]])
    void adjustedR2CountsEveryValue() {
        const MetricUpdate update{{{3, 2}, {0, 1, 1, 0, 2, 5}}, {{3, 2}, {0.5, 1, 1, 1, 2, 4}}, {}};
        QVERIFY(near(resultOf({"R2Score", {{"num_regressors", std::int64_t{1}}}}, update), 0.8325893));
    }

    // keras.metrics.SparseCategoricalAccuracy().update_state([[0], [1]], [[[.9, .1], [.2, .8]]])
    void accuracyBroadcasts() {
        const MetricUpdate update{{{2, 1}, {0, 1}}, {{1, 2, 2}, {0.9, 0.1, 0.2, 0.8}}, {}};
        QVERIFY(near(resultOf({"SparseCategoricalAccuracy", {}}, update), 0.5));
    }

    // y, p = [0, 1, 2], [[.8, .1, .1], [.05, .95, 0.], [.1, .8, .1]]
    // keras.losses.SparseCategoricalCrossentropy(ignore_class=0)(y, p); keras.metrics. the same with
    // sample_weight=[.5, 1.5, 2]
    void ignoredClass() {
        const std::array output{0.8F, 0.1F, 0.1F, 0.05F, 0.95F, 0.0F, 0.1F, 0.8F, 0.1F};
        const std::array<std::int32_t, 3> labels{0, 1, 2};
        const TypedParams which{"SparseCategoricalCrossentropy", {{"ignore_class", std::int64_t{0}}}};
        Workers workers(1);
        LossMeter meter(which, Shape{3}, false, 3);
        std::array<float, 9> gradient{};
        const BatchScore score = meter.measure(3, output.data(), labels.data(), gradient.data(), workers);
        QVERIFY(near(score.lossSum / 3, 1.1769392));
        // tf.GradientTape: of the mean of the two rows that count
        QVERIFY(near(gradient[3], 0.5) && near(gradient[4], -0.02631586) && near(gradient[8], -4.5));
        QVERIFY(gradient[0] == 0 && gradient[1] == 0 && gradient[2] == 0);
        const std::array<std::int32_t, 3> none{0, 0, 0};
        QCOMPARE(meter.measure(3, output.data(), none.data(), gradient.data(), workers).lossSum, 0.0);
        const MetricUpdate update{{{3}, {0, 1, 2}}, {{3, 3}, {0.8, 0.1, 0.1, 0.05, 0.95, 0, 0.1, 0.8, 0.1}}, MetricValues{{3}, {0.5, 1.5, 2}}};
        QVERIFY(near(resultOf(which, update), 1.3377458));
    }

    /// Units and inputs that are dead for a batch, as behind a relu: Keras's own step is not a number there.
    void adafactorWhereARowAndAColumnHaveNoGradient() {
        const auto optimizer = createOptimizer(*checkOptimizer({"Adafactor", {}}));
        const std::array<std::int64_t, 2> dims{2, 2};
        std::array<float, 4> weights{1, 1, 1, 1};
        const std::array gradient{0.5F, 0.0F, 0.0F, 0.0F};
        std::array<float, 4> row{}, column{}, velocity{};
        const std::array places{row.data(), column.data(), velocity.data()};
        optimizer->beginIteration(1, 0.01);
        optimizer->stepArray(dims, weights, gradient, places);
        QVERIFY(weights[0] < 1 && weights[0] > 0.9F);
        QVERIFY(weights[1] == 1 && weights[2] == 1 && weights[3] == 1);
    }

    /// A unit that is dead from the first batch on, and a schedule that comes to its end: Keras's own step is 0 / 0.
    void ftrlWithoutAnyGradient() {
        const auto optimizer = createOptimizer(*checkOptimizer({"Ftrl", {{"initial_accumulator_value", 0.0}}}));
        std::array<float, 2> weights{1, 1}, sum{}, linear{};
        const std::array gradient{0.5F, 0.0F};
        const std::array places{sum.data(), linear.data()};
        optimizer->beginIteration(1, 0.01);
        optimizer->step(weights, gradient, places);
        QVERIFY(std::isfinite(weights[0]) && weights[0] != 1);
        QCOMPARE(weights[1], 1.0F);
        const std::array<float, 2> before = weights;
        optimizer->beginIteration(2, 0);
        optimizer->step(weights, gradient, places);
        QVERIFY(weights == before);
    }

    // keras.losses.Dice()([[1, 0, 0], [0, 1, 0], [0, 0, 1]], p, sample_weight=[.5, 1.5, 2]) with p as above; each sample
    // is in a chunk of its own where a loss is one of samples
    void aLossOfTheWholeBatch() {
        const std::array output{0.8F, 0.1F, 0.1F, 0.05F, 0.95F, 0.0F, 0.1F, 0.8F, 0.1F};
        const std::array<std::int32_t, 3> labels{0, 1, 2};
        Workers workers(2);
        LossMeter meter({"Dice", {}}, Shape{3}, true, 3, {0.5, 1.5, 2});
        std::array<float, 9> gradient{};
        QVERIFY(near(meter.measure(3, output.data(), labels.data(), nullptr, workers).lossSum / 3, 0.3833333));
        QVERIFY(near(meter.measure(3, output.data(), labels.data(), gradient.data(), workers).lossSum / 3, 0.5111111));
        QVERIFY(near(gradient[0], -0.3074074) && near(gradient[1], 0.1370370) && near(gradient[8], -0.3074074));
    }
};

QTEST_GUILESS_MAIN(KerasCornersTest)
#include "keras_corners_test.moc"
