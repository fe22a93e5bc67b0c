// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/metric.h"

#include "engine/core/closest_word.h"
#include "engine/core/said.h"
#include "engine/training/loss.h"
#include "engine/training/mean_metric.h"
#include "engine/training/metric_registry.h"

#include <algorithm>
#include <cassert>
#include <cctype>

namespace strata {
namespace {

/// A loss, watched: the mean over the samples of its rows.
class LossMetric final : public MeanMetric {
public:
    explicit LossMetric(std::unique_ptr<Loss> loss)
        : m_loss(std::move(loss)) {}

    /// The weight of a row that the loss ignores does not count either; Keras forgets that where none is given.
    Result<> update(const MetricUpdate& batch) override {
        if (!batch.weight || !m_loss->takesLabels() || batch.weight->data.size() != batch.target.data.size())
            return MeanMetric::update(batch);
        MetricUpdate counted = batch;
        for (std::size_t i = 0; i < counted.target.data.size(); ++i) {
            if (m_loss->ignores(static_cast<std::int32_t>(counted.target.data[i]))) counted.weight->data[i] = 0;
        }
        return MeanMetric::update(counted);
    }

protected:
    Result<> values(MetricValues& target, MetricValues& prediction) override {
        if (prediction.shape.empty()) return failure("metric.rank", said("There is nothing to compare."));
        const bool labels = m_loss->takesLabels();
        if (!labels) {
            if (Result<> same = alignShapes(target, prediction); !same) return same;
        }
        // A row without a last axis is a row of one, as Keras's losses see it.
        const std::int64_t columns = prediction.shape.size() < 2 ? 1 : prediction.shape.back();
        const auto rows = static_cast<std::int64_t>(prediction.data.size()) / std::max<std::int64_t>(columns, 1);
        if (labels && static_cast<std::int64_t>(target.data.size()) != rows)
            return failure("metric.shapes", said("There must be one class for each row of predictions."));
        m_output.assign(prediction.data.begin(), prediction.data.end());
        if (labels)
            m_labels.assign(target.data.begin(), target.data.end());
        else
            m_targets.assign(target.data.begin(), target.data.end());
        LossPass pass;
        pass.samples = rows;
        pass.columns = columns;
        pass.output = m_output.data();
        pass.targets = labels ? nullptr : m_targets.data();
        pass.labels = labels ? m_labels.data() : nullptr;
        target.shape = prediction.shape;
        if (target.shape.size() > 1) target.shape.pop_back();
        target.data.resize(static_cast<std::size_t>(rows));
        m_loss->evaluate(pass, target.data, nullptr);
        return {};
    }

private:
    std::unique_ptr<Loss> m_loss;
    std::vector<float> m_output, m_targets; ///< the batch as the loss takes it; kept from batch to batch
    std::vector<std::int32_t> m_labels;
};

MetricType metricOf(const LossType& loss) {
    MetricType type;
    type.schema = loss.schema;
    type.schema.category = "metric";
    const bool labels = loss.create(loss.schema.defaults())->takesLabels();
    type.target = labels ? MetricTarget::ClassNumbers : MetricTarget::OneHot;
    type.higherIsBetter = false;
    type.create = [create = loss.create](const ParamMap& params) { return std::make_unique<LossMetric>(create(params)); };
    return type;
}

/// Losses that Keras does not have as metrics.
constexpr std::string_view kNoMetric[] = {"Huber", "BinaryFocalCrossentropy", "CategoricalFocalCrossentropy", "Dice", "Tversky"};

} // namespace

std::span<const MetricType> metricTypes() {
    static const std::vector<MetricType> types = [] {
        std::vector<MetricType> all(ownMetricTypes().begin(), ownMetricTypes().end());
        for (const LossType& loss : lossTypes()) {
            const bool own = std::ranges::any_of(all, [&](const MetricType& t) { return t.schema.id == loss.schema.id; });
            if (own) continue; // cosine similarity has the other sign as a metric
            if (std::ranges::find(kNoMetric, loss.schema.id) != std::end(kNoMetric)) continue;
            all.push_back(metricOf(loss));
            all.back().ofLoss = true;
            if (all.back().schema.id == "LogCosh") all.back().schema.id = "LogCoshError"; // Keras's name of the metric
        }
        return all;
    }();
    return types;
}

std::string metricName(std::string_view id) {
    // Keras's to_snake_case: a word begins at a capital after a small letter or digit, or before a small letter.
    std::string out;
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(id[i]); };
    for (std::size_t i = 0; i < id.size(); ++i) {
        const bool capital = std::isupper(at(i)) != 0;
        const bool afterSmall = i > 0 && std::isupper(at(i - 1)) == 0;
        const bool beforeSmall = i > 0 && i + 1 < id.size() && std::islower(at(i + 1)) != 0;
        if (capital && (afterSmall || beforeSmall)) out += '_';
        out += static_cast<char>(std::tolower(at(i)));
    }
    return out;
}

const MetricType* findMetricType(std::string_view id) {
    const std::span<const MetricType> types = metricTypes();
    const std::string snake = metricName(id);
    const auto it = std::ranges::find_if(types, [&](const MetricType& t) {
        return t.schema.id == id || metricName(t.schema.id) == snake || std::ranges::find(t.schema.synonyms, id) != t.schema.synonyms.end();
    });
    return it == types.end() ? nullptr : &*it;
}

const SchemaFamily& metricFamily() {
    static const SchemaFamily family = [] {
        SchemaFamily f{"metric", {}};
        for (const MetricType& t : metricTypes())
            f.members.push_back(&t.schema);
        return f;
    }();
    return family;
}

Result<TypedParams> checkMetric(const TypedParams& metric) {
    const MetricType* type = findMetricType(metric.id);
    if (type == nullptr) {
        std::vector<std::string> ids;
        for (const MetricType& t : metricTypes())
            ids.push_back(t.schema.id);
        return failure("metric.unknown",
                       said("There is no metric {}; 'strata options' lists them.{}", metric.id, didYouMean(metric.id, ids)));
    }
    Result<ParamMap> params = type->schema.check(metric.params);
    if (!params) return params.error();
    return TypedParams{type->schema.id, std::move(*params)};
}

std::unique_ptr<Metric> createMetric(const TypedParams& which) {
    const MetricType* type = findMetricType(which.id);
    assert(type != nullptr);
    return type->create(which.params);
}

} // namespace strata
