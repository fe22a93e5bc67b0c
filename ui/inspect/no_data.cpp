// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/no_data.h"

#include "ui/look/widgets.h"
#include "ui/training/chosen_data.h"
#include "ui/training/run_text.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QVBoxLayout>

namespace strata::ui {

NoData::NoData(ChosenData& data, QMenu& menu, QWidget* parent) : QWidget(parent), m_data(data), m_sentence(secondaryLabel({}, TextRole::Body)) {
    m_sentence->setObjectName(QStringLiteral("dataSentence"));
    m_sentence->setAlignment(Qt::AlignCenter);
    m_sentence->setWordWrap(true);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_stop = plainButton(tr("Stop"), QStringLiteral("stop"));
    m_stop->setObjectName(QStringLiteral("dataStop"));
    m_stop->setToolTip(tr("Leaves the data unopened"));
    m_again = plainButton(tr("Try again"), QStringLiteral("reset"));
    m_again->setObjectName(QStringLiteral("dataPanelAgain"));
    m_again->setToolTip(tr("Looks for the data once more"));
    auto* choose = plainButton(tr("Choose data…"), QStringLiteral("data"));
    choose->setObjectName(QStringLiteral("chooseData"));
    choose->setToolTip(tr("Data sets by their name, a folder, a file"));
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addStretch(1);
    for (QPushButton* button : {m_stop, m_again, choose}) row->addWidget(button);
    row->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 14, 8);
    column->addStretch(1);
    column->addWidget(m_sentence);
    column->addLayout(row);
    column->addStretch(1);
    connect(m_stop, &QPushButton::clicked, &data, &ChosenData::cancel);
    connect(m_again, &QPushButton::clicked, &data, &ChosenData::open);
    connect(choose, &QPushButton::clicked, this, [choose, &menu] { menu.popup(choose->mapToGlobal(QPoint(0, choose->height() + 2))); });
    connect(&data, &ChosenData::changed, this, &NoData::refresh);
    connect(&data, &ChosenData::progressed, this, &NoData::refresh);
    refresh();
}

QString NoData::sentence() const {
    if (!m_data.problem().isEmpty()) return m_data.problem();
    if (!m_data.isOpening()) return tr("There is no data yet: choose a data set, a folder of images or a file, and what is in it is shown here.");
    return m_data.share() < 0 ? tr("%1 is being opened.").arg(m_data.name()) : tr("%1 is being opened: %2").arg(m_data.name(), percentText(m_data.share()));
}

void NoData::refresh() {
    m_sentence->setText(sentence());
    m_again->setVisible(!m_data.problem().isEmpty());
    m_stop->setVisible(m_data.isOpening());
}

} // namespace strata::ui
