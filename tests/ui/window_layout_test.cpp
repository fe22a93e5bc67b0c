// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_main.h"
#include "ui/look/theme.h"
#include "ui/window/theme_choice.h"
#include "window_rig.h"

#include <QDockWidget>
#include <QLineEdit>
#include <QMenu>
#include <QToolBar>
#include <QToolButton>

namespace strata::ui {

using test::Window;

/// Docks, density, theme and size of text.
class WindowLayoutTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }

    void theStartPageCoversAllDocks();
    void narrowWindowsAreCompact();
    void theThemeChangesAtOnce();
    void theLayoutIsRemembered();
    void docksMoveFloatAndComeBack();
    void largerWordsHaveLargerCards();
    void keysChangeTheSizeOfText();
};

/// What nobody sees takes no click and no focus.
void WindowLayoutTest::theStartPageCoversAllDocks() {
    Window w;
    const auto docks = w.window.findChildren<QDockWidget*>();
    QCOMPARE(docks.size(), qsizetype{5});
    w.window.showStartPage();
    for (const QDockWidget* dock : docks) QVERIFY2(!dock->isEnabled(), qPrintable(dock->objectName()));
    w.window.showCanvas();
    for (const QDockWidget* dock : docks) QVERIFY2(dock->isEnabled(), qPrintable(dock->objectName()));
}

void WindowLayoutTest::narrowWindowsAreCompact() {
    Window w;
    w.build();
    QCOMPARE(w.window.density(), Density::Regular);
    const double regular = w.window.scene().card(2)->cardRect().height();
    w.window.resize(1280, 720);
    QTRY_COMPARE_WITH_TIMEOUT(w.window.density(), Density::Compact, test::kPatience);
    QVERIFY(w.window.scene().card(2)->cardRect().height() < regular);
    auto* palette = w.window.findChild<QDockWidget*>(QStringLiteral("paletteDock"));
    QVERIFY(palette->isVisible());
    w.window.resize(1050, 720);
    QTRY_VERIFY_WITH_TIMEOUT(!palette->isVisible(), test::kPatience);
    w.window.resize(1500, 950);
    QTRY_VERIFY_WITH_TIMEOUT(palette->isVisible(), test::kPatience);
    QCOMPARE(w.window.density(), Density::Regular);
}

void WindowLayoutTest::theThemeChangesAtOnce() {
    Window w;
    w.build();
    ThemeChoice::choose(QStringLiteral("dark"));
    QTRY_VERIFY_WITH_TIMEOUT(w.window.scene().look().theme.isDark, test::kPatience);
    w.window.grab();
    ThemeChoice::choose(QStringLiteral("light"));
    QTRY_VERIFY_WITH_TIMEOUT(!w.window.scene().look().theme.isDark, test::kPatience);
}

void WindowLayoutTest::theLayoutIsRemembered() {
    {
        Window w;
        w.window.findChild<QDockWidget*>(QStringLiteral("paletteDock"))->hide();
        QVERIFY(w.window.close());
    }
    Window again;
    QVERIFY(!again.window.findChild<QDockWidget*>(QStringLiteral("paletteDock"))->isVisible());
    QVERIFY(again.window.findChild<QDockWidget*>(QStringLiteral("inspectorDock"))->isVisible());
}

void WindowLayoutTest::docksMoveFloatAndComeBack() {
    Window w;
    auto* inspector = w.window.findChild<QDockWidget*>(QStringLiteral("inspectorDock"));
    auto* menu = w.window.findChild<QToolButton*>(QStringLiteral("dockMenu:inspectorDock"))->menu();
    QCOMPARE(w.window.dockWidgetArea(inspector), Qt::RightDockWidgetArea);
    menu->actions().at(0)->trigger();
    QCOMPARE(w.window.dockWidgetArea(inspector), Qt::LeftDockWidgetArea);
    menu->actions().at(3)->trigger();
    QVERIFY(inspector->isFloating());
    menu->actions().last()->trigger();
    QVERIFY(!inspector->isVisible());
    for (QDockWidget* dock : w.window.findChildren<QDockWidget*>()) dock->hide();
    w.window.findChild<QAction*>(QStringLiteral("restoreDocks"))->trigger();
    QCOMPARE(w.window.dockWidgetArea(inspector), Qt::RightDockWidgetArea);
    QVERIFY(inspector->isVisible() && !inspector->isFloating());
    QVERIFY(w.window.findChild<QDockWidget*>(QStringLiteral("bottomDock"))->isVisible());
    QVERIFY(!w.window.findChild<QDockWidget*>(QStringLiteral("outlineDock"))->isVisible());
}

/// What holds words grows with them: no number is cut, and no line lies on the next.
void WindowLayoutTest::largerWordsHaveLargerCards() {
    Window w;
    w.build();
    const Metrics before = w.window.scene().look().metrics;
    QCOMPARE(w.window.density(), Density::Regular);
    ThemeChoice::setTextPercent(150);
    // 1500 wide is with these words what 1000 is otherwise.
    QTRY_COMPARE_WITH_TIMEOUT(w.window.density(), Density::Compact, test::kPatience);
    const Metrics& now = w.window.scene().look().metrics;
    QCOMPARE(now.card.height, qRound(1.5 * Metrics::compact().card.height));
    QCOMPARE(now.card.width, qRound(1.5 * Metrics::compact().card.width));
    QCOMPARE(w.window.scene().card(2)->cardRect().width(), static_cast<double>(now.card.width));
    QCOMPARE(w.window.findChild<QToolBar*>()->height(), now.window.toolBar);
    ThemeChoice::setTextPercent(100);
    QTRY_COMPARE_WITH_TIMEOUT(w.window.density(), Density::Regular, test::kPatience);
    QCOMPARE(w.window.scene().look().metrics.card.height, before.card.height);
    QCOMPARE(w.window.findChild<QToolBar*>()->height(), before.window.toolBar);
}

void WindowLayoutTest::keysChangeTheSizeOfText() {
    Window w;
    w.build();
    const int canvasZoom = static_cast<int>(100 * w.window.canvas().zoom());
    w.window.findChild<QLineEdit*>(QStringLiteral("paletteField"))->setFocus();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Plus, Qt::ControlModifier);
    QCOMPARE(ThemeChoice::textPercent(), 115);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Minus, Qt::ControlModifier);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Minus, Qt::ControlModifier);
    QCOMPARE(ThemeChoice::textPercent(), 90);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_0, Qt::ControlModifier);
    QCOMPARE(ThemeChoice::textPercent(), 100);
    QCOMPARE(static_cast<int>(100 * w.window.canvas().zoom()), canvasZoom);
}

} // namespace strata::ui

using strata::ui::WindowLayoutTest;
STRATA_FILE_TEST_MAIN(WindowLayoutTest)
#include "window_layout_test.moc"
