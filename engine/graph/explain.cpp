// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/explain.h"

#include "engine/core/number_text.h"
#include "engine/core/said.h"
#include "engine/graph/explain_shape.h"
#include "engine/graph/node_params.h"
#include "engine/graph/receptive_field.h"
#include "engine/graph/repair_candidates.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace strata {
namespace {

std::int64_t product(std::span<const std::int64_t> sizes) {
    std::int64_t n = 1;
    for (const std::int64_t s : sizes)
        n *= s;
    return n;
}

/// The last `n` sizes of a weight array are not the window's.
Expression window(const WeightSpec& w, std::size_t n) {
    const std::span<const std::int64_t> sizes = std::span(w.dims).first(w.dims.size() - n);
    return Expression::number(product(sizes), said("window"), sizesText(sizes));
}

struct KernelChannels {
    std::int64_t in = 0, out = 0;
};

/// A transposed kernel has them the other way round. requires: two sizes at least
KernelChannels channelsOf(const Node& node, const WeightSpec& kernel) {
    const std::size_t rank = kernel.dims.size();
    const std::int64_t last = kernel.dims[rank - 1], before = kernel.dims[rank - 2];
    return hasParam(node, "output_padding") ? KernelChannels{last, before} : KernelChannels{before, last};
}

/// (window × channels + bias) × filters, where the weights are a kernel and perhaps a bias for each of its
/// outputs.
std::optional<Expression> kernelAndBias(const Node& node, const LayerPlan& plan) {
    if (!hasParam(node, "kernel_size") && !hasParam(node, "units")) return {};
    // One kernel for each channel: its two last sizes are not channels in and filters.
    if (hasParam(node, "depth_multiplier")) return {};
    if (plan.weights.empty() || plan.weights.size() > 2 || plan.weights[0].dims.size() < 2) return {};
    const WeightSpec& kernel = plan.weights[0];
    const std::size_t rank = kernel.dims.size();
    const auto [in, out] = channelsOf(node, kernel);
    const bool bias = plan.weights.size() == 2;
    if (bias && (plan.weights[1].dims.size() != 1 || plan.weights[1].dims[0] != out)) return {};
    const bool row = rank == 2;
    Expression each = Expression::number(in, row ? said("values in") : said("channels in"));
    if (!row) each = window(kernel, 2) * std::move(each);
    if (bias) each = std::move(each) + Expression::number(1, said("bias"));
    return std::move(each) * Expression::number(out, hasParam(node, "units") ? said("units") : said("filters"));
}

Formula parametersOf(const Node& node, const LayerPlan& plan) {
    Formula f{.heading = said("Parameters"), .resultLabel = said("parameters")};
    if (plan.weights.empty()) {
        f.plain = true;
        f.sentence = said("It has nothing to learn.");
        return f;
    }
    std::int64_t frozen = 0;
    for (const WeightSpec& w : plan.weights)
        frozen += w.trainable ? 0 : w.count();
    if (frozen > 0) f.sentence = said("{} of them are not learned but measured.", grouped(frozen));
    if (auto nice = kernelAndBias(node, plan)) {
        f.expression = std::move(*nice);
        return f;
    }
    for (std::size_t i = 0; i < plan.weights.size(); ++i) {
        const WeightSpec& w = plan.weights[i];
        Expression one = Expression::number(w.count(), w.name, w.dims.empty() ? "1" : sizesText(w.dims));
        f.expression = i == 0 ? std::move(one) : std::move(f.expression) + std::move(one);
    }
    return f;
}

/// Places × what is done at each of them, for every way in which layers use their kernels; the one that
/// holds.
std::optional<Expression> workBy(const Node& node, const Explanation& e, const LayerPlan& plan) {
    if (plan.weights.empty()) return {};
    const WeightSpec& kernel = plan.weights[0];
    const std::size_t rank = kernel.dims.size();
    for (const Shape* shape : {&e.output, &e.input}) {
        const std::span<const std::int64_t> all = shape->dims();
        if (all.empty()) continue;
        const bool first = textIs(node, "data_format", "channels_first");
        const std::span<const std::int64_t> places = first ? all.subspan(1) : all.first(all.size() - 1);
        const Expression at =
            Expression::number(product(places), said("places"), places.empty() ? "1" : sizesText(places));
        if (rank == 2) {
            Expression row =
                Expression::number(kernel.dims[0], said("values in")) * Expression::number(kernel.dims[1], said("units"));
            if (!places.empty()) row = at * std::move(row);
            if (row.evaluate() == plan.macs) return row;
        }
        if (rank > 2) {
            const bool eachChannel = hasParam(node, "depth_multiplier");
            const auto [in, out] = channelsOf(node, kernel);
            Expression sum = at * window(kernel, 2) * Expression::number(in, eachChannel ? said("channels") : said("channels in")) *
                             Expression::number(out, eachChannel ? said("filters each") : said("filters"));
            if (sum.evaluate() == plan.macs) return sum;
            if (plan.weights.size() > 1 && plan.weights[1].dims.size() == rank) {
                Expression two = at * (Expression::number(kernel.count(), kernel.name, sizesText(kernel.dims)) +
                                       Expression::number(plan.weights[1].count(), plan.weights[1].name,
                                                          sizesText(plan.weights[1].dims)));
                if (two.evaluate() == plan.macs) return two;
            }
        }
    }
    return {};
}

Formula workOf(const Node& node, const Explanation& e, const LayerPlan& plan) {
    Formula f{.heading = said("Work for one image"), .resultLabel = said("multiply-adds")};
    if (plan.macs == 0) {
        f.plain = true;
        f.sentence = said("No multiplications with weights.");
    } else if (auto found = workBy(node, e, plan)) {
        f.expression = std::move(*found);
    } else {
        f.expression = Expression::number(plan.macs);
        f.plain = true;
        f.sentence = said("{} multiply-adds.", grouped(plan.macs));
    }
    return f;
}

/// Of what is said of rows, columns and steps, that which is true of this axis.
std::string ofLines(const AxisPicture& axis, std::string rows, std::string columns, std::string steps) {
    return axis.name == "height" ? std::move(rows) : axis.name == "width" ? std::move(columns) : std::move(steps);
}

std::string ordinal(std::int64_t n) {
    const bool teen = n % 100 >= 11 && n % 100 <= 13;
    if (!teen && n % 10 == 1) return said("{}st", n);
    if (!teen && n % 10 == 2) return said("{}nd", n);
    return !teen && n % 10 == 3 ? said("{}rd", n) : said("{}th", n);
}

/// "every 2nd row" where strides leap over cells.
std::string seenLines(const AxisPicture& axis) {
    const std::int64_t seen = axis.reach(), of = axis.stride;
    if (seen > 1) return ofLines(axis, said("{} of {} rows", seen, of), said("{} of {} columns", seen, of), said("{} of {} steps", seen, of));
    const std::string nth = ordinal(of);
    return ofLines(axis, said("every {} row", nth), said("every {} column", nth), said("every {} step", nth));
}

std::string lostLines(const AxisPicture& axis) {
    const std::int64_t n = axis.lost();
    if (n == 1) return ofLines(axis, said("the last row"), said("the last column"), said("the last step"));
    return ofLines(axis, said("the last {} rows", n), said("the last {} columns", n), said("the last {} steps", n));
}

/// With padding same, where that leaves nothing out.
std::optional<Repair> keepingAll(const Node& node, std::span<const Shape> inputs) {
    if (!textIs(node, "padding", "valid")) return {};
    Node same = node;
    same.params["padding"] = "same";
    const Result<LayerPlan> plan = planLayer(*findLayerType(node.type), same.params, inputs);
    if (!plan || !plan->output.isKnown()) return {};
    Explanation e;
    e.input = inputs.front();
    e.output = plan->output;
    explainShape(same, inputs, e);
    if (std::ranges::any_of(e.windows, [](const AxisPicture& axis) { return axis.lost() > 0 || axis.leaps(); })) return {};
    return Repair{"padding_same",
                  said("Padding same, gives {}", plan->output.text()),
                  {},
                  [id = same.id](RepairTarget& t) {
                      if (t.graph.find(id) == nullptr) return;
                      Node changed = *t.graph.find(id);
                      changed.params["padding"] = "same";
                      t.graph.replace(std::move(changed));
                  }};
}

void tellLost(const Node& node, std::span<const Shape> inputs, Explanation& e) {
    std::vector<std::string> parts;
    std::vector<std::string> leaps;
    bool one = true;
    for (const AxisPicture& axis : e.windows) {
        if (axis.leaps()) leaps.push_back(seenLines(axis));
        const std::int64_t lost = axis.lost();
        if (lost <= 0 || axis.leaps()) continue;
        one = one && lost == 1 && parts.empty();
        parts.push_back(lostLines(axis));
    }
    if (!leaps.empty()) e.lost = said("Strides larger than the window: it sees {} only.", fmt::join(leaps, said(" and ")));
    if (parts.empty()) return;
    const std::string lines = fmt::format("{}", fmt::join(parts, said(" and ")));
    std::string text = one ? said("{} is never seen.", lines) : said("{} are never seen.", lines);
    text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    e.lost += (e.lost.empty() ? "" : " ") + text;
    e.keepAll = keepingAll(node, inputs);
}

std::string receptiveText(const ReceptiveStep& r, std::span<const Shape> networkInputs) {
    if (r.global) return said("One value here depends on the whole input.");
    if (!isKnown(r)) return said("How much of the input a value sees depends on where it lies.");
    const Shape* input = networkInputs.size() == 1 ? &networkInputs.front() : nullptr;
    std::string of = said("the network's input");
    std::string cells = said("{} × {} cells", r.windowH, r.windowW);
    if (input != nullptr && input->rank() == 3) {
        of += said(" of {} × {}", (*input)[0], (*input)[1]);
        if (r.windowH >= (*input)[0] && r.windowW >= (*input)[1]) cells = said("all");
    } else if (input != nullptr && input->rank() == 2) {
        of += said(" of {} steps", (*input)[0]);
        cells = r.windowH >= (*input)[0] ? said("all") : r.windowH == 1 ? said("1 step") : said("{} steps", r.windowH);
    }
    if (r.windowH == 1 && r.windowW == 1) cells = said("1 cell");
    return said("One value here sees {} of {}.", cells, of);
}

} // namespace

Explanation explainLayer(const Node& node, std::span<const Shape> inputs, const LayerPlan& plan) {
    Explanation e;
    if (!inputs.empty()) e.input = inputs.front();
    e.output = plan.output;
    explainShape(node, inputs, e);
    e.parameters = parametersOf(node, plan);
    e.work = workOf(node, e, plan);
    tellLost(node, inputs, e);
    return e;
}

Explanation explain(const ModelGraph& graph, const GraphReport& report, NodeId id, const AnalysisContext& context) {
    const Node& node = *graph.find(id);
    const NodeReport& r = *report.find(id);
    LayerPlan plan = r.plan;
    if (const LayerType* type = findLayerType(node.type); type != nullptr && !node.bypassed) {
        // The report's sums are over all copies of a repeated block.
        if (Result<LayerPlan> own = planLayer(*type, node.params, r.inputShapes)) plan = std::move(*own);
    }
    Explanation e = explainLayer(node, r.inputShapes, plan);
    std::vector<Shape> networkInputs;
    for (const NodeId input : report.inputs) networkInputs.push_back(report.find(input)->plan.output);
    e.receptive = receptiveText(r.receptive, networkInputs);
    if (e.keepAll) {
        RepairTarget target = repairTarget(graph, context);
        e.keepAll->apply(target);
        e.keepAll->consequence = consequenceText({.node = id}, report, analyse(target.graph, contextAfter(context, target)), target, context);
    }
    return e;
}

} // namespace strata
