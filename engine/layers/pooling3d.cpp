// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/pooling3d.h"

#include "engine/math/elementwise.h"

#include <algorithm>

namespace strata {
namespace {

class Pooling3D final : public Layer {
public:
    Pooling3D(bool max, const SlidingWindow<3>& w, const std::array<AxisWindows, 3>& axes, const Shape& in)
        : m_max(max)
        , m_window(w)
        , m_axes(axes)
        , m_in(in)
        , m_channels(in[3]) {}

    void forward(const Pass& pass) override {
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            for (std::int64_t n = r.first; n < r.first + r.size; ++n)
                forwardSample(pass, n);
        });
    }

    void backward(const Pass& pass) override {
        if (pass.inputGrads[0].data == nullptr) return;
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            math::fill(r.size * pass.inputGrads[0].count, 0, pass.inputGrads[0].sample(r.first));
            for (std::int64_t n = r.first; n < r.first + r.size; ++n)
                backwardSample(pass, n);
        });
    }

private:
    struct Span {
        std::int64_t first, end;
    };
    /// The real cells of window `out` along one axis.
    Span cells(std::size_t axis, std::int64_t out) const {
        const std::int64_t begin = out * m_window.stride[axis] - m_axes[axis].before;
        return {std::max<std::int64_t>(begin, 0),
                std::min(begin + m_window.kernel[axis], m_in[static_cast<int>(axis)])};
    }

    /// f(number of the window, spans of its cells)
    template <class F>
    void forEachWindow(const F& f) const {
        std::int64_t number = 0;
        for (std::int64_t d = 0; d < m_axes[0].out; ++d) {
            for (std::int64_t h = 0; h < m_axes[1].out; ++h) {
                for (std::int64_t w = 0; w < m_axes[2].out; ++w)
                    f(number++, cells(0, d), cells(1, h), cells(2, w));
            }
        }
    }
    /// f(flat place of the cell's channel 0)
    template <class F>
    void forEachCell(Span d, Span h, Span w, const F& f) const {
        for (std::int64_t i = d.first; i < d.end; ++i) {
            for (std::int64_t j = h.first; j < h.end; ++j) {
                for (std::int64_t k = w.first; k < w.end; ++k)
                    f(((i * m_in[1] + j) * m_in[2] + k) * m_channels);
            }
        }
    }

    void forwardSample(const Pass& pass, std::int64_t n) const {
        const float* x = pass.inputs[0].sample(n);
        float* y = pass.output.sample(n);
        std::int32_t* places =
            m_max && pass.training ? reinterpret_cast<std::int32_t*>(pass.savedOf(n)) : nullptr;
        forEachWindow([&](std::int64_t number, Span d, Span h, Span w) {
            float* out = y + number * m_channels;
            const float share =
                1.0F / static_cast<float>((d.end - d.first) * (h.end - h.first) * (w.end - w.first));
            for (std::int64_t c = 0; c < m_channels; ++c) {
                float value = 0;
                std::int64_t place = -1;
                forEachCell(d, h, w, [&](std::int64_t cell) {
                    const float v = x[cell + c];
                    if (!m_max)
                        value += v;
                    else if (place < 0 || v > value || v != v) {
                        value = v;
                        place = cell + c;
                    }
                });
                out[c] = m_max ? value : value * share;
                if (places != nullptr) places[number * m_channels + c] = static_cast<std::int32_t>(place);
            }
        });
    }

    void backwardSample(const Pass& pass, std::int64_t n) const {
        const float* dy = pass.outputGrad.sample(n);
        float* dx = pass.inputGrads[0].sample(n);
        if (m_max) {
            const auto* places = reinterpret_cast<const std::int32_t*>(pass.savedOf(n));
            for (std::int64_t i = 0; i < pass.outputGrad.count; ++i)
                dx[places[i]] += dy[i];
            return;
        }
        forEachWindow([&](std::int64_t number, Span d, Span h, Span w) {
            const float share =
                1.0F / static_cast<float>((d.end - d.first) * (h.end - h.first) * (w.end - w.first));
            forEachCell(d, h, w, [&](std::int64_t cell) {
                math::axpy(m_channels, share, dy + number * m_channels, dx + cell);
            });
        });
    }

    bool m_max;
    SlidingWindow<3> m_window;
    std::array<AxisWindows, 3> m_axes;
    Shape m_in;
    std::int64_t m_channels;
};

} // namespace

std::unique_ptr<Layer> makePooling3D(bool max, const SlidingWindow<3>& window,
                                     const std::array<AxisWindows, 3>& axes, const Shape& input) {
    return std::make_unique<Pooling3D>(max, window, axes, input);
}

} // namespace strata
