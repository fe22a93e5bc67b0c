// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/analysis.h"
#include "engine/network/weights.h"

#include <memory>

namespace strata {

class Runner;

struct CompileOptions {
    std::int64_t batch = 32; ///< the largest batch it will be given
    bool training = false;   ///< with gradients, or forward only
    bool keepActivations = false; ///< every output stays readable after forward (for looking inside); costs memory
    std::uint64_t seed = 0;       ///< of the initial weights and of random layers
};

/// A drawing made ready to run: its layers in order over arenas that were sized before anything runs. Nothing
/// allocates after compile(). Not thread-safe: one thread calls it, its Workers do the work.
class Network {
public:
    /// Errors: the first problem of the drawing; an Input with unknown sizes; more memory than the machine has.
    static Result<std::unique_ptr<Network>> compile(const ModelGraph& graph, const CompileOptions& options, Workers& workers);
    struct Memory {
        std::int64_t bytes = 0; ///< of all arenas
        std::int64_t parameterFloats = 0, trainableFloats = 0;
    };
    /// What compile() would take with so many workers, without allocating.
    static Result<Memory> memoryNeeded(const ModelGraph& graph, const CompileOptions& options, int workers);
    ~Network();

    const Shape& inputShape() const;
    const Shape& outputShape() const;
    bool endsInSoftmax() const; ///< see LayerPlan::endsInSoftmax

    /// The array that the caller fills: (batch, inputShape) floats.
    std::span<float> input();
    /// requires: 0 < samples <= options.batch; input() filled. `step` and `firstSample` key the random layers.
    void forward(std::int64_t samples, bool training, std::int64_t step = 0, std::int64_t firstSample = 0);
    /// Where something became infinite or not a number. Trained weights: the layer nearest to the output that has them and
    /// such a gradient, too; without such gradients the one nearest to the input. Else, by doing the last forward once more:
    /// the first layer with such a weight or output. Moving statistics move once more.
    /// requires: a forward came before; gradients() are those of the last update
    std::optional<NodeId> firstNotFinite();
    /// What the activity regularizers of all layers add to the loss of the last forward's batch: Keras's, the
    /// penalties of the outputs divided by the number of samples.
    double activityPenalty() const;
    /// (samples, outputShape) of the last forward.
    std::span<const float> output() const;
    /// The output of one node in the last forward. requires: keepActivations. Empty where there is no such node.
    std::span<const float> activation(NodeId id) const;
    Shape activationShape(NodeId id) const;

    /// The array that the caller fills with the gradient of the loss: (samples, outputShape).
    std::span<float> outputGradient();
    /// requires: options.training, a forward in training mode, outputGradient() filled.
    /// skipSoftmax: outputGradient() is with respect to the final softmax's input. ensures: gradients() overwritten
    void backward(bool skipSoftmax);

    /// The flat parameter array, trainable weights of unfrozen nodes first. / The gradients of that first part.
    std::span<float> parameters();
    std::span<const float> parameters() const;
    std::int64_t trainableCount() const;
    std::span<float> gradients();
    /// Where each array lies in parameters().
    struct Slot {
        NodeId node;
        int index; ///< in the node's get_weights() order
        const WeightSpec* spec;
        std::int64_t offset, count;
        bool trained; ///< lies in the trainable part
    };
    std::span<const Slot> arrays() const;

    void initialise(std::uint64_t seed);
    Weights snapshot() const;
    /// Takes what fits by node and shape; the rest keeps its present value. Returns how many arrays were taken.
    int load(const Weights& weights);

    std::int64_t memoryBytes() const;

    /// What a node's layer has taken since keepTimes() was called last, in seconds of all workers together divided
    /// by their number.
    struct LayerTime {
        NodeId node = 0;
        double forward = 0, backward = 0;
    };
    void keepTimes();
    std::vector<LayerTime> times() const; ///< in order of execution; empty before keepTimes()

private:
    explicit Network(std::unique_ptr<Runner> runner);
    std::unique_ptr<Runner> m_runner;
};

} // namespace strata
