// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/maps_page.h"

#include "ui/document/number_text.h"
#include "ui/inspect/tile_grid.h"
#include "ui/look/widgets.h"
#include "ui/training/run_text.h"

#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

namespace strata::ui {
namespace {

constexpr int kWide = 220; // of the one picture of a vector

} // namespace

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
    whole->addWidget(scrollingColumn(content));
    setNode(0);
}

void MapsPage::setNode(NodeId node) {
    m_node = node;
    m_grid->show({}, {64, 64}, true);
    if (node == 0) say(tr("Several layers are chosen"), tr("Choose one of them to see what it makes of the pinned image."));
    else say(tr("No maps yet"), tr("Train the network, and what this layer makes of the pinned image appears here."));
}

void MapsPage::say(const QString& what, const QString& scale) {
    m_head->setText(what);
    m_scale->setText(scale);
    m_grid->setAccessibleName(what);
    m_grid->setAccessibleDescription(scale);
}

void MapsPage::show(const LookAnswer& answer) {
    const MapDetail& detail = answer.detail;
    if (detail.node != m_node || detail.maps.empty()) {
        if (answer.strips.empty() || detail.node == m_node) setNode(m_node);
        return;
    }
    const bool vector = detail.shape.rank() == 1;
    const auto all = static_cast<std::size_t>(vector ? 1 : detail.shape[-1]);
    const QString what = vector ? tr("%1 values, 32 a row").arg(countText(detail.shape.count()))
                                : tr("%1 maps of %2").arg(countText(detail.shape[-1]), dimsText(detail.shape.dims().first(static_cast<std::size_t>(detail.shape.rank() - 1))));
    QString scale = tr("From %1 (dark) to %2 (bright), the same for all").arg(rateText(static_cast<double>(detail.least)), rateText(static_cast<double>(detail.largest)));
    if (all > detail.maps.size()) scale += tr("; the first %1").arg(detail.maps.size());
    say(what, scale);
    const int side = detail.maps.size() > 24 ? 54 : 72;
    m_grid->show(detail.maps, vector ? QSize(kWide, kWide) : QSize(side, side), !vector);
}

} // namespace strata::ui
