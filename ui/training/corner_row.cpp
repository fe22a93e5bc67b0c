// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/training/corner_row.h"

#include <QEvent>
#include <QHBoxLayout>

namespace strata::ui {
namespace {

constexpr int kSpacing = 10;

} // namespace

CornerRow::CornerRow(QWidget* parent) : QWidget(parent) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpacing);
    row->setSizeConstraint(QLayout::SetNoConstraint); // what there is no room for goes
}

void CornerRow::add(QWidget* control) {
    m_controls.append(control);
    layout()->addWidget(control);
    updateGeometry();
}

QSize CornerRow::sizeHint() const {
    QSize all(0, 0);
    for (const QWidget* control : m_controls) {
        const QSize size = control->sizeHint();
        all = {all.width() + size.width() + (all.width() > 0 ? kSpacing : 0), qMax(all.height(), size.height())};
    }
    return all;
}

QSize CornerRow::minimumSizeHint() const {
    return m_controls.isEmpty() ? QSize(0, 0) : m_controls.last()->sizeHint();
}

void CornerRow::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fit();
}

bool CornerRow::event(QEvent* event) {
    const bool done = QWidget::event(event);
    if (event->type() == QEvent::LayoutRequest) { // one of them has other words
        updateGeometry();
        fit();
    }
    return done;
}

void CornerRow::fit() {
    int room = width() - sizeHint().width();
    for (QWidget* control : m_controls) {
        const bool on = room >= 0 || control == m_controls.last();
        if (!on) room += control->sizeHint().width() + kSpacing;
        if (control->isHidden() == on) control->setVisible(on);
    }
}

} // namespace strata::ui
