// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/weight_array_view.h"

#include "ui/document/background.h"
#include "ui/document/number_text.h"
#include "ui/inspect/tile_grid.h"
#include "ui/look/colormap.h"
#include "ui/look/widgets.h"
#include "ui/training/run_text.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

namespace strata::ui {
namespace {

constexpr std::size_t kMostKernels = 64;
constexpr int kWide = 220;
constexpr std::size_t kMostCells = 256; // a side of a matrix picture
enum Row { Smallest, Mean, Largest };

/// Kernels (h, w, in, out): what each filter does with one input channel; one filter alone: with every channel.
std::vector<QImage> kernelTiles(const WeightArray& array, std::size_t channel, float largest, const Theme& theme) {
    const auto dim = [&](std::size_t axis) { return static_cast<std::size_t>(array.dims[axis]); };
    const std::size_t h = dim(0), w = dim(1), in = dim(2), out = dim(3);
    std::vector<QImage> tiles;
    std::vector<float> kernel(h * w);
    const std::size_t count = std::min(out == 1 ? in : out, kMostKernels);
    for (std::size_t t = 0; t < count; ++t) {
        const std::size_t i = out == 1 ? t : channel, o = out == 1 ? 0 : t;
        for (std::size_t k = 0; k < kernel.size(); ++k) kernel[k] = array.values[(k * in + i) * out + o];
        tiles.push_back(kernelImage(kernel, static_cast<int>(h), static_cast<int>(w), largest, theme));
    }
    return tiles;
}

/// A matrix (in, out) as one picture, a row an output; a vector as one row.
QImage matrixTile(const WeightArray& array, float largest, const Theme& theme) {
    const std::size_t columns = array.dims.empty() ? 1 : static_cast<std::size_t>(array.dims.back());
    if (array.dims.size() < 2) return kernelImage(array.values, 1, static_cast<int>(columns), largest, theme);
    const std::size_t rows = array.values.size() / columns;
    // A large matrix is thinned: what is seen is its pattern.
    const std::size_t shownRows = std::min(rows, kMostCells), shownColumns = std::min(columns, kMostCells);
    std::vector<float> cells(shownRows * shownColumns);
    for (std::size_t r = 0; r < shownRows; ++r) {
        for (std::size_t c = 0; c < shownColumns; ++c) {
            cells[c * shownRows + r] = array.values[(r * rows / shownRows) * columns + c * columns / shownColumns];
        }
    }
    return kernelImage(cells, static_cast<int>(shownColumns), static_cast<int>(shownRows), largest, theme);
}

} // namespace

WeightArrayView::WeightArrayView(std::shared_ptr<const WeightArray> shared, QThreadPool& pool, QWidget* parent)
    : QWidget(parent), m_array(std::move(shared)), m_pool(pool), m_figures(new FigureList), m_grid(new TileGrid) {
    const WeightArray& array = *m_array;
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 8);
    column->setSpacing(6);
    column->addWidget(label(QString::fromStdString(array.name), TextRole::Small, QFont::DemiBold));
    for (const QString& name : {tr("Smallest"), tr("Mean"), tr("Largest")}) m_figures->addRow(name);
    m_figures->setValue(m_figures->addRow(tr("Shape")), dimsText(array.dims));
    column->addWidget(m_figures);
    if (hasChannels()) {
        m_channel = new QSpinBox;
        m_channel->setRange(0, static_cast<int>(array.dims[2]) - 1);
        m_channel->setWrapping(true);
        m_channel->setAccessibleName(tr("Input channel"));
        connect(m_channel, &QSpinBox::valueChanged, this, &WeightArrayView::ask);
        auto* row = new QHBoxLayout;
        row->addWidget(secondaryLabel(tr("Each filter's kernel for input channel")));
        row->addStretch(1);
        row->addWidget(m_channel);
        column->addLayout(row);
    } else if (isKernel()) {
        column->addWidget(secondaryLabel(array.dims[3] > 1 ? tr("Each filter's kernel") : tr("The kernel of each input channel")));
    }
    m_grid->setAccessibleName(tr("%1, %2 as a picture").arg(QString::fromStdString(array.name), dimsText(array.dims)));
    column->addWidget(m_grid);
    ask();
}

void WeightArrayView::show(std::shared_ptr<const WeightArray> array) {
    if (array == m_array) return;
    m_array = std::move(array);
    ask();
}

void WeightArrayView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) ask();
}

void WeightArrayView::ask() {
    if (m_array->values.empty()) return;
    m_again = m_asked;
    if (std::exchange(m_asked, true)) return;
    const auto channel = static_cast<std::size_t>(m_channel == nullptr ? 0 : m_channel->value());
    const auto work = [array = m_array, channel, theme = currentTheme()] {
        Seen seen;
        const auto [least, largest] = std::ranges::minmax(array->values);
        double sum = 0;
        for (const float value : array->values) sum += static_cast<double>(value);
        seen.least = least;
        seen.largest = largest;
        seen.mean = sum / static_cast<double>(array->values.size());
        const float full = std::max(std::abs(least), std::abs(largest)); // magnitude: the full colour
        if (array->dims.size() == 4) seen.tiles = kernelTiles(*array, channel, full, theme);
        else seen.tiles = {matrixTile(*array, full, theme)};
        return seen;
    };
    inBackground(m_pool, this, work, [this](const Seen& seen) {
        m_asked = false;
        draw(seen);
        if (std::exchange(m_again, false)) ask();
    });
}

void WeightArrayView::draw(const Seen& seen) {
    m_figures->setValue(Smallest, rateText(static_cast<double>(seen.least)));
    m_figures->setValue(Mean, rateText(seen.mean));
    m_figures->setValue(Largest, rateText(static_cast<double>(seen.largest)));
    m_grid->setAccessibleDescription(tr("From %1 to %2, on average %3").arg(m_figures->value(Smallest), m_figures->value(Largest), m_figures->value(Mean)));
    if (isKernel()) {
        m_grid->show(seen.tiles, {38, 38}, true);
        return;
    }
    // Matrices and vectors fill the width, whatever their proportions.
    const QImage& picture = seen.tiles.front();
    const QSize size(kWide, std::clamp(picture.height() * 6, 14, 160));
    m_grid->show({picture.scaled(size, Qt::IgnoreAspectRatio, Qt::FastTransformation)}, size, false);
}

} // namespace strata::ui
