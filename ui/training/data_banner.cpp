// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/training/data_banner.h"

#include "ui/look/icons.h"
#include "ui/look/widgets.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>

namespace strata::ui {

DataBanner::DataBanner(ChosenData& data, QWidget* parent)
    : QFrame(parent), m_data(data), m_icon(new IconLabel(16, QStringLiteral("warning"), IconTone::Warning)), m_text(label({})) {
    setObjectName(QStringLiteral("dataBanner"));
    m_text->setObjectName(QStringLiteral("dataBannerText"));
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* again = linkButton(tr("Try again"));
    again->setObjectName(QStringLiteral("dataAgain"));
    again->setToolTip(tr("Looks for the data once more"));
    auto* other = plainButton(tr("Choose other data"), QStringLiteral("data"));
    other->setObjectName(QStringLiteral("dataOther"));
    other->setToolTip(tr("Opens the list of data sets"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 5, 8, 5);
    row->setSpacing(8);
    row->addWidget(m_icon);
    row->addWidget(m_text, 1);
    row->addWidget(again);
    row->addWidget(other);
    connect(again, &QPushButton::clicked, &data, &ChosenData::open);
    connect(other, &QPushButton::clicked, this, &DataBanner::otherDataWanted);
    connect(&data, &ChosenData::changed, this, &DataBanner::refresh);
    refresh();
}

void DataBanner::refresh() {
    setVisible(!m_data.problem().isEmpty());
    m_text->setText(tr("The network cannot be trained yet. %1").arg(m_data.problem()));
    setAccessibleName(m_text->text());
}

void DataBanner::paintEvent(QPaintEvent*) {
    const Theme& theme = currentTheme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.status.warningSoft);
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme.line.line);
}

} // namespace strata::ui
