// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/rate_finder.h"

#include "engine/core/said.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr double kSmoothing = 0.9;
constexpr double kWorse = 4; ///< times the best smoothed loss: no larger rate can be good

TrainingJob searchJob(TrainingJob job, const RateSearch& search) {
    job.validation = nullptr;
    job.startOptimizer = nullptr;
    job.resume = nullptr;
    job.checkpoint = {};
    job.save = {};
    job.settings.callbacks.clear();
    job.settings.metrics.clear();
    job.settings.keepBest = false;
    const std::int64_t perEpoch = (job.train->size() + job.settings.batchSize - 1) / job.settings.batchSize;
    job.settings.epochs = (search.batches + perEpoch - 1) / perEpoch;
    job.settings.schedule = TypedParams{"ExponentialDecay",
                                        {{"initial_learning_rate", search.from},
                                         {"decay_steps", search.batches},
                                         {"decay_rate", search.to / search.from}}};
    return job;
}

class SmoothLoss {
public:
    double add(double loss) {
        m_mean = kSmoothing * m_mean + (1 - kSmoothing) * loss;
        m_weight = kSmoothing * m_weight + (1 - kSmoothing);
        return m_mean / m_weight;
    }

private:
    double m_mean = 0, m_weight = 0;
};

} // namespace

Result<RateFound> suggestRate(std::vector<RatePoint> curve) {
    if (curve.size() < 5)
        return failure("rate.short", said("The search for a learning rate ended after fewer than five batches; begin at a smaller rate."));
    RateFound out{std::move(curve)};
    const auto smallest = std::ranges::min_element(out.curve, {}, &RatePoint::loss);
    out.smallestAt = smallest->rate;
    double steepest = 0;
    for (std::size_t i = 1; i + 1 < out.curve.size() && out.curve[i].rate <= out.smallestAt; ++i) {
        const double slope = (out.curve[i + 1].loss - out.curve[i - 1].loss) /
                             std::log(out.curve[i + 1].rate / out.curve[i - 1].rate);
        if (slope >= steepest) continue;
        steepest = slope;
        out.steepestAt = out.curve[i].rate;
    }
    out.suggested = std::min(out.steepestAt, out.smallestAt / 10);
    if (steepest < 0) return out;
    return failure("rate.flat", said("The loss did not fall at any learning rate from {:g} to {:g}; look at the data, or begin "
                                     "at a smaller rate.",
                                     out.curve.front().rate, out.curve.back().rate));
}

Result<RateFound> findLearningRate(TrainingJob job, const RateSearch& search,
                                   const std::function<bool(std::int64_t, std::int64_t)>& progress) {
    if (!(search.from > 0) || !(search.to > search.from) || search.batches < 10) {
        return failure("rate.range", said("The learning rates {:g} to {:g} over {} batches: must rise, from more than 0, over at "
                                          "least 10 batches.",
                                          search.from, search.to, search.batches));
    }
    Trainer trainer(searchJob(std::move(job), search));
    trainer.start();
    std::vector<RatePoint> curve;
    SmoothLoss smooth;
    double best = std::numeric_limits<double>::infinity(), worst = 0;
    bool enough = false, wanted = true;
    for (;;) {
        trainer.waitForEvents();
        for (const TrainEvent& event : trainer.drainEvents()) {
            if (const auto* batch = std::get_if<BatchDone>(&event); batch != nullptr && !enough) {
                const double loss = smooth.add(batch->loss);
                curve.push_back({batch->learningRate, loss});
                best = std::min(best, loss);
                worst = best + (kWorse - 1) * std::abs(best);
                const auto done = static_cast<std::int64_t>(curve.size());
                wanted = !progress || progress(done, search.batches);
                enough = !wanted || done >= search.batches || !(loss <= worst);
                if (enough) trainer.stop();
            }
            const auto* end = std::get_if<RunEnded>(&event);
            if (end == nullptr) continue;
            if (!wanted) return failure("stopped", said("The search for a learning rate was stopped."));
            if (end->outcome == RunOutcome::Failed) return failure("rate.failed", end->message);
            return suggestRate(std::move(curve)); // a divergence is what ends such a curve
        }
    }
}

} // namespace strata
