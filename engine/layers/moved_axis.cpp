// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/moved_axis.h"

#include "engine/core/said.h"
#include "engine/layers/by_sample.h"
#include "engine/layers/sizes.h"
#include "engine/math/activation.h"

#include <algorithm>
#include <cassert>
#include <fmt/format.h>

namespace strata {
namespace {

/// A sample as (outer, moved, inner) becomes (outer, inner, moved), or the other way round.
struct Move {
    std::int64_t outer = 1, moved = 1, inner = 1;

    Move(const Shape& shape, int axis) {
        for (int i = 0; i < axis; ++i)
            outer *= shape[i];
        moved = shape[axis];
        for (int i = axis + 1; i < shape.rank(); ++i)
            inner *= shape[i];
    }
    std::int64_t count() const { return outer * moved * inner; }

    void toLast(const float* from, float* to) const { swap(moved, inner, from, to); }
    void back(const float* from, float* to) const { swap(inner, moved, from, to); }

private:
    /// (outer, a, b) -> (outer, b, a)
    void swap(std::int64_t a, std::int64_t b, const float* from, float* to) const {
        for (std::int64_t o = 0; o < outer; ++o, from += a * b, to += a * b) {
            for (std::int64_t i = 0; i < a; ++i) {
                for (std::int64_t j = 0; j < b; ++j)
                    to[j * a + i] = from[i * b + j];
            }
        }
    }
};

std::int64_t withSlack(std::int64_t floats) {
    return floats + 16; // for the alignment of what follows
}

class MovedAxisLayer final : public Layer {
public:
    /// `after`: applied along the last axis of the output as it leaves.
    MovedAxisLayer(std::unique_ptr<Layer> inner, const LayerPlan& plan, std::span<const Shape> inputs,
                   int axis, std::optional<math::ActivationFunction> after = std::nullopt)
        : m_inner(std::move(inner))
        , m_plan(plan)
        , m_after(after)
        , m_movesOutput(plan.output.rank() >= 2) {
        for (const Shape& s : inputs) {
            m_moves.emplace_back(s, axis);
            m_shapes.push_back(axisMovedLast(s, axis));
        }
        if (m_movesOutput) m_outputMove.emplace(axisMovedBack(plan.output, axis), axis);
        m_inputs.resize(inputs.size());
        m_grads.resize(inputs.size());
    }

    void forward(const Pass& pass) override {
        Pass inner = split(pass);
        forEachSample(pass, [&](std::int64_t n) {
            for (std::size_t i = 0; i < m_moves.size(); ++i)
                m_moves[i].toLast(pass.inputs[i].sample(n), m_inputs[i].sample(n));
        });
        m_inner->forward(inner);
        if (!m_movesOutput) return;
        forEachSample(pass, [&](std::int64_t n) {
            float* const y = pass.output.sample(n);
            m_outputMove->back(inner.output.sample(n), y);
            if (m_after) math::activate(*m_after, m_plan.output.count() / width(pass), width(pass), y, y);
        });
    }

    void backward(const Pass& pass) override {
        Pass inner = split(pass);
        if (m_movesOutput) {
            forEachSample(pass, [&](std::int64_t n) {
                float* const dy = pass.outputGrad.sample(n);
                if (m_after) {
                    math::activateBackward(*m_after, m_plan.output.count() / width(pass), width(pass), nullptr,
                                           pass.output.sample(n), dy, dy);
                }
                m_outputMove->toLast(dy, inner.outputGrad.sample(n));
            });
        }
        m_inner->backward(inner);
        forEachSample(pass, [&](std::int64_t n) {
            for (std::size_t i = 0; i < m_moves.size(); ++i) {
                if (pass.inputGrads[i].data != nullptr)
                    m_moves[i].back(m_grads[i].sample(n), pass.inputGrads[i].sample(n));
            }
        });
    }

private:
    static std::int64_t width(const Pass& pass) { return pass.output.shape[-1]; }

    /// The inner layer's call: its arrays lie one after the other in this layer's `saved`, for the samples of
    /// this batch.
    Pass split(const Pass& pass) {
        Pass inner = pass;
        float* at = pass.saved;
        const auto take = [&](std::int64_t floats) {
            float* const mine = at;
            at += alignedFloats(floats);
            return mine;
        };
        for (std::size_t i = 0; i < m_moves.size(); ++i) {
            const std::int64_t count = m_moves[i].count();
            m_inputs[i] = {take(pass.batch * count), m_shapes[i], count};
            m_grads[i] = {take(pass.batch * count), m_shapes[i], count};
            const bool wanted = i < pass.inputGrads.size() && pass.inputGrads[i].data != nullptr;
            if (!wanted) m_grads[i].data = nullptr;
        }
        inner.inputs = m_inputs;
        inner.inputGrads = m_grads;
        if (m_movesOutput) {
            const std::int64_t count = m_plan.output.count();
            inner.output = {take(pass.batch * count), m_plan.output, count};
            inner.outputGrad = {take(pass.batch * count), m_plan.output, count};
        }
        inner.saved = take(pass.batch * m_plan.savedPerSample);
        inner.savedPerSample = m_plan.savedPerSample;
        return inner;
    }

    std::unique_ptr<Layer> m_inner;
    LayerPlan m_plan; ///< the inner layer's
    std::optional<math::ActivationFunction> m_after;
    bool m_movesOutput;
    std::vector<Move> m_moves;
    std::optional<Move> m_outputMove; ///< of the output as it leaves
    std::vector<Shape> m_shapes;
    std::vector<Tensor> m_inputs, m_grads;
};

std::vector<Shape> movedShapes(std::span<const Shape> inputs, int axis) {
    std::vector<Shape> out;
    for (const Shape& s : inputs)
        out.push_back(axisMovedLast(s, axis));
    return out;
}

bool channelsFirst(const ParamMap& params) {
    return *params.at("data_format").asText() == "channels_first";
}

/// With a single axis there is nothing to turn.
bool hasPlainInput(std::span<const Shape> inputs) {
    return std::ranges::any_of(inputs, [](const Shape& s) { return s.rank() < 2; });
}

/// An activation that works along an axis does so along the last one, which is the width here, as in Keras; it cannot be
/// done where the channels are last. Taken out of `params`, which then say linear.
std::optional<math::ActivationFunction> takeSoftmax(ParamMap& params) {
    const auto it = params.find("activation");
    const std::string* name = it == params.end() ? nullptr : it->second.asText();
    if (name == nullptr || !name->ends_with("softmax")) return std::nullopt;
    const std::optional<math::Activation> kind = math::activationFromName(*name);
    it->second = std::string("linear");
    return kind ? std::optional(math::ActivationFunction(*kind)) : std::nullopt;
}

} // namespace

Shape axisMovedLast(const Shape& shape, int axis) {
    assert(axis >= 0 && axis < shape.rank());
    Shape out = shape;
    for (int i = axis; i + 1 < shape.rank(); ++i)
        out.set(i, shape[i + 1]);
    out.set(-1, shape[axis]);
    return out;
}

Shape axisMovedBack(const Shape& shape, int axis) {
    if (shape.rank() < 2) return shape;
    Shape out = shape;
    out.set(axis, shape[-1]);
    for (int i = axis; i + 1 < shape.rank(); ++i)
        out.set(i + 1, shape[i]);
    return out;
}

LayerPlan movedAxisPlan(LayerPlan inner, std::span<const Shape> inputs, int axis) {
    inner.byChunks = inner.gathers = inner.inPlace = inner.gradientInPlace = inner.takesRelu = inner.isRelu = false;
    inner.fusion = {};
    LayerPlan plan = inner;
    plan.output = axisMovedBack(inner.output, axis);
    if (plan.output.isKnown() && productFits(plan.output.dims())) {
        plan.savedPerSample = withSlack(inner.savedPerSample);
        if (inner.output.rank() >= 2) plan.savedPerSample += 2 * withSlack(inner.output.count());
        for (const Shape& s : inputs)
            plan.savedPerSample += 2 * withSlack(countOrZero(s));
    }
    plan.savedInInference = true;
    plan.backwardReadsInput = false;
    plan.backwardReadsOutput = inner.output.rank() < 2 && inner.backwardReadsOutput;
    plan.viewOfInput = false;
    plan.endsInSoftmax = false;
    return plan;
}

std::unique_ptr<Layer> movedAxisLayer(std::unique_ptr<Layer> inner, const LayerPlan& innerPlan,
                                      std::span<const Shape> inputs, int axis) {
    return std::make_unique<MovedAxisLayer>(std::move(inner), innerPlan, inputs, axis);
}

namespace {

bool areLast(std::span<const int> axes, int rank) {
    const int first = rank - static_cast<int>(axes.size());
    for (std::size_t i = 0; i < axes.size(); ++i) {
        if (axes[i] != first + static_cast<int>(i)) return false;
    }
    return true;
}

/// The inputs that the first, second ... moved axis meets; the last entry is what the layer itself gets.
struct MovedAxes {
    std::vector<Shape> shapes;
    std::vector<int> axes;

    MovedAxes(const Shape& input, std::span<const int> wanted)
        : shapes{input} {
        if (areLast(wanted, input.rank())) return;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            axes.push_back(wanted[i] - static_cast<int>(i)); // those before it have gone to the end
            shapes.push_back(axisMovedLast(shapes.back(), axes.back()));
        }
    }
};

LayerPlan plannedAround(LayerPlan plan, const MovedAxes& moved, std::size_t first) {
    for (std::size_t i = moved.axes.size(); i-- > first;)
        plan = movedAxisPlan(std::move(plan), std::span(&moved.shapes[i], 1), moved.axes[i]);
    return plan;
}

} // namespace

Result<LayerPlan> axesLastPlan(const Shape& input, std::span<const int> axes, const LastAxes& inner) {
    const MovedAxes moved(input, axes);
    Result<LayerPlan> plan = inner.plan(moved.shapes.back());
    if (!plan) return plan;
    return plannedAround(std::move(*plan), moved, 0);
}

std::unique_ptr<Layer> axesLastLayer(const Shape& input, std::span<const int> axes, const LastAxes& inner) {
    const MovedAxes moved(input, axes);
    const LayerPlan plan = *inner.plan(moved.shapes.back());
    std::unique_ptr<Layer> layer = inner.create(moved.shapes.back());
    for (std::size_t i = moved.axes.size(); i-- > 0;) {
        layer = movedAxisLayer(std::move(layer), plannedAround(plan, moved, i + 1),
                               std::span(&moved.shapes[i], 1), moved.axes[i]);
    }
    return layer;
}

LayerType withDataFormat(LayerType type, std::string_view after) {
    Param param{.key = "data_format",
                .label = "Data format",
                .doc = "Where the channels stand: channels_last (height × width × channels), as everything "
                       "here has it, or "
                       "channels_first, for networks from elsewhere; the axes are then turned for each call, "
                       "which costs time.",
                .kind = ParamKind::Choice,
                .defaultValue = "channels_last",
                .choices = {"channels_last", "channels_first"},
                .advanced = true};
    std::vector<Param>& params = type.schema.params;
    const auto behind = std::ranges::find_if(params, [&](const Param& p) { return p.key == after; });
    params.insert(behind == params.end() ? params.begin() : behind + 1, std::move(param));

    type.plan = [plan = type.plan](const ParamMap& p, std::span<const Shape> inputs) -> Result<LayerPlan> {
        if (!channelsFirst(p) || hasPlainInput(inputs)) return plan(p, inputs);
        ParamMap last = p;
        const bool after = takeSoftmax(last).has_value();
        Result<LayerPlan> inner = plan(last, movedShapes(inputs, 0));
        if (!inner) return inner;
        LayerPlan out = movedAxisPlan(std::move(*inner), inputs, 0);
        out.backwardReadsOutput = out.backwardReadsOutput || after;
        return out;
    };
    type.create = [create = type.create, innerPlan = type.plan](
                      const ParamMap& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        if (!channelsFirst(p) || hasPlainInput(inputs)) return create(p, inputs);
        const std::vector<Shape> moved = movedShapes(inputs, 0);
        ParamMap last = p;
        last["data_format"] = "channels_last";
        const std::optional<math::ActivationFunction> after = takeSoftmax(last);
        return std::make_unique<MovedAxisLayer>(create(last, moved), *innerPlan(last, moved), inputs, 0, after);
    };
    if (type.window) {
        type.window = [window = type.window](const ParamMap& p, const Shape& input) {
            return window(p, channelsFirst(p) ? axisMovedLast(input, 0) : input);
        };
    }
    return type;
}

Result<int> sampleAxis(std::int64_t axis, int rank) {
    const std::int64_t inSample = axis < 0 ? axis + rank : axis - 1;
    if (inSample >= 0 && inSample < rank) return static_cast<int>(inSample);
    return failure(
        "layer.axis",
        said(
            "axis {} is none of the input's axes, which are 1 to {} (or -{} to -1); axis 0 is the batch",
            axis, rank, rank));
}

Result<std::vector<int>> sampleAxes(std::span<const std::int64_t> axes, int rank) {
    std::vector<int> out;
    for (const std::int64_t a : axes) {
        const Result<int> axis = sampleAxis(a, rank);
        if (!axis) return axis.error();
        out.push_back(*axis);
    }
    std::ranges::sort(out);
    if (out.empty()) return failure("layer.axis", said("axis must name at least one axis; use -1 for the last one"));
    if (const auto twice = std::ranges::adjacent_find(out); twice != out.end()) {
        return failure("layer.axis", said("axis ({}) names axis {} twice; name each once",
                                          fmt::join(axes, ", "), *twice + 1));
    }
    return out;
}

} // namespace strata
