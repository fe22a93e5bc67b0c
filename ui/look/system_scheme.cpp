// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/look/system_scheme.h"

#include <QGuiApplication>
#include <QPalette>

#ifdef STRATA_HAS_DBUS
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVariant>
#endif

namespace strata::ui {

#ifdef STRATA_HAS_DBUS
namespace {

constexpr auto kService = "org.freedesktop.portal.Desktop";
constexpr auto kPath = "/org/freedesktop/portal/desktop";
constexpr auto kInterface = "org.freedesktop.portal.Settings";
constexpr auto kGroup = "org.freedesktop.appearance";
constexpr auto kKey = "color-scheme";
constexpr uint kPrefersDark = 1; // the portal's values: 0 no preference, 1 dark, 2 light
constexpr uint kPrefersLight = 2;
constexpr int kPatienceMs = 200; // the window waits for this answer: better a light start than a late one

/// The portal wraps the number in one variant more than one would think (Read) or not (SettingChanged).
uint schemeOf(QVariant value) {
    while (value.canConvert<QDBusVariant>())
        value = value.value<QDBusVariant>().variant();
    return value.toUInt();
}

} // namespace
#endif

SystemScheme::SystemScheme(QObject* parent)
    : QObject(parent)
    , m_isDark(QGuiApplication::palette().color(QPalette::Window).lightness() < 128) {
#ifdef STRATA_HAS_DBUS
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) return;
    QDBusMessage question =
        QDBusMessage::createMethodCall(kService, kPath, kInterface, QStringLiteral("Read"));
    question << QString::fromLatin1(kGroup) << QString::fromLatin1(kKey);
    const QDBusMessage answer = bus.call(question, QDBus::Block, kPatienceMs);
    if (answer.type() == QDBusMessage::ReplyMessage && !answer.arguments().isEmpty()) {
        const uint scheme = schemeOf(answer.arguments().constFirst());
        if (scheme == kPrefersDark || scheme == kPrefersLight) m_isDark = scheme == kPrefersDark;
    }
    bus.connect(kService, kPath, kInterface, QStringLiteral("SettingChanged"), this,
                SLOT(settingChanged(QString, QString, QDBusVariant)));
#endif
}

void SystemScheme::settingChanged(const QString& group, const QString& key, const QDBusVariant& value) {
#ifdef STRATA_HAS_DBUS
    if (group != QLatin1String(kGroup) || key != QLatin1String(kKey)) return;
    const bool dark = schemeOf(QVariant::fromValue(value)) == kPrefersDark;
    if (dark == m_isDark) return;
    m_isDark = dark;
    Q_EMIT changed(dark);
#else
    Q_UNUSED(group)
    Q_UNUSED(key)
    Q_UNUSED(value)
#endif
}

} // namespace strata::ui
