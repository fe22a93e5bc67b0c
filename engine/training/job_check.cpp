// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/job_check.h"

#include "engine/core/said.h"
#include "engine/graph/analysis.h"
#include "engine/network/network.h"
#include "engine/training/evaluate.h"
#include "engine/training/loss_meter.h"
#include "engine/training/parameter_update.h"
#include "engine/training/run_memory.h"
#include "engine/training/run_watch.h"

#include <cfloat>

namespace strata {
namespace {

Result<> checkSettings(const TrainingSettings& s) {
    if (s.batchSize < 1)
        return failure("training.batch_size",
                       said("Batch size {}: it must be at least 1; 32 is a good start.", s.batchSize));
    if (s.epochs < 1)
        return failure("training.epochs", said("{} epochs: it must be at least 1.", s.epochs));
    return {};
}

Result<> checkClassWeights(const TrainingSettings& settings, const std::vector<std::string>& classes) {
    if (settings.balanceClasses || settings.classWeights.empty()) return {};
    if (settings.classWeights.size() != classes.size()) {
        return failure("training.class_weights", said("There are {} class weights and {} classes; set them anew for this data.",
                                                      settings.classWeights.size(), classes.size()));
    }
    for (std::size_t i = 0; i < classes.size(); ++i) {
        const double weight = settings.classWeights[i];
        if (weight >= 0 && weight <= static_cast<double>(FLT_MAX)) continue;
        return failure("training.class_weights", said("The class weight {} of {}: it must be a number from 0 to 3.4e38; 1 is the usual one.", weight, classes[i]));
    }
    return {};
}

/// Does the network learn at all, and can what it gives be judged by the settings?
Result<> checkNetwork(const TrainingJob& job, const TrainingSettings& settings) {
    const ModelGraph graph = withInputShape(job.graph, job.train->sampleShape());
    const Result<Network::Memory> network = Network::memoryNeeded(graph, {.batch = 1, .training = true}, 1);
    if (!network) return network.error();
    if (network->trainableFloats == 0) {
        return failure("training.no_weights", said("No layer of this network has weights to train; add a Dense or a convolution."));
    }
    const GraphReport report = analyse(graph);
    const Shape output = report.find(report.outputs.front())->plan.output;
    const auto classes = static_cast<std::int64_t>(job.train->classNames().size());
    if (Result<> fits = checkLossFits(settings.loss, output, classes); !fits) return fits;
    if (Result<> measurable = MetricSet::check(settings.metrics, output); !measurable) return measurable;
    return checkClassWeights(settings, job.train->classNames());
}

} // namespace

Result<TrainingSettings> checkJob(const TrainingJob& job, std::int64_t available) {
    if (!job.train || job.train->size() == 0) return failure("training.no_data", said("There are no training images; choose other data."));
    if (Result<> sane = checkSettings(job.settings); !sane) return sane.error();
    Result<TrainingSettings> settings = checkWatch(job.settings);
    if (!settings) return settings;
    if (Result<> fits = checkFits(job.graph, *job.train); !fits) return fits.error();
    if (Result<TypedParams> optimizer = checkOptimizer(job.settings.optimizer); !optimizer) return optimizer.error();
    if (Result<> memory = checkRunMemory(job, available); !memory) return memory.error();
    if (Result<> network = checkNetwork(job, *settings); !network) return network.error();
    return settings;
}

} // namespace strata
