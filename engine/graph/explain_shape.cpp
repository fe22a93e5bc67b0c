// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/explain_shape.h"

#include "engine/core/said.h"
#include "engine/graph/node_params.h"
#include "engine/layers/window.h"

#include <algorithm>

namespace strata {
namespace {

using IntList = ParamValue::IntList;

Expression number(std::int64_t value, std::string label, std::string text = {}) {
    return Expression::number(value, std::move(label), std::move(text));
}

std::string upper(std::string text) {
    if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    return text;
}

class ShapeStory {
public:
    ShapeStory(const Node& node, std::span<const Shape> inputs, Explanation& e)
        : m_node(node)
        , m_inputs(inputs)
        , m_e(e)
        , m_channelsFirst(textIs(node, "data_format", "channels_first"))
        , m_done(static_cast<std::size_t>(e.output.rank()), false) {}

    void tell() {
        if (m_inputs.empty()) {
            whole(said("It is where the data come in; their shape is set here."));
            return;
        }
        const bool sameRank = m_e.output.rank() == m_e.input.rank();
        if (m_inputs.size() > 1)
            joined();
        else if (sameRank) {
            spatial();
            channels();
        } else {
            otherRank();
        }
        rest();
    }

private:
    bool isDone(int axis) const { return m_done[static_cast<std::size_t>(axis)]; }
    std::int64_t in(int axis) const { return m_e.input[axis]; }
    std::int64_t out(int axis) const { return m_e.output[axis]; }
    int channelAxis() const { return m_channelsFirst ? 0 : m_e.output.rank() - 1; }
    /// The axis of the shape for the i-th spatial one.
    int axisOf(std::size_t i) const { return static_cast<int>(i) + (m_channelsFirst ? 1 : 0); }
    std::size_t spatialAxes() const {
        return m_e.output.rank() < 2 ? 0 : static_cast<std::size_t>(m_e.output.rank()) - 1;
    }

    /// "height", in English; nothing where an axis has no name.
    std::string_view spatialName(int axis) const {
        static constexpr const char* kNames[3][3] = {
            {toSay("steps"), "", ""}, {toSay("height"), toSay("width"), ""}, {toSay("depth"), toSay("height"), toSay("width")}};
        const std::size_t n = spatialAxes();
        return n >= 1 && n <= 3 ? kNames[n - 1][axis - (m_channelsFirst ? 1 : 0)] : "";
    }
    std::string nameOf(int axis) const {
        if (m_e.output.rank() == 1) return said("values");
        if (axis == channelAxis()) return said("channels");
        const std::string_view name = spatialName(axis);
        return name.empty() ? said("axis {}", axis + 1) : saidWord(name);
    }

    /// Takes the formula for the axis if it gives what the plan says.
    bool add(int axis, const Expression& expression, std::string sentence = {}, bool plain = false) {
        if (isDone(axis) || expression.evaluate() != out(axis)) return false;
        m_done[static_cast<std::size_t>(axis)] = true;
        // Height and width usually are one formula.
        for (ShapeFormula& f : m_e.shape) {
            if (f.formula.plain != plain || f.formula.expression.terms() != expression.terms() ||
                axis == channelAxis())
                continue;
            if (std::ranges::find(f.axes, channelAxis()) != f.axes.end() && m_e.output.rank() > 1) continue;
            f.formula.heading +=
                (f.axes.size() == 1 && m_e.output.rank() < 4 ? said(" and ") : ", ") + nameOf(axis);
            f.axes.push_back(axis);
            return true;
        }
        m_e.shape.push_back(
            {{upper(nameOf(axis)), expression, said("output"), std::move(sentence), plain}, {axis}});
        return true;
    }

    void whole(const std::string& sentence) {
        for (int axis = 0; axis < m_e.output.rank(); ++axis)
            add(axis, number(out(axis), ""), sentence, true);
        if (m_e.shape.empty()) return;
        // One sentence for all of it.
        ShapeFormula all = m_e.shape.front();
        all.formula.heading = said("Shape");
        m_e.shape.resize(1);
        m_e.shape.front() = all;
    }

    void spatial() {
        for (std::size_t i = 0; i < spatialAxes(); ++i) {
            if (slides(i)) continue;
            const int axis = axisOf(i);
            transposed(i) || borders(i) || factor(i) || fixed(i) ||
                (in(axis) == out(axis) &&
                 add(axis, number(out(axis), ""), said("As its input: every cell keeps its place."), true));
        }
    }

    AxisPicture pictureOf(std::size_t i) const {
        const bool kernel = hasParam(m_node, "kernel_size");
        const IntList size = sizesOf(m_node, kernel ? "kernel_size" : "pool_size");
        AxisPicture p{.name = std::string(spatialName(axisOf(i))), .input = in(axisOf(i))};
        if (size.size() != spatialAxes()) return p;
        const IntList strides = sizesOf(m_node, "strides");
        const IntList dilation = sizesOf(m_node, "dilation_rate");
        p.window = size[i];
        p.stride = strides.size() == size.size() ? strides[i] : kernel ? 1 : size[i];
        p.dilation = dilation.size() == size.size() ? dilation[i] : 1;
        const AxisWindows at =
            placeWindows(p.input, p.window, p.stride, p.dilation,
                         textIs(m_node, "padding", "same") ? Padding::Same : Padding::Valid);
        p.places = at.out;
        p.before = at.before;
        p.after = at.after;
        if (textIs(m_node, "padding", "causal")) {
            p.before = p.reach() - 1;
            p.places = (p.input + p.before - p.reach()) / p.stride + 1;
        }
        return p;
    }

    /// A kernel or a pooling window that slides over the input.
    bool slides(std::size_t i) {
        if (hasParam(m_node, "output_padding") ||
            (!hasParam(m_node, "kernel_size") && !hasParam(m_node, "pool_size")))
            return false;
        const AxisPicture p = pictureOf(i);
        const std::int64_t pad = p.before + p.after;
        const std::string window = p.dilation > 1 ? said("window, spread") : said("window");
        const Expression steps =
            number(p.input, said("input")) + number(pad, said("padding")) - number(p.reach(), window);
        const std::int64_t way = steps.evaluate();
        std::string sentence = p.places == 1 ? said("1 window fit.") : said("{} windows fit.", p.places);
        if (p.stride > 1 && way % p.stride != 0) {
            const std::int64_t more = way / p.stride;
            const std::string further = more == 1 ? said("1 further step") : said("{} further steps", more);
            const std::string windows = p.places == 1 ? said("1 window") : said("{} windows", p.places);
            sentence = said("{} ÷ {} = {:.4g}, rounded down to {}: {}.", way, p.stride,
                            static_cast<double>(way) / static_cast<double>(p.stride), further, windows);
        }
        if (p.dilation > 1)
            sentence += said(" {} cells with {} between them reach over {}.", p.window, p.dilation - 1,
                             p.reach());
        if (!add(axisOf(i), steps / number(p.stride, said("stride")) + number(1, ""), sentence)) return false;
        if (spatialAxes() <= 2) m_e.windows.push_back(p);
        return true;
    }

    bool transposed(std::size_t i) {
        if (!hasParam(m_node, "output_padding")) return false;
        const IntList kernel = sizesOf(m_node, "kernel_size"), strides = sizesOf(m_node, "strides");
        const IntList dilation = sizesOf(m_node, "dilation_rate"), extra = sizesOf(m_node, "output_padding");
        const int axis = axisOf(i);
        const std::int64_t n = in(axis), s = strides[i];
        const std::int64_t reach = (kernel[i] - 1) * (dilation.size() == kernel.size() ? dilation[i] : 1) + 1;
        const std::int64_t more = extra.size() == kernel.size() ? extra[i] : 0;
        const Expression spread = number(n, said("input")) * number(s, said("stride"));
        const Expression last =
            (number(n, said("input")) - number(1, "")) * number(s, said("stride")) + number(reach, said("window"));
        return add(axis, spread, said("Each cell of the input is spread over as many cells as the stride has.")) ||
               add(axis, spread + number(reach - s, said("window − stride")), said("The windows reach over the end.")) ||
               add(axis, last + number(more, said("output padding"))) ||
               add(axis,
                   last + number(more, said("output padding")) - number(2 * (reach / 2), said("cut at the ends"))) ||
               add(axis, last - number(last.evaluate() - out(axis), said("cut at the ends")));
    }

    /// Rows added or taken away at both ends.
    bool borders(std::size_t i) {
        const int axis = axisOf(i);
        for (const char* key : {"padding", "cropping"}) {
            IntList ends = sizesOf(m_node, key);
            if (ends.size() != 2 * spatialAxes()) continue;
            const Expression before = number(ends[2 * i], i == 0 && spatialAxes() == 2 ? said("above") : said("before"));
            const Expression after =
                number(ends[2 * i + 1], i == 0 && spatialAxes() == 2 ? said("below") : said("behind"));
            const Expression input = number(in(axis), said("input"));
            return std::string_view(key) == "padding" ? add(axis, input + before + after)
                                                      : add(axis, input - before - after);
        }
        return false;
    }

    bool factor(std::size_t i) {
        const IntList size = sizesOf(m_node, "size");
        const std::int64_t one = numberOf(m_node, "size");
        const std::int64_t by = size.size() == spatialAxes() ? size[i] : one;
        return by > 0 && add(axisOf(i), number(in(axisOf(i)), said("input")) * number(by, said("times")));
    }

    bool fixed(std::size_t i) {
        return hasParam(m_node, "output_size") &&
               add(axisOf(i), number(out(axisOf(i)), ""), said("Set by output_size, whatever goes in."), true);
    }

    void channels() {
        const int axis = channelAxis();
        if (axis < 0) return;
        const std::int64_t filters = numberOf(m_node, "filters");
        const std::int64_t units = numberOf(m_node, "units");
        const std::int64_t many = numberOf(m_node, "depth_multiplier");
        if (filters > 0)
            add(axis, number(filters, said("filters")),
                said("One output channel for each of the {} filters.", filters), true);
        else if (units > 0)
            add(axis, number(units, said("units")), said("One value for each of the {} units.", units),
                true);
        else if (many > 1)
            add(axis, number(in(axis), said("channels in")) * number(many, said("filters each")));
        if (!isDone(axis) && in(axis) == out(axis))
            add(axis, number(out(axis), ""),
                m_e.output.rank() == 1 ? said("As many as go in.")
                                       : said("As many as go in: each channel is treated by itself or kept."),
                true);
    }

    void joined() {
        const ParamValue* at = paramOf(m_node, "axis");
        const std::int64_t* given = at == nullptr ? nullptr : at->asInt();
        if (given != nullptr) {
            const int axis = static_cast<int>(*given < 0 ? *given + m_e.output.rank() : *given - 1);
            if (axis >= 0 && axis < m_e.output.rank() && std::ranges::all_of(m_inputs, [&](const Shape& s) {
                    return s.rank() == m_e.output.rank();
                })) {
                Expression sum = number(m_inputs[0][axis], said("input {}", 1));
                for (std::size_t i = 1; i < m_inputs.size(); ++i)
                    sum = sum + Expression::number(m_inputs[i][axis], said("input {}", i + 1));
                add(axis, sum, said("They are put behind each other."));
            }
        }
        for (int axis = 0; axis < m_e.output.rank(); ++axis) {
            const bool all = std::ranges::all_of(m_inputs, [&](const Shape& s) {
                return s.rank() == m_e.output.rank() && s[axis] == out(axis);
            });
            if (all) add(axis, number(out(axis), ""), said("As all of its inputs."), true);
        }
    }

    void otherRank() {
        const std::int64_t values = m_e.input.count();
        if (m_e.output.rank() == 1 && values == out(0)) {
            Expression all = number(in(0), "");
            for (int axis = 1; axis < m_e.input.rank(); ++axis)
                all = all * number(in(axis), "");
            add(0, all, said("All values of a sample, in a row."));
        } else if (m_e.output.rank() == 1 && m_e.input.rank() > 1 &&
                   out(0) == in(m_channelsFirst ? 0 : m_e.input.rank() - 1)) {
            add(0, number(out(0), said("channels")), said("One value for each channel: each picture becomes one number."),
                true);
        }
    }

    /// What is left is told by the numbers alone.
    void rest() {
        const bool sameCount = m_e.input.count() == m_e.output.count();
        for (int axis = 0; axis < m_e.output.rank(); ++axis) {
            if (isDone(axis)) continue;
            add(axis, number(out(axis), ""),
                sameCount ? said("The same values, in another order of axes.") : said("Set by its parameters."), true);
        }
    }

    const Node& m_node;
    std::span<const Shape> m_inputs;
    Explanation& m_e;
    bool m_channelsFirst;
    std::vector<bool> m_done;
};

} // namespace

void explainShape(const Node& node, std::span<const Shape> inputs, Explanation& e) {
    ShapeStory(node, inputs, e).tell();
}

} // namespace strata
