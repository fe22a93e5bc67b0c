// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/totals_bar.h"

#include "ui/document/number_text.h"
#include "ui/look/widgets.h"

#include <QHBoxLayout>
#include <QLabel>

namespace strata::ui {

TotalsBar::TotalsBar(GraphDocument& document, QWidget* parent)
    : QWidget(parent), m_document(document), m_row(new QHBoxLayout(this)) {
    m_row->setContentsMargins(10, 0, 12, 0);
    m_row->setSpacing(0);
    m_layers = add(tr("Layers"));
    m_parameters = add(tr("Parameters"));
    m_macs = add(tr("MACs per image"));
    m_memory = add(tr("Memory"));
    m_receptive = add(tr("Receptive field"));
    m_epoch = add(tr("An epoch"));
    m_epoch.box->hide();
    m_row->addStretch(1);
    m_file = secondaryLabel({});
    m_file->setMinimumWidth(20);
    m_row->addWidget(m_file);
    connect(&document, &GraphDocument::analysed, this, &TotalsBar::refresh);
    connect(&document, &GraphDocument::titleChanged, this, &TotalsBar::refreshFile);
    refresh();
    refreshFile();
}

TotalsBar::Figure TotalsBar::add(const QString& name) {
    Figure figure{new QWidget, secondaryLabel(name), label({}, TextRole::Small, QFont::Medium)};
    auto* row = new QHBoxLayout(figure.box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    if (m_row->count() > 0) {
        auto* line = new QFrame;
        line->setFrameShape(QFrame::NoFrame);
        line->setFixedSize(1, 12);
        line->setProperty("frame", "line");
        row->addSpacing(12);
        row->addWidget(line);
        row->addSpacing(6);
    }
    row->addWidget(figure.name);
    row->addWidget(figure.value);
    m_row->addWidget(figure.box);
    return figure;
}

void TotalsBar::refresh() {
    const GraphTotals& totals = m_document.report().totals;
    m_layers.value->setText(countText(totals.layers));
    m_parameters.value->setText(countText(totals.parameters));
    m_macs.value->setText(countText(totals.macs));
    m_memory.name->setText(tr("Memory, batch of %1").arg(m_document.state().training.batchSize));
    m_memory.value->setText(bytesText(totals.trainingBytes));
    m_receptive.value->setText(totals.receptive.global
                                   ? tr("everything")
                                   : tr("%1 × %2").arg(totals.receptive.windowH).arg(totals.receptive.windowW));
}

void TotalsBar::refreshFile() {
    m_file->setText(m_document.isModified() ? tr("%1, not saved").arg(m_document.title())
                    : m_document.path().isEmpty() ? m_document.title()
                                                  : tr("%1, saved").arg(m_document.title()));
}

void TotalsBar::setEpochTime(const QString& text) {
    m_epoch.box->setVisible(!text.isEmpty());
    m_epoch.value->setText(text);
}

void TotalsBar::setMessage(const QString& text) {
    if (text.isEmpty()) refreshFile();
    else m_file->setText(text);
}

} // namespace strata::ui
