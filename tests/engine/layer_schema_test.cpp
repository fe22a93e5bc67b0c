// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/layer.h"
#include "engine/layers/layer_order.h"
#include "tests/support/layer_rig.h"
#include "tests/support/other_values.h"

#include <algorithm>
#include <cstring>
#include <QTest>
#include <set>

using namespace strata;
using namespace strata::test;

namespace {

const LayerType& current() {
    QFETCH_GLOBAL(int, layer);
    return layerTypes()[static_cast<std::size_t>(layer)];
}

bool sameWeights(const WeightSpec& a, const WeightSpec& b) {
    return a.name == b.name && a.dims == b.dims && a.initializer == b.initializer &&
           a.trainable == b.trainable && a.regularizer == b.regularizer && a.constraint == b.constraint;
}

/// Output and gradients while training, output in use, weights afterwards; one long row.
std::vector<float> results(const LayerType& type, const ParamMap& params, const std::vector<Shape>& shapes) {
    LayerRig rig(type, params, shapes, 4);
    rig.fillAll(11);
    std::vector<float> all;
    const auto take = [&](const GuardedFloats& b) {
        all.insert(all.end(), b.span().begin(), b.span().end());
    };
    rig.training = false;
    rig.forward();
    take(rig.output);
    rig.training = true;
    rig.forward();
    take(rig.output);
    rig.backward();
    for (const GuardedFloats& b : rig.inputGrads)
        take(b);
    for (const GuardedFloats& b : rig.weights)
        take(b);
    return all;
}

/// Does changing `key` of this example to `value` change what the layer is or does? Refused values change
/// nothing.
bool hasEffect(const LayerType& type, const LayerExample& example, const std::string& key,
               const ParamValue& value) {
    ParamMap changed = example.params;
    changed[key] = value;
    const Result<LayerPlan> before = planLayer(type, example.params, example.inputs);
    const Result<LayerPlan> after = planLayer(type, changed, example.inputs);
    if (!before || !after) return false;
    if (!(before->output == after->output) ||
        !std::ranges::equal(before->weights, after->weights, sameWeights) ||
        before->activityRegularizer != after->activityRegularizer)
        return true;
    if (type.maxInputs == 0) return false;
    const std::vector<float> a = results(type, example.params, example.inputs);
    const std::vector<float> b = results(type, changed, example.inputs);
    return a.size() != b.size() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) != 0;
}

} // namespace

class LayerSchemaTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase_data() {
        QTest::addColumn<int>("layer");
        for (std::size_t l = 0; l < layerTypes().size(); ++l)
            QTest::addRow("%s", layerTypes()[l].schema.id.c_str()) << static_cast<int>(l);
    }

    void isDocumented() {
        const Schema& s = current().schema;
        QVERIFY(!s.doc.empty() && !s.reference.empty());
        QVERIFY(std::ranges::any_of(layerCategories(),
                                    [&](const LayerCategory& c) { return c.id == s.category; }));
        QVERIFY2(!current().examples.empty(), "a layer without examples is not tested");
        std::set<std::string> keys;
        for (const Param& p : s.params) {
            QVERIFY2(!p.label.empty() && p.doc.size() > 15 && p.doc.ends_with('.'), p.key.c_str());
            QVERIFY2(std::ranges::all_of(
                         p.key,
                         [](char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }),
                     p.key.c_str());
            QVERIFY2(keys.insert(p.key).second, p.key.c_str());
        }
        for (const std::string& word : s.synonyms)
            QVERIFY(!word.empty());
    }

    void defaultsAreValid() {
        const Schema& s = current().schema;
        const Result<ParamMap> checked = s.check({});
        QVERIFY2(checked.ok(), checked.ok() ? "" : checked.error().message.c_str());
        QVERIFY(*checked == s.defaults());
    }

    void everyParameterDoesSomething() {
        const LayerType& type = current();
        for (const Param& p : type.schema.params) {
            bool effect = false;
            for (const LayerExample& e : type.examples) {
                const ParamMap full = *type.schema.check(e.params);
                for (const ParamValue& v : otherValues(p, full.at(p.key)))
                    effect = effect || hasEffect(type, e, p.key, v);
                if (effect) break;
            }
            QVERIFY2(effect, ("no example shows an effect of " + p.key).c_str());
        }
    }

    /// Whatever the parameters, plan() answers, and what it accepts can be made and run.
    void refusesOrRuns() {
        const LayerType& type = current();
        for (const LayerExample& e : type.examples) {
            for (const Param& p : type.schema.params) {
                const ParamMap full = *type.schema.check(e.params);
                for (const ParamValue& v : otherValues(p, full.at(p.key))) {
                    ParamMap changed = e.params;
                    changed[p.key] = v;
                    const Result<LayerPlan> plan = planLayer(type, changed, e.inputs);
                    if (!plan)
                        QVERIFY(plan.error().message.size() > 10);
                    else if (type.maxInputs != 0)
                        results(type, changed, e.inputs);
                }
            }
        }
    }

    void refusesForeignRanks() {
        const LayerType& type = current();
        if (type.maxInputs == 0) return;
        const std::vector<Shape> shapes{Shape{},
                                        Shape{4},
                                        Shape{5, 4},
                                        Shape{6, 5, 4},
                                        Shape{3, 6, 5, 4},
                                        Shape{2, 3, 6, 5, 4},
                                        Shape{1, 1, 1},
                                        Shape{Shape::kUnknown, 5, 4},
                                        Shape{6, 5, Shape::kUnknown},
                                        Shape{1 << 20, 1 << 20, 1 << 20}};
        for (const Shape& s : shapes) {
            const std::vector<Shape> inputs(static_cast<std::size_t>(std::max(type.minInputs, 1)), s);
            const Result<LayerPlan> plan = planLayer(type, {}, inputs);
            if (!plan) {
                QVERIFY(!plan.error().message.empty());
                continue;
            }
            if (s.isKnown()) results(type, {}, inputs);
        }
    }
};

QTEST_APPLESS_MAIN(LayerSchemaTest)
#include "layer_schema_test.moc"
