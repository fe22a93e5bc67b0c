// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/window.h"

#include "engine/core/said.h"

#include <algorithm>

namespace strata {
namespace {

std::int64_t extent(std::int64_t kernel, std::int64_t dilation) {
    return (kernel - 1) * dilation + 1;
}

std::string spacedText(std::span<const std::int64_t> sizes) {
    std::string out;
    for (const std::int64_t s : sizes) {
        if (!out.empty()) out += " × ";
        out += s < 0 ? std::string("?") : std::to_string(s);
    }
    return out;
}

/// "3" for a square, "3 × 5" otherwise.
std::string shortText(const std::vector<std::int64_t>& sizes) {
    const bool square = std::ranges::all_of(sizes, [&](std::int64_t s) { return s == sizes.front(); });
    return square ? std::to_string(sizes.front()) : spacedText(sizes);
}

Error doesNotFit(std::span<const std::int64_t> sizes, std::span<const std::int64_t> kernel,
                 std::span<const std::int64_t> dilation, std::string_view kernelKey) {
    std::vector<std::int64_t> wide;
    std::vector<std::int64_t> smaller;
    bool dilated = false;
    for (std::size_t i = 0; i < kernel.size(); ++i) {
        wide.push_back(extent(kernel[i], dilation[i]));
        const std::int64_t room =
            sizes[i] < 0 ? kernel[i] : std::max<std::int64_t>((sizes[i] - 1) / dilation[i] + 1, 1);
        std::int64_t fits = std::min(kernel[i], room);
        // Kernels are odd, so that they have a centre: the same size as the repair's.
        if (kernelKey == "kernel_size" && kernel[i] % 2 == 1 && fits % 2 == 0) --fits;
        smaller.push_back(fits);
        dilated = dilated || dilation[i] > 1;
    }
    const std::string spread =
        dilated ? said(" (spread over {} by dilation_rate)", spacedText(wide)) : std::string();
    return failure("layer.window_too_large",
                   said("the {} window{} does not fit into {} values; use {} {} or padding same",
                        spacedText(kernel), spread, spacedText(sizes), kernelKey, shortText(smaller)));
}

} // namespace

std::span<const std::string_view> choiceNames(Padding) {
    static constexpr std::array<std::string_view, 2> names{"valid", "same"};
    return names;
}

AxisWindows placeWindows(std::int64_t n, std::int64_t kernel, std::int64_t stride, std::int64_t dilation,
                         Padding padding) {
    if (n < 0) return {};
    const std::int64_t wide = extent(kernel, dilation);
    if (padding == Padding::Valid) return {n < wide ? 0 : (n - wide) / stride + 1, 0, 0};
    const std::int64_t out = (n + stride - 1) / stride;
    const std::int64_t total = std::max<std::int64_t>((out - 1) * stride + wide - n, 0);
    return {out, total / 2, total - total / 2};
}

Result<void> checkWindows(std::span<const std::int64_t> sizes, std::span<const std::int64_t> kernel,
                          std::span<const std::int64_t> stride, std::span<const std::int64_t> dilation,
                          Padding padding, std::string_view kernelKey) {
    const auto above1 = [](std::int64_t v) { return v > 1; };
    if (std::ranges::any_of(stride, above1) && std::ranges::any_of(dilation, above1)) {
        return failure(
            "layer.stride_and_dilation",
            said("strides {} and dilation_rate {} cannot both be greater than 1; set one of them to 1",
                 spacedText(stride), spacedText(dilation)));
    }
    for (std::size_t i = 0; i < kernel.size(); ++i) {
        if (sizes[i] >= 0 && placeWindows(sizes[i], kernel[i], stride[i], dilation[i], padding).out < 1) {
            return doesNotFit(sizes, kernel, dilation, kernelKey);
        }
    }
    return {};
}

WindowGeometry windowGeometry(const SlidingWindow<2>& w, const Shape& input) {
    const AxisWindows h = placeWindows(input[0], w.kernel[0], w.stride[0], w.dilation[0], w.padding);
    const AxisWindows v = placeWindows(input[1], w.kernel[1], w.stride[1], w.dilation[1], w.padding);
    return {.kernelH = w.kernel[0],
            .kernelW = w.kernel[1],
            .strideH = w.stride[0],
            .strideW = w.stride[1],
            .dilationH = w.dilation[0],
            .dilationW = w.dilation[1],
            .padTop = h.before,
            .padBottom = h.after,
            .padLeft = v.before,
            .padRight = v.after};
}

ReceptiveStep receptiveStep(const SlidingWindow<1>& w) {
    return {.windowH = extent(w.kernel[0], w.dilation[0]), .strideH = w.stride[0]};
}

ReceptiveStep receptiveStep(const SlidingWindow<3>&) {
    return kUnknownField;
}

ReceptiveStep receptiveStep(const SlidingWindow<2>& w) {
    return {.windowH = extent(w.kernel[0], w.dilation[0]),
            .windowW = extent(w.kernel[1], w.dilation[1]),
            .strideH = w.stride[0],
            .strideW = w.stride[1]};
}

Error wrongRank(const Shape& input, int spatialAxes) {
    const char* wanted = spatialAxes == 1   ? toSay("steps × channels")
                         : spatialAxes == 2 ? toSay("height × width × channels")
                                            : toSay("depth × height × width × channels");
    std::string remedy = said("insert a Reshape");
    if (input.rank() <= 1)
        remedy = said("put it above the layer that makes a row of the picture, or insert a Reshape");
    else if (input.rank() == spatialAxes)
        remedy = said("give the Input its axis of channels, or insert a Reshape");
    else if (input.rank() <= 3)
        remedy = said("use the layer's {}D form, or insert a Reshape", input.rank() - 1);
    return failure("layer.rank", said("it needs an input of {}, but gets {}; {}", saidWord(wanted), input.text(), remedy));
}

std::string timesText(std::span<const std::int64_t> sizes) {
    std::string out;
    for (const std::int64_t s : sizes)
        out += (out.empty() ? "" : "×") + std::to_string(s);
    return out;
}

} // namespace strata
