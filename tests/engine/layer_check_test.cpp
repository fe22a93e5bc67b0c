// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/layer.h"
#include "engine/layers/layer_order.h"
#include "engine/schema/param_json.h"
#include "tests/support/forced_isa.h"
#include "tests/support/layer_rig.h"
#include "tests/support/other_values.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <QTest>

using namespace strata;
using namespace strata::test;

namespace {

bool sameBits(std::span<const float> a, std::span<const float> b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

bool finite(std::span<const float> values) {
    return std::ranges::all_of(values, [](float v) { return std::isfinite(v); });
}

double objective(LayerRig& rig) {
    rig.forward();
    double sum = 0;
    for (std::int64_t i = 0; i < rig.output.size(); ++i)
        sum += cotangent(i) * static_cast<double>(rig.output[i]);
    return sum;
}

struct Slopes {
    double central = 0;
    double bend = 0; ///< how far the slopes to both sides differ
};

Slopes slopeAt(LayerRig& rig, float& place, float h) {
    const float before = place;
    const double here = objective(rig);
    place = before + h;
    const double up = static_cast<double>(place) - static_cast<double>(before);
    const double high = objective(rig);
    place = before - h;
    const double down = static_cast<double>(before) - static_cast<double>(place);
    const double low = objective(rig);
    place = before;
    return {(high - low) / (up + down), std::abs((high - here) / up - (here - low) / down)};
}

/// Compares up to 40 elements with central differences. Where two step widths disagree a kink lies between
/// (relu, max): such elements do not count, but most must.
QString compareSlopes(LayerRig& rig, const GuardedFloats& values, std::vector<float> analytic,
                      const std::string& name) {
    double largest = 0;
    for (const float v : analytic)
        largest = std::max(largest, std::abs(static_cast<double>(v)));
    const auto size = static_cast<std::int64_t>(analytic.size());
    const std::int64_t stride = std::max<std::int64_t>(1, size / 40);
    const double tolerance = 4e-3 * largest + 2e-3;
    int checked = 0;
    int tried = 0;
    for (std::int64_t i = 0; i < size; i += stride) {
        ++tried;
        Slopes wide = slopeAt(rig, values[i], 0.01F);
        Slopes narrow = slopeAt(rig, values[i], 0.005F);
        const auto kinked = [&] {
            return std::abs(wide.central - narrow.central) > tolerance || narrow.bend > 5 * tolerance;
        };
        for (float h = 0.002F; h > 0.0004F && kinked(); h /= 2) {
            wide = slopeAt(rig, values[i], h);
            narrow = slopeAt(rig, values[i], h / 2);
        }
        if (kinked()) continue;
        ++checked;
        const double a = static_cast<double>(analytic[static_cast<std::size_t>(i)]);
        if (!(std::abs(a - narrow.central) <= tolerance)) {
            return QString("%1[%2]: backward says %3, differences say %4")
                .arg(QString::fromStdString(name))
                .arg(i)
                .arg(a)
                .arg(narrow.central);
        }
    }
    if (checked * 2 < tried)
        return QString("%1: only %2 of %3 places are smooth")
            .arg(QString::fromStdString(name))
            .arg(checked)
            .arg(tried);
    return {};
}

std::vector<float> copyOf(const GuardedFloats& b) {
    return {b.span().begin(), b.span().end()};
}

/// All that a layer computes for one example: output while training and not, gradients, weights afterwards.
std::vector<std::vector<float>> everything(const LayerType& type, const ParamMap& params,
                                           const std::vector<Shape>& shapes, std::int64_t batch,
                                           int threads) {
    LayerRig rig(type, params, shapes, batch, threads);
    rig.fillAll(7);
    std::vector<std::vector<float>> out;
    rig.training = false;
    rig.forward();
    out.push_back(copyOf(rig.output));
    rig.training = true;
    rig.forward();
    out.push_back(copyOf(rig.output));
    rig.backward();
    for (const auto* list : {&rig.inputGrads, &rig.weights}) {
        for (const GuardedFloats& b : *list)
            out.push_back(copyOf(b));
    }
    for (std::size_t i = 0; i < rig.weights.size(); ++i) {
        if (rig.plan.weights[i].trainable) out.push_back(copyOf(rig.weightGrads[i]));
    }
    return out;
}

bool sameWeights(const WeightSpec& a, const WeightSpec& b) {
    return a.name == b.name && a.dims == b.dims && a.initializer == b.initializer &&
           a.trainable == b.trainable && a.regularizer == b.regularizer && a.constraint == b.constraint;
}

struct Example {
    const LayerType* type = nullptr;
    const LayerExample* example = nullptr;
};
Example current() {
    QFETCH_GLOBAL(int, layer);
    QFETCH_GLOBAL(int, example);
    const LayerType& type = layerTypes()[static_cast<std::size_t>(layer)];
    return {&type, &type.examples[static_cast<std::size_t>(example)]};
}

} // namespace

/// One test for every layer and every example of it: whoever adds a layer adds no test but gets all of these.
class LayerCheckTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { STRATA_CHECK_FORCED_ISA(); }
    void initTestCase_data() {
        QTest::addColumn<int>("layer");
        QTest::addColumn<int>("example");
        for (std::size_t l = 0; l < layerTypes().size(); ++l) {
            const LayerType& type = layerTypes()[l];
            for (std::size_t e = 0; e < type.examples.size(); ++e) {
                QTest::addRow("%s: %s", type.schema.id.c_str(), type.examples[e].title.c_str())
                    << static_cast<int>(l) << static_cast<int>(e);
            }
        }
    }

    void planIsValid() {
        const auto [type, example] = current();
        const Result<LayerPlan> plan = planLayer(*type, example->params, example->inputs);
        QVERIFY2(plan.ok(), plan.ok() ? "" : plan.error().message.c_str());
        QVERIFY(plan->output.isKnown());
        QVERIFY(plan->savedPerSample >= 0 && plan->savedPerBatch >= 0 && plan->sharedScratch >= 0);
        for (const WeightSpec& w : plan->weights)
            QVERIFY(!w.name.empty() && w.count() > 0);
    }

    /// An input whose picture size is open gives a plan with open sizes and the same weights.
    void planOfUnknownSizes() {
        const auto [type, example] = current();
        std::vector<Shape> open = example->inputs;
        bool changed = false;
        for (Shape& s : open) {
            for (int i = 0; i + 1 < s.rank(); ++i) {
                s.set(i, Shape::kUnknown);
                changed = true;
            }
        }
        if (!changed) return;
        const Result<LayerPlan> known = planLayer(*type, example->params, example->inputs);
        const Result<LayerPlan> plan = planLayer(*type, example->params, open);
        if (!plan) {
            // Weights that depend on the size cannot be told.
            QVERIFY(!known->weights.empty());
            return;
        }
        QVERIFY(std::ranges::equal(plan->weights, known->weights, sameWeights));
        if (plan->output.isKnown()) QVERIFY(plan->output == known->output);
    }

    void gradientsAreSlopes() {
        const auto [type, example] = current();
        if (type->maxInputs == 0) return;
        LayerRig rig(*type, example->params, example->inputs, 3);
        rig.fillAll(1);
        const std::vector<std::vector<float>> before = [&] {
            std::vector<std::vector<float>> w;
            for (const GuardedFloats& b : rig.weights)
                w.push_back(copyOf(b));
            return w;
        }();
        rig.forward();
        QVERIFY(finite(rig.output.span()));
        rig.backward();
        QCOMPARE(rig.brokenGuard(), std::string());
        std::vector<std::vector<float>> toInputs, toWeights;
        for (const GuardedFloats& g : rig.inputGrads)
            toInputs.push_back(copyOf(g));
        for (const GuardedFloats& g : rig.weightGrads)
            toWeights.push_back(copyOf(g));
        for (std::size_t i = 0; i < toInputs.size(); ++i) {
            QVERIFY(finite(toInputs[i]));
            const QString why = compareSlopes(rig, rig.inputs[i], toInputs[i], "input " + std::to_string(i));
            QVERIFY2(why.isEmpty(), qPrintable(why));
        }
        for (std::size_t i = 0; i < toWeights.size(); ++i) {
            if (!rig.plan.weights[i].trainable) continue;
            QVERIFY(finite(toWeights[i]));
            QVERIFY(sameBits(rig.weights[i].span(), before[i]));
            const QString why = compareSlopes(rig, rig.weights[i], toWeights[i], rig.plan.weights[i].name);
            QVERIFY2(why.isEmpty(), qPrintable(why));
        }
    }

    void softmaxCanBeSkipped() {
        const auto [type, example] = current();
        if (type->maxInputs == 0) return;
        LayerRig rig(*type, example->params, example->inputs, 2);
        if (!rig.plan.endsInSoftmax) return;
        rig.fillAll(2);
        rig.forward();
        rig.backward();
        const std::vector<float> plain = copyOf(rig.inputGrads[0]);
        const std::int64_t classes = rig.plan.output[-1];
        for (std::int64_t row = 0; row < rig.output.size(); row += classes) {
            double mean = 0;
            for (std::int64_t c = row; c < row + classes; ++c)
                mean += static_cast<double>(rig.outputGrad[c] * rig.output[c]);
            for (std::int64_t c = row; c < row + classes; ++c) {
                rig.outputGrad[c] = rig.output[c] * (rig.outputGrad[c] - static_cast<float>(mean));
            }
        }
        rig.gradSkipsSoftmax = true;
        rig.backward();
        for (std::size_t i = 0; i < plain.size(); ++i) {
            QVERIFY(std::abs(plain[i] - rig.inputGrads[0].span()[i]) < 1e-5F);
        }
    }

    /// Sample k of a batch is what it would be alone. Layers that keep something for the batch as a whole
    /// (BatchNormalization) promise that for inference only.
    void samplesAreIndependent() {
        const auto [type, example] = current();
        if (type->maxInputs == 0) return;
        constexpr std::int64_t batch = 5;
        for (const bool training : {false, true}) {
            LayerRig many(*type, example->params, example->inputs, batch);
            if (training && many.plan.savedPerBatch > 0) continue;
            many.training = training;
            many.fillAll(3);
            many.forward();
            for (std::int64_t n = 0; n < batch; ++n) {
                LayerRig one(*type, example->params, example->inputs, 1);
                one.training = training;
                one.fillAll(3);
                one.firstSample = n;
                for (std::size_t i = 0; i < one.inputs.size(); ++i) {
                    std::ranges::copy_n(many.inputs[i].data() + n * one.inputs[i].size(),
                                        one.inputs[i].size(), one.inputs[i].data());
                }
                one.forward();
                const std::span<float> slice(many.output.data() + n * one.output.size(),
                                             static_cast<std::size_t>(one.output.size()));
                QVERIFY2(sameBits(one.output.span(), slice), training ? "training" : "inference");
            }
        }
    }

    void threadsDoNotMatter() {
        const auto [type, example] = current();
        if (type->maxInputs == 0) return;
        const auto one = everything(*type, example->params, example->inputs, 13, 1);
        const auto three = everything(*type, example->params, example->inputs, 13, 3);
        QCOMPARE(one.size(), three.size());
        for (std::size_t i = 0; i < one.size(); ++i)
            QVERIFY2(sameBits(one[i], three[i]), std::to_string(i).c_str());
    }

    void parametersSurviveJson() {
        const auto [type, example] = current();
        const Result<ParamMap> params = type->schema.check(example->params);
        QVERIFY(params.ok());
        const Result<ParamMap> back = paramsFromJson(nlohmann::json::parse(toJson(*params).dump()));
        QVERIFY(back.ok());
        const Result<ParamMap> again = type->schema.check(*back);
        QVERIFY(again.ok());
        QVERIFY(*again == *params);
    }
};

QTEST_APPLESS_MAIN(LayerCheckTest)
#include "layer_check_test.moc"
