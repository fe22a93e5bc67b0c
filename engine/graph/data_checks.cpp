// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/data_checks.h"

#include "engine/core/number_text.h"
#include "engine/core/said.h"
#include "engine/graph/node_params.h"
#include "engine/graph/problem_text.h"

#include <algorithm>

namespace strata {
namespace {

void report(GraphReport& to, const Node& node, std::string id, Severity severity, std::string sentence) {
    to.problems.push_back(problemAt(node, failure(std::move(id), std::move(sentence)), severity));
}

bool fits(const Shape& wanted, const Shape& given) {
    if (wanted.rank() != given.rank()) return false;
    return std::ranges::equal(wanted.dims(), given.dims(), [](std::int64_t w, std::int64_t g) {
        return w == Shape::kUnknown || g == Shape::kUnknown || w == g;
    });
}

/// The last nodes of the drawing: the output, then what it is made of, for as long as each has exactly one
/// input.
std::vector<std::size_t> tail(const GraphIndex& index, std::size_t output) {
    std::vector<std::size_t> chain{output};
    while (index.inputs[chain.back()].size() == 1)
        chain.push_back(index.inputs[chain.back()].front());
    return chain;
}

bool isPointwise(const ReceptiveStep& r) {
    return !r.global && r.windowH == 1 && r.windowW == 1 && r.strideH == 1 && r.strideW == 1;
}

/// A matrix applied to every cell of a picture: what Dense does there.
bool isMatrixOnCells(const NodeReport& node) {
    return !node.inputShapes.empty() && node.inputShapes.front().rank() > 1 &&
           std::ranges::any_of(node.plan.weights,
                               [](const WeightSpec& w) { return w.trainable && w.dims.size() == 2; });
}

class Checks {
public:
    Checks(const GraphIndex& index, const AnalysisContext& context, GraphReport& out)
        : m_index(index)
        , m_context(context)
        , m_out(out) {}

    void inputs() {
        for (const NodeId id : m_out.inputs) {
            const std::size_t at = m_index.place.at(id);
            const NodeReport& node = m_out.nodes.at(id);
            if (node.state != NodeState::Ready) continue;
            if (m_index.consumers[at].empty() && m_out.inputs.size() > 1) {
                report(m_out, *m_index.nodes[at], "input.unused", Severity::Warning,
                       said("nothing reads this input; connect it or remove it"));
            } else if (m_context.sampleShape && !fits(node.plan.output, *m_context.sampleShape)) {
                report(m_out, *m_index.nodes[at], "input.data_mismatch", Severity::Error,
                       said("its shape is {}, but the data are {}; set shape to that of the data, or "
                            "bring the data to this "
                            "size",
                            node.plan.output.text(), m_context.sampleShape->text()));
            }
        }
    }

    void output(NodeId id) {
        m_chain = tail(m_index, m_index.place.at(id));
        const Shape& shape = reportOf(0).plan.output;
        if (m_context.classes) {
            if (shape.rank() != 1) {
                rank(shape);
                return;
            }
            // Probabilities of so many other things are nothing to speak of until the count is right.
            if (shape[0] != Shape::kUnknown && shape[0] != *m_context.classes && !units(shape[0])) return;
        }
        if (m_context.lossFromLogits) softmax();
    }

    /// Keras allows it, and it is seldom meant. Told where the picture enters, not again for the layers
    /// below.
    void picturesInMatrices() {
        if (std::ranges::any_of(m_out.problems, [](const Problem& p) { return p.id == "output.rank"; }))
            return;
        std::vector<bool> told(m_index.size(), false);
        for (const NodeId id : m_out.order) {
            const std::size_t at = m_index.place.at(id);
            const NodeReport& node = m_out.nodes.at(id);
            if (node.state != NodeState::Ready || node.plan.output.rank() <= 1) continue;
            const bool above =
                std::ranges::any_of(m_index.inputs[at], [&](std::size_t from) { return told[from]; });
            told[at] = above || isMatrixOnCells(node);
            if (above || !told[at]) continue;
            report(m_out, *m_index.nodes[at], "dense.on_image", Severity::Hint,
                   said("its input is {}, so the same weights are applied to every cell of it; insert "
                        "a Flatten if one row of "
                        "values for the whole picture is meant",
                        node.inputShapes.front().text()));
        }
    }

private:
    const Node& nodeOf(std::size_t i) const { return *m_index.nodes[m_chain[i]]; }
    const NodeReport& reportOf(std::size_t i) const { return m_out.nodes.at(nodeOf(i).id); }

    /// The mistake is where the picture enters the classifier, which is above the last layer when there are
    /// several.
    void rank(const Shape& shape) {
        std::size_t blame = 0;
        for (std::size_t i = 0; i < m_chain.size() && isPointwise(reportOf(i).plan.receptive); ++i) {
            if (isMatrixOnCells(reportOf(i))) blame = i;
        }
        const std::string output =
            said("the network ends in {} values, but {} classes need a row of {}", shape.text(),
                 *m_context.classes, *m_context.classes);
        if (isMatrixOnCells(reportOf(blame))) {
            report(
                m_out, nodeOf(blame), "output.rank", Severity::Error,
                said(
                    "it gets a picture of {} and keeps its height and width; {}; insert a Flatten before it",
                    reportOf(blame).inputShapes.front().text(), output));
        } else {
            report(m_out, nodeOf(blame), "output.rank", Severity::Error,
                   output + said("; end with Flatten and Dense"));
        }
    }

    /// The layer that decides how many values come out: behind it nothing but shape-keeping layers.
    std::size_t maker() const {
        std::size_t i = 0;
        while (i + 1 < m_chain.size() && reportOf(i).plan.weights.empty() &&
               reportOf(i).plan.output == reportOf(i + 1).plan.output) {
            ++i;
        }
        return i;
    }

    /// False: that is all there is to say of the end.
    bool units(std::int64_t values) {
        const int classes = *m_context.classes;
        const bool fewer = values < classes;
        const std::size_t end = maker();
        const bool untrainable = fewer || (m_context.lossFromLogits == false && softmaxes(end).count == 0);
        const bool hasUnits = hasParam(nodeOf(end), "units") || hasParam(nodeOf(end), "filters");
        const std::string remedy = hasUnits ? said("give the last layer {} units", classes)
                                            : said("add a Dense with {} units", classes);
        const std::string ends =
            fewer ? values == 1 ? said("the network ends in 1 value, but the data have {} classes", classes)
                                : said("the network ends in {} values, but the data have {} classes", grouped(values), classes)
                  : said("the network ends in {} values for {} classes, so {} of them can never be right",
                         grouped(values), classes, grouped(values - classes));
        const Node& node = nodeOf(end);
        report(m_out, node, "output.units", untrainable ? Severity::Error : Severity::Warning, ends + "; " + remedy);
        return !untrainable &&
               (m_context.silenced.contains({"output.units", node.id}) || m_context.silenced.contains({"output.units", 0}));
    }

    struct Softmaxes {
        int count = 0;
        std::size_t last = 0;
    };
    Softmaxes softmaxes(std::size_t end) const {
        Softmaxes found;
        for (std::size_t i = 0; i <= end; ++i) {
            if (reportOf(i).plan.endsInSoftmax && found.count++ == 0) found.last = i;
        }
        return found;
    }

    void softmax() {
        const std::size_t end = maker();
        const auto [count, last] = softmaxes(end);
        if (count >= 2) {
            report(m_out, nodeOf(last), "softmax.twice", Severity::Warning,
                   said("softmax is applied to values that are probabilities already, which flattens them; remove "
                        "one of the two"));
        } else if (*m_context.lossFromLogits && count == 1) {
            report(m_out, nodeOf(last), "softmax.twice", Severity::Warning,
                   said("it ends in softmax, but the loss takes logits and applies softmax by itself, so it is "
                        "applied twice; set activation linear here, or from_logits False in the loss"));
        } else if (!*m_context.lossFromLogits && count == 0) {
            report(m_out, nodeOf(end), "softmax.missing", Severity::Error,
                   said("the loss wants probabilities, but the network does not end in softmax; {}, or "
                        "from_logits True in the loss",
                        hasParam(nodeOf(end), "activation") ? said("set activation softmax here")
                                                            : said("add a Softmax layer behind it")));
        }
    }

    const GraphIndex& m_index;
    const AnalysisContext& m_context;
    GraphReport& m_out;
    std::vector<std::size_t> m_chain;
};

} // namespace

NodeId mainOutput(const AnalysisContext& context, const GraphReport& report) {
    if (report.outputs.size() == 1) return report.outputs.front();
    std::vector<NodeId> rows, fitting;
    for (const NodeId id : report.outputs) {
        const Shape& shape = report.nodes.at(id).plan.output;
        if (shape.rank() != 1) continue;
        rows.push_back(id);
        if (context.classes && shape[0] == *context.classes) fitting.push_back(id);
    }
    if (fitting.size() == 1) return fitting.front();
    return rows.size() == 1 ? rows.front() : 0;
}

void checkAgainstData(const GraphIndex& index, const AnalysisContext& context, GraphReport& report) {
    Checks checks(index, context, report);
    checks.inputs();
    if (const NodeId end = mainOutput(context, report); end != 0) checks.output(end);
    checks.picturesInMatrices();
}

} // namespace strata
