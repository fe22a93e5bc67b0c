// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/advice.h"

#include "engine/core/number_text.h"
#include "engine/core/said.h"
#include "engine/graph/node_params.h"
#include "engine/graph/problem_text.h"
#include "engine/graph/raw_images.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

using IntList = ParamValue::IntList;

constexpr std::int64_t kMuchWork = 20'000'000; ///< multiply-adds of one image
constexpr double kLionsShare = 0.4;
constexpr double kLittle = 0.1; ///< of the values that a picture has

/// A sliding window as the parameters give it, one value an axis; empty lists: the layer has none.
struct Window {
    IntList size, strides, dilation;
    std::string key; ///< of the size: kernel_size or pool_size
    bool same = false;

    explicit Window(const Node& node) {
        key = hasParam(node, "kernel_size") ? "kernel_size" : "pool_size";
        size = sizesOf(node, key);
        strides = sizesOf(node, "strides");
        if (strides.size() != size.size()) strides = key == "pool_size" ? size : IntList(size.size(), 1);
        dilation = sizesOf(node, "dilation_rate");
        if (dilation.size() != size.size()) dilation = IntList(size.size(), 1);
        same = textIs(node, "padding", "same");
    }
    bool slides() const { return !size.empty(); }
    bool isPointwise() const {
        return std::ranges::all_of(size, [](std::int64_t s) { return s == 1; });
    }
};

std::int64_t cells(const IntList& sizes) {
    std::int64_t n = 1;
    for (const std::int64_t s : sizes)
        n = s < 0 || n < 0 ? -1 : std::min(n * s, std::int64_t{1} << 40);
    return n;
}

/// A layer that mixes all its channels by a matrix: the ones that are worth nothing twice in a row.
bool mixes(const Node& node) {
    return (isOf(node, "convolution") || isOf(node, "core")) &&
           (hasParam(node, "filters") || hasParam(node, "units"));
}

/// A transposed convolution, which makes pictures larger.
bool enlarges(const Node& node) {
    return hasParam(node, "output_padding");
}

/// Statistics over the images of a batch.
bool readsBatch(const Node& node) {
    return isOf(node, "normalization") && hasParam(node, "momentum");
}

/// Changes nothing of what a matrix before and one behind it can do together.
bool staysLinear(const Node& node) {
    return isOf(node, "reshaping") || isOf(node, "regularization") || readsBatch(node);
}

class Advice {
public:
    Advice(const GraphIndex& index, const AnalysisContext& context, GraphReport& out)
        : m_index(index)
        , m_context(context)
        , m_out(out)
        , m_told(index.size(), false) {}

    void run() {
        for (const NodeId id : m_out.order) {
            const std::size_t at = m_index.place.at(id);
            if (reportAt(at).state != NodeState::Ready || reportAt(at).inputShapes.empty()) continue;
            const Window window(nodeAt(at));
            if (window.slides()) {
                evenKernel(at, window);
                onPadding(at, window);
                fewerFilters(at, window);
            }
            softmaxAlongWidth(at);
            softmaxInside(at);
            missingActivation(at);
            manyParameters(at);
            otherRange(at);
        }
        stridesForPooling();
        batchOfOne();
    }

private:
    const Node& nodeAt(std::size_t at) const { return *m_index.nodes[at]; }
    const NodeReport& reportAt(std::size_t at) const { return m_out.nodes.at(nodeAt(at).id); }
    void tell(std::size_t at, const char* id, std::string sentence, Severity severity = Severity::Hint) {
        m_out.problems.push_back(problemAt(nodeAt(at), failure(id, std::move(sentence)), severity));
    }
    bool isEnd(std::size_t at) const { return m_index.consumers[at].empty(); }
    static std::int64_t width(const Node& node) {
        return numberOf(node, hasParam(node, "units") ? "units" : "filters");
    }
    /// Few channels between many: a product of two thin matrices in place of a large one, to save weights.
    bool isBottleneck(std::size_t upper, std::size_t lower) const {
        const Shape& in = reportAt(upper).inputShapes.front();
        const std::int64_t middle = width(nodeAt(upper));
        return middle < width(nodeAt(lower)) &&
               middle < in[textIs(nodeAt(upper), "data_format", "channels_first") ? 0 : -1];
    }

    /// Kernels are odd in all the references: an even one has no middle.
    void evenKernel(std::size_t at, const Window& w) {
        const Node& node = nodeAt(at);
        const bool even = std::ranges::any_of(w.size, [](std::int64_t s) { return s % 2 == 0; });
        // Patches side by side need no middle; a transposed kernel is best a multiple of its strides.
        if (!even || !isOf(node, "convolution") || enlarges(node) || w.size == w.strides) return;
        if (textIs(node, "padding", "causal")) return;
        tell(at, "kernel.even",
             said("its {} kernel has no cell in the middle, so what it finds is moved by half a cell; "
                  "use an odd "
                  "kernel_size",
                  sizesText(w.size)));
    }

    /// Activations work along the last axis, which is not that of the channels here: allowed by Keras, hardly ever meant.
    void softmaxAlongWidth(std::size_t at) {
        const Node& node = nodeAt(at);
        if (!textIs(node, "data_format", "channels_first") || !hasParam(node, "activation")) return;
        if (!textIs(node, "activation", "softmax") && !textIs(node, "activation", "log_softmax")) return;
        const Shape& output = reportAt(at).plan.output;
        if (output.rank() < 2) return;
        tell(at, "softmax.width",
             said("its softmax works along the last axis of its output {}, the width, because data_format is channels_first; for "
                  "probabilities over the channels use activation linear and a Softmax layer with axis 1",
                  output.text()));
    }

    /// Probabilities that further layers learn from. A softmax that weighs something (its values go into a product)
    /// is meant so.
    void softmaxInside(std::size_t at) {
        if (!reportAt(at).plan.endsInSoftmax) return;
        for (std::size_t down = at; m_index.consumers[down].size() == 1;) {
            down = m_index.consumers[down].front();
            if (m_index.inputs[down].size() != 1) return;
            if (!mixes(nodeAt(down))) continue;
            const bool again = std::ranges::any_of(m_out.order, [&](NodeId id) {
                return id != nodeAt(at).id && m_out.nodes.at(id).plan.endsInSoftmax && isEnd(m_index.place.at(id));
            });
            tell(at, "softmax.inside",
                 said("its softmax makes probabilities in the middle of the network, nearly all of them close "
                      "to 0, which \"{}\" has to learn from{}; softmax belongs behind the last layer, here "
                      "relu is usual",
                      nodeAt(down).name, again ? said(", and the network ends in softmax once more") : ""));
            return;
        }
    }

    /// With padding same a window always fits; but much of it may never meet the picture.
    void onPadding(std::size_t at, const Window& w) {
        if (!w.same) return;
        const Shape& input = reportAt(at).inputShapes.front();
        const IntList sizes = spatialSizes(nodeAt(at), input), used = reachedWindow(nodeAt(at), w.key, input);
        if (used.empty() || used == w.size) return;
        if (w.key == "pool_size" && cells(sizes) == 1) {
            tell(at, "window.on_padding",
                 said("its input is {} already, so there is nothing left to pool; remove it or a "
                      "pooling above it",
                      sizesText(sizes)));
            return;
        }
        tell(
            at, "window.on_padding",
            said(
                "of its {} window only {} ever lies on the {} values of its input, the rest sees nothing but "
                "padding; use {} {}",
                sizesText(w.size), sizesText(used), sizesText(sizes), w.key, sizesText(used)));
    }

    /// The references' rule: what is seen on a smaller picture is more complex and needs more filters.
    void fewerFilters(std::size_t at, const Window& w) {
        const Node& node = nodeAt(at);
        const std::int64_t filters = numberOf(node, "filters");
        if (filters == 0 || enlarges(node) || w.isPointwise() || isEnd(at)) return;
        const IntList here = spatialSizes(node, reportAt(at).inputShapes.front());
        for (std::size_t up = at; m_index.inputs[up].size() == 1;) {
            up = m_index.inputs[up].front();
            if (m_index.consumers[up].size() > 1) return; // one of several branches: together they have the filters
            const Node& above = nodeAt(up);
            const std::int64_t had = numberOf(above, "filters");
            if (had == 0 || enlarges(above) || Window(above).isPointwise()) continue;
            if (reportAt(up).inputShapes.empty()) return;
            const IntList there = spatialSizes(above, reportAt(up).inputShapes.front());
            if (filters >= had || cells(here) < 0 || cells(here) >= cells(there)) return;
            tell(at, "filters.fewer",
                 said("it has {} filters on {} cells, fewer than the {} of \"{}\" on {}; deeper "
                      "layers look for "
                      "combinations and usually have more filters",
                      filters, sizesText(here), had, above.name, sizesText(there)));
            return;
        }
    }

    /// Two matrices in a row are one matrix. Told at the upper one, which lacks the activation.
    void missingActivation(std::size_t at) {
        if (!mixes(nodeAt(at))) return;
        for (std::size_t up = at; m_index.inputs[up].size() == 1;) {
            up = m_index.inputs[up].front();
            const Node& above = nodeAt(up);
            if (staysLinear(above)) continue;
            if (!mixes(above) || !textIs(above, "activation", "linear") || m_told[up]) return;
            if (isBottleneck(up, at)) return;
            m_told[up] = true;
            tell(up, "activation.missing",
                 said("nothing bends its values before \"{}\", so the two together can do no more "
                      "than a single "
                      "such layer; set activation relu",
                      nodeAt(at).name));
            return;
        }
    }

    /// The first Dense behind a large picture: most of the network is in it.
    void manyParameters(std::size_t at) {
        const NodeReport& r = reportAt(at);
        if (r.parameters < kManyParameters || r.parameters * 2 < m_out.totals.parameters) return;
        const std::int64_t units = numberOf(nodeAt(at), "units");
        const std::string why = units == 0 ? said("its filters and channels are many")
                                           : said("{} values lead into each of its {} units",
                                                  grouped(r.inputShapes.front()[-1]), grouped(units));
        tell(at, "cost.parameters",
             said("{} of the network's {} parameters are here, because {}; make the picture smaller "
                  "before it, or "
                  "give it fewer {}",
                  grouped(r.parameters), grouped(m_out.totals.parameters), why,
                  units == 0 ? said("filters") : said("units")),
             r.parameters >= 50 * kManyParameters ? Severity::Warning : Severity::Hint);
    }

    /// A layer that works within a range of values which the pictures it gets do not have.
    void otherRange(std::size_t at) {
        const Node& node = nodeAt(at);
        const ParamValue::RealList range = realsOf(node, "value_range");
        if (range.empty()) return;
        const std::optional<ValueRange> values = imageValues(m_index, m_context, at);
        if (!values || values->width() <= 0) return;
        const auto [low, high] = std::ranges::minmax(range);
        const double met = std::min(high, values->high) - std::max(low, values->low), most = mostAdded(node) * (high - low);
        if (met < kLittle * values->width()) {
            tell(at, "advice.value_range",
                 said("its value_range is {} to {}, but its images have values from {} to {}: nearly all of a picture is cut off; {}, so use value_range "
                      "{}, {}",
                      low, high, values->low, values->high, howImagesCome(), values->low, values->high),
                 Severity::Warning);
        } else if (most > values->width()) {
            tell(at, "advice.value_range",
                 said("its value_range is {} to {}, so that up to {:.3g} is added to images with values from {} to {}: nothing of a picture is left; "
                      "{}, so use value_range {}, {}",
                      low, high, most, values->low, values->high, howImagesCome(), values->low, values->high),
                 Severity::Warning);
        }
    }
    std::string howImagesCome() const {
        if (!m_context.largestValue) return said("images come divided by 255, but as they are where the network scales them by itself");
        return *m_context.largestValue > 1 ? said("the images of this document come as they are") : said("the images of this document come divided by 255");
    }
    /// The part of its range that a layer adds to every value. One that multiplies (its amount cannot be negative) adds
    /// nothing: whatever the range, the picture stays.
    static double mostAdded(const Node& node) {
        const Param* factor = findLayerType(node.type)->schema.find("factor");
        if (factor == nullptr || factor->min >= 0) return 0;
        double most = 0;
        for (const double part : realsOf(node, "factor")) most = std::max(most, std::abs(part));
        return most;
    }

    /// One convolution that does most of the work, of which a pooling throws most away.
    void stridesForPooling() {
        const std::int64_t all = m_out.totals.macs;
        if (all < kMuchWork) return;
        for (std::size_t at = 0; at < m_index.size(); ++at) {
            const Node& node = nodeAt(at);
            if (reportAt(at).state != NodeState::Ready || !isOf(node, "convolution") || enlarges(node))
                continue;
            const std::int64_t macs = reportAt(at).plan.macs;
            if (static_cast<double>(macs) < kLionsShare * static_cast<double>(all)) continue;
            const Window w(node);
            if (std::ranges::any_of(w.strides, [](std::int64_t s) { return s != 1; }) || w.isPointwise())
                continue;
            if (std::ranges::any_of(w.dilation, [](std::int64_t d) { return d != 1; })) continue;
            std::size_t below = at;
            do {
                if (m_index.consumers[below].size() != 1) break;
                below = m_index.consumers[below].front();
            } while (isOf(nodeAt(below), "activation") || isOf(nodeAt(below), "normalization"));
            if (below == at || !isPooling(nodeAt(below))) continue;
            const Window pool(nodeAt(below));
            if (!pool.slides() || pool.isPointwise() || pool.strides.size() != w.strides.size()) continue;
            std::int64_t kept = 1;
            for (const std::int64_t s : pool.strides)
                kept *= s;
            if (kept < 2) continue;
            tell(at, "cost.strides",
                 said(
                     "it does {:.0f} % of all multiplications, and \"{}\" behind it keeps one of {} of its "
                     "results; strides {} here in place of that pooling cost 1/{} of it",
                     100.0 * static_cast<double>(macs) / static_cast<double>(all), nodeAt(below).name, kept,
                     sizesText(pool.strides), kept));
        }
    }

    /// Statistics over one image: mean 0 whatever it shows (in a row of values even nothing is left).
    void batchOfOne() {
        if (m_context.batchSize != 1) return;
        std::vector<std::size_t> found;
        for (const NodeId id : m_out.order) {
            const std::size_t at = m_index.place.at(id);
            if (reportAt(at).state == NodeState::Ready && readsBatch(nodeAt(at)) && nodeAt(at).trainable)
                found.push_back(at);
        }
        if (found.empty()) return;
        const std::string others =
            found.size() == 1 ? std::string() : found.size() == 2 ? said(" (and 1 more layer)") : said(" (and {} more layers)", found.size() - 1);
        tell(
            found.front(), "batch.of_one",
            said(
                "it takes its mean and variance over the images of a batch{}, but the batch size is 1; use a "
                "batch size of 16 or more, or a normalization that looks at one image only",
                others),
            Severity::Warning);
    }

    const GraphIndex& m_index;
    const AnalysisContext& m_context;
    GraphReport& m_out;
    std::vector<bool> m_told; ///< an activation is missing there
};

} // namespace

void advise(const GraphIndex& index, const AnalysisContext& context, GraphReport& report) {
    Advice(index, context, report).run();
}

} // namespace strata
