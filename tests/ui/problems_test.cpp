// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/graph_dsl.h"
#include "ui/inspector/problems_panel.h"
#include "ui_support.h"

#include <QAction>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QToolButton>

namespace strata::ui {

/// The list of mistakes, and the ways to mend them.
class ProblemsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void problemsAreMendedWithOneClick();
    void everyRepairIsOneUndoStep_data();
    void everyRepairIsOneUndoStep();
    void aRepairUnderThePointerIsPreviewed();
    void hintsAreHiddenAndShownAgain();
    void manyProblemsStayQuick();
};

void ProblemsTest::problemsAreMendedWithOneClick() {
    GraphDocument document;
    ModelGraph graph = test::smallNet();
    test::setParam(graph, 2, "kernel_size", ParamValue::IntList{31, 31});
    document.reset(test::stateWith(graph));
    ProblemsPanel panel(document);
    panel.resize(900, 200);
    panel.show();
    QVERIFY(panel.count() > 0);
    QSignalSpy place(&panel, &ProblemsPanel::nodeActivated);
    QWidget* row = panel.findChild<QWidget*>(QStringLiteral("problem0"));
    QTest::mouseClick(row->findChild<QPushButton*>(QStringLiteral("place")), Qt::LeftButton);
    QCOMPARE(place.count(), 1);
    QCOMPARE(place.front().front().value<strata::NodeId>(), NodeId{2});
    QPushButton* repair = nullptr;
    QTRY_VERIFY_WITH_TIMEOUT(!row->findChildren<QPushButton*>(QRegularExpression(QStringLiteral("^repair:"))).isEmpty(), test::kPatience);
    for (QPushButton* button : row->findChildren<QPushButton*>()) {
        if (button->objectName().startsWith(QLatin1String("repair:"))) repair = repair == nullptr ? button : repair;
    }
    QVERIFY(repair != nullptr);
    QVERIFY(!repair->toolTip().isEmpty());
    const Problem first = document.report().problems.front();
    QTest::mouseClick(repair, Qt::LeftButton);
    QCOMPARE(document.undoStack().count(), 1);
    QVERIFY(std::ranges::find(document.report().problems, first) == document.report().problems.end());
}

void ProblemsTest::everyRepairIsOneUndoStep_data() {
    QTest::addColumn<QString>("graph");
    QTest::newRow("window") << QStringLiteral("Input 28x28x1 > Conv2D kernel_size=31 > Flatten > Dense units=10");
    QTest::newRow("join") << QStringLiteral("Input 28x28x1 name=in > Conv2D filters=8 > Add name=sum > Flatten > Dense units=10; in > sum");
    QTest::newRow("data") << QStringLiteral("Input 32x32x3 > Flatten > Dense units=10");
    QTest::newRow("units and hints") << QStringLiteral("Input 28x28x1 > Conv2D kernel_size=4 > Conv2D > Flatten > Dense units=3");
    QTest::newRow("loss") << QStringLiteral("Input 28x28x1 > BatchNormalization > Flatten > Dense units=10");
    QTest::newRow("ends") << QStringLiteral("Input 28x28x1 name=in > Flatten > Dense units=10; in > Conv2D > MaxPooling2D");
}

/// By the button: the problem is gone, one Ctrl+Z brings exactly the state before.
void ProblemsTest::everyRepairIsOneUndoStep() {
    QFETCH(QString, graph);
    GraphDocument document;
    DocumentState state = test::stateWith(graphFrom(graph.toStdString()));
    state.training.batchSize = 1;
    document.reset(state);
    document.setDataInfo(Shape{28, 28, 1}, 10);
    ProblemsPanel panel(document);
    panel.resize(900, 400);
    panel.show();
    const std::vector<Problem> problems = document.report().problems;
    QVERIFY(!problems.empty());
    for (std::size_t i = 0; i < problems.size(); ++i) {
        const std::size_t repairs = document.repairs(problems[i]).size();
        QVERIFY2(repairs >= 1 && repairs <= 4, problems[i].text.c_str());
        for (std::size_t k = 0; k < repairs; ++k) {
            const auto buttons = [&] {
                auto* row = panel.findChild<QWidget*>(QStringLiteral("problem%1").arg(i));
                QList<QPushButton*> found;
                for (QPushButton* button : row->findChildren<QPushButton*>(QRegularExpression(QStringLiteral("^repair:")))) {
                    if (button->isEnabled() && !button->isHidden() && !button->parentWidget()->isHidden()) found << button;
                }
                return found;
            };
            QTRY_COMPARE_WITH_TIMEOUT(buttons().size(), static_cast<qsizetype>(repairs), test::kPatience);
            const DocumentState before = document.state();
            QTest::mouseClick(buttons().at(static_cast<qsizetype>(k)), Qt::LeftButton);
            QCOMPARE(document.undoStack().index(), 1);
            if (document.state().data == before.data) { // else the data is read again first
                const auto stands = [&](const Problem& p) { return p.id == problems[i].id && p.node == problems[i].node; };
                QVERIFY2(std::ranges::none_of(document.report().problems, stands), problems[i].text.c_str());
            }
            document.undoStack().undo();
            QVERIFY(document.state() == before);
            QVERIFY(document.report().problems == problems);
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        }
    }
}

void ProblemsTest::aRepairUnderThePointerIsPreviewed() {
    test::Canvas canvas(graphFrom("Input 28x28x1 > Conv2D name=a activation=relu kernel_size=4 > Conv2D name=b kernel_size=29 > Flatten name=f > Dense units=10"));
    const NodeId a = canvas.document.graph().findByName("a")->id;
    const NodeId b = canvas.document.graph().findByName("b")->id;
    const NodeId f = canvas.document.graph().findByName("f")->id;
    ProblemsPanel panel(canvas.document);
    panel.resize(900, 300);
    panel.show();
    QWidget* row = panel.findChild<QWidget*>(QStringLiteral("problem0"));
    QTRY_VERIFY_WITH_TIMEOUT(row->findChild<QPushButton*>(QStringLiteral("repair:padding_same")) != nullptr, test::kPatience);
    auto* same = row->findChild<QPushButton*>(QStringLiteral("repair:padding_same"));
    const CardFace before = canvas.scene.card(b)->face();
    const QRectF size = canvas.scene.card(b)->cardRect();
    const auto enter = [](QWidget* w) {
        QEnterEvent event(QPointF(3, 3), QPointF(3, 3), QPointF(3, 3));
        QApplication::sendEvent(w, &event);
    };
    const auto leave = [](QWidget* w) {
        QEvent event(QEvent::Leave);
        QApplication::sendEvent(w, &event);
    };
    enter(same);
    QCOMPARE(canvas.scene.card(b)->face().shape, QStringLiteral("25 × 25 × 32"));
    QVERIFY(canvas.scene.card(b)->face().previewed && canvas.scene.card(f)->face().previewed);
    QVERIFY(!canvas.scene.card(a)->face().previewed);
    QCOMPARE(canvas.scene.card(f)->face().shape, QStringLiteral("20000"));
    QCOMPARE(canvas.scene.card(b)->cardRect(), size); // nothing jumps under the pointer
    QCOMPARE(canvas.document.undoStack().count(), 0);
    leave(same);
    QVERIFY(canvas.scene.card(b)->face() == before);
    // The same on the card itself.
    const QPointF button = canvas.scene.card(b)->pos() + canvas.scene.card(b)->repairRect(0).center();
    canvas.moveTo(canvas.at(button), Qt::NoButton);
    QVERIFY(canvas.scene.card(f)->face().previewed);
    canvas.moveTo(canvas.empty(), Qt::NoButton);
    QVERIFY(!canvas.scene.card(f)->face().previewed);
    // And by keys.
    same->setFocus(Qt::TabFocusReason);
    QTRY_VERIFY_WITH_TIMEOUT(canvas.document.previewed().has_value() || !panel.isActiveWindow(), test::kPatience);
    enter(same);
    QTest::mouseClick(same, Qt::LeftButton);
    QVERIFY(!canvas.document.previewed());
    QCOMPARE(canvas.scene.card(b)->face().shape, QStringLiteral("25 × 25 × 32"));
    QVERIFY(!canvas.scene.card(b)->face().previewed);
}

void ProblemsTest::hintsAreHiddenAndShownAgain() {
    GraphDocument document;
    document.reset(test::stateWith(graphFrom("Input 28x28x1 > Conv2D kernel_size=4 activation=relu > Conv2D kernel_size=4 activation=relu > "
                                             "Flatten > Dense units=10 activation=softmax")));
    ProblemsPanel panel(document);
    panel.resize(900, 300);
    panel.show();
    QCOMPARE(panel.count(), 2);
    const auto hide = [&](const char* action) {
        auto* row = panel.findChild<QWidget*>(QStringLiteral("problem0"));
        auto* button = row->findChild<QToolButton*>(QStringLiteral("hideHint"));
        button->menu()->findChild<QAction*>(QLatin1String(action))->trigger();
    };
    const auto* again = panel.findChild<QPushButton*>(QStringLiteral("showHidden"));
    QVERIFY(!again->isVisible());
    hide("hideHere");
    QCOMPARE(panel.count(), 1);
    QVERIFY(again->isVisible());
    document.undoStack().undo();
    QCOMPARE(panel.count(), 2);
    hide("hideKind");
    QCOMPARE(panel.count(), 0);
    QCOMPARE(document.undoStack().count(), 1);
    QTest::mouseClick(panel.findChild<QPushButton*>(QStringLiteral("showHidden")), Qt::LeftButton);
    QCOMPARE(panel.count(), 2);
    QVERIFY(document.state().silenced.empty());
}

/// 400 hints: the list comes at once, and repairs are looked for only where rows are.
void ProblemsTest::manyProblemsStayQuick() {
    std::string text = "Input 28x28x1";
    for (int i = 0; i < 400; ++i) text += " > Conv2D kernel_size=4 padding=same activation=relu filters=4";
    GraphDocument document;
    document.reset(test::stateWith(graphFrom(text)));
    ProblemsPanel panel(document);
    QVERIFY(panel.count() >= 400);
    QVERIFY(panel.findChild<QWidget*>(QStringLiteral("problem0")) == nullptr); // nobody sees it
    panel.show();
    QVERIFY(panel.findChild<QWidget*>(QStringLiteral("problem%1").arg(ProblemsPanel::kMostRows - 1)) != nullptr);
    QVERIFY(panel.findChild<QWidget*>(QStringLiteral("problem%1").arg(ProblemsPanel::kMostRows)) == nullptr);
}

} // namespace strata::ui

QTEST_MAIN(strata::ui::ProblemsTest)
#include "problems_test.moc"
