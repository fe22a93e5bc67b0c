// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/layers/layer.h"

#include <array>
#include <string_view>

namespace strata {

/// Keras's paddings of a sliding window: no padding at all, or as much zeros as make ceil(n / stride)
/// windows.
enum class Padding { Valid, Same };
std::span<const std::string_view> choiceNames(Padding);

/// A window that slides over N spatial axes.
template <std::size_t N>
struct SlidingWindow {
    std::array<std::int64_t, N> kernel{};
    std::array<std::int64_t, N> stride{};
    std::array<std::int64_t, N> dilation{};
    Padding padding = Padding::Valid;
};

/// Where the windows lie along one axis. `out` and the paddings are kUnknown / 0 for an axis of unknown size.
struct AxisWindows {
    std::int64_t out = Shape::kUnknown;
    std::int64_t before = 0, after = 0; ///< cells of padding
};
/// same: out = ceil(n / s), total padding max((out - 1) s + (k - 1) d + 1 - n, 0), the smaller half before;
/// valid: floor((n - (k - 1) d - 1) / s) + 1 windows, which may be < 1: then the window does not fit.
AxisWindows placeWindows(std::int64_t n, std::int64_t kernel, std::int64_t stride, std::int64_t dilation,
                         Padding padding);

/// Checks that the window fits and that not both strides and dilation are used, as Keras demands.
/// `sizes`, `kernel`, `stride`, `dilation`: one value an axis. `kernelKey` is the parameter's name, for the
/// remedy.
Result<void> checkWindows(std::span<const std::int64_t> sizes, std::span<const std::int64_t> kernel,
                          std::span<const std::int64_t> stride, std::span<const std::int64_t> dilation,
                          Padding padding, std::string_view kernelKey);

template <std::size_t N>
Result<std::array<AxisWindows, N>> placeWindows(const Shape& input, const SlidingWindow<N>& w,
                                                std::string_view kernelKey) {
    const Result<void> fits =
        checkWindows(input.dims().first(N), w.kernel, w.stride, w.dilation, w.padding, kernelKey);
    if (!fits) return fits.error();
    std::array<AxisWindows, N> axes{};
    for (std::size_t i = 0; i < N; ++i) {
        axes[i] =
            placeWindows(input[static_cast<int>(i)], w.kernel[i], w.stride[i], w.dilation[i], w.padding);
    }
    return axes;
}

/// requires: input is (H, W, C) with known H and W, and the window fits
WindowGeometry windowGeometry(const SlidingWindow<2>& w, const Shape& input);
/// Along one axis the other is 1; of a window in a volume it is kUnknownField.
ReceptiveStep receptiveStep(const SlidingWindow<1>& w);
ReceptiveStep receptiveStep(const SlidingWindow<2>& w);
ReceptiveStep receptiveStep(const SlidingWindow<3>& w);
/// Of layers that make pictures larger: how much a value sees depends on where it lies.
inline constexpr ReceptiveStep kUnknownField{.windowH = 0, .windowW = 0};

/// The error of a layer that wants so many spatial axes, and channels, but gets another rank.
Error wrongRank(const Shape& input, int spatialAxes);

/// "3×3": for summaries.
std::string timesText(std::span<const std::int64_t> sizes);

} // namespace strata
