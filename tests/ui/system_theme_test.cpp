// SPDX-License-Identifier: GPL-3.0-or-later
// "Theme as the system": a desktop portal of our own on a bus of our own says light or dark, and changes its mind.
#include "file_main.h"
#include "patience.h"
#include "ui/look/system_scheme.h"
#include "ui/look/theme.h"
#include "ui/window/theme_choice.h"

#include <QDBusConnection>
#include <QDBusVariant>
#include <QProcess>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QStandardPaths>

namespace strata::ui {

/// What a desktop answers at org.freedesktop.portal.Settings.
class Portal : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.Settings")
public:
    uint scheme = 0; ///< 0: no preference, 1: dark, 2: light
    bool answers(const QString& group, const QString& key) const {
        return group == QLatin1String("org.freedesktop.appearance") && key == QLatin1String("color-scheme");
    }
    void change(uint to) {
        scheme = to;
        Q_EMIT SettingChanged(QStringLiteral("org.freedesktop.appearance"), QStringLiteral("color-scheme"), QDBusVariant(to));
    }

public Q_SLOTS:
    /// A variant in a variant, as portals wrap it.
    QDBusVariant Read(const QString& group, const QString& key) {
        return QDBusVariant(QVariant::fromValue(QDBusVariant(answers(group, key) ? scheme : 99u)));
    }

Q_SIGNALS:
    void SettingChanged(const QString& group, const QString& key, const QDBusVariant& value);
};

class SystemThemeTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanupTestCase();
    void theBeginningIsTheDesktops_data();
    void theBeginningIsTheDesktops();
    void changesAreFollowed();
    void aThemeThatWasChosenStays();

private:
    QProcess m_daemon;
    Portal m_portal;
};

void SystemThemeTest::initTestCase() {
    const QString daemon = QStandardPaths::findExecutable(QStringLiteral("dbus-daemon"));
    if (daemon.isEmpty()) QSKIP("there is no dbus-daemon (Debian: dbus-daemon)");
    m_daemon.start(daemon, {QStringLiteral("--session"), QStringLiteral("--nofork"), QStringLiteral("--print-address=1")});
    QVERIFY(m_daemon.waitForReadyRead(test::kPatience));
    qputenv("DBUS_SESSION_BUS_ADDRESS", m_daemon.readLine().trimmed());
    QDBusConnection bus = QDBusConnection::sessionBus();
    QVERIFY(bus.isConnected());
    QVERIFY(bus.registerObject(QStringLiteral("/org/freedesktop/portal/desktop"), &m_portal, QDBusConnection::ExportAllContents));
    QVERIFY(bus.registerService(QStringLiteral("org.freedesktop.portal.Desktop")));
}

void SystemThemeTest::init() {
    QSettings().clear();
}

void SystemThemeTest::cleanupTestCase() {
    m_daemon.terminate();
    m_daemon.waitForFinished(test::kPatience);
}

void SystemThemeTest::theBeginningIsTheDesktops_data() {
    QTest::addColumn<uint>("scheme");
    QTest::addColumn<bool>("darkPalette");
    QTest::addColumn<bool>("dark");
    QTest::newRow("dark is asked for") << 1u << false << true;
    QTest::newRow("light is asked for") << 2u << true << false;
    QTest::newRow("nothing is asked for, dark palette") << 0u << true << true;
    QTest::newRow("nothing is asked for, light palette") << 0u << false << false;
}

/// Where it has no wish, its palette decides.
void SystemThemeTest::theBeginningIsTheDesktops() {
    QFETCH(uint, scheme);
    QFETCH(bool, darkPalette);
    QFETCH(bool, dark);
    const QPalette before = QGuiApplication::palette();
    const auto restore = qScopeGuard([&] { QGuiApplication::setPalette(before); });
    QGuiApplication::setPalette(QPalette(darkPalette ? Qt::black : Qt::white));
    m_portal.scheme = scheme;
    QCOMPARE(SystemScheme().isDark(), dark);
}

void SystemThemeTest::changesAreFollowed() {
    m_portal.scheme = 2;
    SystemScheme scheme;
    QSignalSpy changed(&scheme, &SystemScheme::changed);
    ThemeChoice::follow(*qobject_cast<QApplication*>(qApp), scheme);
    QCOMPARE(ThemeChoice::chosen(), QStringLiteral("system"));
    QVERIFY(!currentTheme().isDark);
    m_portal.change(1);
    QTRY_VERIFY_WITH_TIMEOUT(currentTheme().isDark, test::kPatience);
    QVERIFY(QGuiApplication::palette().color(QPalette::Window).lightness() < 128);
    Q_EMIT m_portal.SettingChanged(QStringLiteral("org.freedesktop.appearance"), QStringLiteral("accent-color"), QDBusVariant(2u));
    m_portal.change(1); // no news
    m_portal.change(2);
    QTRY_VERIFY_WITH_TIMEOUT(!currentTheme().isDark, test::kPatience);
    QCOMPARE(changed.count(), 2);
}

/// Until "as the system" is chosen again: then it is as the desktop has it by now.
void SystemThemeTest::aThemeThatWasChosenStays() {
    m_portal.scheme = 2;
    SystemScheme scheme;
    QSignalSpy changed(&scheme, &SystemScheme::changed);
    ThemeChoice::follow(*qobject_cast<QApplication*>(qApp), scheme);
    ThemeChoice::choose(QStringLiteral("light"));
    m_portal.change(1);
    QTRY_COMPARE_WITH_TIMEOUT(changed.count(), 1, test::kPatience);
    QVERIFY(!currentTheme().isDark);
    ThemeChoice::choose(QStringLiteral("system"));
    QVERIFY(currentTheme().isDark);
    ThemeChoice::choose(QStringLiteral("dark"));
    m_portal.change(2);
    QTRY_COMPARE_WITH_TIMEOUT(changed.count(), 2, test::kPatience);
    QVERIFY(currentTheme().isDark);
}

} // namespace strata::ui

using strata::ui::SystemThemeTest;
STRATA_FILE_TEST_MAIN(SystemThemeTest)
#include "system_theme_test.moc"
