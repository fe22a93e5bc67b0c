// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/look/colormap.h"

#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace strata::ui {
namespace {

constexpr QRgb kNotANumber = qRgb(128, 128, 128);

std::array<QRgb, 256> viridisTable() {
    // Every ninth of the published map; a Catmull-Rom spline between them stays within two of 255 levels of
    // it.
    constexpr std::array<std::array<int, 3>, 10> anchors{{{68, 1, 84},
                                                          {72, 40, 120},
                                                          {62, 73, 137},
                                                          {49, 104, 142},
                                                          {38, 130, 142},
                                                          {31, 158, 137},
                                                          {53, 183, 121},
                                                          {110, 206, 88},
                                                          {181, 222, 43},
                                                          {253, 231, 37}}};
    std::array<QRgb, 256> table{};
    for (int i = 0; i < 256; ++i) {
        const double at = i / 255.0 * 9.0;
        const int k = std::min(static_cast<int>(at), 8);
        const double t = at - k;
        int rgb[3];
        for (int c = 0; c < 3; ++c) {
            const auto anchor = [&](int j) {
                if (j < 0) return 2.0 * anchors[0][c] - anchors[1][c];
                if (j > 9) return 2.0 * anchors[9][c] - anchors[8][c];
                return static_cast<double>(anchors[j][c]);
            };
            const double p0 = anchor(k - 1), p1 = anchor(k), p2 = anchor(k + 1), p3 = anchor(k + 2);
            const double value = 0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t * t +
                                        (3 * p1 - p0 - 3 * p2 + p3) * t * t * t);
            rgb[c] = std::clamp(static_cast<int>(std::lround(value)), 0, 255);
        }
        table[i] = qRgb(rgb[0], rgb[1], rgb[2]);
    }
    return table;
}

float scaled(float value, float min, float max) {
    return max > min ? (value - min) / (max - min) : 0.0f;
}

int level(float t) {
    return static_cast<int>(std::lround(std::clamp(t, 0.0f, 1.0f) * 255.0f));
}

struct Range {
    float min = 0, max = 0;
};

/// From 0, or from the least value where there are negative ones, to the largest; NaN and infinities do not
/// count.
Range rangeOf(std::span<const float> values) {
    Range range;
    for (float value : values)
        if (std::isfinite(value)) {
            range.min = std::min(range.min, value);
            range.max = std::max(range.max, value);
        }
    return range;
}

} // namespace

QRgb viridis(float t) {
    static const std::array<QRgb, 256> table = viridisTable();
    if (std::isnan(t)) return kNotANumber;
    return table[static_cast<std::size_t>(level(t))];
}

QRgb signedColor(float value, float absMax, const Theme& theme) {
    if (std::isnan(value)) return kNotANumber;
    const QColor& zero = theme.kernelValues.zero;
    if (absMax <= 0) return zero.rgb();
    const QColor& end = value < 0 ? theme.kernelValues.negative : theme.kernelValues.positive;
    const float t = std::min(std::abs(value) / absMax, 1.0f);
    const auto mix = [t](int a, int b) {
        return static_cast<int>(std::lround(static_cast<float>(a) + t * static_cast<float>(b - a)));
    };
    return qRgb(mix(zero.red(), end.red()), mix(zero.green(), end.green()), mix(zero.blue(), end.blue()));
}

QImage featureMapImage(std::span<const float> values, int height, int width, float min, float max) {
    Q_ASSERT(values.size() == static_cast<std::size_t>(height) * width);
    QImage image(width, height, QImage::Format_RGB32);
    for (int y = 0; y < height; ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < width; ++x)
            line[x] = viridis(scaled(values[static_cast<std::size_t>(y) * width + x], min, max));
    }
    return image;
}

QImage kernelImage(std::span<const float> values, int height, int width, float absMax, const Theme& theme) {
    Q_ASSERT(values.size() == static_cast<std::size_t>(height) * width);
    QImage image(width, height, QImage::Format_RGB32);
    for (int y = 0; y < height; ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < width; ++x)
            line[x] = signedColor(values[static_cast<std::size_t>(y) * width + x], absMax, theme);
    }
    return image;
}

QImage pictureImage(std::span<const float> values, int height, int width, int channels, float min,
                    float max) {
    Q_ASSERT(values.size() == static_cast<std::size_t>(height) * width * channels);
    QImage image(width, height, QImage::Format_RGB32);
    const bool colour = channels == 3 || channels == 4;
    for (int y = 0; y < height; ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < width; ++x) {
            const float* pixel = values.data() + (static_cast<std::size_t>(y) * width + x) * channels;
            const auto channel = [&](int c) {
                const float value = pixel[colour ? c : 0];
                return std::isnan(value) ? 128 : level(scaled(value, min, max));
            };
            line[x] = qRgb(channel(0), channel(1), channel(2));
        }
    }
    return image;
}

QImage featureStripImage(std::span<const float> values, int height, int width, int channels,
                         const StripLayout& layout) {
    Q_ASSERT(values.size() == static_cast<std::size_t>(height) * width * channels);
    const int tiles = std::min(channels, layout.maxTiles);
    if (tiles <= 0 || height <= 0 || width <= 0) return {};
    const Range range = rangeOf(values);

    const int step = layout.tile + layout.gap;
    QImage strip(QSize(tiles * step - layout.gap, layout.tile) * layout.dpr,
                 QImage::Format_ARGB32_Premultiplied);
    strip.fill(Qt::transparent);
    strip.setDevicePixelRatio(layout.dpr);
    QPainter painter(&strip);
    QImage map(width, height, QImage::Format_RGB32);
    const double fit = layout.tile / static_cast<double>(std::max(width, height));
    const QSizeF drawn(std::max(1.0, std::round(width * fit)), std::max(1.0, std::round(height * fit)));
    for (int tile = 0; tile < tiles; ++tile) {
        for (int y = 0; y < height; ++y) {
            auto* line = reinterpret_cast<QRgb*>(map.scanLine(y));
            for (int x = 0; x < width; ++x) {
                const std::size_t at = (static_cast<std::size_t>(y) * width + x) * channels + tile;
                line[x] = viridis(scaled(values[at], range.min, range.max));
            }
        }
        const QRectF box(tile * step, 0, layout.tile, layout.tile);
        painter.fillRect(box, QColor(viridis(scaled(0, range.min, range.max))));
        QRectF target(QPointF(), drawn);
        target.moveCenter(box.center());
        painter.drawImage(target, map);
    }
    return strip;
}

QImage barcodeImage(std::span<const float> values, int width, int height, qreal dpr) {
    if (values.empty() || width <= 0 || height <= 0) return {};
    const Range range = rangeOf(values);
    const int columns = qRound(width * dpr);
    QImage line(columns, 1, QImage::Format_RGB32);
    auto* pixels = reinterpret_cast<QRgb*>(line.scanLine(0));
    const std::size_t count = values.size();
    for (int x = 0; x < columns; ++x) {
        const std::size_t from = count * static_cast<std::size_t>(x) / columns;
        const std::size_t to = std::max(from + 1, count * static_cast<std::size_t>(x + 1) / columns);
        float largest = values[from];
        for (std::size_t i = from + 1; i < to; ++i)
            largest = std::max(largest, values[i]);
        pixels[x] = viridis(scaled(largest, range.min, range.max));
    }
    QImage code = line.scaled(columns, qRound(height * dpr));
    code.setDevicePixelRatio(dpr);
    return code;
}

} // namespace strata::ui
