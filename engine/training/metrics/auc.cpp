// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/confusion_metric.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace strata::metrics {
namespace {

struct Params {
    std::int64_t count = 200;
    std::string curve = "ROC";
    std::string summation = "interpolation";
    std::optional<std::vector<double>> thresholds;
    bool multiLabel = false;
    std::optional<std::int64_t> labels;
    std::optional<std::vector<double>> labelWeights;
    bool fromLogits = false;
};

constexpr double kEpsilon = 1e-7;

double ratio(double a, double b) {
    return b == 0 ? 0 : a / b;
}

ConfusionMetric::Options optionsOf(const Params& p) {
    std::vector<double> at = evenThresholds(std::max<std::int64_t>(p.count, 2));
    if (p.thresholds) {
        at = *p.thresholds;
        std::ranges::sort(at);
        at.insert(at.begin(), -kEpsilon);
        at.push_back(1 + kEpsilon);
    }
    return {.thresholds = at,
            .fromLogits = p.fromLogits,
            .even = !p.thresholds,
            .labelWeights = p.multiLabel ? std::vector<double>() : p.labelWeights.value_or(std::vector<double>()),
            .eachColumn = p.multiLabel};
}

/// J. Davis and M. Goadrich, "The Relationship Between Precision-Recall and ROC Curves", ICML 2006.
double interpolatedPrecisionRecall(std::span<const ConfusionCounts> c) {
    double area = 0;
    for (std::size_t i = 0; i + 1 < c.size(); ++i) {
        const double risen = c[i].truePositives - c[i + 1].truePositives;
        const double p = c[i].truePositives + c[i].falsePositives;
        const double next = c[i + 1].truePositives + c[i + 1].falsePositives;
        const double slope = ratio(risen, std::max(p - next, 0.0));
        const double intercept = c[i + 1].truePositives - slope * next;
        const double growth = p > 0 && next > 0 ? p / next : 1;
        area += ratio(slope * (risen + intercept * std::log(growth)),
                      std::max(c[i + 1].truePositives + c[i + 1].falseNegatives, 0.0));
    }
    return area;
}

struct Point {
    double x = 0, y = 0;
};

/// P. Flach and M. Kull, "Precision-Recall-Gain Curves: PR Analysis Done Right", NIPS 2015; without a true positive, and
/// where the recall's gain would be negative, as Keras has it.
Point gains(const ConfusionCounts& c) {
    if (c.truePositives == 0) return {0, 1};
    const double scale = ratio(c.truePositives + c.falseNegatives, c.trueNegatives + c.falsePositives);
    return {std::max(1 - scale * c.falseNegatives / c.truePositives, 0.0), 1 - scale * c.falsePositives / c.truePositives};
}

class Auc final : public ConfusionMetric {
public:
    explicit Auc(const Params& p)
        : ConfusionMetric(optionsOf(p))
        , m_params(p) {}

    std::vector<double> result() const override {
        const std::size_t n = options().thresholds.size(), columns = counts().size() / n;
        double sum = 0, weights = 0;
        for (std::size_t c = 0; c < columns; ++c) {
            const double weight = m_params.multiLabel && m_params.labelWeights && c < m_params.labelWeights->size()
                                      ? (*m_params.labelWeights)[c]
                                      : 1;
            sum += weight * area(counts().subspan(c * n, n));
            weights += weight;
        }
        return {ratio(sum, weights)};
    }

private:
    double area(std::span<const ConfusionCounts> c) const {
        if (m_params.curve == "PR" && m_params.summation == "interpolation") return interpolatedPrecisionRecall(c);
        double sum = 0;
        for (std::size_t i = 0; i + 1 < c.size(); ++i) {
            const Point a = point(c[i]), b = point(c[i + 1]);
            double height = (a.y + b.y) / 2;
            if (m_params.summation == "minoring") height = std::min(a.y, b.y);
            if (m_params.summation == "majoring") height = std::max(a.y, b.y);
            sum += (a.x - b.x) * height;
        }
        return sum;
    }
    Point point(const ConfusionCounts& c) const {
        if (m_params.curve == "PRGAIN") return gains(c);
        if (m_params.curve == "PR") return {c.recall(), c.precision()};
        return {ratio(c.falsePositives, c.falsePositives + c.trueNegatives), c.recall()};
    }
    Params m_params;
};

} // namespace

MetricType auc() {
    SchemaOf<Params> s({.id = "AUC",
                        .category = "metric",
                        .doc = "The area under the curve of true against false positives (ROC), or of precision "
                               "against recall (PR), or of what both gain over calling everything positive (PRGAIN): 1 is "
                               "perfect, and of ROC 0.5 is guessing.",
                        .reference = "https://keras.io/api/metrics/classification_metrics/#auc-class"});
    s.field(&Params::count, thresholdCountParam());
    s.field(&Params::curve, {.key = "curve", .label = "Curve", .doc = "Which curve.", .choices = {"ROC", "PR", "PRGAIN"}});
    s.field(&Params::summation, {.key = "summation_method",
                                 .label = "Summation",
                                 .doc = "Straight lines between the points, or the smaller or larger of both heights.",
                                 .choices = {"interpolation", "minoring", "majoring"}});
    s.field(&Params::thresholds, thresholdsParam());
    s.field(&Params::multiLabel, {.key = "multi_label",
                                  .label = "Each class",
                                  .doc = "An area for each class, and their mean; else one over all classes together."});
    s.field(&Params::labels, {.key = "num_labels",
                              .label = "Classes",
                              .doc = "How many classes there are. None: as many as the predictions have.",
                              .min = 1});
    s.field(&Params::labelWeights, {.key = "label_weights",
                                    .label = "Class weights",
                                    .doc = "How much each class counts. None: all the same.",
                                    .min = 0});
    s.field(&Params::fromLogits, {.key = "from_logits",
                                  .label = "From logits",
                                  .doc = "The predictions go through a sigmoid first."});
    return typeOf<MetricType, Auc>(std::move(s));
}

} // namespace strata::metrics
