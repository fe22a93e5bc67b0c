// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/pooling2d.h"

#include "engine/math/kernels/table.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

namespace strata::math {
namespace {

/// The real cells of one output's window, and the window's own origin (which may lie outside).
struct Window {
    std::int64_t top, left, firstH, endH, firstW, endW;
    std::int64_t cells() const { return (endH - firstH) * (endW - firstW); }
};

Window windowAt(const PoolGeometry& g, std::int64_t oh, std::int64_t ow) {
    const std::int64_t top = oh * g.strideH - g.padTop;
    const std::int64_t left = ow * g.strideW - g.padLeft;
    return {top,
            left,
            std::max<std::int64_t>(top, 0),
            std::min(top + g.poolH, g.inH),
            std::max<std::int64_t>(left, 0),
            std::min(left + g.poolW, g.inW)};
}

bool oneByteIndex(const PoolGeometry& g) {
    return g.poolH * g.poolW <= 256;
}

void placeWindow(const PoolGeometry& g, const Window& window, PoolWindow& w) {
    w.rows = window.endH - window.firstH;
    w.columns = window.endW - window.firstW;
    w.channels = g.channels;
    w.row = g.inW * g.channels;
    w.indexRow = g.poolW;
    w.firstIndex =
        static_cast<std::int32_t>((window.firstH - window.top) * g.poolW + window.firstW - window.left);
}

/// Calls f(w, floats before its first real cell) for every output in turn; w is made again at borders only.
template <class F>
void forEachWindow(const PoolGeometry& g, PoolWindow w, const F& f) {
    for (std::int64_t oh = 0; oh < g.outH; ++oh) {
        bool whole = false; // the window before was, and w is of such a one
        for (std::int64_t ow = 0; ow < g.outW; ++ow) {
            const std::int64_t left = ow * g.strideW - g.padLeft;
            const bool inside = left >= 0 && left + g.poolW <= g.inW;
            if (!inside || !whole) placeWindow(g, windowAt(g, oh, ow), w);
            whole = inside;
            f(w, (std::max<std::int64_t>(oh * g.strideH - g.padTop, 0) * g.inW + std::max<std::int64_t>(left, 0)) * g.channels);
        }
    }
}

void maxForwardBytes(const PoolGeometry& g, const float* x, float* y, std::uint8_t* index, const ChannelMap& map,
                     bool behindRelu) {
    PoolWindow start{};
    start.scale = map.scale;
    start.shift = map.shift;
    start.relu = map.relu;
    start.behindRelu = behindRelu;
    forEachWindow(g, start, [&](const PoolWindow& w, std::int64_t first) {
        kernels().pool->maxForward(w, x + first, y, index);
        y += g.channels;
        if (index != nullptr) index += g.channels;
    });
}

/// Windows that do not overlap and cover the whole image write each cell once; else the image is cleared
/// first.
bool tilesImage(const PoolGeometry& g) {
    return g.strideH == g.poolH && g.strideW == g.poolW && g.outH * g.strideH - g.padTop >= g.inH &&
           g.outW * g.strideW - g.padLeft >= g.inW;
}

void maxBackwardBytes(const PoolGeometry& g, const float* dy, const std::uint8_t* index, float* dx) {
    PoolWindow start{};
    start.overwrite = tilesImage(g);
    forEachWindow(g, start, [&](const PoolWindow& w, std::int64_t first) {
        kernels().pool->maxBackward(w, dy, index, dx + first);
        dy += g.channels;
        index += g.channels;
    });
}

/// Windows of more than 256 cells. The index is the cell of the window, row-major, counted with its padding.
void maxForwardWide(const PoolGeometry& g, const float* x, float* y, std::int32_t* index) {
    for (std::int64_t oh = 0; oh < g.outH; ++oh) {
        for (std::int64_t ow = 0; ow < g.outW; ++ow) {
            const Window window = windowAt(g, oh, ow);
            for (std::int64_t c = 0; c < g.channels; ++c, ++y) {
                float best = x[(window.firstH * g.inW + window.firstW) * g.channels + c];
                std::int64_t at = (window.firstH - window.top) * g.poolW + window.firstW - window.left;
                for (std::int64_t ih = window.firstH; ih < window.endH; ++ih) {
                    for (std::int64_t iw = window.firstW; iw < window.endW; ++iw) {
                        const float cell = x[(ih * g.inW + iw) * g.channels + c];
                        if (cell > best || (cell != cell && best == best)) {
                            best = cell;
                            at = (ih - window.top) * g.poolW + iw - window.left;
                        }
                    }
                }
                *y = best;
                if (index != nullptr) *index++ = static_cast<std::int32_t>(at);
            }
        }
    }
}

void maxBackwardWide(const PoolGeometry& g, const float* dy, const std::int32_t* index, float* dx) {
    for (std::int64_t oh = 0; oh < g.outH; ++oh) {
        for (std::int64_t ow = 0; ow < g.outW; ++ow) {
            const std::int64_t top = oh * g.strideH - g.padTop;
            const std::int64_t left = ow * g.strideW - g.padLeft;
            for (std::int64_t c = 0; c < g.channels; ++c, ++dy, ++index) {
                dx[((top + *index / g.poolW) * g.inW + left + *index % g.poolW) * g.channels + c] += *dy;
            }
        }
    }
}

} // namespace

std::int64_t maxPoolIndexBytes(const PoolGeometry& g) {
    return oneByteIndex(g) ? (g.outputFloats() + 3) / 4 * 4 : g.outputFloats() * 4;
}

bool maxPoolMaps(const PoolGeometry& g) {
    return oneByteIndex(g);
}

bool maxPoolTakesRelu(const PoolGeometry& g) {
    return g.poolH * g.poolW <= kNoCell;
}

void maxPoolForward(const PoolGeometry& g, std::int64_t samples, const float* x, float* y, std::byte* index,
                    const ChannelMap& map, bool behindRelu) {
    assert(map.isIdentity() || maxPoolMaps(g));
    assert(!behindRelu || maxPoolTakesRelu(g));
    for (std::int64_t s = 0; s < samples; ++s, x += g.inputFloats(), y += g.outputFloats()) {
        if (oneByteIndex(g)) {
            maxForwardBytes(g, x, y, reinterpret_cast<std::uint8_t*>(index), map, behindRelu);
        } else {
            maxForwardWide(g, x, y, reinterpret_cast<std::int32_t*>(index));
        }
        if (index != nullptr) index += maxPoolIndexBytes(g);
    }
}

void maxPoolBackward(const PoolGeometry& g, std::int64_t samples, const float* dy, const std::byte* index,
                     float* dx) {
    if (!oneByteIndex(g) || !tilesImage(g)) {
        std::memset(dx, 0, static_cast<std::size_t>(samples * g.inputFloats()) * sizeof(float));
    }
    for (std::int64_t s = 0; s < samples; ++s, dx += g.inputFloats(), dy += g.outputFloats()) {
        if (oneByteIndex(g)) {
            maxBackwardBytes(g, dy, reinterpret_cast<const std::uint8_t*>(index), dx);
        } else {
            maxBackwardWide(g, dy, reinterpret_cast<const std::int32_t*>(index), dx);
        }
        index += maxPoolIndexBytes(g);
    }
}

void averagePoolForward(const PoolGeometry& g, std::int64_t samples, const float* x, float* y) {
    for (std::int64_t s = 0; s < samples; ++s, x += g.inputFloats()) {
        for (std::int64_t oh = 0; oh < g.outH; ++oh) {
            for (std::int64_t ow = 0; ow < g.outW; ++ow, y += g.channels) {
                const Window window = windowAt(g, oh, ow);
                std::fill_n(y, g.channels, 0.0F);
                for (std::int64_t ih = window.firstH; ih < window.endH; ++ih) {
                    for (std::int64_t iw = window.firstW; iw < window.endW; ++iw) {
                        const float* cell = x + (ih * g.inW + iw) * g.channels;
                        for (std::int64_t c = 0; c < g.channels; ++c)
                            y[c] += cell[c];
                    }
                }
                const float share = 1.0F / static_cast<float>(window.cells());
                for (std::int64_t c = 0; c < g.channels; ++c)
                    y[c] *= share;
            }
        }
    }
}

void averagePoolBackward(const PoolGeometry& g, std::int64_t samples, const float* dy, float* dx) {
    std::memset(dx, 0, static_cast<std::size_t>(samples * g.inputFloats()) * sizeof(float));
    for (std::int64_t s = 0; s < samples; ++s, dx += g.inputFloats()) {
        for (std::int64_t oh = 0; oh < g.outH; ++oh) {
            for (std::int64_t ow = 0; ow < g.outW; ++ow, dy += g.channels) {
                const Window window = windowAt(g, oh, ow);
                const float share = 1.0F / static_cast<float>(window.cells());
                for (std::int64_t ih = window.firstH; ih < window.endH; ++ih) {
                    for (std::int64_t iw = window.firstW; iw < window.endW; ++iw) {
                        float* cell = dx + (ih * g.inW + iw) * g.channels;
                        for (std::int64_t c = 0; c < g.channels; ++c)
                            cell[c] += dy[c] * share;
                    }
                }
            }
        }
    }
}

void globalAverageForward(std::int64_t samples, std::int64_t positions, std::int64_t channels, const float* x,
                          float* y) {
    PoolGeometry g;
    g.inH = g.poolH = positions;
    g.channels = channels;
    averagePoolForward(g, samples, x, y);
}

void globalAverageBackward(std::int64_t samples, std::int64_t positions, std::int64_t channels,
                           const float* dy, float* dx) {
    const float share = 1.0F / static_cast<float>(positions);
    for (std::int64_t s = 0; s < samples; ++s, dy += channels) {
        for (std::int64_t p = 0; p < positions; ++p, dx += channels) {
            for (std::int64_t c = 0; c < channels; ++c)
                dx[c] = dy[c] * share;
        }
    }
}

void globalMaxForward(std::int64_t samples, std::int64_t positions, std::int64_t channels, const float* x,
                      float* y, std::int32_t* index) {
    for (std::int64_t s = 0; s < samples; ++s, x += positions * channels, y += channels) {
        std::copy_n(x, channels, y);
        if (index != nullptr) std::fill_n(index, channels, 0);
        for (std::int64_t p = 1; p < positions; ++p) {
            for (std::int64_t c = 0; c < channels; ++c) {
                const float cell = x[p * channels + c];
                if (cell > y[c] || (cell != cell && y[c] == y[c])) {
                    y[c] = cell;
                    if (index != nullptr) index[c] = static_cast<std::int32_t>(p);
                }
            }
        }
        if (index != nullptr) index += channels;
    }
}

void globalMaxBackward(std::int64_t samples, std::int64_t positions, std::int64_t channels, const float* dy,
                       const std::int32_t* index, float* dx) {
    std::memset(dx, 0, static_cast<std::size_t>(samples * positions * channels) * sizeof(float));
    for (std::int64_t s = 0; s < samples;
         ++s, dx += positions * channels, dy += channels, index += channels) {
        for (std::int64_t c = 0; c < channels; ++c)
            dx[index[c] * channels + c] = dy[c];
    }
}

} // namespace strata::math
