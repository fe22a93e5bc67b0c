// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/resampling.h"

#include "engine/layers/by_sample.h"
#include "engine/layers/window.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

/// An output cell along one axis is a mixture of two input cells.
struct Mix {
    std::int64_t low = 0, high = 0;
    float toHigh = 0;
};

std::vector<Mix> mixes(const Resample& r, Interpolation how) {
    std::vector<Mix> out;
    for (std::int64_t o = 0; o < r.wanted; ++o) {
        if (how == Interpolation::Nearest) {
            const std::int64_t at = r.first + (2 * o + 1) * r.size / (2 * r.wanted);
            out.push_back({at, at, 0});
            continue;
        }
        const double place = std::max((static_cast<double>(o) + 0.5) * static_cast<double>(r.size) / static_cast<double>(r.wanted) - 0.5, 0.0);
        const auto low = std::min(static_cast<std::int64_t>(place), r.size - 1);
        out.push_back({r.first + low, r.first + std::min(low + 1, r.size - 1), static_cast<float>(place - static_cast<double>(low))});
    }
    return out;
}

class Resampling final : public Layer {
public:
    Resampling(const Shape& in, const Resample& rows, const Resample& columns, Interpolation how)
        : m_rows(mixes(rows, how))
        , m_columns(mixes(columns, how))
        , m_width(in[1])
        , m_channels(in[2]) {}

    void forward(const Pass& pass) override {
        forwardBySample(pass, [&](std::int64_t, const float* x, float* y) {
            math::fill(pass.output.count, 0, y);
            forEach([&](std::int64_t in, std::int64_t out, float share) { math::axpy(m_channels, share, x + in, y + out); });
        });
    }

    void backward(const Pass& pass) override {
        backwardBySample(pass, [&](std::int64_t, const float* dy, float* dx) {
            math::fill(pass.inputGrads[0].count, 0, dx);
            forEach([&](std::int64_t in, std::int64_t out, float share) { math::axpy(m_channels, share, dy + out, dx + in); });
        });
    }

private:
    /// f(input place, output place, share) for every pair of cells that belong together.
    template <class F>
    void forEach(const F& f) const {
        std::int64_t out = 0;
        for (const Mix& row : m_rows) {
            for (const Mix& column : m_columns) {
                for (const auto& [i, a] :
                     {std::pair(row.low, 1 - row.toHigh), std::pair(row.high, row.toHigh)}) {
                    for (const auto& [j, b] :
                         {std::pair(column.low, 1 - column.toHigh), std::pair(column.high, column.toHigh)}) {
                        if (a * b != 0) f((i * m_width + j) * m_channels, out, a * b);
                    }
                }
                out += m_channels;
            }
        }
    }

    std::vector<Mix> m_rows, m_columns;
    std::int64_t m_width, m_channels;
};

} // namespace

LayerPlan resamplingPlan(const Shape& output) {
    LayerPlan plan = gradientOnlyPlan(output);
    plan.receptive = kUnknownField;
    return plan;
}

std::unique_ptr<Layer> makeResampling(const Shape& input, const Resample& rows, const Resample& columns, Interpolation how) {
    return std::make_unique<Resampling>(input, rows, columns, how);
}

} // namespace strata
