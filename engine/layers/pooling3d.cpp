// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/pooling3d.h"

#include "engine/layers/by_sample.h"

#include <algorithm>

namespace strata {
namespace {

class Pooling3D final : public Layer {
public:
    Pooling3D(bool max, PoolWindows windows, const Shape& in)
        : m_max(max)
        , m_windows(std::move(windows))
        , m_in(in)
        , m_channels(in[3]) {}

    void forward(const Pass& pass) override {
        forEachSample(pass, [&](std::int64_t n) { forwardSample(pass, n); });
    }

    void backward(const Pass& pass) override {
        if (pass.inputGrads[0].data == nullptr) return;
        forEachSample(pass, [&](std::int64_t n) {
            math::fill(pass.inputGrads[0].count, 0, pass.inputGrads[0].sample(n));
            backwardSample(pass, n);
        });
    }

private:
    /// f(number of the window, spans of its cells)
    template <class F>
    void forEachWindow(const F& f) const {
        std::int64_t number = 0;
        for (const CellRange& d : m_windows[0]) {
            for (const CellRange& h : m_windows[1]) {
                for (const CellRange& w : m_windows[2])
                    f(number++, d, h, w);
            }
        }
    }
    /// f(flat place of the cell's channel 0)
    template <class F>
    void forEachCell(CellRange d, CellRange h, CellRange w, const F& f) const {
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
        forEachWindow([&](std::int64_t number, CellRange d, CellRange h, CellRange w) {
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
        forEachWindow([&](std::int64_t number, CellRange d, CellRange h, CellRange w) {
            const float share =
                1.0F / static_cast<float>((d.end - d.first) * (h.end - h.first) * (w.end - w.first));
            forEachCell(d, h, w, [&](std::int64_t cell) {
                math::axpy(m_channels, share, dy + number * m_channels, dx + cell);
            });
        });
    }

    bool m_max;
    PoolWindows m_windows;
    Shape m_in;
    std::int64_t m_channels;
};

} // namespace

PoolWindows slidingWindows(const SlidingWindow<3>& window, const std::array<AxisWindows, 3>& axes,
                           const Shape& input) {
    PoolWindows out;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        for (std::int64_t i = 0; i < axes[axis].out; ++i) {
            const std::int64_t begin = i * window.stride[axis] - axes[axis].before;
            out[axis].push_back({std::max<std::int64_t>(begin, 0),
                                 std::min(begin + window.kernel[axis], input[static_cast<int>(axis)])});
        }
    }
    return out;
}

std::unique_ptr<Layer> makePooling3D(bool max, PoolWindows windows, const Shape& input) {
    return std::make_unique<Pooling3D>(max, std::move(windows), input);
}

} // namespace strata
