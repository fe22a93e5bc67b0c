// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/project_page.h"

#include "ui/document/number_text.h"
#include "ui/document/working_part.h"
#include "ui/look/widgets.h"

#include <QEvent>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace strata::ui {
namespace {

enum Total { Layers, Parameters, Trainable, Fixed, Macs, Flops, Training, Inference, Receptive, Epoch };

} // namespace

ProjectPage::ProjectPage(GraphDocument& document, QWidget* parent) : QWidget(parent), m_document(document) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 12, 12, 12);
    column->setSpacing(6);
    m_head = label({}, TextRole::Small, QFont::DemiBold);
    column->addWidget(m_head);
    m_totals = new FigureList;
    m_totals->addRow(tr("Layers"));
    m_totals->addRow(tr("Parameters"));
    m_totals->addRow(tr("Trainable"));
    m_totals->addRow(tr("Not trained"));
    m_totals->addRow(tr("MACs per image"));
    m_totals->addRow(tr("FLOPs per image"));
    m_totals->addRow(tr("Memory in training"));
    m_totals->addRow(tr("Memory in use"));
    m_totals->addRow(tr("Receptive field"));
    m_totals->addRow(tr("An epoch"));
    column->addWidget(m_totals);
    column->addSpacing(6);
    m_notesPart = new QWidget;
    auto* notes = new QVBoxLayout(m_notesPart);
    notes->setContentsMargins(0, 0, 0, 0);
    notes->setSpacing(6);
    notes->addWidget(horizontalLine());
    auto* notesLabel = label(tr("Notes"), TextRole::Small, QFont::DemiBold);
    notes->addWidget(notesLabel);
    m_notes = new QPlainTextEdit;
    m_notes->setObjectName(QStringLiteral("notes"));
    m_notes->setAccessibleName(tr("Notes"));
    m_notes->setPlaceholderText(tr("What this network is for, what was tried: kept in the file."));
    m_notes->setTabChangesFocus(true);
    m_notes->setMinimumHeight(90);
    notesLabel->setBuddy(m_notes);
    notes->addWidget(m_notes, 1);
    column->addWidget(m_notesPart, 1);
    column->addStretch(0);
    connect(m_notes, &QPlainTextEdit::textChanged, this, [this] {
        const std::string text = m_notes->toPlainText().toStdString();
        m_document.edit(tr("Edit the notes"), [&](DocumentState& state) { state.notes = text; }, QStringLiteral("notes"));
    });
    refresh();
}

void ProjectPage::setNodes(const std::vector<NodeId>& nodes) {
    m_nodes = nodes;
    refresh();
}

void ProjectPage::refresh() {
    const bool some = !m_nodes.empty();
    m_head->setText(heading());
    for (const int row : {Training, Inference, Receptive}) m_totals->setRowVisible(row, !some);
    m_totals->setRowVisible(Epoch, !some && !m_epoch.isEmpty());
    m_notesPart->setVisible(!some);
    if (some) showSum();
    else showProject();
}

QString ProjectPage::heading() const {
    if (!m_nodes.empty()) return tr("The selected layers together");
    if (isOnlyPart(m_document.report())) return tr("The part of the network that works");
    const int out = layersLeftOut(m_document.report());
    return out == 0 ? tr("The whole network") : tr("Without %n unconnected layers", nullptr, out);
}

void ProjectPage::showSum() {
    std::int64_t parameters = 0, trainable = 0, macs = 0;
    for (const NodeId id : m_nodes) {
        const NodeReport* report = m_document.report().find(id);
        if (report == nullptr) continue; // of a block with a mistake the copies before it count, as on its card
        parameters += report->parameters;
        trainable += report->trainableParameters;
        macs += report->plan.macs;
    }
    showCounts(static_cast<std::int64_t>(m_nodes.size()), parameters, trainable, macs);
}

void ProjectPage::showCounts(std::int64_t layers, std::int64_t parameters, std::int64_t trainable, std::int64_t macs) {
    m_totals->setValue(Layers, countText(layers));
    m_totals->setValue(Parameters, countText(parameters));
    m_totals->setValue(Trainable, countText(trainable));
    m_totals->setValue(Fixed, countText(parameters - trainable));
    m_totals->setValue(Macs, countText(macs));
    m_totals->setValue(Flops, countText(2 * macs)); // a multiplication and an addition
}

void ProjectPage::showProject() {
    const GraphTotals& totals = m_document.report().totals;
    showCounts(totals.layers - layersLeftOut(m_document.report()), totals.parameters, totals.trainableParameters, totals.macs);
    m_totals->setName(Training, tr("Memory, batch of %1").arg(m_document.state().training.batchSize));
    const bool planned = m_training > 0;
    m_totals->setValue(Training, planned ? bytesText(m_training) : tr("about %1").arg(bytesText(totals.trainingBytes)));
    m_totals->setValue(Inference, planned ? bytesText(m_predicting) : tr("about %1").arg(bytesText(totals.inferenceBytes)));
    m_totals->setValue(Epoch, m_epoch);
    m_totals->setValue(Receptive, isOnlyPart(m_document.report()) ? QStringLiteral("–") : receptiveText(totals.receptive));
    const QString notes = QString::fromStdString(m_document.state().notes);
    if (m_notes->toPlainText() == notes) return;
    const QSignalBlocker blocker(m_notes);
    m_notes->setPlainText(notes);
}

void ProjectPage::setMemory(qint64 training, qint64 inference) {
    m_training = training;
    m_predicting = inference;
    refresh();
}

void ProjectPage::setEpochTime(const QString& time) {
    m_epoch = time;
    refresh();
}

void ProjectPage::focusFirst() {
    if (!m_nodes.empty()) return;
    m_notes->setFocus(Qt::TabFocusReason);
}

} // namespace strata::ui
