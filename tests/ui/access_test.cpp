// SPDX-License-Identifier: GPL-3.0-or-later
// What a screen reader and a resting pointer find: every control of the window has a name, a role and a tool tip.
#include "app/studio.h"
#include "engine/graph/templates.h"
#include "file_main.h"
#include "training_support.h"
#include "ui/editor/editor_view.h"
#include "ui/inspect/weight_array_view.h"
#include "ui/inspect/weights_page.h"
#include "ui/inspector/inspector.h"
#include "ui/training/carry_list.h"
#include "ui/window/commands.h"
#include "ui/window/finder.h"
#include "ui/window/key_sheet.h"
#include "ui/window/main_window.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTabBar>
#include <QTextEdit>

#include <algorithm>
#include <array>
#include <string>

namespace strata::ui {

class AccessTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }
    void everyControlHasANameAndARole_data();
    void everyControlHasANameAndARole();
    void everyControlHasAToolTip_data() { everyControlHasANameAndARole_data(); }
    void everyControlHasAToolTip();
    void everyCommandSaysWhatItDoes();
};

namespace {

/// What is painted, not operated: who cannot see it is told all the same.
bool isPicture(const QWidget& widget) {
    return !widget.isHidden() && std::ranges::any_of(std::array{"TileGrid", "FormulaView", "WindowDrawing", "ClassBars", "CurveChart", "MiniMap", "HeatLegend"},
                               [&](const char* name) { return widget.inherits((std::string("strata::ui::") + name).c_str()); });
}

/// What a person operates, without the parts that Qt makes for itself.
QList<QWidget*> controlsOf(QWidget& window) {
    QList<QWidget*> found;
    for (QWidget* widget : window.findChildren<QWidget*>()) {
        const bool control = qobject_cast<QAbstractButton*>(widget) != nullptr || qobject_cast<QLineEdit*>(widget) != nullptr ||
                             qobject_cast<QComboBox*>(widget) != nullptr || qobject_cast<QAbstractSpinBox*>(widget) != nullptr ||
                             qobject_cast<QAbstractItemView*>(widget) != nullptr || qobject_cast<QTextEdit*>(widget) != nullptr ||
                             qobject_cast<QTabBar*>(widget) != nullptr || isPicture(*widget) ||
                             (widget->focusPolicy() & Qt::TabFocus) == Qt::TabFocus;
        const bool own = widget->objectName().startsWith(QStringLiteral("qt_")) || qobject_cast<QScrollBar*>(widget) != nullptr;
        const auto* area = qobject_cast<const QAbstractScrollArea*>(widget->parentWidget());
        bool part = area != nullptr && area->viewport() == widget; // of a scrolling area, a combo box, a spin box, a list's header
        for (const QWidget* p = widget->parentWidget(); p != nullptr; p = p->parentWidget()) {
            part = part || qobject_cast<const QComboBox*>(p) != nullptr || qobject_cast<const QAbstractSpinBox*>(p) != nullptr ||
                   qobject_cast<const QAbstractItemView*>(p) != nullptr || qobject_cast<const QLineEdit*>(p) != nullptr ||
                   qobject_cast<const QTabBar*>(p) != nullptr;
        }
        const bool layoutHelper = widget->inherits("QSplitter") || widget->inherits("QScrollArea") || widget->inherits("QMenu");
        if (control && !own && !part && !layoutHelper) found << widget;
    }
    return found;
}

QString placeOf(const QWidget* widget) {
    QStringList way;
    for (const QWidget* p = widget; p != nullptr && way.size() < 5; p = p->parentWidget()) {
        way << QString::fromLatin1(p->metaObject()->className()) + (p->objectName().isEmpty() ? QString() : QStringLiteral("#") + p->objectName());
    }
    return way.join(QStringLiteral(" in "));
}

/// A button has a tool tip of its own; a field's may stand on what encloses it (a parameter's editor), where a button has
/// another one.
bool hasToolTip(const QWidget* widget) {
    if (qobject_cast<const QAbstractButton*>(widget) != nullptr) return !widget->toolTip().isEmpty();
    for (int up = 0; widget != nullptr && up < 3; widget = widget->parentWidget(), ++up) {
        // A chart shows values under the pointer, where a tool tip would be in the way.
        if (!widget->toolTip().isEmpty() || !widget->accessibleDescription().isEmpty()) return true;
    }
    return false;
}

struct Studio {
    GraphDocument document;
    MainWindow window{document};
    TrainingSession& session = furnish(window);

    explicit Studio(const QString& part) {
        window.resize(1500, 950);
        window.openTemplate(QStringLiteral("lenet"));
        window.show();
        (void)QTest::qWaitForWindowActive(&window, test::kPatience);
        if (part == QStringLiteral("a card")) window.scene().selectOnly(std::array<NodeId, 1>{2});
        if (part == QStringLiteral("several cards")) window.scene().selectOnly(std::array<NodeId, 2>{2, 4});
        if (part == QStringLiteral("a mistake")) set(2, [](Node& node) { node.params["kernel_size"] = ParamValue::IntList{31, 31}; });
        if (part == QStringLiteral("data") || part == QStringLiteral("no data")) showData(part == QStringLiteral("data"));
        if (part == QStringLiteral("why card")) askWhy();
        if (part == QStringLiteral("run differs")) trainAnother();
        if (part == QStringLiteral("start page")) window.showStartPage();
        if (part == QStringLiteral("keys")) (new KeySheet(window.commands(), &window))->show();
        QTest::qWait(0);
    }

    /// Controls that nobody sees count, too; but these say what they do only now.
    void showData(bool there) {
        window.findChild<QAction*>(QStringLiteral("page:DataPanel"))->trigger();
        ChosenData& data = window.findChild<TrainingSession*>()->data();
        if (!there) data.choose(QStringLiteral("/nowhere/at/all"));
        (void)QTest::qWaitFor([&] { return there ? data.source() != nullptr : !data.problem().isEmpty(); }, test::kPatience);
        if (there) set(1, [](Node& node) { node.params["shape"] = ParamValue::IntList{32, 32, 3}; });
    }

    ~Studio() {
        session.stop();
        (void)QTest::qWaitFor([this] { return !session.isBusy(); }, test::kPatience);
    }

    template <class Change>
    void set(NodeId id, Change change) {
        document.edit(QStringLiteral("Set"), [&](DocumentState& state) {
            Node node = *state.graph.find(id);
            change(node);
            state.graph.replace(std::move(node));
        });
    }

    /// Of a card that loses rows, so that there is something to mend.
    void askWhy() {
        set(2, [](Node& node) {
            node.params["strides"] = ParamValue::IntList{2, 2};
            node.params["padding"] = "valid";
        });
        window.canvas().askWhy(2);
        QVERIFY(window.findChild<QPushButton*>(QStringLiteral("keepAll")) != nullptr);
    }

    /// A run with its weights in sight, and the list of what becomes of them in another drawing.
    void trainAnother() {
        document.reset(test::digitsState(test::kEndless));
        QVERIFY(QTest::qWaitFor([this] { return session.whyNot().isEmpty(); }, test::kPatience));
        session.start(true);
        window.scene().selectOnly(std::array<NodeId, 1>{2});
        window.inspector().showTab(window.findChild<WeightsPage*>());
        QVERIFY(QTest::qWaitFor([this] { return window.findChild<WeightArrayView*>() != nullptr; }, test::kPatience));
        set(2, [](Node& node) { node.params["filters"] = std::int64_t{9}; });
        auto* which = window.findChild<QPushButton*>(QStringLiteral("carryDetails"));
        QVERIFY(which->isVisible());
        QTest::mouseClick(which, Qt::LeftButton);
        QVERIFY(window.findChild<CarryList*>() != nullptr);
    }
};

} // namespace

void AccessTest::everyControlHasANameAndARole_data() {
    QTest::addColumn<QString>("part");
    for (const char* part : {"nothing selected", "a card", "several cards", "a mistake", "why card", "run differs", "data", "no data", "start page", "keys"}) QTest::newRow(part) << QString::fromLatin1(part);
}

void AccessTest::everyControlHasANameAndARole() {
    QFETCH(QString, part);
    Studio studio(part);
    QStringList wrong;
    const QList<QWidget*> controls = controlsOf(studio.window);
    QVERIFY(controls.size() > 40);
    for (QWidget* widget : controls) {
        QAccessibleInterface* face = QAccessible::queryAccessibleInterface(widget);
        if (face == nullptr) {
            wrong << placeOf(widget) + QStringLiteral(": no accessible interface");
            continue;
        }
        if (face->text(QAccessible::Name).isEmpty()) wrong << placeOf(widget) + QStringLiteral(": no name");
        if (face->role() == QAccessible::NoRole) wrong << placeOf(widget) + QStringLiteral(": no role");
    }
    wrong.removeDuplicates();
    QVERIFY2(wrong.isEmpty(), qPrintable(QStringLiteral("\n") + wrong.join(QLatin1Char('\n'))));
}

void AccessTest::everyControlHasAToolTip() {
    QFETCH(QString, part);
    Studio studio(part);
    QStringList wrong;
    for (QWidget* widget : controlsOf(studio.window)) {
        // Lists, trees and texts say it in their rows; the canvas in its cards, a picture in its parts.
        if (isPicture(*widget) || qobject_cast<QAbstractScrollArea*>(widget) != nullptr || qobject_cast<QTabBar*>(widget) != nullptr) continue;
        if (!hasToolTip(widget)) wrong << placeOf(widget);
    }
    wrong.removeDuplicates();
    QVERIFY2(wrong.isEmpty(), qPrintable(QStringLiteral("\n") + wrong.join(QLatin1Char('\n'))));
}

void AccessTest::everyCommandSaysWhatItDoes() {
    Studio studio(QStringLiteral("a card"));
    QVERIFY(studio.window.commands().find(QStringLiteral("train")) != nullptr);
    QStringList silent;
    for (const Command& command : studio.window.commands().all()) {
        // Without a tool tip of its own an action shows its text.
        if (command.action->toolTip() == QAction(command.action->text()).toolTip()) silent << command.id;
    }
    QVERIFY2(silent.isEmpty(), qPrintable(silent.join(QLatin1Char('\n'))));
}

} // namespace strata::ui

using strata::ui::AccessTest;
STRATA_FILE_TEST_MAIN(AccessTest)
#include "access_test.moc"
