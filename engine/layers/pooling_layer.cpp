// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/pooling_layer.h"

#include "engine/core/said.h"
#include "engine/layers/chunked_layer.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/pooling3d.h"
#include "engine/layers/sizes.h"
#include "engine/layers/window.h"
#include "engine/math/pooling2d.h"

namespace strata {
namespace {

template <std::size_t N>
constexpr std::array<std::int64_t, N> all(std::int64_t value) {
    std::array<std::int64_t, N> out{};
    out.fill(value);
    return out;
}

template <std::size_t N>
struct Params {
    std::array<std::int64_t, N> poolSize = all<N>(2);
    std::optional<std::array<std::int64_t, N>> strides; ///< none: as pool_size
    Padding padding = Padding::Valid;

    SlidingWindow<N> window() const { return {poolSize, strides.value_or(poolSize), all<N>(1), padding}; }
};

template <std::size_t N>
SchemaOf<Params<N>> makeSchema(Schema head) {
    using P = Params<N>;
    SchemaOf<P> s(std::move(head));
    s.field(&P::poolSize, {.key = "pool_size",
                           .label = "Pool size",
                           .doc = "The size of the window in cells. 2 halves the picture.",
                           .min = 1,
                           .max = 4096});
    s.field(
        &P::strides,
        {.key = "strides",
         .label = "Strides",
         .doc =
             "By how many cells the window moves on. None: by its own size, so that windows do not overlap.",
         .min = 1,
         .max = 4096});
    s.field(&P::padding, {.key = "padding",
                          .label = "Padding",
                          .doc = "valid: only whole windows, cells that are left over at the end are "
                                 "dropped. same: the last windows "
                                 "may stick out; only real cells count."});
    return s;
}

/// For one axis the picture is one cell high.
template <std::size_t N>
math::PoolGeometry geometry2D(const Params<N>& p, const Shape& in) {
    const auto axes = *placeWindows(in, p.window(), "pool_size");
    const SlidingWindow<N> w = p.window();
    constexpr std::size_t last = N - 1;
    math::PoolGeometry g{.inW = in[static_cast<int>(last)],
                         .channels = in[static_cast<int>(N)],
                         .outW = axes[last].out,
                         .poolW = w.kernel[last],
                         .strideW = w.stride[last],
                         .padLeft = axes[last].before};
    if constexpr (N == 2) {
        g.inH = in[0];
        g.outH = axes[0].out;
        g.poolH = w.kernel[0];
        g.strideH = w.stride[0];
        g.padTop = axes[0].before;
    }
    return g;
}

class Pooling2D final : public ChunkedLayer {
public:
    Pooling2D(PoolingKind kind, const math::PoolGeometry& g)
        : m_max(kind == PoolingKind::Max)
        , m_geometry(g) {}

    void forwardChunk(const Pass& pass, std::int64_t chunk, int) override {
        const ChunkRange r = pass.samplesOf(chunk);
        const float* x = pass.inputs[0].sample(r.first);
        float* y = pass.output.sample(r.first);
        if (m_max)
            math::maxPoolForward(m_geometry, r.size, x, y, pass.training ? indexOf(pass, r.first) : nullptr,
                                 pass.maps.empty() ? math::ChannelMap{} : pass.maps[0], pass.takesReluGradient);
        else
            math::averagePoolForward(m_geometry, r.size, x, y);
    }

    void backwardChunk(const Pass& pass, std::int64_t chunk, int) override {
        if (pass.inputGrads[0].data == nullptr) return;
        const ChunkRange r = pass.samplesOf(chunk);
        const float* dy = pass.outputGrad.sample(r.first);
        float* dx = pass.inputGrads[0].sample(r.first);
        if (m_max)
            math::maxPoolBackward(m_geometry, r.size, dy, indexOf(pass, r.first), dx);
        else
            math::averagePoolBackward(m_geometry, r.size, dy, dx);
    }

private:
    static std::byte* indexOf(const Pass& pass, std::int64_t sample) {
        return reinterpret_cast<std::byte*>(pass.savedOf(sample));
    }

    bool m_max;
    math::PoolGeometry m_geometry;
};

template <std::size_t N>
LayerParts<Params<N>> makeParts(PoolingKind kind) {
    using P = Params<N>;
    LayerParts<P> parts;
    parts.plan = [kind](const P& p, std::span<const Shape> inputs) -> Result<LayerPlan> {
        const Shape& in = inputs[0];
        if (in.rank() != static_cast<int>(N) + 1) return wrongRank(in, static_cast<int>(N));
        const auto axes = placeWindows(in, p.window(), "pool_size");
        if (!axes) return axes.error();
        LayerPlan plan;
        plan.output = in;
        for (std::size_t i = 0; i < N; ++i)
            plan.output.set(static_cast<int>(i), (*axes)[i].out);
        plan.backwardReadsInput = false;
        plan.backwardReadsOutput = false;
        plan.byChunks = N < 3;
        plan.receptive = receptiveStep(p.window());
        if (!in.isKnown() || !productFits(plan.output.dims())) return plan;
        if constexpr (N == 3) {
            if (kind == PoolingKind::Max) plan.savedPerSample = plan.output.count();
        } else if (kind == PoolingKind::Max) {
            plan.savedPerSample = (math::maxPoolIndexBytes(geometry2D(p, in)) + 3) / 4;
            plan.fusion.takesMap = plan.fusion.takesMapRelu = math::maxPoolMaps(geometry2D(p, in));
            plan.fusion.takesReluGradient = math::maxPoolTakesRelu(geometry2D(p, in));
        }
        return plan;
    };
    parts.create = [kind](const P& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        if constexpr (N == 3) {
            const auto axes = *placeWindows(inputs[0], p.window(), "pool_size");
            return makePooling3D(kind == PoolingKind::Max, slidingWindows(p.window(), axes, inputs[0]), inputs[0]);
        } else {
            return std::make_unique<Pooling2D>(kind, geometry2D(p, inputs[0]));
        }
    };
    parts.summary = [](const P& p) {
        std::string text = timesText(p.poolSize);
        if (p.strides && *p.strides != p.poolSize) text += said(", stride {}", timesText(*p.strides));
        return p.padding == Padding::Same ? text + ", same" : text;
    };
    if constexpr (N == 2) {
        parts.window = [](const P& p, const Shape& input) { return windowGeometry(p.window(), input); };
    }
    const Shape first[] = {Shape{6, 3}, Shape{6, 4, 3}, Shape{4, 4, 2, 3}};
    const Shape odd[] = {Shape{7, 2}, Shape{7, 6, 2}, Shape{3, 5, 4, 2}};
    parts.examples = {
        {"Halve it", {}, {first[N - 1]}},
        {"Cells left over",
         {{"pool_size", ParamValue(ParamTraits<std::array<std::int64_t, N>>::to(all<N>(3)))}},
         {odd[N - 1]}},
        {"Overlapping windows, same", {{"pool_size", 3}, {"strides", 2}, {"padding", "same"}}, {odd[N - 1]}}};
    return parts;
}

struct GlobalParams {
    bool keepdims = false;
};

class GlobalPooling final : public Layer {
public:
    GlobalPooling(PoolingKind kind, const Shape& in)
        : m_max(kind == PoolingKind::Max)
        , m_positions(in.count() / in[-1])
        , m_channels(in[-1]) {}

    void forward(const Pass& pass) override {
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            const float* x = pass.inputs[0].sample(r.first);
            float* y = pass.output.sample(r.first);
            if (m_max)
                math::globalMaxForward(r.size, m_positions, m_channels, x, y,
                                       pass.training ? indexOf(pass, r.first) : nullptr);
            else
                math::globalAverageForward(r.size, m_positions, m_channels, x, y);
        });
    }

    void backward(const Pass& pass) override {
        if (pass.inputGrads[0].data == nullptr) return;
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            const float* dy = pass.outputGrad.sample(r.first);
            float* dx = pass.inputGrads[0].sample(r.first);
            if (m_max)
                math::globalMaxBackward(r.size, m_positions, m_channels, dy, indexOf(pass, r.first), dx);
            else
                math::globalAverageBackward(r.size, m_positions, m_channels, dy, dx);
        });
    }

private:
    static std::int32_t* indexOf(const Pass& pass, std::int64_t sample) {
        return reinterpret_cast<std::int32_t*>(pass.savedOf(sample));
    }

    bool m_max;
    std::int64_t m_positions, m_channels;
};

} // namespace

LayerType poolingType(Schema head, PoolingKind kind, int spatialAxes) {
    LayerType type = spatialAxes == 1   ? layerTypeOf(makeSchema<1>(std::move(head)), makeParts<1>(kind))
                     : spatialAxes == 2 ? layerTypeOf(makeSchema<2>(std::move(head)), makeParts<2>(kind))
                                        : layerTypeOf(makeSchema<3>(std::move(head)), makeParts<3>(kind));
    return withDataFormat(std::move(type), "padding");
}

LayerType globalPoolingType(Schema head, PoolingKind kind, int spatialAxes) {
    SchemaOf<GlobalParams> schema(std::move(head));
    schema.field(
        &GlobalParams::keepdims,
        {.key = "keepdims",
         .label = "Keep dimensions",
         .doc = "The output keeps its axes, each of size 1, instead of being a plain row of values."});
    LayerParts<GlobalParams> parts;
    parts.plan = [kind, spatialAxes](const GlobalParams& p,
                                     std::span<const Shape> inputs) -> Result<LayerPlan> {
        const Shape& in = inputs[0];
        if (in.rank() != spatialAxes + 1) return wrongRank(in, spatialAxes);
        LayerPlan plan;
        plan.output = Shape{in[-1]};
        if (p.keepdims) {
            plan.output = in;
            for (int i = 0; i < spatialAxes; ++i)
                plan.output.set(i, 1);
        }
        plan.receptive.global = true;
        plan.backwardReadsInput = false;
        plan.backwardReadsOutput = false;
        plan.savedPerSample = kind == PoolingKind::Max && in[-1] >= 0 ? in[-1] : 0;
        return plan;
    };
    parts.create = [kind](const GlobalParams&, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        return std::make_unique<GlobalPooling>(kind, inputs[0]);
    };
    parts.summary = [](const GlobalParams& p) { return p.keepdims ? said("keeps its axes") : std::string(); };
    const Shape shapes[] = {Shape{6, 5}, Shape{4, 3, 5}, Shape{2, 3, 2, 5}};
    const Shape& shape = shapes[spatialAxes - 1];
    parts.examples = {{"To one value a channel", {}, {shape}}, {"Axes kept", {{"keepdims", true}}, {shape}}};
    return withDataFormat(layerTypeOf(std::move(schema), std::move(parts)), "");
}

} // namespace strata
