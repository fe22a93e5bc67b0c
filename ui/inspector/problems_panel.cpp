// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/problems_panel.h"

#include "ui/look/icons.h"
#include "ui/look/widgets.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace strata::ui {
namespace {

QString iconName(Severity severity) {
    switch (severity) {
    case Severity::Error: return QStringLiteral("error");
    case Severity::Warning: return QStringLiteral("warning");
    case Severity::Hint: return QStringLiteral("hint");
    }
    return {};
}

IconTone tone(Severity severity) {
    switch (severity) {
    case Severity::Error: return IconTone::Error;
    case Severity::Warning: return IconTone::Warning;
    case Severity::Hint: return IconTone::Hint;
    }
    return IconTone::Primary;
}

QString severityName(Severity severity) {
    switch (severity) {
    case Severity::Error: return QObject::tr("Error");
    case Severity::Warning: return QObject::tr("Warning");
    case Severity::Hint: return QObject::tr("Hint");
    }
    return {};
}

} // namespace

ProblemsPanel::ProblemsPanel(GraphDocument& document, QWidget* parent) : QWidget(parent), m_document(document) {
    setProperty("surface", "panel");
    setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    m_list = new QWidget;
    m_rows = new QVBoxLayout(m_list);
    m_rows->setContentsMargins(12, 8, 12, 8);
    m_rows->setSpacing(4);
    m_empty = secondaryLabel(tr("No problems: the network can be trained."));
    m_rows->addWidget(m_empty);
    m_rows->addStretch(1);
    area->setWidget(m_list);
    m_list->setAutoFillBackground(false); // the panel's own surface shows through
    column->addWidget(area);
    connect(&document, &GraphDocument::analysed, this, &ProblemsPanel::rebuild);
    rebuild();
}

void ProblemsPanel::rebuild() {
    const std::vector<Problem>& problems = m_document.report().problems;
    // What a repair would do depends on the drawing, so the same problem in another drawing is another row.
    if (problems == m_shown && m_count >= 0 && (problems.empty() || m_shownFor == m_document.graph())) return;
    m_shown = problems;
    m_shownFor = m_document.graph();
    while (m_rows->count() > 2) {
        QLayoutItem* item = m_rows->takeAt(1);
        item->widget()->hide();
        item->widget()->deleteLater(); // one of its buttons may be what brought us here
        delete item;
    }
    m_empty->setVisible(problems.empty());
    for (std::size_t i = 0; i < m_shown.size(); ++i) {
        const Problem& problem = m_shown[i];
        auto* row = new QWidget;
        row->setObjectName(QStringLiteral("problem%1").arg(i));
        auto* line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(8);
        auto* mark = new QLabel;
        mark->setPixmap(icon(iconName(problem.severity), tone(problem.severity)).pixmap(16, 16));
        mark->setAccessibleName(severityName(problem.severity));
        line->addWidget(mark);
        const Node* node = m_document.graph().find(problem.node);
        auto* place = linkButton(node == nullptr ? tr("whole network") : QString::fromStdString(node->name));
        place->setObjectName(QStringLiteral("place"));
        place->setMinimumWidth(110);
        place->setEnabled(node != nullptr);
        place->setToolTip(node == nullptr ? tr("It is nobody's alone") : tr("Shows this layer on the canvas"));
        connect(place, &QPushButton::clicked, this, [this, id = problem.node] { Q_EMIT nodeActivated(id); });
        line->addWidget(place);
        auto* text = new QLabel(QString::fromStdString(problem.text));
        text->setWordWrap(true);
        text->setTextFormat(Qt::PlainText);
        text->setTextInteractionFlags(Qt::TextSelectableByMouse);
        line->addWidget(text, 1);
        for (const Repair& repair : m_document.repairs(problem)) {
            auto* button = plainButton(QString::fromStdString(repair.label), QStringLiteral("repair"));
            button->setObjectName(QStringLiteral("repair:") + QString::fromStdString(repair.id));
            button->setToolTip(QString::fromStdString(repair.consequence));
            connect(button, &QPushButton::clicked, this, [this, problem, repair] { m_document.applyRepair(problem, repair); });
            auto* stack = new QVBoxLayout;
            stack->setSpacing(0);
            stack->addWidget(button);
            auto* consequence = secondaryLabel(QString::fromStdString(repair.consequence), TextRole::Caption);
            consequence->setAlignment(Qt::AlignHCenter);
            stack->addWidget(consequence);
            line->addLayout(stack);
        }
        m_rows->insertWidget(m_rows->count() - 1, row);
    }
    const int count = static_cast<int>(m_shown.size());
    if (count == m_count) return;
    m_count = count;
    Q_EMIT countChanged(count);
}

} // namespace strata::ui
