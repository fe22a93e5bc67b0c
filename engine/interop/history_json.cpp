// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/history_json.h"

#include "engine/interop/foreign_json.h"

#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <tuple>

namespace strata {
namespace {

using Json = nlohmann::json;
using Ordered = nlohmann::ordered_json;

constexpr std::size_t kMaxHistory = 1000000;
constexpr std::size_t kMaxMetrics = 10000;

Ordered number(const std::optional<double>& v) {
    return v ? finiteNumber(*v) : Ordered();
}

/// None where there was none; older files wrote -1.
std::pair<std::optional<double>, std::optional<double>> validationFrom(const Json& loss, const Json& accuracy) {
    if (!accuracy.is_number() || accuracy.get<double>() < 0) return {};
    return {loss.is_number() ? std::optional(loss.get<double>()) : std::nullopt, accuracy.get<double>()};
}

/// run.json had the figures without their names, five of them before there were metrics.
Json named(const Json& list) {
    constexpr std::array keys{"epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "metrics"};
    Json point = Json::object();
    for (std::size_t i = 0; i < list.size() && i < keys.size(); ++i) point[keys[i]] = list[i];
    return point;
}

HistoryPoint pointFrom(const Json& p) {
    constexpr double gap = std::numeric_limits<double>::quiet_NaN();
    HistoryPoint point{.epoch = intOf(p, "epoch", 0, 0),
                       .loss = realOf(p, "loss", gap),
                       .accuracy = realOf(p, "accuracy", gap),
                       .learningRate = realOf(p, "learning_rate", -1)};
    std::tie(point.validationLoss, point.validationAccuracy) = validationFrom(memberOf(p, "val_loss"), memberOf(p, "val_accuracy"));
    const Json& metrics = memberOf(p, "metrics");
    if (!metrics.is_object() || metrics.size() > kMaxMetrics) return point;
    for (const auto& [name, value] : metrics.items()) {
        if (value.is_number()) point.metrics[name] = value.get<double>();
    }
    return point;
}

} // namespace

Ordered finiteNumber(double value) {
    return std::isfinite(value) ? Ordered(value) : Ordered();
}

Ordered historyJson(const std::vector<HistoryPoint>& points) {
    Ordered out = Ordered::array();
    for (const HistoryPoint& p : points) {
        Ordered point = {{"epoch", p.epoch},
                         {"loss", finiteNumber(p.loss)},
                         {"accuracy", finiteNumber(p.accuracy)},
                         {"val_loss", number(p.validationLoss)},
                         {"val_accuracy", number(p.validationAccuracy)},
                         {"learning_rate", finiteNumber(p.learningRate)}};
        for (const auto& [name, value] : p.metrics) point["metrics"][name] = finiteNumber(value);
        out.push_back(std::move(point));
    }
    return out;
}

std::vector<HistoryPoint> historyFrom(const Json& json) {
    std::vector<HistoryPoint> out;
    if (!json.is_array() || json.size() > kMaxHistory) return out;
    for (const Json& p : json) {
        const bool list = p.is_array() && (p.size() == 5 || p.size() == 7) && p[0].is_number_integer();
        if (p.is_object() || list) out.push_back(pointFrom(list ? named(p) : p));
    }
    return out;
}

} // namespace strata
