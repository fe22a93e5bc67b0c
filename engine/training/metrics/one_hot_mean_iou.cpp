// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/iou_metric.h"
#include "engine/training/typed_parts.h"

namespace strata::metrics {
namespace {

struct Params {
    std::int64_t classes = 2;
    std::optional<std::int64_t> ignored;
    bool sparsePrediction = false;
    std::int64_t axis = -1;
};

class OneHotMeanIoU final : public IouMetric {
public:
    explicit OneHotMeanIoU(const Params& p)
        : IouMetric({.classes = p.classes, .ignored = p.ignored, .sparseTarget = false, .sparsePrediction = p.sparsePrediction, .axis = p.axis}) {}
};

} // namespace

MetricType one_hot_mean_iou() {
    SchemaOf<Params> s({.id = "OneHotMeanIoU", .category = "metric", .doc = "Intersection over union for one-hot targets, the mean over all classes.", .reference = "https://keras.io/api/metrics/segmentation_metrics/"});
    s.field(&Params::classes, classCountParam());
    s.field(&Params::ignored, ignoredClassParam());
    s.field(&Params::sparsePrediction, sparseParam("sparse_y_pred", "Predictions"));
    s.field(&Params::axis, iouAxisParam());
    MetricType type = typeOf<MetricType, OneHotMeanIoU>(std::move(s));
    type.target = MetricTarget::Values;
    return type;
}

} // namespace strata::metrics
