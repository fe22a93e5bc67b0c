// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMenuBar>
#include <QPointer>

namespace strata::ui {

/// Hides a menu bar until Alt is pressed and let go by itself, and then opens its first
/// menu; it goes again with the focus, with Escape, and when something was chosen. Qt's own Alt works only for
/// bars that are there.
class MenuBarKey : public QObject {
    Q_OBJECT
public:
    explicit MenuBarKey(QMenuBar& bar);

    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void show();
    void hide();

    QMenuBar& m_bar;
    QPointer<QWidget> m_before; ///< had the focus
    bool m_alone = false; ///< Alt is down, and nothing else happened since
};

} // namespace strata::ui
