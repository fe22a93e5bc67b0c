// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QWidget>

namespace strata::ui {

/// Controls at the end of a row that others need too: where there is no room for all, whole ones go, those that were
/// added first at first. The last one always stays; its menu is the place for what has gone.
class CornerRow : public QWidget {
    Q_OBJECT
public:
    explicit CornerRow(QWidget* parent = nullptr);
    void add(QWidget* control);
    bool isShown(const QWidget* control) const { return !control->isHidden(); }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    void fit();

    QList<QWidget*> m_controls;
};

} // namespace strata::ui
