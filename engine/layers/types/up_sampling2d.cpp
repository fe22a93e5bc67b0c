// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/sizes.h"
#include "engine/layers/window.h"
#include "engine/math/elementwise.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace strata::layers {
namespace {

enum class Interpolation { Nearest, Bilinear };
std::span<const std::string_view> choiceNames(Interpolation) {
    static constexpr std::array<std::string_view, 2> names{"nearest", "bilinear"};
    return names;
}

struct Params {
    std::array<std::int64_t, 2> size{2, 2};
    Interpolation interpolation = Interpolation::Nearest;
};

/// An output cell along one axis is a mixture of two input cells.
struct Mix {
    std::int64_t low = 0, high = 0;
    float toHigh = 0;
};

/// Nearest repeats each cell; bilinear takes the centres of the cells (half a pixel in) as their places.
std::vector<Mix> mixes(std::int64_t in, std::int64_t factor, Interpolation how) {
    std::vector<Mix> out;
    for (std::int64_t o = 0; o < in * factor; ++o) {
        if (how == Interpolation::Nearest) {
            out.push_back({o / factor, o / factor, 0});
            continue;
        }
        const double place =
            std::max((static_cast<double>(o) + 0.5) / static_cast<double>(factor) - 0.5, 0.0);
        const auto low = std::min(static_cast<std::int64_t>(place), in - 1);
        out.push_back({low, std::min(low + 1, in - 1), static_cast<float>(place - static_cast<double>(low))});
    }
    return out;
}

class UpSampling2D final : public Layer {
public:
    UpSampling2D(const Params& p, const Shape& in)
        : m_rows(mixes(in[0], p.size[0], p.interpolation))
        , m_columns(mixes(in[1], p.size[1], p.interpolation))
        , m_width(in[1])
        , m_channels(in[2]) {}

    void forward(const Pass& pass) override {
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            math::fill(r.size * pass.output.count, 0, pass.output.sample(r.first));
            for (std::int64_t n = r.first; n < r.first + r.size; ++n) {
                const float* x = pass.inputs[0].sample(n);
                float* y = pass.output.sample(n);
                forEach([&](std::int64_t in, std::int64_t out, float share) {
                    math::axpy(m_channels, share, x + in, y + out);
                });
            }
        });
    }

    void backward(const Pass& pass) override {
        if (pass.inputGrads[0].data == nullptr) return;
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            math::fill(r.size * pass.inputGrads[0].count, 0, pass.inputGrads[0].sample(r.first));
            for (std::int64_t n = r.first; n < r.first + r.size; ++n) {
                const float* dy = pass.outputGrad.sample(n);
                float* dx = pass.inputGrads[0].sample(n);
                forEach([&](std::int64_t in, std::int64_t out, float share) {
                    math::axpy(m_channels, share, dy + out, dx + in);
                });
            }
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

LayerType up_sampling2d() {
    SchemaOf<Params> schema({.id = "UpSampling2D",
                             .category = "reshaping",
                             .doc = "Makes a picture larger by whole factors: repeats its cells, or mixes "
                                    "neighbours smoothly. Nothing is "
                                    "learnt; for decoders and segmentation.",
                             .reference = "https://keras.io/api/layers/reshaping_layers/up_sampling2d/",
                             .synonyms = {"resize", "enlarge", "zoom"}});
    schema.field(&Params::size, {.key = "size",
                                 .label = "Factors",
                                 .doc = "How many times higher and wider the picture becomes.",
                                 .min = 1,
                                 .max = 256});
    schema.field(&Params::interpolation,
                 {.key = "interpolation",
                  .label = "Interpolation",
                  .doc = "nearest repeats each cell; bilinear mixes the four nearest ones."});
    LayerParts<Params> parts;
    parts.plan = [](const Params& p, std::span<const Shape> inputs) -> Result<LayerPlan> {
        const Shape& in = inputs[0];
        if (in.rank() != 3) return wrongRank(in, "height × width × channels");
        LayerPlan plan;
        plan.output = in;
        plan.receptive = kUnknownField;
        for (int i = 0; i < 2; ++i) {
            if (in[i] >= 0) plan.output.set(i, in[i] * p.size[static_cast<std::size_t>(i)]);
        }
        plan.backwardReadsInput = false;
        plan.backwardReadsOutput = false;
        return plan;
    };
    parts.create = [](const Params& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        return std::make_unique<UpSampling2D>(p, inputs[0]);
    };
    parts.summary = [](const Params& p) {
        return fmt::format("{}{}", timesText(p.size),
                           p.interpolation == Interpolation::Bilinear ? said(", bilinear") : "");
    };
    parts.examples = {
        {"Twice as large", {}, {Shape{3, 2, 3}}},
        {"Smoothly", {{"size", ParamValue::IntList{2, 3}}, {"interpolation", "bilinear"}}, {Shape{3, 4, 2}}}};
    LayerType type = layerTypeOf(std::move(schema), std::move(parts));
    return withDataFormat(std::move(type), "size");
}

} // namespace strata::layers
