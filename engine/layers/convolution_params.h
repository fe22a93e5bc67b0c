// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/said.h"
#include "engine/layers/convolution_layer.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/weight_params.h"
#include "engine/layers/window.h"

namespace strata {

template <std::size_t N>
constexpr std::array<std::int64_t, N> filled(std::int64_t value) {
    std::array<std::int64_t, N> out{};
    out.fill(value);
    return out;
}

/// The window of a convolution over N axes, as all kinds of convolution have it.
template <std::size_t N>
struct ConvWindow {
    std::array<std::int64_t, N> kernelSize = filled<N>(3);
    std::array<std::int64_t, N> strides = filled<N>(1);
    std::string padding = "valid"; ///< "causal" for one axis only
    std::array<std::int64_t, N> dilationRate = filled<N>(1);

    bool causal() const { return padding == "causal"; }
    SlidingWindow<N> window() const {
        return {kernelSize, strides, dilationRate, padding == "same" ? Padding::Same : Padding::Valid};
    }
    /// Where the windows lie; the error of a window that does not fit.
    Result<std::array<AxisWindows, N>> place(const Shape& in) const {
        if (!causal()) return placeWindows(in, window(), "kernel_size");
        Shape wider = in;
        const std::int64_t before = (kernelSize[0] - 1) * dilationRate[0];
        if (in[0] >= 0) wider.set(0, in[0] + before);
        auto axes = placeWindows(wider, window(), "kernel_size");
        if (axes) (*axes)[0].before = in[0] >= 0 ? before : 0;
        return axes;
    }

    template <class P>
    static void addKernelSize(SchemaOf<P>& s) {
        s.field(&ConvWindow::kernelSize, {.key = "kernel_size",
                                          .label = "Kernel size",
                                          .doc = "The size of each filter in cells. 3 is the usual choice.",
                                          .min = 1,
                                          .max = 4096});
    }
    template <class P>
    static void addStrides(SchemaOf<P>& s) {
        s.field(&ConvWindow::strides, {.key = "strides",
                                       .label = "Strides",
                                       .doc = "By how many cells the filter moves on. 2 halves the picture.",
                                       .min = 1,
                                       .max = 4096});
    }
    template <class P>
    static void addPadding(SchemaOf<P>& s, bool withCausal) {
        std::string doc = "valid: the filter stays inside the input, which shrinks. same: zeros are put "
                          "around it, so that with strides "
                          "of 1 the size stays.";
        std::vector<std::string> choices{"valid", "same"};
        if (withCausal) {
            choices.emplace_back("causal");
            doc += " causal: all zeros before the beginning, so that no step sees a later one.";
        }
        s.field(&ConvWindow::padding, {.key = "padding", .label = "Padding", .doc = doc, .choices = choices});
    }
    template <class P>
    static void addDilation(SchemaOf<P>& s) {
        s.field(&ConvWindow::dilationRate, {.key = "dilation_rate",
                                            .label = "Dilation",
                                            .doc = "Spreads the filter's cells so far apart, so that it sees "
                                                   "a larger area with the same number of weights. Not "
                                                   "together with strides above 1.",
                                            .min = 1,
                                            .max = 4096,
                                            .advanced = true});
    }
    /// ", stride 2×2, dilation ..." for a summary
    std::string text() const;
};

/// The job for windows that are placed. requires: in has N axes and channels, all known
template <std::size_t N>
ConvolutionJob jobFor(const ConvWindow<N>& w, const Shape& in, const std::array<AxisWindows, N>& axes,
                      std::int64_t filters, std::int64_t groups) {
    constexpr std::size_t last = N - 1;
    ConvolutionJob job;
    math::ConvGeometry& g = job.slice;
    g = {.inW = in[static_cast<int>(last)],
         .inC = in[static_cast<int>(N)],
         .outW = axes[last].out,
         .outC = filters,
         .kernelW = w.kernelSize[last],
         .strideW = w.strides[last],
         .dilationW = w.dilationRate[last],
         .padLeft = axes[last].before,
         .groups = groups};
    if constexpr (N >= 2) {
        g.inH = in[static_cast<int>(last) - 1];
        g.outH = axes[last - 1].out;
        g.kernelH = w.kernelSize[last - 1];
        g.strideH = w.strides[last - 1];
        g.dilationH = w.dilationRate[last - 1];
        g.padTop = axes[last - 1].before;
    }
    if constexpr (N == 3) {
        job.depth = {in[0], axes[0].out, w.kernelSize[0], w.strides[0], w.dilationRate[0], axes[0].before};
        job.volume = true;
    }
    return job;
}

template <std::size_t N>
std::string ConvWindow<N>::text() const {
    std::string out = ", " + padding; // Keras's word // Keras's word
    if (strides != filled<N>(1)) out += said(", stride {}", timesText(strides));
    if (dilationRate != filled<N>(1)) out += said(", dilation {}", timesText(dilationRate));
    return out;
}

inline std::string filtersText(std::int64_t count) {
    return count == 1 ? said("1 filter") : said("{} filters", count);
}
inline Error unknownChannels() {
    return failure("layer.channels_unknown",
                   said("the number of channels of its input is not known; say it in the Input"));
}
inline Param filtersParam() {
    return {.key = "filters",
            .label = "Filters",
            .doc = "How many patterns the layer looks for: the number of output channels.",
            .min = 1,
            .max = 65536};
}

} // namespace strata
