// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/digit_frame.h"

#include <QPainter>
#include <QTransform>

#include <algorithm>
#include <cmath>

namespace strata::ui {
namespace {

constexpr std::int64_t kSamples = 200;
constexpr float kInk = 60; // of 255: fainter values are the rim of a stroke

/// One figure's ink: where it lies and where its mass is, in cells.
struct Ink {
    int left = 0, top = 0, right = -1, bottom = -1;
    double mass = 0, x = 0, y = 0;

    void add(int column, int row, double value) {
        if (value >= static_cast<double>(kInk)) {
            if (right < 0) {
                left = right = column;
                top = bottom = row;
            }
            left = std::min(left, column);
            right = std::max(right, column);
            top = std::min(top, row);
            bottom = std::max(bottom, row);
        }
        mass += value;
        x += value * (column + 0.5);
        y += value * (row + 0.5);
    }
    bool empty() const { return right < 0 || mass <= 0; }
};

double median(std::vector<double>& values, double otherwise) {
    if (values.empty()) return otherwise;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

} // namespace

DigitFrame frameOf(const Dataset& data) {
    DigitFrame frame;
    const Shape shape = data.sampleShape();
    if (shape.rank() != 3 || !shape.isKnown() || data.size() == 0) return frame;
    const auto height = static_cast<int>(shape[0]), width = static_cast<int>(shape[1]), channels = static_cast<int>(shape[2]);
    const std::int64_t count = std::min(data.size(), kSamples);
    std::vector<float> image(static_cast<std::size_t>(shape.count()));
    const auto grey = [&](int row, int column) {
        double sum = 0;
        for (int c = 0; c < channels; ++c) sum += static_cast<double>(image[static_cast<std::size_t>((row * width + column) * channels + c)]);
        return sum / channels;
    };
    double border = 0;
    for (std::int64_t i = 0; i < count; ++i) {
        data.read(i, image);
        for (int column = 0; column < width; ++column) border += (grey(0, column) + grey(height - 1, column)) / (2.0 * width);
    }
    frame.darkOnLight = border / static_cast<double>(count) > 160;

    std::vector<double> shares, xs, ys;
    for (std::int64_t i = 0; i < count; ++i) {
        data.read(i, image);
        Ink ink;
        for (int row = 0; row < height; ++row) {
            for (int column = 0; column < width; ++column) ink.add(column, row, frame.darkOnLight ? 255 - grey(row, column) : grey(row, column));
        }
        if (ink.empty()) continue;
        shares.push_back(std::max((ink.right - ink.left + 1.0) / width, (ink.bottom - ink.top + 1.0) / height));
        xs.push_back(ink.x / ink.mass / width);
        ys.push_back(ink.y / ink.mass / height);
    }
    frame.share = median(shares, frame.share);
    frame.centreX = median(xs, frame.centreX);
    frame.centreY = median(ys, frame.centreY);
    return frame;
}

std::vector<float> framed(const QImage& drawing, const DigitFrame& frame, const Shape& shape) {
    const auto height = static_cast<int>(shape[0]), width = static_cast<int>(shape[1]), channels = static_cast<int>(shape[2]);
    const QImage source = drawing.convertToFormat(QImage::Format_Grayscale8);
    Ink ink;
    for (int row = 0; row < source.height(); ++row) {
        const uchar* line = source.constScanLine(row);
        for (int column = 0; column < source.width(); ++column) ink.add(column, row, line[column]);
    }
    QImage page(width, height, QImage::Format_Grayscale8);
    page.fill(0);
    if (!ink.empty()) {
        const QRect box(QPoint(ink.left, ink.top), QPoint(ink.right, ink.bottom));
        const double scale = std::min({frame.share * width / box.width(), frame.share * height / box.height(), 4.0});
        const QSize size(std::max(1, qRound(box.width() * scale)), std::max(1, qRound(box.height() * scale)));
        const QImage small = source.copy(box).scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
        // The mass of the ink comes to where the data set has it, as far as the figure stays inside.
        const double inX = (ink.x / ink.mass - box.left()) * size.width() / box.width();
        const double inY = (ink.y / ink.mass - box.top()) * size.height() / box.height();
        const int left = std::clamp(qRound(frame.centreX * width - inX), 0, std::max(0, width - size.width()));
        const int top = std::clamp(qRound(frame.centreY * height - inY), 0, std::max(0, height - size.height()));
        QPainter painter(&page);
        painter.drawImage(QPoint(left, top), small);
    }
    std::vector<float> values(static_cast<std::size_t>(shape.count()));
    std::size_t at = 0;
    for (int row = 0; row < height; ++row) {
        const uchar* line = page.constScanLine(row);
        for (int column = 0; column < width; ++column) {
            const float value = frame.darkOnLight ? 255.0f - static_cast<float>(line[column]) : static_cast<float>(line[column]);
            for (int c = 0; c < channels; ++c) values[at++] = value;
        }
    }
    return values;
}

} // namespace strata::ui
