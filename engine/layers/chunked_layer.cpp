// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/chunked_layer.h"

namespace strata {

void ChunkedLayer::forward(const Pass& pass) {
    if (gathersForward(pass)) {
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) { gatherForward(pass, chunk); });
        endGatherForward(pass);
    }
    beginForward(pass);
    pass.workers->run(pass.chunks, [&](std::int64_t chunk, int worker) { forwardChunk(pass, chunk, worker); });
}

void ChunkedLayer::backward(const Pass& pass) {
    if (gathersBackward(pass)) {
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) { gatherBackward(pass, chunk); });
        endGatherBackward(pass);
    }
    beginBackward(pass);
    pass.workers->run(pass.chunks, [&](std::int64_t chunk, int worker) { backwardChunk(pass, chunk, worker); });
    endBackward(pass);
}

} // namespace strata
