// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/iou_metric.h"
#include "engine/training/typed_parts.h"

namespace strata::metrics {
namespace {

struct Params {
    std::int64_t classes = 2;
    std::vector<std::int64_t> targets{0, 1};
    std::optional<std::int64_t> ignored;
    bool sparseTarget = true;
    bool sparsePrediction = true;
    std::int64_t axis = -1;
};

class IoU final : public IouMetric {
public:
    explicit IoU(const Params& p)
        : IouMetric({.classes = p.classes, .targets = p.targets, .ignored = p.ignored, .sparseTarget = p.sparseTarget, .sparsePrediction = p.sparsePrediction, .axis = p.axis}) {}
};

} // namespace

MetricType iou() {
    SchemaOf<Params> s({.id = "IoU", .category = "metric", .doc = "Intersection over union of the predicted and the true places of some classes, their mean.", .reference = "https://keras.io/api/metrics/segmentation_metrics/"});
    s.field(&Params::classes, classCountParam());
    s.field(&Params::targets, targetClassesParam());
    s.field(&Params::ignored, ignoredClassParam());
    s.field(&Params::sparseTarget, sparseParam("sparse_y_true", "Targets"));
    s.field(&Params::sparsePrediction, sparseParam("sparse_y_pred", "Predictions"));
    s.field(&Params::axis, iouAxisParam());
    MetricType type = typeOf<MetricType, IoU>(std::move(s));
    type.target = MetricTarget::Values;
    return type;
}

} // namespace strata::metrics
