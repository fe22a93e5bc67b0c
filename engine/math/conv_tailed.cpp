// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/workers.h"
#include "engine/math/conv_strategy.h"
#include "engine/math/kernels/table.h"

#include <algorithm>

namespace strata::math {
namespace {

constexpr std::int64_t kLanes =
    16; ///< of the widest vectors, so that the choice does not depend on the processor
constexpr std::int64_t kMostTail = 1;
constexpr std::int64_t kMostMain = 64;

/// Channels: whole vectors, and those that are left over behind them.
struct Cut {
    explicit Cut(std::int64_t channels)
        : main(channels / kLanes * kLanes)
        , tail(channels - main) {}
    std::int64_t main, tail;
    std::int64_t all() const { return main + tail; }
};

/// What a correlation owes to the last channels: y's first channels get the products with x's last ones, y's
/// last ones those with all of x. Strides and dilation are 1; x (inH, inW, inC), y (outH, outW, outC).
class TailPass {
public:
    TailPass(const ConvGeometry& g, std::int64_t top, std::int64_t left)
        : m_g(g)
        , m_in(g.inC)
        , m_out(g.outC)
        , m_top(top)
        , m_left(left)
        , m_taps(g.kernelH * g.kernelW)
        , m_windowWidth(g.outW + g.kernelW - 1) {}

    const Cut& in() const { return m_in; }
    std::int64_t taps() const { return m_taps; }
    std::int64_t pixels() const { return m_g.outH * m_g.outW; }

    /// Weights as add() takes them: of x's tail (in().tail, taps, y's main), then for each of y's last
    /// channels those of x's main (taps, in().main), then those of x's tail (in().tail, taps).
    std::int64_t preparedFloats() const { return tailFloats() + m_out.tail * (dotFloats() + cornerFloats()); }
    /// weight(tap, c, o)
    template <class F>
    void prepare(const F& weight, float* to) const {
        for (std::int64_t c = 0; c < m_in.tail; ++c) {
            for (std::int64_t tap = 0; tap < m_taps; ++tap) {
                for (std::int64_t o = 0; o < m_out.main; ++o)
                    *to++ = weight(tap, m_in.main + c, o);
            }
        }
        for (std::int64_t o = m_out.main; o < m_out.all(); ++o) {
            for (std::int64_t tap = 0; tap < m_taps; ++tap) {
                for (std::int64_t c = 0; c < m_in.main; ++c)
                    *to++ = weight(tap, c, o);
            }
            for (std::int64_t c = 0; c < m_in.tail; ++c) {
                for (std::int64_t tap = 0; tap < m_taps; ++tap)
                    *to++ = weight(tap, m_in.main + c, o);
            }
        }
    }

    /// Cells of x's last channels under each output: (in().tail, taps, pixels()), rows columnFloats() apart
    /// (which is no power of two). `columns` has scratchFloats().
    std::int64_t columnFloats() const { return aligned(pixels()) + kLanes; }
    std::int64_t scratchFloats() const {
        return m_in.tail * m_taps * columnFloats() + std::max(aligned(windowFloats()), columnFloats());
    }
    void makeColumns(const float* x, float* columns) const {
        float* const window = columns + m_in.tail * m_taps * columnFloats();
        for (std::int64_t c = 0; c < m_in.tail; ++c) {
            copyWindow(x + m_in.main + c, window);
            for (std::int64_t tap = 0; tap < m_taps; ++tap) {
                const float* from = window + tap / m_g.kernelW * m_windowWidth + tap % m_g.kernelW;
                kernels().pixels->copy(m_g.outH, m_g.outW, from, m_windowWidth,
                                       columns + (c * m_taps + tap) * columnFloats(), m_g.outW);
            }
        }
    }

    /// Adds to y's first channels, overwrites (or adds to) the last ones. bias: of all of y's channels,
    /// nullable; those of the first are in y already.
    void add(const float* x, float* columns, const float* prepared, const float* bias, bool addTail,
             bool relu, float* y) const {
        if (m_in.tail > 0) {
            Product p = ofColumns(columns);
            p.b = prepared;
            p.bRow = m_out.main;
            p.columns = m_out.main;
            p.c = y;
            p.cRow = m_out.all();
            p.accumulate = true;
            p.relu = relu;
            kernels().product(p);
        }
        float* const corner = columns + m_in.tail * m_taps * columnFloats(); // the window has done its work
        for (std::int64_t o = 0; o < m_out.tail; ++o) {
            const float* weights = prepared + tailFloats() + o * (dotFloats() + cornerFloats());
            if (m_in.tail > 0) addCorner(columns, weights + dotFloats(), corner);
            kernels().pixels->dots({m_g.inH, m_g.inW, m_g.outH, m_g.outW, m_g.kernelH, m_top, m_left,
                                    m_in.main, m_in.all(), x, weights, m_in.tail > 0 ? corner : nullptr,
                                    bias == nullptr ? 0.0F : bias[m_out.main + o], addTail, relu,
                                    y + m_out.main + o, m_out.all()});
        }
    }

private:
    std::int64_t tailFloats() const { return m_in.tail * m_taps * m_out.main; }
    std::int64_t dotFloats() const { return m_taps * m_in.main; }
    std::int64_t cornerFloats() const { return m_in.tail * m_taps; }
    std::int64_t windowFloats() const { return (m_g.outH + m_g.kernelH - 1) * m_windowWidth; }

    /// One channel with the zeros around it.
    void copyWindow(const float* channel, float* window) const {
        const std::int64_t firstRow = std::max<std::int64_t>(-m_top, 0);
        std::fill_n(window, windowFloats(), 0.0F);
        const std::int64_t rows = std::min(m_g.inH, m_g.outH + m_g.kernelH - 1 - m_top);
        const std::int64_t columns = std::min(m_g.inW, m_windowWidth - m_left);
        for (std::int64_t row = firstRow; row < rows; ++row) {
            const float* from = channel + row * m_g.inW * m_in.all();
            float* const to = window + (row + m_top) * m_windowWidth + m_left;
            for (std::int64_t column = 0; column < columns; ++column)
                to[column] = from[column * m_in.all()];
        }
    }

    /// A product whose rows are pixels and whose steps are the columns.
    Product ofColumns(const float* columns) const {
        Product p{};
        p.rows = pixels();
        p.steps = m_in.tail * m_taps;
        p.segments = 1;
        p.a = columns;
        p.aRow = 1;
        p.aStep = columnFloats();
        return p;
    }

    /// corner(pixels) of the columns and their weights: lanes are pixels.
    void addCorner(const float* columns, const float* weights, float* corner) const {
        Product p{};
        p.rows = 1;
        p.columns = pixels();
        p.steps = m_in.tail * m_taps;
        p.segments = 1;
        p.a = weights;
        p.aRow = p.steps;
        p.aStep = 1;
        p.b = columns;
        p.bRow = columnFloats();
        p.c = corner;
        p.cRow = p.columns;
        kernels().product(p);
    }

    ConvGeometry m_g;
    Cut m_in, m_out;
    std::int64_t m_top, m_left, m_taps, m_windowWidth;
};

/// 17 channels cost two vectors of 16 where 16 cost one. Winograd's algorithm does what fills vectors; what
/// the last channels give and get is added by plain sums over the taps, in which pixels or the other channels
/// fill the vectors.
class TailedConv final : public ConvStrategy {
public:
    TailedConv(const ConvGeometry& g, std::unique_ptr<const ConvStrategy> main)
        : ConvStrategy(g)
        , m_main(std::move(main))
        , m_in(g.inC)
        , m_out(g.outC)
        , m_forward(g, g.padTop, g.padLeft)
        , m_backward(turned(g), g.kernelH - 1 - g.padTop, g.kernelW - 1 - g.padLeft) {}

    ConvAlgorithm algorithm() const override { return m_main->algorithm(); }
    ConvFusible fuses() const override { return {.addToInput = true}; }
    std::int64_t forwardPreparedFloats() const override {
        return aligned(m_main->forwardPreparedFloats()) + m_forward.preparedFloats();
    }
    std::int64_t backwardPreparedFloats() const override {
        return aligned(m_main->backwardPreparedFloats()) + m_backward.preparedFloats();
    }
    std::int64_t scratchFloats() const override {
        return std::max(m_main->scratchFloats(), aligned(m_forward.scratchFloats()) +
                                                     aligned(m_backward.scratchFloats()) + sumFloats());
    }

    void prepareForward(const float* w, float* prepared, Workers& workers) const override {
        m_main->prepareForward(w, prepared, workers);
        const ConvGeometry& g = geometry();
        m_forward.prepare([&](std::int64_t tap, std::int64_t c,
                              std::int64_t o) { return w[(tap * g.inC + c) * g.outC + o]; },
                          prepared + aligned(m_main->forwardPreparedFloats()));
    }
    void prepareBackward(const float* w, float* prepared, Workers& workers) const override {
        m_main->prepareBackward(w, prepared, workers);
        const ConvGeometry& g = geometry();
        const std::int64_t last = m_backward.taps() - 1;
        m_backward.prepare([&](std::int64_t tap, std::int64_t o,
                               std::int64_t c) { return w[((last - tap) * g.inC + c) * g.outC + o]; },
                           prepared + aligned(m_main->backwardPreparedFloats()));
    }

    void forward(std::int64_t samples, const float* x, const float* w, const float* prepared,
                 const float* bias, float* y, float* scratch, const ConvFusion& fusion) const override {
        ConvFusion ofMain = fusion;
        ofMain.relu = fusion.relu && m_in.tail == 0;
        m_main->forward(samples, x, w, prepared, bias, y, scratch, ofMain);
        const float* weights = prepared + aligned(m_main->forwardPreparedFloats());
        for (std::int64_t s = 0; s < samples; ++s) {
            const float* cells = x + s * geometry().inputFloats();
            m_forward.makeColumns(cells, scratch);
            m_forward.add(cells, scratch, weights, bias, false, fusion.relu,
                          y + s * geometry().outputFloats());
        }
    }

    void backward(std::int64_t samples, const float* x, const float* dy, const float* prepared, float* dx,
                  float* dw, float* scratch, const ConvFusion& fusion) const override {
        m_main->backward(samples, x, dy, prepared, dx, dw, scratch, fusion);
        if (samples == 0) return;
        float* const inputs = scratch;
        float* const gradients = inputs + aligned(m_forward.scratchFloats());
        float* const sums = gradients + aligned(m_backward.scratchFloats());
        for (std::int64_t s = 0; s < samples; ++s) {
            const float* gradient = dy + s * geometry().outputFloats();
            m_backward.makeColumns(gradient, gradients);
            if (dx != nullptr) {
                m_backward.add(gradient, gradients, prepared + aligned(m_main->backwardPreparedFloats()),
                               nullptr, fusion.addToInput, false, dx + s * geometry().inputFloats());
            }
            if (dw == nullptr) continue;
            const float* cells = x + s * geometry().inputFloats();
            m_forward.makeColumns(cells, inputs);
            addInputTail(inputs, gradient, s > 0, dw);
            addOutputTail(gradients, cells, s > 0, sums);
        }
        if (dw != nullptr) takeOutputTail(sums, dw);
    }

private:
    /// The correlation that makes dx of dy.
    static ConvGeometry turned(ConvGeometry g) {
        std::swap(g.inH, g.outH);
        std::swap(g.inW, g.outW);
        std::swap(g.inC, g.outC);
        return g;
    }
    std::int64_t sumFloats() const { return m_out.tail * m_forward.taps() * m_in.main; }

    /// The weights of x's last channels: all of them.
    void addInputTail(const float* columns, const float* dy, bool add, float* dw) const {
        Product p = ofTaps(m_forward, dy, geometry().outC, geometry().outC, add);
        for (std::int64_t c = 0; c < m_in.tail; ++c) {
            p.a = columns + c * m_forward.taps() * m_forward.columnFloats();
            p.c = dw + (m_in.main + c) * geometry().outC;
            p.cRow = geometry().inC * geometry().outC;
            kernels().product(p);
        }
    }
    /// The weights of y's last channels and x's first, in sums (m_out.tail, taps from last to first,
    /// m_in.main).
    void addOutputTail(const float* columns, const float* x, bool add, float* sums) const {
        Product p = ofTaps(m_backward, x, geometry().inC, m_in.main, add);
        p.cRow = m_in.main;
        for (std::int64_t o = 0; o < m_out.tail; ++o) {
            p.a = columns + o * m_backward.taps() * m_backward.columnFloats();
            p.c = sums + o * m_backward.taps() * m_in.main;
            kernels().product(p);
        }
    }
    void takeOutputTail(const float* sums, float* dw) const {
        const std::int64_t taps = m_forward.taps();
        for (std::int64_t o = 0; o < m_out.tail; ++o) {
            for (std::int64_t tap = 0; tap < taps; ++tap) {
                for (std::int64_t c = 0; c < m_in.main; ++c) {
                    dw[((taps - 1 - tap) * geometry().inC + c) * geometry().outC + m_out.main + o] =
                        sums[(o * taps + tap) * m_in.main + c];
                }
            }
        }
    }
    /// Rows are taps, steps are pixels of `image`.
    static Product ofTaps(const TailPass& pass, const float* image, std::int64_t pixel, std::int64_t columns,
                          bool add) {
        Product p{};
        p.rows = pass.taps();
        p.columns = columns;
        p.steps = pass.pixels();
        p.segments = 1;
        p.aRow = pass.columnFloats();
        p.aStep = 1;
        p.b = image;
        p.bRow = pixel;
        p.accumulate = add;
        return p;
    }

    std::unique_ptr<const ConvStrategy> m_main;
    Cut m_in, m_out;
    TailPass m_forward, m_backward;
};

bool isShortTail(const Cut& cut) {
    return cut.main > 0 && cut.main <= kMostMain && cut.tail <= kMostTail;
}

} // namespace

std::unique_ptr<const ConvStrategy> makeTailedConv(const ConvGeometry& g, std::int64_t side) {
    const Cut in(g.inC);
    const Cut out(g.outC);
    const bool applies = isShortTail(in) && isShortTail(out) && in.tail + out.tail > 0 &&
                         g.padTop < g.kernelH && g.padLeft < g.kernelW;
    if (!applies) return nullptr;
    ConvGeometry main = g;
    main.inC = in.main;
    main.outC = out.main;
    std::unique_ptr<const ConvStrategy> winograd = makeWinogradConv(main, side, {g.inC, g.outC});
    if (!winograd) return nullptr;
    return std::make_unique<TailedConv>(g, std::move(winograd));
}

} // namespace strata::math
