// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever a form shows of an initializer, regularizer, constraint, optimizer, schedule, loss, metric or callback does
// something, alone or beside one other parameter.
#include "engine/layers/initializers.h"
#include "engine/layers/constraint.h"
#include "engine/training/callback.h"
#include "engine/training/loss.h"
#include "engine/training/metric.h"
#include "engine/training/parameter_update.h"
#include "engine/training/schedule.h"
#include "tests/support/graph_dsl.h"
#include "tests/support/other_values.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <functional>
#include <set>
#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace strata;
using namespace strata::test;

namespace {

/// What comes of it, as text; none where the parameters are refused.
using Outcome = std::optional<std::string>;

template <class Range>
std::string textOf(const Range& values) {
    return fmt::format("{}", fmt::join(values, " "));
}

Outcome ofInitializer(const TypedParams& which) {
    std::vector<float> values(30);
    const std::array<std::int64_t, 2> dims{6, 5};
    initialise(which, dims, {3, 1, 2, 0}, values);
    return textOf(values);
}

Outcome ofRegularizer(const TypedParams& which) {
    const std::vector<float> weights{0.5F, -1, 2};
    std::vector<float> gradient(3);
    addPenaltyGradient(which, weights, gradient);
    return fmt::format("{} {}", penalty(which, weights), textOf(gradient));
}

Outcome ofConstraint(const TypedParams& which) {
    std::vector<float> weights(12);
    for (int i = 0; i < 12; ++i) weights[static_cast<std::size_t>(i)] = static_cast<float>(i * i) / 20 - 1;
    const std::array<std::int64_t, 2> dims{3, 4};
    Constraint(which, dims).apply(weights);
    return textOf(weights);
}

/// The weights after three steps with gradients that become smaller and turn round.
Outcome ofOptimizer(const TypedParams& which) {
    Workers workers(1);
    const auto network = Network::compile(graphFrom("Input 2x2x1 > Flatten > Dense units=4"), {1, true, false, 1}, workers);
    ParameterUpdate update(which, std::nullopt, **network, workers);
    const std::span<float> gradients = (*network)->gradients();
    for (const float size : {3.0F, 1.0F, -0.1F}) {
        for (std::size_t i = 0; i < gradients.size(); ++i) gradients[i] = size * static_cast<float>(static_cast<int>(i * 7 % 5) - 2);
        update.apply();
    }
    return textOf((*network)->parameters());
}

/// The first 20 rates of a run of 20 updates.
Outcome ofSchedule(const TypedParams& which) {
    const Result<TypedParams> checked = checkSchedule(overSteps(which, 20));
    if (!checked) return {};
    const auto schedule = createSchedule(*checked);
    std::vector<double> rates;
    for (int step = 0; step < 20; ++step) rates.push_back(schedule->at(step));
    return textOf(rates);
}

constexpr std::array<float, 16> kPredictions{0.9F, 0.1F, 0.3F, 0.7F, 0.45F, 0.55F, 0.8F, 0.2F, 0.2F, 0.8F, 0.65F, 0.35F, 0.48F, 0.52F, 0.05F, 0.95F};
constexpr std::array<std::int32_t, 8> kClasses{0, 1, 0, 0, 0, 1, 1, 1};

Outcome ofLoss(const TypedParams& which) {
    std::array<float, 16> targets{};
    for (std::size_t n = 0; n < 8; ++n) targets[2 * n + static_cast<std::size_t>(kClasses[n])] = 1;
    const auto loss = createLoss(which);
    LossPass pass;
    pass.samples = 8;
    pass.columns = 2;
    pass.output = kPredictions.data();
    pass.targets = targets.data();
    pass.labels = kClasses.data();
    std::vector<double> perSample(8);
    std::vector<float> gradient(16);
    loss->evaluate(pass, perSample, gradient.data());
    return textOf(perSample) + " " + textOf(gradient);
}

/// By class numbers and by rows, both as targets and as predictions: each metric says to which of them they go.
Outcome ofMetric(const TypedParams& which) {
    const MetricValues classes{{8}, {kClasses.begin(), kClasses.end()}};
    const MetricValues shares{{8, 2}, {kPredictions.begin(), kPredictions.end()}};
    const MetricValues guesses{{8}, {0, 1, 1, 0, 1, 1, 0, 1}};
    MetricValues rows{{8, 2}, std::vector<double>(16)};
    for (std::size_t n = 0; n < 8; ++n) rows.data[2 * n + static_cast<std::size_t>(kClasses[n])] = 1;
    std::string all;
    for (const auto& [target, prediction] : {std::pair(classes, shares), {classes, guesses}, {rows, shares}, {rows, guesses}}) {
        const auto metric = createMetric(which);
        if (metric->update({target, prediction, {}})) all += textOf(metric->result()) + "\n";
    }
    return all.empty() ? Outcome() : all;
}

/// Writes down what a callback does to the run.
struct Told final : RunControl {
    double rate = 0.01;
    bool stopped = false;
    std::string all;
    double learningRate() const override { return rate; }
    void setLearningRate(double r) override { all += fmt::format("rate {}\n", rate = r); }
    void stop(std::string why) override {
        stopped = true;
        all += why + "\n";
    }
    void keepWeights() override { all += "keep\n"; }
    void restoreWeights() override { all += "restore\n"; }
    Result<> save(const std::string& path, bool weightsOnly) override {
        all += fmt::format("save {} {}\n", path, weightsOnly);
        return {};
    }
    void remark(std::string text) override { all += text + "\n"; }
};

/// Two runs of 30 epochs that get better up to the fifth one, and the files that they leave.
Outcome ofCallback(const TypedParams& which) {
    const QTemporaryDir folder;
    const QString before = QDir::currentPath();
    QDir::setCurrent(folder.path());
    Told told;
    for (int run = 0; run < 2; ++run) {
        const auto callback = createCallback(which);
        for (int epoch = 0; epoch < 30 && !told.stopped; ++epoch) {
            const double loss = 1 + 0.1 * std::abs(epoch - 5) + 0.05 * (epoch % 2);
            told.all += fmt::format("epoch {}\n", epoch);
            callback->epochEnd(epoch, {{"loss", loss / 2}, {"accuracy", 1 / loss}, {"val_loss", loss}, {"val_accuracy", 0.9 / loss}, {"learning_rate", told.rate}}, told);
        }
        callback->end(told);
        told.stopped = false;
    }
    for (const QString& name : QDir(folder.path()).entryList(QDir::Files)) {
        QFile file(folder.filePath(name));
        if (file.open(QIODevice::ReadOnly)) told.all += name.toStdString() + "\n" + file.readAll().toStdString();
    }
    QDir::setCurrent(before);
    return told.all;
}

struct Kind {
    const SchemaFamily* family;
    std::function<Outcome(const TypedParams&)> outcome; ///< of checked parameters
};
const std::vector<Kind>& kinds() {
    static const std::vector<Kind> all{{&initializerFamily(), ofInitializer}, {&regularizerFamily(), ofRegularizer},
                                       {&constraintFamily(), ofConstraint},   {&optimizerFamily(), ofOptimizer},
                                       {&scheduleFamily(), ofSchedule},       {&lossFamily(), ofLoss},
                                       {&metricFamily(), ofMetric},           {&callbackFamily(), ofCallback}};
    return all;
}

/// Parameters without an effect, and why.
const std::set<std::string>& idle() {
    static const std::set<std::string> all{
        "AUC num_labels", // Keras takes its memory by it; the number of classes is seen in the predictions anyway
        "Adafactor relative_step", // Keras takes the smaller one of the rate and 1 / sqrt(updates) in any case
        "ScheduleFreeAdamW beta_1",  // it drops out of what Keras computes
    };
    return all;
}

/// What some members need before anything else of them can be seen.
const std::vector<TypedParams>& starts() {
    static const std::vector<TypedParams> all{
        {"PiecewiseConstantDecay", {{"boundaries", ParamValue::IntList{5}}, {"values", ParamValue::RealList{0.1, 0.2}}}},
        {"AUC", {{"label_weights", ParamValue::RealList{1, 1}}}},
        {"IoU", {{"sparse_y_true", false}, {"sparse_y_pred", false}}},
        {"MeanIoU", {{"sparse_y_true", false}, {"sparse_y_pred", false}}},
    };
    return all;
}

} // namespace

class FamilySchemaTest : public QObject {
    Q_OBJECT

    static Outcome outcome(const Kind& kind, const Schema& schema, const ParamMap& given) {
        // A schedule finds its length by what is not given.
        if (kind.family == &scheduleFamily()) return schema.check(given) ? kind.outcome({schema.id, given}) : Outcome();
        const Result<ParamMap> checked = schema.check(given);
        return checked ? kind.outcome({schema.id, *checked}) : Outcome();
    }
    /// Beside what is given.
    static bool hasEffect(const Kind& kind, const Schema& schema, const Param& p, const ParamMap& given) {
        const Outcome before = outcome(kind, schema, given);
        if (!before) return false;
        const auto now = given.find(p.key);
        return std::ranges::any_of(otherValues(p, now == given.end() ? p.defaultValue : now->second), [&](const ParamValue& v) {
            ParamMap changed = given;
            changed[p.key] = v;
            const Outcome after = outcome(kind, schema, changed);
            return after && *after != *before;
        });
    }
    /// Nothing, or one other parameter, is set.
    static bool hasEffectSomewhere(const Kind& kind, const Schema& schema, const Param& p, const ParamMap& start) {
        if (hasEffect(kind, schema, p, start)) return true;
        for (const Param& beside : schema.params) {
            if (beside.key == p.key) continue;
            for (const ParamValue& v : otherValues(beside, beside.defaultValue)) {
                ParamMap given = start;
                given[beside.key] = v;
                if (hasEffect(kind, schema, p, given)) return true;
            }
        }
        return false;
    }

private slots:
    void everyParameterDoesSomething_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("member");
        for (std::size_t k = 0; k < kinds().size(); ++k) {
            const SchemaFamily& family = *kinds()[k].family;
            for (std::size_t m = 0; m < family.members.size(); ++m)
                QTest::addRow("%s %s", std::string(family.name).c_str(), family.members[m]->id.c_str()) << static_cast<int>(k) << static_cast<int>(m);
        }
    }
    void everyParameterDoesSomething() {
        QFETCH(int, kind);
        QFETCH(int, member);
        const Kind& of = kinds()[static_cast<std::size_t>(kind)];
        const Schema& schema = *of.family->members[static_cast<std::size_t>(member)];
        const auto start = std::ranges::find(starts(), schema.id, &TypedParams::id);
        QVERIFY2(outcome(of, schema, start == starts().end() ? ParamMap() : start->params), "it cannot be run");
        for (const Param& p : schema.params) {
            const bool effect = hasEffectSomewhere(of, schema, p, {}) || (start != starts().end() && hasEffectSomewhere(of, schema, p, start->params));
            if (idle().contains(schema.id + " " + p.key))
                QVERIFY2(!effect, ("it is not without effect: " + p.key).c_str());
            else
                QVERIFY2(effect, ("nothing shows an effect of " + p.key).c_str());
        }
    }
};

QTEST_APPLESS_MAIN(FamilySchemaTest)
#include "family_schema_test.moc"
