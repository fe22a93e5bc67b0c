// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/f_score.h"

#include "engine/core/said.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr double kEpsilon = 1e-7; // Keras's backend.epsilon()

} // namespace

FScore::FScore(std::string average, double beta, std::optional<double> threshold)
    : m_average(std::move(average))
    , m_beta(beta)
    , m_threshold(threshold) {}

Result<> FScore::update(const MetricUpdate& batch) {
    m_scratch.take(batch);
    auto& [target, prediction] = m_scratch;
    if (Result<> same = alignShapes(target, prediction); !same) return same;
    if (prediction.shape.size() != 2)
        return failure("metric.rank", said("An F score takes one row of classes a sample: (samples, classes)."));
    const auto columns = static_cast<std::size_t>(prediction.shape[1]);
    std::optional<MetricValues> weight;
    if (batch.weight) {
        MetricValues given = *batch.weight;
        if (given.shape.size() == 1) given.shape.push_back(1);
        Result<MetricValues> each = broadcastWeight(given, prediction.shape);
        if (!each) return each.error();
        weight = std::move(*each);
    }
    m_classes.resize(columns);
    for (std::size_t first = 0; first < prediction.data.size(); first += columns) {
        const auto row = std::span(prediction.data).subspan(first, columns);
        const double largest = std::ranges::max(row);
        for (std::size_t c = 0; c < columns; ++c) {
            const bool yes = m_threshold ? row[c] > *m_threshold : row[c] >= largest && std::abs(row[c]) > 1e-9;
            const double truth = target.data[first + c], w = weight ? weight->data[first + c] : 1;
            Counts& k = m_classes[c];
            k.truePositives += yes ? truth * w : 0;
            k.falsePositives += yes ? (1 - truth) * w : 0;
            k.falseNegatives += yes ? 0 : truth * w;
            k.support += truth * w;
        }
    }
    return {};
}

double FScore::score(const Counts& c) const {
    const double precision = c.truePositives / (c.truePositives + c.falsePositives + kEpsilon);
    const double recall = c.truePositives / (c.truePositives + c.falseNegatives + kEpsilon);
    const double squared = m_beta * m_beta;
    return (1 + squared) * precision * recall / (squared * precision + recall + kEpsilon);
}

std::vector<double> FScore::result() const {
    if (m_classes.empty()) return {0};
    Counts all;
    std::vector<double> each;
    double sum = 0, weighted = 0;
    for (const Counts& c : m_classes) {
        all.truePositives += c.truePositives;
        all.falsePositives += c.falsePositives;
        all.falseNegatives += c.falseNegatives;
        all.support += c.support;
        each.push_back(score(c));
        sum += each.back();
        weighted += each.back() * c.support;
    }
    if (m_average == "micro") return {score(all)};
    if (m_average == "macro") return {sum / static_cast<double>(each.size())};
    if (m_average == "weighted") return {weighted / (all.support + kEpsilon)};
    return each;
}

std::vector<double> FScore::state() const {
    std::vector<double> out;
    for (const Counts& c : m_classes)
        out.insert(out.end(), {c.truePositives, c.falsePositives, c.falseNegatives, c.support});
    return out;
}

void FScore::setState(std::span<const double> state) {
    if (state.size() % 4 != 0) return;
    m_classes.clear();
    for (std::size_t i = 0; i < state.size(); i += 4)
        m_classes.push_back({state[i], state[i + 1], state[i + 2], state[i + 3]});
}

Param averageParam() {
    return {.key = "average",
            .label = "Average",
            .doc = "micro: over all samples; macro: the mean of the classes; weighted: the mean weighted by how often "
                   "each class occurs. None: one score a class.",
            .choices = {"micro", "macro", "weighted"}};
}
Param fThresholdParam() {
    return {.key = "threshold",
            .label = "Threshold",
            .doc = "Above it a prediction is a yes. None: the largest of each row is the yes.",
            .min = 0,
            .max = 1,
            .exclusiveMin = true};
}

} // namespace strata
