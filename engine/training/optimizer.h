// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/schema/schema.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace strata {

/// What all of Keras's optimisers have beside their own parameters.
struct OptimizerCommon {
    double learningRate = 0.001;
    std::optional<double> weightDecay;    ///< before each step, w -= w * weight_decay * learning rate
    std::optional<double> clipNorm;       ///< largest norm of one weight array's gradient
    std::optional<double> clipValue;      ///< largest magnitude of one gradient value
    std::optional<double> globalClipNorm; ///< largest norm of all gradients together
    std::optional<std::int64_t> gradientAccumulationSteps; ///< an update takes the mean of the gradients of so many batches
};

/// One step of one optimiser over a run of the flat parameter array; element by element, so that runs may be
/// computed by any thread (see WholeArrayOptimizer for those that cannot). State lives in slots: arrays as long as the
/// parameters, zero (or as initialSlot and slotBeginsAsWeights say) at first.
class Optimizer {
public:
    explicit Optimizer(const OptimizerCommon& common)
        : m_common(common) {}
    virtual ~Optimizer() = default;
    const OptimizerCommon& common() const { return m_common; }
    /// How many arrays as long as the parameters it takes to go on: the slots, and the sum of gradients.
    int keptArrays() const { return slots() + (m_common.gradientAccumulationSteps ? 1 : 0); }
    /// How many updates so many batches bring.
    std::int64_t updatesAfter(std::int64_t batches) const { return batches / m_common.gradientAccumulationSteps.value_or(1); }
    /// How many state arrays: 0 for plain SGD, 1 with momentum, 2 for Adam, 3 for Adam with amsgrad.
    virtual int slots() const = 0;
    virtual float initialSlot(int slot) const {
        (void)slot;
        return 0;
    }
    /// The slot is a copy of the weights at first; initialSlot() does not count.
    virtual bool slotBeginsAsWeights(int slot) const {
        (void)slot;
        return false;
    }
    /// The shape of what a slot remembers of a weight array of these dims: the same, or less, which then lies at the
    /// beginning of the array's part of the slot.
    virtual std::vector<std::int64_t> slotDims(int slot, std::span<const std::int64_t> dims) const {
        (void)slot;
        return {dims.begin(), dims.end()};
    }
    /// The names of the slots as Keras has them ("momentum", "velocity"), for checkpoints.
    virtual std::string slotName(int slot) const = 0;
    /// How many of the first slots Keras's files hold side by side, array after array (m0, v0, m1, v1, ...);
    /// the others follow slot after slot.
    virtual int interleavedSlots() const { return 1; }
    /// Scalars that Keras's files hold behind the slots; they follow from the number of updates done.
    virtual std::vector<double> scalarsAfter(std::int64_t updates) const {
        (void)updates;
        return {};
    }
    /// Called once before the steps of update `iteration` (1, 2, ...): for bias corrections and the like.
    void beginIteration(std::int64_t iteration, double learningRate);
    /// weights, gradient: the same run of the flat arrays; slots: the same run of each state array. Clipping
    /// is not done here, since it looks at whole arrays: see clipGradients(). ensures: weights and slots
    /// updated
    void step(std::span<float> weights, std::span<const float> gradient, std::span<float* const> slots) const;
    /// The same for exactly one weight array of these dims.
    void stepArray(std::span<const std::int64_t> dims, std::span<float> weights, std::span<const float> gradient,
                   std::span<float* const> slots) const;
    /// A step looks at the whole of a weight array: stepArray() is to be called, array by array.
    virtual bool takesWholeArrays() const { return false; }

protected:
    virtual void prepare(std::int64_t iteration, double learningRate) = 0;
    /// The step itself, after the weight decay.
    virtual void update(std::span<float> weights, std::span<const float> gradient,
                        std::span<float* const> slots) const = 0;
    virtual void updateArray(std::span<const std::int64_t> dims, std::span<float> weights,
                             std::span<const float> gradient, std::span<float* const> slots) const {
        (void)dims;
        update(weights, gradient, slots);
    }

private:
    void decay(std::span<float> weights) const;

    OptimizerCommon m_common;
    float m_decay = 0;
};

/// An optimiser whose steps depend on an array's norm or rows. A run by itself counts as an array of one axis.
class WholeArrayOptimizer : public Optimizer {
public:
    using Optimizer::Optimizer;
    bool takesWholeArrays() const final { return true; }

protected:
    void update(std::span<float> weights, std::span<const float> gradient, std::span<float* const> slots) const final;
    void updateArray(std::span<const std::int64_t> dims, std::span<float> weights, std::span<const float> gradient,
                     std::span<float* const> slots) const override = 0;
};

struct OptimizerType {
    Schema schema; ///< id: Keras's class name, "SGD"; has a parameter learning_rate
    std::function<std::unique_ptr<Optimizer>(const ParamMap& params)> create;
};

std::span<const OptimizerType> optimizerTypes();
/// By class name, case-insensitively ("adam").
const OptimizerType* findOptimizerType(std::string_view id);
const SchemaFamily& optimizerFamily();
/// requires: `which` was checked against the family
std::unique_ptr<Optimizer> createOptimizer(const TypedParams& which);

} // namespace strata
