// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QAbstractItemView;
class QWidget;

namespace strata::ui {

/// Lets go of what is chosen in a view when it is chosen again by the mouse, or by Esc.
class ChooseAgain : public QObject {
    Q_OBJECT
public:
    /// Becomes the view's child.
    explicit ChooseAgain(QAbstractItemView& view);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QAbstractItemView& m_view;
    QWidget* m_viewport; ///< events come while the view goes, too, when it cannot be asked any more
};

} // namespace strata::ui
