// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/editor_actions.h"
#include "ui/window/commands.h"
#include "ui/window/finding.h"
#include "ui/window/main_window.h"
#include "ui_support.h"

#include <QDockWidget>
#include <QMenuBar>
#include <QSettings>
#include <QToolButton>

namespace strata::ui {

/// What is hidden until somebody asks for it: the menu bar, the layers of a narrow window, the chips of all cards; and
/// commands outside their menu.
class WindowBarsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }

    void altShowsTheMenuBar();
    void altWithSomethingElseDoesNot_data();
    void altWithSomethingElseDoesNot();
    void theLayersCloseToTheirButton();
    void chipsOnAllCardsAreASetting();
    void heatCommandsNameThemselvesWhole();
};

namespace {

struct Window {
    GraphDocument document;
    MainWindow window{document};
    QMenuBar* bar = window.menuBar();

    Window() {
        document.reset(test::stateWith(test::smallNet()));
        window.resize(1500, 950);
        window.show();
        (void)QTest::qWaitForWindowActive(&window, test::kPatience);
        window.showCanvas();
        window.canvas().setFocus();
    }
    void alt() {
        QTest::keyPress(&window.canvas(), Qt::Key_Alt, Qt::AltModifier);
        QTest::keyRelease(&window.canvas(), Qt::Key_Alt);
    }
};

} // namespace

void WindowBarsTest::altShowsTheMenuBar() {
    Window w;
    QVERIFY(!w.bar->isVisible());
    w.alt();
    QTRY_VERIFY_WITH_TIMEOUT(w.bar->isVisible() && w.bar->hasFocus(), test::kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(QApplication::activePopupWidget() == w.bar->actions().front()->menu(), test::kPatience);
    // Escape closes the menu, and then goes back to where one was.
    QTest::keyClick(QApplication::activePopupWidget(), Qt::Key_Escape);
    QTRY_VERIFY_WITH_TIMEOUT(QApplication::activePopupWidget() == nullptr, test::kPatience);
    if (w.bar->isVisible()) QTest::keyClick(w.bar, Qt::Key_Escape);
    QTRY_VERIFY_WITH_TIMEOUT(!w.bar->isVisible(), test::kPatience);
    QVERIFY(w.window.canvas().hasFocus());
    w.alt();
    QTRY_VERIFY_WITH_TIMEOUT(w.bar->isVisible() && QApplication::activePopupWidget() != nullptr, test::kPatience);
    QApplication::activePopupWidget()->close();
    QTest::mouseClick(w.window.canvas().viewport(), Qt::LeftButton, {}, QPoint(5, 5));
    w.window.canvas().setFocus();
    QTRY_VERIFY_WITH_TIMEOUT(!w.bar->isVisible(), test::kPatience);
}

void WindowBarsTest::altWithSomethingElseDoesNot_data() {
    QTest::addColumn<int>("what");
    QTest::newRow("another key") << 0;
    QTest::newRow("a drag") << 1;
    QTest::newRow("after Shift") << 2;
}

void WindowBarsTest::altWithSomethingElseDoesNot() {
    QFETCH(int, what);
    Window w;
    QWidget* canvas = &w.window.canvas();
    QTest::keyPress(canvas, Qt::Key_Alt, what == 2 ? Qt::AltModifier | Qt::ShiftModifier : Qt::AltModifier);
    if (what == 0) QTest::keyClick(canvas, Qt::Key_5, Qt::AltModifier);
    if (what == 1) QTest::mouseClick(w.window.canvas().viewport(), Qt::LeftButton, Qt::AltModifier, QPoint(5, 5));
    QTest::keyRelease(canvas, Qt::Key_Alt);
    QTest::qWait(0);
    QVERIFY(!w.bar->isVisible());
}

void WindowBarsTest::theLayersCloseToTheirButton() {
    Window w;
    auto* palette = w.window.findChild<QDockWidget*>(QStringLiteral("paletteDock"));
    auto* button = w.window.findChild<QToolButton*>(QStringLiteral("paletteButton"));
    QVERIFY(palette->isVisible() && !button->isVisible());
    w.window.resize(1050, 720);
    QTRY_VERIFY_WITH_TIMEOUT(!palette->isVisible() && button->isVisible(), test::kPatience);
    QVERIFY(!button->isChecked());
    QTest::mouseClick(button, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(palette->isVisible() && button->isChecked(), test::kPatience);
    w.window.resize(1000, 720); // who opened it keeps it
    QTest::qWait(0);
    QVERIFY(palette->isVisible());
    QTest::mouseClick(button, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!palette->isVisible(), test::kPatience);
    w.window.resize(1500, 950);
    QTRY_VERIFY_WITH_TIMEOUT(palette->isVisible() && !button->isVisible(), test::kPatience);
}

void WindowBarsTest::chipsOnAllCardsAreASetting() {
    {
        Window w;
        EditorScene& scene = w.window.scene();
        const auto picture = [&] {
            w.window.canvas().viewport()->setAttribute(Qt::WA_UnderMouse, false);
            return w.window.canvas().viewport()->grab().toImage();
        };
        const QImage without = picture();
        scene.setTrainingChips({{2, QStringLiteral("update 1.2e-3")}});
        QVERIFY(picture() == without); // nobody looks at the card
        w.window.canvas().actions().allChips->trigger();
        QVERIFY(scene.look().allChips);
        QVERIFY(picture() != without);
    }
    Window again; // remembered
    QVERIFY(again.window.scene().look().allChips && again.window.canvas().actions().allChips->isChecked());
}

void WindowBarsTest::heatCommandsNameThemselvesWhole() {
    Window w;
    QStringList heat;
    for (const Finding& f : findCommands(w.window.commands())) {
        if (f.action->objectName().startsWith(QLatin1String("heat:"))) heat << f.title;
    }
    QCOMPARE(heat.size(), 8);
    for (const QString& name : heat) QVERIFY2(name.startsWith(QStringLiteral("Heat: ")), qPrintable(name));
    QVERIFY(heat.contains(QStringLiteral("Heat: parameters")) && heat.contains(QStringLiteral("Heat: off")));
    QVERIFY(heat.contains(QStringLiteral("Heat: MACs per image")));
}

} // namespace strata::ui

QTEST_MAIN(strata::ui::WindowBarsTest)
#include "window_bars_test.moc"
