// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/chunked_layer.h"
#include "engine/network/arena.h"
#include "engine/network/layer_times.h"
#include "engine/network/program.h"

namespace strata {

/// A program with its memory: does its ops in order, chunk by chunk where layers allow it. What is behind a Network.
/// requires of the caller: samples, training, step and firstSample are set before a pass
class Runner {
public:
    static constexpr std::size_t kAllOps = 0;
    /// `only`: the one op that will be run, alone.
    Runner(Program made, const CompileOptions& compileOptions, Workers& pool, std::size_t only = kAllOps);
    ~Runner();

    void forward();
    void backward(bool skipSoftmax);
    bool weightsAreFinite(std::size_t i) const;
    bool outputIsFinite(std::size_t i) const;
    std::optional<std::size_t> firstSpoiledByUpdate() const;
    std::optional<NodeId> firstNotFinite();

    /// One op by itself; it takes the arrays as it finds them.
    void forwardAlone(std::size_t op);
    void backwardAlone(std::size_t op);

    const Network::Slot* slotOf(NodeId node, int index) const;
    /// ops.size() where there is no such node.
    std::size_t opOf(NodeId node) const;

    /// All that a call of one layer needs, looked up once.
    struct Call {
        std::unique_ptr<Layer> layer; ///< null for the Input and for views
        ChunkedLayer* chunked = nullptr; ///< the layer, if it is one
        Pass pass;                       ///< of the present forward or backward
        std::vector<Tensor> inputs, inputGrads;
        Tensor output, outputGrad;
        std::vector<float*> weights, weightGrads;
        std::vector<math::ChannelMap> maps;
        math::GradientMap gradientMap;
        const float* gradientSums = nullptr;
        float* saved = nullptr;
        float* savedBatch = nullptr;
    };

    Program program;
    CompileOptions options;
    Workers& workers;
    Arena activations, parameters, gradients, sharedScratch, workerScratch, chunkScratch;
    std::vector<Call> calls; ///< one an op
    LayerTimes times;
    double activityPenalty = 0;
    std::int64_t samples = 0, step = 0, firstSample = 0;
    bool training = false;

private:
    /// What is done for each chunk before the next chunk's turn.
    struct Step {
        std::size_t op = 0;
        enum class Work { GatherForward, Forward, GatherBackward, Backward } work = Work::Forward;
        bool isForward() const { return work == Work::GatherForward || work == Work::Forward; }
    };

    float* buffer(int index) const;
    bool trainedAreFinite(std::size_t i, std::vector<float*> Call::*arrays) const;
    void prepareCall(std::size_t i, std::size_t only);
    void prepareMaps(std::size_t i);
    Pass& preparePass(std::size_t i);
    void runStep(const Step& todo, std::int64_t chunk, int worker);
    void finishSteps();
    void beginGroup(std::size_t i, Step::Work gather, bool gathers);
    void forwardOf(std::size_t i, int& group);
    void backwardOf(std::size_t i, bool skipSoftmax, int& group);
    double penaltyOf(std::size_t i);
    void addPenaltyGradientOf(std::size_t i);
    void throughView(std::size_t i);
    void addExtras(std::size_t i, std::int64_t chunk);
    void addAllExtras(std::size_t i);

    std::vector<Step> m_steps; ///< gathered
    std::int64_t m_sharedUsed = 0, m_chunkUsed = 0; ///< floats of the scratch that belong to the steps gathered so far
    std::vector<double> m_partialPenalties; // (chunks)
};

} // namespace strata
