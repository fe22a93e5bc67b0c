// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/memory_plan.h"
#include "engine/network/network.h"

namespace strata {

/// What a drawing becomes before any memory is taken: its layers in order, which buffer each reads and writes, and
/// where the buffers lie. Network::compile() allocates it; Network::memoryNeeded() only adds it up.
struct Program {
    static constexpr int kNone = -1;

    struct Op {
        NodeId node = 0;
        const LayerType* type = nullptr;
        ParamMap params;
        bool trainable = true;
        LayerPlan plan;
        std::vector<int> inputs; ///< numbers of ops
        std::vector<Shape> inputShapes;
        bool isView = false;     ///< its output is its input's memory
        bool relu = false;       ///< see Pass::relu
        bool wantsGrad = false;  ///< something at or before it is trained
        /// Ops of one group may be run chunk by chunk: their buffers are all alive at once. Groups are numbered in
        /// the order of forward and of backward.
        int forwardGroup = 0, backwardGroup = 0;

        int output = kNone;             ///< buffer
        int outputGrad = kNone;         ///< buffer
        std::vector<int> inputGrads;    ///< buffers to write, kNone where not wanted
        std::vector<bool> gradIsExtra;  ///< inputGrads[i] is a temporary that is added to the producer's gradient
        int saved = kNone, savedBatch = kNone;

        /// What neighbours leave to each other, see LayerPlan::Fusion. Numbers of ops, kNone where there is nothing.
        std::vector<int> mapsFrom;  ///< one an input: whose map is done to it; empty: none
        int gradientMapFrom = kNone;
        bool leavesOutput = false, leavesInputGrad = false;
        bool leavesReluGradient = false, takesReluGradient = false;
        bool addsGradient = false;  ///< inputGrads[0] is its producer's gradient and is added to
    };

    std::vector<Op> ops;          ///< ops[0] is the Input
    std::vector<Lifetime> buffers;
    MemoryPlan memory;
    std::vector<Network::Slot> slots; ///< `spec` points into ops[].plan
    std::int64_t parameterFloats = 0, trainableFloats = 0;
    /// sharedScratch and chunkScratch hold what the ops of a group need, as many as fit; at least one.
    std::int64_t sharedScratch = 0, scratchPerWorker = 0, chunkScratch = 0;
    std::int64_t chunks = 1;

    std::int64_t bytes(int workers, bool training) const;
};

Result<Program> makeProgram(const ModelGraph& graph, const CompileOptions& options);

} // namespace strata
