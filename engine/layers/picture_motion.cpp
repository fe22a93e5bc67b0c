// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/picture_motion.h"

#include "engine/layers/by_sample.h"
#include "engine/layers/window.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

/// The cells along one axis that a place between cells is made of. place -1: the filling value.
struct Taps {
    std::array<std::int64_t, 2> place{-1, -1};
    std::array<float, 2> share{};
};

std::int64_t positiveRest(std::int64_t value, std::int64_t size) {
    return (value % size + size) % size;
}

std::int64_t filledFrom(std::int64_t index, std::int64_t size, FillMode mode) {
    if (index >= 0 && index < size) return index;
    switch (mode) {
    case FillMode::Constant:
        return -1;
    case FillMode::Nearest:
        return std::clamp<std::int64_t>(index, 0, size - 1);
    case FillMode::Wrap:
        return positiveRest(index, size);
    case FillMode::Reflect:
        break;
    }
    const std::int64_t at = positiveRest(index, 2 * size); // d c b a | a b c d | d c b a
    return at < size ? at : 2 * size - 1 - at;
}

class MotionLayer final : public Layer {
public:
    MotionLayer(const MotionParams& params, const Shape& input, std::function<PictureMotion(Rng&)> draw)
        : m_params(params)
        , m_height(input[0])
        , m_width(input[1])
        , m_channels(input[2])
        , m_draw(std::move(draw)) {}

    void forward(const Pass& pass) override {
        forwardInTraining(pass, [&](std::int64_t n, const float* x, float* y) {
            math::fill(pass.output.count, 0, y);
            forEach(pass, n, [&](std::int64_t from, std::int64_t to, float share) {
                if (from >= 0) math::axpy(m_channels, share, x + from, y + to);
                else for (std::int64_t c = 0; c < m_channels; ++c) y[to + c] += share * static_cast<float>(m_params.fillValue);
            });
        });
    }

    void backward(const Pass& pass) override {
        backwardInTraining(pass, [&](std::int64_t n, const float* dy, float* dx) {
            math::fill(pass.inputGrads[0].count, 0, dx);
            forEach(pass, n, [&](std::int64_t from, std::int64_t to, float share) {
                if (from >= 0) math::axpy(m_channels, share, dy + to, dx + from);
            });
        });
    }

private:
    Taps tapsAt(double place, std::int64_t size) const {
        // A draw may lead far out; what lies a billion cells away is filled as what lies near.
        const double within = std::clamp(place, -1e9, 1e9);
        if (m_params.interpolation == Interpolation::Nearest)
            return {{filledFrom(static_cast<std::int64_t>(std::nearbyint(within)), size, m_params.fillMode), -1}, {1, 0}};
        const double low = std::floor(within);
        const auto index = static_cast<std::int64_t>(low);
        const auto toHigh = static_cast<float>(within - low);
        return {{filledFrom(index, size, m_params.fillMode), filledFrom(index + 1, size, m_params.fillMode)}, {1 - toHigh, toHigh}};
    }

    /// f(place in the input or -1 for the filling value, place in the output, share), in the same order in both passes.
    template <class F>
    void forEach(const Pass& pass, std::int64_t n, const F& f) const {
        Rng rng(m_params.keyOf(pass, n));
        const PictureMotion m = m_draw(rng);
        for (std::int64_t i = 0; i < m_height; ++i) {
            for (std::int64_t j = 0; j < m_width; ++j) {
                const auto di = static_cast<double>(i), dj = static_cast<double>(j);
                const Taps rows = tapsAt(m.rowByRow * di + m.rowByColumn * dj + m.row, m_height);
                const Taps columns = tapsAt(m.columnByRow * di + m.columnByColumn * dj + m.column, m_width);
                const std::int64_t to = (i * m_width + j) * m_channels;
                for (std::size_t a = 0; a < 2; ++a) {
                    for (std::size_t b = 0; b < 2; ++b) {
                        const float share = rows.share[a] * columns.share[b];
                        if (share == 0) continue;
                        const bool inside = rows.place[a] >= 0 && columns.place[b] >= 0;
                        f(inside ? (rows.place[a] * m_width + columns.place[b]) * m_channels : -1, to, share);
                    }
                }
            }
        }
    }

    MotionParams m_params;
    std::int64_t m_height, m_width, m_channels;
    std::function<PictureMotion(Rng&)> m_draw;
};

} // namespace

Result<LayerPlan> motionPlan(const Shape& input) {
    if (input.rank() != 3) return wrongRank(input, 2);
    LayerPlan plan = gradientOnlyPlan(input);
    plan.receptive = kUnknownField;
    return plan;
}

std::unique_ptr<Layer> makeMotionLayer(const MotionParams& params, const Shape& input, std::function<PictureMotion(Rng&)> draw) {
    return std::make_unique<MotionLayer>(params, input, std::move(draw));
}

} // namespace strata
