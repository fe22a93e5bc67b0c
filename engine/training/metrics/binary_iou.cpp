// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/iou_metric.h"
#include "engine/training/typed_parts.h"

namespace strata::metrics {
namespace {

struct Params {
    std::vector<std::int64_t> targets{0, 1};
    std::optional<double> threshold = 0.5;
};

class BinaryIoU final : public IouMetric {
public:
    explicit BinaryIoU(const Params& p)
        : IouMetric({.classes = 2, .targets = p.targets, .threshold = p.threshold}) {}
};

} // namespace

MetricType binary_iou() {
    SchemaOf<Params> s({.id = "BinaryIoU", .category = "metric", .doc = "Intersection over union of yes and no, for predictions between 0 and 1.", .reference = "https://keras.io/api/metrics/segmentation_metrics/"});
    s.field(&Params::targets, targetClassesParam());
    s.field(&Params::threshold, {.key = "threshold", .label = "Threshold", .doc = "From it on a prediction is a yes. None: the predictions are 0 or 1 already."});
    MetricType type = typeOf<MetricType, BinaryIoU>(std::move(s));
    type.target = MetricTarget::Values;
    return type;
}

} // namespace strata::metrics
