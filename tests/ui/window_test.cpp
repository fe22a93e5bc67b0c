// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/drawing_limits.h"
#include "engine/interop/run_record.h"
#include "file_main.h"
#include "ui/editor/editor_view.h"
#include "ui/inspector/inspector.h"
#include "ui/inspector/problems_panel.h"
#include "ui/look/theme.h"
#include "ui/look/widgets.h"
#include "ui/window/application.h"
#include "ui/window/totals_bar.h"
#include "window_rig.h"

#include <QMenu>
#include <QSpinBox>

namespace strata::ui {

using test::whenAsked;
using test::Window;

/// What the window says, and where its keys lead.
class WindowTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }

    void aMessageIsReadWhole();
    void aMessageHasItsOwnTime();
    void aboutSaysTheVersion();
    void theMenuHasWhatWasBroughtIn();
    void enterGoesToTheFirstField();
    void undoKeysWorkEverywhere();
    void undoKeysReachTheDocumentFromAField_data();
    void undoKeysReachTheDocumentFromAField();
    void aProblemLeadsToItsCard();
    void anotherThemeShowsTheSameCard();
    void aFullDrawingTakesNoMore();
};

void WindowTest::aMessageIsReadWhole() {
    Window w;
    w.window.resize(1280, 720);
    w.build();
    auto* place = w.window.findChild<ElidedLabel*>(QStringLiteral("fileOrMessage"));
    const auto figures = [&] {
        QStringList shown;
        for (const QLabel* label : w.window.findChild<TotalsBar*>()->findChildren<QLabel*>()) {
            if (label->isVisible()) shown << label->text();
        }
        return shown;
    };
    const QStringList before = figures();
    QVERIFY(before.contains(QStringLiteral("Parameters")));
    const QString sentence = QStringLiteral("A sentence that is much longer than what the figures leave of the status bar, ").repeated(2);
    w.window.say(sentence);
    QTRY_VERIFY_WITH_TIMEOUT(place->width() >= place->sizeHint().width(), test::kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(place->mapTo(&w.window, QPoint(place->width(), 0)).x() <= w.window.width(), test::kPatience);
    QVERIFY(figures().size() < before.size());
    w.window.say(sentence.repeated(3)); // longer than the window: its end is in the tool tip
    QTRY_VERIFY_WITH_TIMEOUT(place->toolTip().endsWith(sentence), test::kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(place->mapTo(&w.window, QPoint(place->width(), 0)).x() <= w.window.width(), test::kPatience);
    w.window.say({});
    QTRY_COMPARE_WITH_TIMEOUT(figures(), before, test::kPatience);
}

void WindowTest::aMessageHasItsOwnTime() {
    Window w;
    auto* totals = w.window.findChild<TotalsBar*>();
    auto* end = totals->findChild<QTimer*>(QStringLiteral("messageEnd"));
    w.window.say(QStringLiteral("First"));
    const int whole = end->interval();
    end->start(1); // its time is all but over
    w.window.say(QStringLiteral("Second"));
    QCOMPARE(end->interval(), whole);
    QCOMPARE(w.window.findChildren<QTimer*>().count(end), 1);
    QCOMPARE(totals->message(), QStringLiteral("Second"));
    end->start(1);
    QTRY_VERIFY_WITH_TIMEOUT(totals->message() != QStringLiteral("Second"), test::kPatience);
}

void WindowTest::aboutSaysTheVersion() {
    nameApplication();
    QCoreApplication::setOrganizationName(QStringLiteral("StrataTest")); // nobody's settings are touched
    Window w;
    QString text;
    whenAsked([&text](QMessageBox& box) {
        text = box.text();
        box.close();
    });
    w.window.findChild<QAction*>(QStringLiteral("about"))->trigger();
    QVERIFY2(text.contains(QStringLiteral("<b>Strata %1</b>").arg(QString::fromStdString(programVersion()))), qPrintable(text));
}

void WindowTest::theMenuHasWhatWasBroughtIn() {
    Window w;
    QVERIFY(!w.window.trainMenu()->menuAction()->isVisible() && !w.window.dataMenu()->menuAction()->isVisible());
    w.window.addTrainWidget(new QWidget);
    w.window.setDataWidget(new QWidget);
    QVERIFY(w.window.trainMenu()->menuAction()->isVisible() && w.window.dataMenu()->menuAction()->isVisible());
}

void WindowTest::enterGoesToTheFirstField() {
    Window w;
    w.build();
    w.window.canvas().setFocus();
    w.window.scene().selectOnly(std::array<NodeId, 1>{2});
    QTest::keyClick(&w.window.canvas(), Qt::Key_Return);
    auto* spin = qobject_cast<QSpinBox*>(QApplication::focusWidget());
    QVERIFY(spin != nullptr);
    QVERIFY(w.window.inspector().isAncestorOf(spin));
}

void WindowTest::undoKeysWorkEverywhere() {
    Window w;
    w.build();
    QTest::keyClick(&w.window, Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(w.document.graph().empty());
    QTest::keyClick(&w.window, Qt::Key_Y, Qt::ControlModifier);
    QVERIFY(!w.document.graph().empty());
    QTest::keyClick(&w.window, Qt::Key_Z, Qt::ControlModifier);
    QTest::keyClick(&w.window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(!w.document.graph().empty());
}

/// A field of the inspector has the focus: its typing is undone while it is typed, the document once it is taken over.
void WindowTest::undoKeysReachTheDocumentFromAField_data() {
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("typed");
    QTest::newRow("number") << QStringLiteral("Filters") << QStringLiteral("77");
    QTest::newRow("name") << QString() << QStringLiteral("eyes");
}

void WindowTest::undoKeysReachTheDocumentFromAField() {
    QFETCH(QString, field);
    QFETCH(QString, typed);
    Window w;
    w.build();
    w.window.scene().selectOnly(std::array<NodeId, 1>{2});
    QWidget* edit = nullptr;
    for (QWidget* each : w.window.inspector().findChildren<QWidget*>()) {
        const bool named = field.isEmpty() ? each->objectName() == QStringLiteral("nodeName")
                                           : each->accessibleName() == field && qobject_cast<QSpinBox*>(each) != nullptr;
        if (named) edit = each;
    }
    QVERIFY(edit != nullptr);
    edit->setFocus();
    QTRY_VERIFY_WITH_TIMEOUT(edit->hasFocus(), test::kPatience);
    const ModelGraph before = w.document.graph();
    QTest::keyClick(edit, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(edit, typed);
    QVERIFY(w.document.graph() == before); // not yet
    QTest::keyClick(edit, Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(w.document.graph() == before);
    QTest::keyClick(edit, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(edit, typed);
    QTest::keyClick(edit, Qt::Key_Return);
    const ModelGraph after = w.document.graph();
    QVERIFY(!(after == before));
    QVERIFY(edit->hasFocus());
    QTest::keyClick(edit, Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(w.document.graph() == before);
    QTest::keyClick(edit, Qt::Key_Y, Qt::ControlModifier);
    QVERIFY(w.document.graph() == after);
    QTest::keyClick(edit, Qt::Key_Z, Qt::ControlModifier);
    QTest::keyClick(edit, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(w.document.graph() == after);
}

void WindowTest::aProblemLeadsToItsCard() {
    Window w;
    w.build();
    w.document.edit(QStringLiteral("Break"), [](DocumentState& state) {
        test::setParam(state.graph, 2, "kernel_size", ParamValue::IntList{31, 31});
    });
    Q_EMIT w.window.problems().nodeActivated(2);
    QCOMPARE(w.window.scene().selectedNodes(), std::vector<NodeId>{2});
    QCOMPARE(w.window.inspector().node(), NodeId{2});
}

/// On the canvas the block is selected; the inspector shows the one card of it that was asked for.
void WindowTest::anotherThemeShowsTheSameCard() {
    Window w;
    w.build();
    w.document.edit(QStringLiteral("Fold"), [](DocumentState& state) {
        (void)state.graph.addGroup({.title = "Eyes", .block = true, .folded = true}, std::array<NodeId, 2>{2, 3});
    });
    Q_EMIT w.window.problems().nodeActivated(3);
    QCOMPARE(w.window.inspector().node(), NodeId{3});
    applyTheme(*qApp, Theme::dark());
    QTRY_VERIFY_WITH_TIMEOUT(w.window.scene().look().theme.isDark, test::kPatience);
    QCOMPARE(w.window.inspector().node(), NodeId{3});
    applyTheme(*qApp, Theme::light());
    QTRY_VERIFY_WITH_TIMEOUT(!w.window.scene().look().theme.isDark, test::kPatience);
    QCOMPARE(w.window.inspector().node(), NodeId{3});
}

void WindowTest::aFullDrawingTakesNoMore() {
    std::vector<Node> nodes;
    for (NodeId id = 1; id <= static_cast<NodeId>(kMostDrawnCards); ++id) nodes.push_back({.id = id, .type = "Input", .name = "n" + std::to_string(id)});
    GraphDocument document;
    MainWindow window(document);
    document.reset(test::stateWith(*ModelGraph::build(std::move(nodes), {})));
    window.scene().selectOnly(std::array<NodeId, 1>{7});
    EditorView& canvas = *window.findChild<EditorView*>();
    canvas.addLayer(QStringLiteral("Conv2D"));
    QCOMPARE(document.graph().nodes().size(), kMostDrawnCards);
    QCOMPARE(document.undoStack().count(), 0);
    QVERIFY2(window.findChild<TotalsBar*>()->message().startsWith(QStringLiteral("The drawing would get 10,001 cards; its file has room for 10,000.")),
             qPrintable(window.findChild<TotalsBar*>()->message()));
    QCOMPARE(window.scene().selectedNodes(), std::vector<NodeId>{7});
    document.edit(QStringLiteral("Remove"), [](DocumentState& state) { state.graph.remove(9); });
    canvas.addLayer(QStringLiteral("Conv2D"));
    QCOMPARE(document.undoStack().count(), 2);
}

} // namespace strata::ui

using strata::ui::WindowTest;
STRATA_FILE_TEST_MAIN(WindowTest)
#include "window_test.moc"
