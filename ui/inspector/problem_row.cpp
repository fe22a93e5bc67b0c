// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/problem_row.h"

#include "ui/document/severity_look.h"
#include "ui/forms/flow_layout.h"
#include "ui/look/widgets.h"

#include <QEvent>
#include <QHash>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace strata::ui {
namespace {

constexpr int kPlaceWidth = 110;

/// A wrapped sentence that lays its words out once for each width: a list of many asks each of them for its height
/// whenever one of the others has become another.
class Sentence : public QLabel {
public:
    explicit Sentence(const QString& text) : QLabel(text) {
        setWordWrap(true);
        setTextFormat(Qt::PlainText);
        setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    int heightForWidth(int width) const override {
        if (const auto known = m_heights.constFind(width); known != m_heights.cend()) return *known;
        if (m_heights.size() >= kMostWidths) m_heights.clear();
        return m_heights[width] = QLabel::heightForWidth(width);
    }

protected:
    void changeEvent(QEvent* event) override {
        m_heights.clear();
        QLabel::changeEvent(event);
    }

private:
    static constexpr int kMostWidths = 16; ///< of a window that is being drawn larger
    mutable QHash<int, int> m_heights;
};

/// By what is written on the buttons.
bool alike(const Repair& a, const Repair& b) {
    return a.id == b.id && a.label == b.label && a.consequence == b.consequence;
}

} // namespace

ProblemRow::ProblemRow(const Problem& problem, const QString& place, QWidget* parent)
    : QWidget(parent), m_problem(problem), m_buttons(new QWidget), m_flow(new FlowLayout(16, 6)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 4);
    column->setSpacing(2);
    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    column->addLayout(line);

    const SeverityLook look = lookOf(problem.severity);
    auto* mark = new IconLabel(16, look.icon, look.tone);
    mark->setAccessibleName(look.name);
    mark->setToolTip(look.name);
    line->addWidget(mark);
    auto* where = linkButton(place.isEmpty() ? tr("whole network") : place);
    where->setObjectName(QStringLiteral("place"));
    where->setMinimumWidth(kPlaceWidth);
    where->setEnabled(!place.isEmpty());
    where->setToolTip(place.isEmpty() ? tr("It is nobody's alone") : tr("Shows this layer on the canvas"));
    connect(where, &QPushButton::clicked, this, &ProblemRow::placeClicked);
    line->addWidget(where);
    line->addWidget(new Sentence(QString::fromStdString(problem.text)), 1);
    if (problem.severity != Severity::Error) addHideButton(line);

    m_buttons->setLayout(m_flow);
    m_flow->setContentsMargins(16 + 8 + kPlaceWidth + 8, 0, 0, 4);
    m_buttons->hide();
    column->addWidget(m_buttons);
}

void ProblemRow::addHideButton(QHBoxLayout* line) {
    auto* hide = iconButton(QStringLiteral("close"), tr("Hide this hint"));
    hide->setObjectName(QStringLiteral("hideHint"));
    hide->setPopupMode(QToolButton::InstantPopup);
    hide->setStyleSheet(QStringLiteral("QToolButton::menu-indicator { image: none; }"));
    auto* menu = new QMenu(hide);
    menu->addAction(tr("Hide here"), this, [this] { Q_EMIT hideRequested(false); })->setObjectName(QStringLiteral("hideHere"));
    menu->addAction(tr("Hide all of this kind"), this, [this] { Q_EMIT hideRequested(true); })->setObjectName(QStringLiteral("hideKind"));
    hide->setMenu(menu);
    line->addWidget(hide, 0, Qt::AlignTop);
}

void ProblemRow::holdRepairs() {
    m_buttons->setEnabled(false);
}

void ProblemRow::setRepairs(const std::vector<Repair>& repairs) {
    m_buttons->setEnabled(true);
    if (std::ranges::equal(m_repairs, repairs, alike)) {
        m_repairs = repairs;
        return;
    }
    while (QLayoutItem* item = m_flow->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater(); // it may be what brought us here
        delete item;
    }
    m_repairs = repairs;
    for (std::size_t i = 0; i < m_repairs.size(); ++i) {
        const Repair& repair = m_repairs[i];
        const QString consequence = QString::fromStdString(repair.consequence);
        auto* box = new QWidget;
        auto* line = new QHBoxLayout(box);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(6);
        auto* button = plainButton(QString::fromStdString(repair.label), QStringLiteral("repair"));
        button->setObjectName(QStringLiteral("repair:") + QString::fromStdString(repair.id));
        button->setToolTip(consequence);
        button->setAccessibleDescription(consequence);
        button->setProperty("repair", static_cast<int>(i));
        button->installEventFilter(this);
        connect(button, &QPushButton::clicked, this, [this, i] {
            const Repair chosen = m_repairs.at(i); // what it does may lead back here
            Q_EMIT repairClicked(chosen);
        });
        line->addWidget(button);
        if (!consequence.isEmpty()) line->addWidget(secondaryLabel(consequence, TextRole::Small));
        m_flow->addWidget(box);
    }
    m_buttons->setVisible(!m_repairs.empty());
}

bool ProblemRow::eventFilter(QObject* watched, QEvent* event) {
    const bool on = event->type() == QEvent::Enter || event->type() == QEvent::FocusIn;
    const bool off = event->type() == QEvent::Leave || event->type() == QEvent::FocusOut;
    const auto index = static_cast<std::size_t>(watched->property("repair").toInt());
    if (on && m_buttons->isEnabled() && index < m_repairs.size()) Q_EMIT repairPointedAt(&m_repairs[index]);
    if (off) Q_EMIT repairPointedAt(nullptr);
    if (event->type() == QEvent::MouseButtonDblClick) return true; // the first click did a repair, and another has come into its place
    return QWidget::eventFilter(watched, event);
}

} // namespace strata::ui
