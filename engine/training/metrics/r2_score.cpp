// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/training/mean_metric.h"

#include <cmath>

namespace strata::metrics {
namespace {

struct Params {
    std::optional<std::string> aggregation = "uniform_average";
    std::int64_t regressors = 0;
};

/// 1 - residual / total sum of squares of each output.
class R2Score final : public Metric {
public:
    explicit R2Score(const Params& p)
        : m_params(p) {}

    Result<> update(const MetricUpdate& batch) override {
        m_scratch.take(batch);
        auto& [target, prediction] = m_scratch;
        if (target.shape.size() == 1) target.shape.push_back(1);
        if (Result<> same = alignShapes(target, prediction); !same) return same;
        if (target.shape.size() != 2) return failure("metric.rank", said("R2 takes arrays of shape (samples, outputs)."));
        const auto columns = static_cast<std::size_t>(target.shape[1]);
        std::optional<MetricValues> weight;
        if (batch.weight) {
            MetricValues given = *batch.weight;
            if (given.shape.size() == 1) given.shape.push_back(1);
            Result<MetricValues> each = broadcastWeight(given, target.shape);
            if (!each) return each.error();
            weight = std::move(*each);
        }
        m_outputs.resize(columns);
        for (std::size_t i = 0; i < target.data.size(); ++i) {
            Sums& s = m_outputs[i % columns];
            const double w = weight ? weight->data[i] : 1, t = target.data[i], off = t - prediction.data[i];
            s.weight += w;
            s.sum += w * t;
            s.squares += w * t * t;
            s.residual += w * off * off;
        }
        m_samples += static_cast<std::int64_t>(target.data.size()); // every value counts as a sample, as in Keras
        return {};
    }

    std::vector<double> result() const override {
        std::vector<double> scores;
        double mean = 0, weighted = 0, total = 0;
        for (const Sums& s : m_outputs) {
            const double spread = s.squares - s.sum * (s.weight == 0 ? 0 : s.sum / s.weight);
            const double raw = 1 - s.residual / spread;
            scores.push_back(std::isinf(raw) ? 0 : raw);
            mean += scores.back() / static_cast<double>(m_outputs.size());
            weighted += scores.back() * spread;
            total += spread;
        }
        if (m_params.aggregation == "uniform_average") scores = {mean};
        if (m_params.aggregation == "variance_weighted_average") scores = {weighted / total};
        if (m_params.regressors != 0) {
            const auto n = static_cast<double>(m_samples), p = static_cast<double>(m_params.regressors);
            // Fewer samples than regressors leave nothing to adjust by; Keras then leaves the score as it is.
            if (n - p - 1 > 0) {
                for (double& s : scores)
                    s = 1 - (1 - s) * (n - 1) / (n - p - 1);
            }
        }
        return scores;
    }
    void reset() override {
        m_outputs.clear();
        m_samples = 0;
    }
    std::vector<double> state() const override {
        std::vector<double> out{static_cast<double>(m_samples)};
        for (const Sums& s : m_outputs)
            out.insert(out.end(), {s.weight, s.sum, s.squares, s.residual});
        return out;
    }
    void setState(std::span<const double> state) override {
        if (state.size() % 4 != 1) return;
        reset();
        m_samples = static_cast<std::int64_t>(state[0]);
        for (std::size_t i = 1; i < state.size(); i += 4)
            m_outputs.push_back({state[i], state[i + 1], state[i + 2], state[i + 3]});
    }

private:
    struct Sums {
        double weight = 0, sum = 0, squares = 0, residual = 0;
    };
    Params m_params;
    MetricScratch m_scratch;
    std::vector<Sums> m_outputs;
    std::int64_t m_samples = 0;
};

} // namespace

MetricType r2_score() {
    SchemaOf<Params> s({.id = "R2Score",
                        .category = "metric",
                        .doc = "Which part of the targets' spread the predictions explain: 1 is perfect, 0 is as good "
                               "as their mean.",
                        .reference = "https://keras.io/api/metrics/regression_metrics/#r2score-class"});
    s.field(&Params::aggregation, {.key = "class_aggregation",
                                   .label = "Aggregation",
                                   .doc = "How the outputs are put together. None: one score an output.",
                                   .choices = {"uniform_average", "variance_weighted_average"}});
    s.field(&Params::regressors, {.key = "num_regressors",
                                  .label = "Regressors",
                                  .doc = "For the adjusted score: how many inputs the model has. 0: not adjusted.",
                                  .min = 0});
    MetricType type = typeOf<MetricType, R2Score>(std::move(s));
    type.target = MetricTarget::Values;
    return type;
}

} // namespace strata::metrics
