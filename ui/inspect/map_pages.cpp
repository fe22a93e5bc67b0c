// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/map_pages.h"

#include "ui/document/number_text.h"
#include "ui/look/colormap.h"
#include "ui/look/widgets.h"
#include "ui/training/run_text.h"

#include <QHelpEvent>
#include <QLabel>
#include <QPainter>
#include <QScrollArea>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace strata::ui {
namespace {

constexpr int kGap = 6;
constexpr int kCaption = 15;
constexpr int kMostKernels = 64;
constexpr int kWide = 220;
constexpr int kMostCells = 256; // a side of a matrix picture

QScrollArea* scrolling(QWidget* content) {
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(content);
    content->setAutoFillBackground(false);
    area->viewport()->setAutoFillBackground(false);
    return area;
}

QString dimsText(const std::vector<std::int64_t>& dims) {
    QStringList parts;
    for (const std::int64_t dim : dims) parts << QString::number(dim);
    return parts.join(QStringLiteral(" × "));
}

/// Kernels (h, w, in, out) as pictures of their first input channel's values, or all channels beside each other where
/// there are few; a matrix (in, out) as one picture; a vector as one row.
std::vector<QImage> kernelTiles(const WeightArray& array, float largest, const Theme& theme) {
    const auto dim = [&](std::size_t axis) { return static_cast<std::size_t>(array.dims[axis]); };
    std::vector<QImage> tiles;
    if (array.dims.size() == 4) {
        const std::size_t h = dim(0), w = dim(1), in = dim(2), out = dim(3);
        std::vector<float> kernel(h * w);
        for (std::size_t o = 0; o < out && tiles.size() < kMostKernels; ++o) {
            for (std::size_t i = 0; i < kernel.size(); ++i) kernel[i] = array.values[(i * in) * out + o];
            tiles.push_back(kernelImage(kernel, static_cast<int>(h), static_cast<int>(w), largest, theme));
        }
        return tiles;
    }
    const std::size_t columns = array.dims.empty() ? 1 : static_cast<std::size_t>(array.dims.back());
    if (columns == 0) return tiles;
    if (array.dims.size() < 2) {
        tiles.push_back(kernelImage(array.values, 1, static_cast<int>(columns), largest, theme));
        return tiles;
    }
    const std::size_t rows = array.values.size() / columns;
    // A large matrix is thinned: what is seen is its pattern. It lies on its side, a row an output.
    const std::size_t shownRows = std::min<std::size_t>(rows, kMostCells), shownColumns = std::min<std::size_t>(columns, kMostCells);
    std::vector<float> cells(shownRows * shownColumns);
    for (std::size_t r = 0; r < shownRows; ++r) {
        for (std::size_t c = 0; c < shownColumns; ++c) {
            cells[c * shownRows + r] = array.values[(r * rows / shownRows) * columns + c * columns / shownColumns];
        }
    }
    tiles.push_back(kernelImage(cells, static_cast<int>(shownColumns), static_cast<int>(shownRows), largest, theme));
    return tiles;
}

} // namespace

TileGrid::TileGrid(QWidget* parent) : QWidget(parent) {
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void TileGrid::show(std::vector<QImage> tiles, QSize tile, bool numbered) {
    const bool resized = tiles.size() != m_tiles.size() || tile != m_tile || numbered != m_numbered;
    m_tiles = std::move(tiles);
    m_tile = tile;
    m_numbered = numbered;
    if (resized) updateGeometry();
    update();
}

QSize TileGrid::step() const {
    return {m_tile.width() + kGap, m_tile.height() + kGap + (m_numbered ? kCaption : 0)};
}

int TileGrid::columns(int width) const {
    return std::max(1, (width + kGap) / step().width());
}

int TileGrid::heightForWidth(int width) const {
    if (m_tiles.empty()) return 0;
    const int rows = (tileCount() + columns(width) - 1) / columns(width);
    return rows * step().height();
}

int TileGrid::tileAt(QPoint place) const {
    const int column = place.x() / step().width();
    const int index = place.y() / step().height() * columns(width()) + column;
    return column < columns(width()) && index < tileCount() ? index : -1;
}

void TileGrid::paintEvent(QPaintEvent* event) {
    QPainter painter(this);
    const Theme& theme = currentTheme();
    painter.setFont(theme.font(TextRole::Caption));
    painter.setPen(theme.text.secondary);
    const int across = columns(width());
    for (int i = 0; i < tileCount(); ++i) {
        const QRect box(QPoint(i % across * step().width(), i / across * step().height()), m_tile);
        if (!box.adjusted(0, 0, 0, kCaption).intersects(event->rect())) continue;
        const QImage& tile = m_tiles[static_cast<std::size_t>(i)];
        QSizeF size = QSizeF(tile.size()).scaled(box.size(), Qt::KeepAspectRatio);
        size = size.expandedTo({1, 1});
        QRectF target(QPointF(), size);
        target.moveCenter(QRectF(box).center());
        painter.drawImage(target, tile);
        if (m_numbered) painter.drawText(QRect(box.left(), box.bottom() + 1, box.width(), kCaption), Qt::AlignCenter, QString::number(i));
    }
}

bool TileGrid::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        const int index = tileAt(help->pos());
        if (index < 0) QToolTip::hideText();
        else {
            const QSize size = m_tiles[static_cast<std::size_t>(index)].size();
            QToolTip::showText(help->globalPos(), tr("Number %1: %2 × %3 values").arg(index).arg(size.height()).arg(size.width()), this);
        }
        return true;
    }
    return QWidget::event(event);
}

MapsPage::MapsPage(QWidget* parent) : QWidget(parent), m_head(label({}, TextRole::Small, QFont::DemiBold)), m_scale(secondaryLabel({})), m_grid(new TileGrid) {
    m_head->setWordWrap(true);
    m_scale->setWordWrap(true);
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(14, 12, 12, 12);
    column->setSpacing(6);
    column->addWidget(m_head);
    column->addWidget(m_scale);
    column->addWidget(m_grid);
    column->addStretch(1);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scrolling(content));
    setNode(0);
}

void MapsPage::setNode(NodeId node) {
    m_node = node;
    m_grid->show({}, {64, 64}, true);
    m_head->setText(tr("No maps yet"));
    m_scale->setText(tr("Train the network, and what this layer makes of the pinned image appears here."));
}

void MapsPage::show(const LookAnswer& answer) {
    const MapDetail& detail = answer.detail;
    if (detail.node != m_node || detail.maps.empty()) {
        if (answer.strips.empty() || detail.node == m_node) setNode(m_node);
        return;
    }
    const bool vector = detail.shape.rank() == 1;
    const auto all = static_cast<std::size_t>(vector ? 1 : detail.shape[-1]);
    m_head->setText(vector ? tr("%1 values, 32 a row").arg(countText(detail.shape.count()))
                           : tr("%1 maps of %2").arg(countText(detail.shape[-1]), dimsText({detail.shape.dims().begin(), detail.shape.dims().end() - 1})));
    QString scale = tr("From %1 (dark) to %2 (bright), the same for all").arg(rateText(static_cast<double>(detail.least)), rateText(static_cast<double>(detail.largest)));
    if (all > detail.maps.size()) scale += tr("; the first %1").arg(detail.maps.size());
    m_scale->setText(scale);
    const int side = detail.maps.size() > 24 ? 54 : 72;
    m_grid->show(detail.maps, vector ? QSize(kWide, kWide) : QSize(side, side), !vector);
}

WeightsPage::WeightsPage(TrainingSession& session, QWidget* parent) : QWidget(parent), m_session(session), m_content(nullptr), m_column(nullptr) {
    auto* holder = new QWidget;
    auto* outer = new QVBoxLayout(holder);
    outer->setContentsMargins(14, 12, 12, 12);
    m_content = new QWidget;
    m_column = new QVBoxLayout(m_content);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(6);
    outer->addWidget(m_content);
    outer->addStretch(1);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scrolling(holder));
    const auto later = [this] { refresh(); };
    connect(&session, &TrainingSession::weightsArrived, this, later);
    connect(&session, &TrainingSession::stateChanged, this, later);
    connect(&session.document(), &GraphDocument::stateChanged, this, later);
}

void WeightsPage::setNode(NodeId node) {
    m_node = node;
    refresh();
}

void WeightsPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refresh();
}

void WeightsPage::refresh() {
    if (!isVisible()) return;
    m_content->setUpdatesEnabled(false);
    qDeleteAll(m_content->findChildren<QWidget*>(Qt::FindDirectChildrenOnly));
    while (QLayoutItem* item = m_column->takeAt(0)) delete item;
    const std::shared_ptr<const Weights> weights = m_session.weights();
    const std::vector<WeightArray>* arrays = weights ? weights->find(m_node) : nullptr;
    if (arrays == nullptr || arrays->empty()) {
        QString words = tr("Train the network, and the weights that this layer has learned appear here.");
        if (const NodeReport* report = m_session.document().report().find(m_node); report != nullptr && report->parameters == 0) {
            words = tr("This layer has no weights.");
        }
        QLabel* hint = secondaryLabel(words);
        hint->setWordWrap(true);
        m_column->addWidget(hint);
    } else {
        for (const WeightArray& array : *arrays) showArray(array);
    }
    m_content->setUpdatesEnabled(true);
}

void WeightsPage::showArray(const WeightArray& array) {
    float least = INFINITY, largest = -INFINITY;
    double sum = 0;
    for (const float value : array.values) {
        least = std::min(least, value);
        largest = std::max(largest, value);
        sum += static_cast<double>(value);
    }
    if (array.values.empty()) return;
    const double mean = sum / static_cast<double>(array.values.size());
    m_column->addWidget(label(QString::fromStdString(array.name), TextRole::Small, QFont::DemiBold));
    auto* figures = new FigureList;
    const std::pair<QString, QString> rows[] = {{tr("Shape"), dimsText(array.dims)},
                                                {tr("Smallest"), rateText(static_cast<double>(least))},
                                                {tr("Mean"), rateText(mean)},
                                                {tr("Largest"), rateText(static_cast<double>(largest))}};
    for (const auto& [name, value] : rows) figures->setValue(figures->addRow(name), value);
    m_column->addWidget(figures);
    auto* grid = new TileGrid;
    std::vector<QImage> tiles = kernelTiles(array, std::max(std::abs(least), std::abs(largest)), currentTheme());
    const bool kernels = array.dims.size() == 4;
    QSize tile(38, 38);
    if (!kernels) {
        // Matrices and vectors fill the width, whatever their proportions: a row an output.
        tile = QSize(kWide, std::clamp(tiles.front().height() * 6, 14, 160));
        tiles.front() = tiles.front().scaled(tile, Qt::IgnoreAspectRatio, Qt::FastTransformation);
    }
    grid->show(std::move(tiles), tile, kernels);
    m_column->addWidget(grid);
    if (kernels) {
        QLabel* words = secondaryLabel(array.dims[2] > 1 ? tr("Each filter's kernel for input channel 0.")
                                                         : tr("Each filter's kernel."));
        words->setWordWrap(true);
        m_column->addWidget(words);
    }
    m_column->addSpacing(8);
}

} // namespace strata::ui
