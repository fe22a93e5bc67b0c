// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QDBusVariant;

namespace strata::ui {

/// Whether the desktop asks for a dark window, and when that changes. Qt 6.4 cannot say
/// (QStyleHints::colorScheme came with 6.5), so the desktop portal is asked over D-Bus; where there is none,
/// the lightness of the palette the application started with decides. Make one before applyTheme replaces
/// that palette.
class SystemScheme : public QObject {
    Q_OBJECT
public:
    explicit SystemScheme(QObject* parent = nullptr);

    bool isDark() const { return m_isDark; }

Q_SIGNALS:
    void changed(bool isDark);

private Q_SLOTS:
    void settingChanged(const QString& group, const QString& key, const QDBusVariant& value);

private:
    bool m_isDark = false;
};

} // namespace strata::ui
