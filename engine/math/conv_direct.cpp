// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/workers.h"
#include "engine/math/conv_strategy.h"
#include "engine/math/conv_windows.h"
#include "engine/math/kernels/table.h"
#include "engine/math/weight_panels.h"

#include <algorithm>
#include <vector>

namespace strata::math {
namespace {

/// A kernel of one pixel without strides looks at each pixel alone: the image is one long row.
ConvGeometry flattened(ConvGeometry g) {
    const bool pointwise = g.kernelH == 1 && g.kernelW == 1 && g.strideH == 1 && g.strideW == 1 &&
                           g.padTop == 0 && g.padLeft == 0 && g.outH == g.inH && g.outW == g.inW;
    if (pointwise) {
        g.inW = g.outW = g.inH * g.inW;
        g.inH = g.outH = 1;
    }
    return g;
}

/// Where the taps of a phase lie in a panel of transposed weights, by the panel's width.
struct PhaseWeights {
    std::vector<std::int64_t> full; ///< a panel of full width
    std::vector<std::int64_t> last; ///< the last panel, which may be narrower
};

/// Walks a zero-padded copy of each sample with strides; no column matrix. The copy, the weights' panel and
/// the row of results stay in the L2 cache.
class DirectConv final : public ConvStrategy {
public:
    explicit DirectConv(const ConvGeometry& original)
        : ConvStrategy(flattened(original))
        , m_input(forwardWindow(geometry()))
        , m_gradient(backwardWindow(geometry())) {
        const ConvGeometry& g = geometry();
        m_ci = g.inC / g.groups;
        m_co = g.outC / g.groups;
        m_taps = g.kernelH * g.kernelW;
        m_wholeRows = g.dilationW == 1 && g.groups == 1;
        m_forwardPanels = {m_taps * m_ci, m_co};
        m_backwardPanels = {m_taps * m_co, m_ci};
        m_packForward = m_co > WeightPanels::kWidth;
        if (m_wholeRows) {
            for (std::int64_t kh = 0; kh < g.kernelH; ++kh)
                m_cells.push_back(kh * g.dilationH * m_input.rowFloats());
        } else {
            for (std::int64_t kh = 0; kh < g.kernelH; ++kh) {
                for (std::int64_t kw = 0; kw < g.kernelW; ++kw) {
                    m_cells.push_back(kh * g.dilationH * m_input.rowFloats() + kw * g.dilationW * g.inC);
                }
            }
        }
        m_phases = convPhases(g, m_gradient);
        m_missesInputs = missesInputs(g, m_phases);
        const std::int64_t lastWidth = m_backwardPanels.width(m_backwardPanels.count() - 1);
        for (const ConvPhase& phase : m_phases) {
            PhaseWeights& weights = m_phaseWeights.emplace_back();
            for (const std::int64_t tap : phase.taps) {
                weights.full.push_back(tap * m_co * WeightPanels::kWidth);
                weights.last.push_back(tap * m_co * lastWidth);
            }
        }
        m_samplesTogether = samplesTogether(std::max(m_input.bufferFloats(), m_gradient.bufferFloats()));
    }

    ConvAlgorithm algorithm() const override { return ConvAlgorithm::Direct; }
    /// A mapped gradient that does not stay in the cache would be no gain.
    ConvFusible fuses() const override {
        return {.gradient = geometry().outputFloats() <= kInCache, .addToInput = true};
    }
    std::int64_t forwardPreparedFloats() const override {
        return m_packForward ? m_forwardPanels.floats() * geometry().groups : 0;
    }
    std::int64_t backwardPreparedFloats() const override {
        return m_backwardPanels.floats() * geometry().groups;
    }
    std::int64_t scratchFloats() const override {
        const std::int64_t mapped = fuses().gradient ? geometry().outputFloats() : 0;
        return std::max(m_input.bufferFloats() * m_samplesTogether,
                        m_input.bufferFloats() + (m_gradient.bufferFloats() + mapped) * m_samplesTogether);
    }

    void prepareForward(const float* w, float* prepared, Workers& workers) const override {
        if (!m_packForward) return;
        const ConvGeometry& g = geometry();
        workers.run(g.groups * m_forwardPanels.count(), [&](std::int64_t task, int) {
            const std::int64_t group = task / m_forwardPanels.count();
            const std::int64_t panel = task % m_forwardPanels.count();
            const std::int64_t width = m_forwardPanels.width(panel);
            float* to = prepared + group * m_forwardPanels.floats() + m_forwardPanels.offset(panel);
            const float* from = w + group * m_co + panel * WeightPanels::kWidth;
            for (std::int64_t row = 0; row < m_forwardPanels.rows; ++row) {
                std::copy_n(from + row * g.outC, width, to + row * width);
            }
        });
    }

    /// Transposed within each tap: (tap, co) x ci.
    void prepareBackward(const float* w, float* prepared, Workers& workers) const override {
        const ConvGeometry& g = geometry();
        workers.run(g.groups * m_backwardPanels.count(), [&](std::int64_t task, int) {
            const std::int64_t group = task / m_backwardPanels.count();
            const std::int64_t panel = task % m_backwardPanels.count();
            const std::int64_t width = m_backwardPanels.width(panel);
            const std::int64_t firstInput = panel * WeightPanels::kWidth;
            float* to = prepared + group * m_backwardPanels.floats() + m_backwardPanels.offset(panel);
            for (std::int64_t tap = 0; tap < m_taps; ++tap) {
                const float* from = w + (tap * m_ci + firstInput) * g.outC + group * m_co;
                for (std::int64_t o = 0; o < m_co; ++o) {
                    for (std::int64_t c = 0; c < width; ++c)
                        to[(tap * m_co + o) * width + c] = from[c * g.outC + o];
                }
            }
        });
    }

    void forward(std::int64_t samples, const float* x, const float* w, const float* prepared,
                 const float* bias, float* y, float* scratch, const ConvFusion& fusion) const override {
        clear(m_input, scratch);
        for (std::int64_t first = 0; first < samples; first += m_samplesTogether) {
            const std::int64_t count = std::min(m_samplesTogether, samples - first);
            for (std::int64_t s = 0; s < count; ++s)
                place(m_input, x + (first + s) * geometry().inputFloats(), scratch, s);
            for (std::int64_t group = 0; group < geometry().groups; ++group) {
                const std::int64_t panels = m_packForward ? m_forwardPanels.count() : 1;
                for (std::int64_t panel = 0; panel < panels; ++panel) {
                    forwardPanel(first, count, x, w, prepared, bias, y, scratch, fusion, group, panel);
                }
            }
        }
    }

    /// A mapped gradient is made once for both.
    void backward(std::int64_t samples, const float* x, const float* dy, const float* prepared, float* dx, float* dw,
                  float* scratch, const ConvFusion& fusion) const override {
        const ConvGeometry& g = geometry();
        if (samples == 0 && dw != nullptr) std::fill_n(dw, g.weightFloats(), 0.0F);
        float* const input = scratch;
        float* const padded = input + m_input.bufferFloats();
        float* const mapped = padded + m_gradient.bufferFloats() * m_samplesTogether;
        if (dx != nullptr) clear(m_gradient, padded);
        if (dw != nullptr) m_input.clear(input);
        for (std::int64_t first = 0; first < samples; first += m_samplesTogether) {
            const std::int64_t count = std::min(m_samplesTogether, samples - first);
            const float* gradients = dy + first * g.outputFloats();
            if (const GradientMap& map = fusion.gradient; !map.isIdentity()) {
                kernels().cells->combineChannels(count * g.outH * g.outW, g.outC, gradients,
                                                 map.y + first * g.outputFloats(), map.a, map.b, map.c, mapped);
                gradients = mapped;
            }
            if (dx != nullptr)
                inputGradients(count, gradients, prepared, dx + first * g.inputFloats(), fusion.addToInput, padded);
            for (std::int64_t s = 0; dw != nullptr && s < count; ++s) {
                addWeightGradients(m_input.place(x + (first + s) * g.inputFloats(), input),
                                   gradients + s * g.outputFloats(), first + s > 0, dw);
            }
        }
    }

private:
    static constexpr std::int64_t kInCache = 64 * 1024; // floats

    /// Of one sample to dw, or for the first of them in its place.
    void addWeightGradients(const float* cells, const float* dy, bool add, float* dw) const {
        const ConvGeometry& g = geometry();
        Product p{};
        p.rows = m_wholeRows ? g.kernelW * m_ci : m_ci;
        p.columns = m_co;
        p.steps = g.outW;
        p.segments = g.outH;
        p.aRow = 1;
        p.aStep = g.strideW * g.inC;
        p.aSegment = g.strideH * m_input.rowFloats();
        p.bRow = g.outC;
        p.bSegment = g.outW * g.outC;
        p.cRow = g.outC;
        p.accumulate = add;
        for (std::int64_t group = 0; group < g.groups; ++group) {
            for (std::size_t tap = 0; tap < m_cells.size(); ++tap) {
                p.a = cells + m_cells[tap] + group * m_ci;
                p.b = dy + group * m_co;
                p.c = dw + static_cast<std::int64_t>(tap) * p.rows * g.outC + group * m_co;
                kernels().product(p);
            }
        }
    }

    void inputGradients(std::int64_t samples, const float* dy, const float* prepared, float* dx, bool add,
                        float* padded) const {
        if (m_missesInputs && !add) std::fill_n(dx, samples * geometry().inputFloats(), 0.0F);
        for (std::int64_t s = 0; s < samples; ++s)
            place(m_gradient, dy + s * geometry().outputFloats(), padded, s);
        for (std::int64_t group = 0; group < geometry().groups; ++group) {
            for (std::int64_t panel = 0; panel < m_backwardPanels.count(); ++panel) {
                for (std::int64_t s = 0; s < samples; ++s) {
                    backwardPanel(dy + s * geometry().outputFloats(), s, prepared, dx + s * geometry().inputFloats(),
                                  add, padded, group, panel);
                }
            }
        }
    }

    /// Large weights pass through the cache once for several small images.
    std::int64_t samplesTogether(std::int64_t bufferFloats) const {
        constexpr std::int64_t kLargeWeights = 64 * 1024; // floats
        constexpr std::int64_t kBuffer = 128 * 1024;      // floats
        if (geometry().weightFloats() < kLargeWeights || bufferFloats == 0) return 1;
        return std::clamp<std::int64_t>(kBuffer / bufferFloats, 1, 8);
    }

    void clear(const PaddedImage& image, float* scratch) const {
        for (std::int64_t s = 0; s < m_samplesTogether; ++s)
            image.clear(scratch + s * image.bufferFloats());
    }
    static const float* place(const PaddedImage& image, const float* from, float* scratch,
                              std::int64_t slot) {
        return image.place(from, scratch + slot * image.bufferFloats());
    }
    /// What place() returned before.
    static const float* placed(const PaddedImage& image, const float* from, float* scratch,
                               std::int64_t slot) {
        return image.needsCopy() ? scratch + slot * image.bufferFloats()
                                 : from + (image.top * image.width + image.left) * image.channels;
    }

    void forwardPanel(std::int64_t first, std::int64_t count, const float* x, const float* w,
                      const float* prepared, const float* bias, float* y, float* scratch,
                      const ConvFusion& fusion, std::int64_t group, std::int64_t panel) const {
        const ConvGeometry& g = geometry();
        Product p{};
        p.rows = g.outW;
        p.columns = m_packForward ? m_forwardPanels.width(panel) : m_co;
        p.segments = static_cast<std::int64_t>(m_cells.size());
        p.steps = m_taps * m_ci / p.segments;
        p.aRow = g.strideW * g.inC;
        p.aStep = 1;
        p.aOffsets = m_cells.data();
        p.b = m_packForward ? prepared + group * m_forwardPanels.floats() + m_forwardPanels.offset(panel)
                            : w + group * m_co;
        p.bRow = m_packForward ? p.columns : g.outC;
        p.bSegment = p.steps * p.bRow;
        p.cRow = g.outC;
        const std::int64_t column = group * m_co + panel * WeightPanels::kWidth;
        p.bias = bias == nullptr ? nullptr : bias + column;
        p.relu = fusion.relu;
        for (std::int64_t s = 0; s < count; ++s) {
            const float* cells =
                placed(m_input, x + (first + s) * g.inputFloats(), scratch, s) + group * m_ci;
            for (std::int64_t oh = 0; oh < g.outH; ++oh) {
                p.a = cells + oh * g.strideH * m_input.rowFloats();
                p.c = y + (first + s) * g.outputFloats() + oh * g.outW * g.outC + column;
                kernels().product(p);
            }
        }
    }

    void backwardPanel(const float* dy, std::int64_t slot, const float* prepared, float* dx, bool add, float* scratch,
                       std::int64_t group, std::int64_t panel) const {
        const ConvGeometry& g = geometry();
        const std::int64_t width = m_backwardPanels.width(panel);
        const float* cells = placed(m_gradient, dy, scratch, slot) + group * m_co;
        Product p{};
        p.columns = width;
        p.steps = m_co;
        p.aRow = g.outC;
        p.aStep = 1;
        p.b = prepared + group * m_backwardPanels.floats() + m_backwardPanels.offset(panel);
        p.bRow = width;
        p.cRow = g.strideW * g.inC;
        p.accumulate = add;
        for (std::size_t i = 0; i < m_phases.size(); ++i) {
            const ConvPhase& phase = m_phases[i];
            p.rows = phase.columns;
            p.segments = static_cast<std::int64_t>(phase.gradients.size());
            p.aOffsets = phase.gradients.data();
            p.bOffsets =
                (width == WeightPanels::kWidth ? m_phaseWeights[i].full : m_phaseWeights[i].last).data();
            for (std::int64_t row = 0; row < phase.rows; ++row) {
                p.a = cells + phase.base + row * m_gradient.rowFloats();
                p.c = dx + ((phase.firstRow + row * g.strideH) * g.inW + phase.firstColumn) * g.inC +
                      group * m_ci + panel * WeightPanels::kWidth;
                kernels().product(p);
            }
        }
    }

    PaddedImage m_input, m_gradient;
    std::int64_t m_ci = 0, m_co = 0, m_taps = 0;
    /// A whole row of the kernel is one run of cells.
    bool m_wholeRows = false;
    bool m_packForward = false;
    WeightPanels m_forwardPanels, m_backwardPanels;
    std::int64_t m_samplesTogether = 1;
    /// Offset of each run of cells (a row of the kernel, or a tap) from the first cell of an output's window.
    std::vector<std::int64_t> m_cells;
    std::vector<ConvPhase> m_phases;
    bool m_missesInputs = false;
    std::vector<PhaseWeights> m_phaseWeights; // of each phase
};

} // namespace

std::unique_ptr<const ConvStrategy> makeDirectConv(const ConvGeometry& g) {
    return std::make_unique<DirectConv>(g);
}

} // namespace strata::math
