// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/layer.h"

namespace strata {

/// A layer whose work on one chunk of samples needs nothing of the other chunks: the network takes a chunk through
/// several such layers while its values are in the cache, before the next chunk comes. A layer that must see the
/// whole batch first (the statistics of BatchNormalization) gathers: gather...(chunk) for every chunk of its input,
/// then endGather...(), then ...Chunk() for every chunk.
///
/// begin...() and end...() run alone and may use the workers; the others run for different chunks at once and must
/// not. chunkScratch and sharedScratch last from begin...() (or the first gather...()) to the end; workerScratch
/// for one call.
class ChunkedLayer : public Layer {
public:
    void forward(const Pass& pass) override;
    void backward(const Pass& pass) override;

    /// False: forward() and backward() do the whole batch in another way.
    virtual bool forwardByChunks(const Pass&) const { return true; }
    virtual bool backwardByChunks(const Pass&) const { return true; }

    virtual bool gathersForward(const Pass&) const { return false; }
    virtual void gatherForward(const Pass&, std::int64_t /*chunk*/) {}
    virtual void endGatherForward(const Pass&) {}
    /// May not read the inputs.
    virtual void beginForward(const Pass&) {}
    virtual void forwardChunk(const Pass& pass, std::int64_t chunk, int worker) = 0;

    virtual bool gathersBackward(const Pass&) const { return false; }
    virtual void gatherBackward(const Pass&, std::int64_t /*chunk*/) {}
    virtual void endGatherBackward(const Pass&) {}
    /// May not read the gradient.
    virtual void beginBackward(const Pass&) {}
    virtual void backwardChunk(const Pass& pass, std::int64_t chunk, int worker) = 0;
    virtual void endBackward(const Pass&) {}
};

} // namespace strata
