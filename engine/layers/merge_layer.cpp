// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/merge_layer.h"

#include "engine/core/said.h"
#include "engine/layers/chunked_layer.h"
#include "engine/layers/layer_type_of.h"
#include "engine/math/activation.h"
#include "engine/math/elementwise.h"

#include <algorithm>
#include <fmt/format.h>

namespace strata {
namespace {

std::string axisName(int axis, int rank) {
    if (rank == 3) return std::array{said("height"), said("width"), said("channels")}[static_cast<std::size_t>(axis)];
    return axis == rank - 1 ? said("the last size") : said("a size");
}

Error differ(const Shape& a, const Shape& b) {
    std::string where;
    if (a.rank() == b.rank()) {
        for (int i = 0; i < a.rank(); ++i) {
            if (a[i] == b[i] || a[i] == 1 || b[i] == 1) continue;
            where += fmt::format("{}{}", where.empty() ? "" : said(" and "), axisName(i, a.rank()));
        }
    } else {
        where = said("the number of axes");
    }
    return failure("layer.shapes_differ",
                   said("it needs equal shapes: {} and {} differ in {}; make them equal, or 1 on one side", a.text(), b.text(), where));
}

Result<Shape> broadcast(const Shape& a, const Shape& b) {
    const Shape& longer = a.rank() >= b.rank() ? a : b;
    const Shape& other = a.rank() >= b.rank() ? b : a;
    Shape out = longer;
    for (int i = 1; i <= other.rank(); ++i) {
        const std::int64_t m = longer[-i];
        const std::int64_t n = other[-i];
        if (m == n || n == 1) continue;
        if (m == 1 || m < 0)
            out.set(-i, n);
        else if (n >= 0)
            return differ(a, b);
    }
    return out;
}

/// Where output value i of a sample finds its value in an input of another shape. Empty for equal shapes.
std::vector<std::int32_t> sourceTable(const Shape& input, const Shape& output) {
    if (input == output) return {};
    const int rank = output.rank();
    std::array<std::int64_t, Shape::kMaxRank> stride{};
    std::int64_t step = 1;
    for (int i = 1; i <= input.rank(); ++i) {
        stride[static_cast<std::size_t>(rank - i)] = input[-i] == 1 ? 0 : step;
        step *= input[-i];
    }
    std::vector<std::int32_t> table(static_cast<std::size_t>(output.count()));
    for (std::size_t n = 0; n < table.size(); ++n) {
        auto rest = static_cast<std::int64_t>(n);
        std::int64_t offset = 0;
        for (int axis = rank - 1; axis >= 0; --axis) {
            offset += rest % output[axis] * stride[static_cast<std::size_t>(axis)];
            rest /= output[axis];
        }
        table[n] = static_cast<std::int32_t>(offset);
    }
    return table;
}

class MergeLayer final : public ChunkedLayer {
public:
    MergeLayer(MergeKind kind, std::span<const Shape> inputs, const Shape& output)
        : m_kind(kind)
        , m_count(output.count())
        , m_channels(output.rank() > 0 ? output[-1] : 1)
        , m_plainSum(isPlainSum(kind, inputs, output)) {
        for (const Shape& s : inputs)
            m_tables.push_back(sourceTable(s, output));
    }

    /// Two inputs of one shape are added, nothing more.
    static bool isPlainSum(MergeKind kind, std::span<const Shape> inputs, const Shape& output) {
        return kind == MergeKind::Add && inputs.size() == 2 && inputs[0] == output && inputs[1] == output;
    }

    void forwardChunk(const Pass& pass, std::int64_t chunk, int) override {
        const ChunkRange r = pass.samplesOf(chunk);
        if (m_plainSum) {
            const math::ChannelMap none;
            return math::addMapped(r.size * (m_count / m_channels), m_channels, pass.inputs[0].sample(r.first),
                                   pass.maps.empty() ? none : pass.maps[0], pass.inputs[1].sample(r.first),
                                   pass.maps.empty() ? none : pass.maps[1], pass.relu, pass.output.sample(r.first));
        }
        for (std::int64_t n = r.first; n < r.first + r.size; ++n) {
            forwardSample(pass, n);
            if (pass.relu) math::activate(math::Activation::Relu, 1, m_count, pass.output.sample(n), pass.output.sample(n));
        }
    }

    void backwardChunk(const Pass& pass, std::int64_t chunk, int) override {
        const ChunkRange r = pass.samplesOf(chunk);
        for (std::int64_t n = r.first; n < r.first + r.size; ++n) {
            float* const dy = pass.outputGrad.sample(n);
            if (float* const other = m_plainSum && pass.relu ? onlyCopy(pass) : nullptr; other != nullptr) {
                math::reluBackwardTwice(m_count, pass.output.sample(n), dy, other + n * m_count);
                continue;
            }
            if (pass.relu)
                math::activateBackward(math::Activation::Relu, 1, m_count, nullptr, pass.output.sample(n), dy, dy);
            // One input's gradient may lie over the output's: that one comes last.
            for (std::size_t i = 0; i < m_tables.size(); ++i) {
                float* const to = pass.inputGrads[i].data;
                if (to != nullptr && to != pass.outputGrad.data) backwardSample(pass, n, i);
            }
            for (std::size_t i = 0; i < m_tables.size(); ++i) {
                if (pass.inputGrads[i].data == pass.outputGrad.data) backwardInPlace(pass, n, i);
            }
        }
    }

private:
    /// Where two inputs' gradients are the output's, one in its place: the other, if it has another. Else null.
    static float* onlyCopy(const Pass& pass) {
        float* const first = pass.inputGrads[0].data;
        float* const second = pass.inputGrads[1].data;
        if (first == second) return nullptr;
        if (first == pass.outputGrad.data) return second;
        return second == pass.outputGrad.data ? first : nullptr;
    }

    std::int64_t sourceOf(std::size_t input, std::int64_t i) const {
        return m_tables[input].empty() ? i : m_tables[input][static_cast<std::size_t>(i)];
    }

    void forwardSample(const Pass& pass, std::int64_t n) const {
        float* y = pass.output.sample(n);
        for (std::size_t in = 0; in < m_tables.size(); ++in) {
            const float* x = pass.inputs[in].sample(n);
            if (in == 0 && m_tables[0].empty())
                math::copy(m_count, x, y);
            else if (m_tables[in].empty())
                joinEqual(x, y);
            else
                joinStretched(in, x, y);
        }
        if (m_kind == MergeKind::Average)
            math::scale(m_count, 1.0F / static_cast<float>(m_tables.size()), y, y);
    }

    void joinEqual(const float* x, float* y) const {
        switch (m_kind) {
        case MergeKind::Add:
        case MergeKind::Average:
            return math::accumulate(m_count, x, y);
        case MergeKind::Subtract:
            return math::subtract(m_count, y, x, y);
        case MergeKind::Multiply:
            return math::multiply(m_count, y, x, y);
        case MergeKind::Maximum:
            return math::maximum(m_count, y, x, y);
        case MergeKind::Minimum:
            return math::minimum(m_count, y, x, y);
        }
    }

    void joinStretched(std::size_t in, const float* x, float* y) const {
        for (std::int64_t i = 0; i < m_count; ++i) {
            const float v = x[sourceOf(in, i)];
            y[i] = in == 0 ? v : join(y[i], v);
        }
    }

    float join(float a, float b) const {
        switch (m_kind) {
        case MergeKind::Add:
        case MergeKind::Average:
            return a + b;
        case MergeKind::Subtract:
            return a - b;
        case MergeKind::Multiply:
            return a * b;
        case MergeKind::Maximum:
            return a < b || b != b ? b : a;
        case MergeKind::Minimum:
            return a > b || b != b ? b : a;
        }
        return 0;
    }

    void backwardSample(const Pass& pass, std::int64_t n, std::size_t in) const {
        const float* dy = pass.outputGrad.sample(n);
        float* dx = pass.inputGrads[in].sample(n);
        if (m_kind == MergeKind::Add && m_tables[in].empty()) return math::copy(m_count, dy, dx);
        math::fill(pass.inputGrads[in].count, 0, dx);
        for (std::int64_t i = 0; i < m_count; ++i)
            dx[sourceOf(in, i)] += dy[i] * slope(pass, n, in, i);
    }

    /// requires: the input has the output's shape, see LayerPlan::gradientInPlace
    void backwardInPlace(const Pass& pass, std::int64_t n, std::size_t in) const {
        if (m_kind == MergeKind::Add) return;
        float* dy = pass.outputGrad.sample(n);
        for (std::int64_t i = 0; i < m_count; ++i)
            dy[i] *= slope(pass, n, in, i);
    }

    /// How much output value i changes with input `in`.
    float slope(const Pass& pass, std::int64_t n, std::size_t in, std::int64_t i) const {
        switch (m_kind) {
        case MergeKind::Add:
            return 1;
        case MergeKind::Subtract:
            return in == 0 ? 1.0F : -1.0F;
        case MergeKind::Average:
            return 1.0F / static_cast<float>(m_tables.size());
        case MergeKind::Multiply: {
            float product = 1;
            for (std::size_t k = 0; k < m_tables.size(); ++k) {
                if (k != in) product *= pass.inputs[k].sample(n)[sourceOf(k, i)];
            }
            return product;
        }
        case MergeKind::Maximum:
        case MergeKind::Minimum:
            return share(pass, n, in, i);
        }
        return 0;
    }

    /// The inputs are compared one after the other; of two equal ones each gets half of the gradient.
    float share(const Pass& pass, std::int64_t n, std::size_t in, std::int64_t i) const {
        float best = pass.inputs[0].sample(n)[sourceOf(0, i)];
        float mine = in == 0 ? 1.0F : 0.0F;
        for (std::size_t k = 1; k < m_tables.size(); ++k) {
            const float v = pass.inputs[k].sample(n)[sourceOf(k, i)];
            const bool wins = m_kind == MergeKind::Maximum ? v > best : v < best;
            if (wins || v == best) mine = k == in ? (wins ? 1.0F : 0.5F) : mine * (wins ? 0.0F : 0.5F);
            if (wins) best = v;
        }
        return mine;
    }

    MergeKind m_kind;
    std::int64_t m_count; ///< floats a sample of the output
    std::int64_t m_channels;
    bool m_plainSum;
    std::vector<std::vector<std::int32_t>> m_tables;
};

Result<Shape> outputOf(std::span<const Shape> inputs) {
    Shape out = inputs[0];
    for (const Shape& s : inputs.subspan(1)) {
        Result<Shape> next = broadcast(out, s);
        if (!next) return next.error();
        out = *next;
    }
    return out;
}

struct Params {};

} // namespace

LayerType mergeType(Schema schema, MergeKind kind) {
    LayerParts<Params> parts;
    parts.minInputs = 2;
    parts.maxInputs = kind == MergeKind::Subtract ? 2 : -1;
    parts.plan = [kind](const Params&, std::span<const Shape> inputs) -> Result<LayerPlan> {
        Result<Shape> output = outputOf(inputs);
        if (!output) return output.error();
        LayerPlan plan;
        plan.output = *output;
        plan.backwardReadsInput =
            kind == MergeKind::Multiply || kind == MergeKind::Maximum || kind == MergeKind::Minimum;
        plan.backwardReadsOutput = false;
        plan.byChunks = plan.takesRelu = plan.readsOutputBehindRelu = true;
        plan.gradientInPlace =
            std::ranges::all_of(inputs, [&](const Shape& s) { return s.isKnown() && s == plan.output; });
        plan.inPlace = plan.gradientInPlace && kind == MergeKind::Add && inputs.size() == 2;
        plan.fusion.takesMap = plan.fusion.sharesGradient = plan.inPlace;
        return plan;
    };
    parts.create = [kind](const Params&, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        return std::make_unique<MergeLayer>(kind, inputs, *outputOf(inputs));
    };
    parts.examples = {{"Two branches", {}, {Shape{2, 3, 4}, Shape{2, 3, 4}}},
                      {"One value a channel, repeated for all cells", {}, {Shape{3, 2, 4}, Shape{1, 1, 4}}}};
    if (kind != MergeKind::Subtract)
        parts.examples.push_back({"Three branches", {}, {Shape{5}, Shape{5}, Shape{5}}});
    return layerTypeOf(SchemaOf<Params>(std::move(schema)), std::move(parts));
}

} // namespace strata
