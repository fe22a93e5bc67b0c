// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_main.h"
#include "ui/document/text_match.h"
#include "ui/editor/editor_actions.h"
#include "ui/inspector/inspector.h"
#include "ui/forms/param_editor.h"
#include "ui/outline/outline_panel.h"
#include "ui/window/commands.h"
#include "ui/window/finder.h"
#include "ui/window/finding.h"
#include "ui/window/key_sheet.h"
#include "ui/window/main_window.h"
#include "ui_support.h"

#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTimer>
#include <QTreeWidget>

#include <set>

namespace strata::ui {

class CommandsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }

    void wordsAreFound_data();
    void wordsAreFound();
    void otherWordsFindCommands_data();
    void otherWordsFindCommands();
    void everyActionIsACommand();
    void noKeyIsGivenTwice();
    void thePaletteRunsCommands();
    void theSearchGoesToCardsAndFields_data();
    void theSearchGoesToCardsAndFields();
    void theSearchGoesIntoFoldedBlocks();
    void theSearchShowsProblems();
    void escapeGivesTheFocusBack();
    void keysAreChangedAndKept();
    void theSheetTakesAKeyFromItsOwner();
    void aChosenKeyWinsOverALaterDefault();
    void aLetterIsTheCanvasOnly();
    void theQuestionMarkShowsTheKeys();
    void arrowsAndEnterAreCommands();
    void f1OpensTheHelpPage_data();
    void f1OpensTheHelpPage();
    void f1WithNothingSelectedShowsTheKeys();
};

namespace {

struct Window {
    GraphDocument document;
    MainWindow window{document};

    Window() {
        document.reset(test::stateWith(test::smallNet()));
        window.resize(1500, 950);
        window.show();
        (void)QTest::qWaitForWindowActive(&window, test::kPatience);
        window.canvas().setFocus();
    }
    Finder& typed(Qt::Key key, Qt::KeyboardModifiers modifiers, const QString& query) {
        QTest::keyClick(&window.canvas(), key, modifiers);
        QTest::keyClicks(window.finder().field(), query);
        return window.finder();
    }
    void enter() { QTest::keyClick(window.finder().field(), Qt::Key_Return); }
};

QPushButton* button(QWidget& in, const char* name) {
    return in.findChild<QPushButton*>(QLatin1String(name));
}

} // namespace

void CommandsTest::wordsAreFound_data() {
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("detail");
    QTest::addColumn<QString>("query");
    QTest::addColumn<bool>("found");
    QTest::newRow("nothing typed") << "Delete" << "Edit" << "" << true;
    QTest::newRow("its beginning") << "Delete" << "Edit" << "del" << true;
    QTest::newRow("two words, one in each") << "Kernel size" << "kernel_size of conv2d_1" << "kernel conv2d" << true;
    QTest::newRow("one word missing") << "Kernel size" << "kernel_size of conv2d_1" << "kernel dense" << false;
    QTest::newRow("initials") << "Fit selection" << "" << "fsel" << true;
    QTest::newRow("initials do not search sentences") << "Undo" << "a sentence with all letters of the alphabet" << "std" << false;
}

void CommandsTest::wordsAreFound() {
    QFETCH(QString, title);
    QFETCH(QString, detail);
    QFETCH(QString, query);
    QFETCH(bool, found);
    QCOMPARE(phraseMatch(title, detail, Phrase(query)) > 0, found);
}

void CommandsTest::otherWordsFindCommands_data() {
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("id");
    QTest::newRow("heat") << "heat" << "heat:3";
    QTest::newRow("cost") << "cost" << "heat:2";
    QTest::newRow("larger") << "larger" << "textSize:130";
    QTest::newRow("bigger font") << "bigger font" << "textSize:130";
    QTest::newRow("zoom text") << "zoom text" << "textSize:130";
    QTest::newRow("shortcuts") << "shortcuts" << "keys";
}

void CommandsTest::otherWordsFindCommands() {
    QFETCH(QString, query);
    QFETCH(QString, id);
    Window w;
    const Command* wanted = w.window.commands().find(id);
    QVERIFY(wanted != nullptr);
    const std::vector<Finding> found = rank(findCommands(w.window.commands()), query);
    QVERIFY(std::ranges::any_of(found, [&](const Finding& f) { return f.action == wanted->action; }));
    KeySheet sheet(w.window.commands(), &w.window);
    QTest::keyClicks(sheet.findChild<QLineEdit*>(QStringLiteral("keySearch")), query);
    const auto* rows = sheet.findChild<QTreeWidget*>(QStringLiteral("keyRows"));
    bool shown = false;
    for (int g = 0; g < rows->topLevelItemCount(); ++g) {
        for (int i = 0; i < rows->topLevelItem(g)->childCount(); ++i) {
            const QTreeWidgetItem* row = rows->topLevelItem(g)->child(i);
            shown = shown || (!row->isHidden() && row->data(0, Qt::UserRole).toString() == id);
        }
    }
    QVERIFY(shown);
}

void CommandsTest::everyActionIsACommand() {
    Window w;
    std::set<QString> ids;
    for (const Command& command : w.window.commands().all()) {
        QVERIFY2(ids.insert(command.id).second, qPrintable(command.id));
        QVERIFY2(!command.text().isEmpty(), qPrintable(command.id));
        QVERIFY2(!command.group.isEmpty(), qPrintable(command.id));
    }
    for (const QAction* action : w.window.findChildren<QAction*>()) {
        if (action->shortcuts().isEmpty()) continue;
        QVERIFY2(ids.contains(action->objectName()), qPrintable(action->text()));
    }
    auto* late = new QAction(QStringLiteral("Late"), &w.window);
    late->setObjectName(QStringLiteral("late"));
    w.window.addAction(late);
    QVERIFY(w.window.commands().find(QStringLiteral("late")) != nullptr);
    delete late;
    QVERIFY(w.window.commands().find(QStringLiteral("late")) == nullptr);
}

void CommandsTest::noKeyIsGivenTwice() {
    Window w;
    std::map<QString, QString> owners;
    for (const Command& command : w.window.commands().all()) {
        for (const QKeySequence& key : command.action->shortcuts()) {
            const QString text = key.toString();
            QVERIFY2(!owners.contains(text), qPrintable(text + ": " + command.id + " and " + owners[text]));
            owners[text] = command.id;
        }
    }
}

void CommandsTest::thePaletteRunsCommands() {
    Window w;
    Finder& finder = w.typed(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier, QStringLiteral("select all"));
    QVERIFY(finder.isVisible());
    QCOMPARE(finder.offered().front().action->objectName(), QStringLiteral("selectAll"));
    for (const Finding& each : finder.offered()) QCOMPARE(each.kind, Finding::Kind::Command);
    w.enter();
    QVERIFY(!finder.isVisible());
    QCOMPARE(w.window.scene().selectedNodes().size(), std::size_t{5});
    // What is not possible now is there, grey, and does nothing.
    w.window.scene().clearSelection();
    w.typed(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier, QStringLiteral("duplicate"));
    QVERIFY(!finder.offered().front().enabled);
    w.enter();
    QCOMPARE(w.document.graph().nodes().size(), std::size_t{5});
}

void CommandsTest::theSearchGoesToCardsAndFields_data() {
    QTest::addColumn<QString>("query");
    QTest::addColumn<int>("node");
    QTest::addColumn<QString>("field");
    QTest::newRow("a card by its name") << "max_pool" << 3 << "";
    QTest::newRow("a card by its type") << "Flatten" << 4 << "";
    QTest::newRow("a parameter") << "filters conv2d" << 2 << "filters";
    QTest::newRow("a folded parameter") << "dilation_rate conv2d" << 2 << "dilation_rate";
}

void CommandsTest::theSearchGoesToCardsAndFields() {
    QFETCH(QString, query);
    QFETCH(int, node);
    QFETCH(QString, field);
    Window w;
    w.typed(Qt::Key_F, Qt::ControlModifier, query);
    w.enter();
    QCOMPARE(w.window.scene().selectedNodes(), std::vector<NodeId>{node});
    if (field.isEmpty()) return;
    const QWidget* focus = QApplication::focusWidget();
    const QWidget* editor = w.window.inspector().findChild<ParamEditor*>(field);
    QVERIFY(focus != nullptr && editor != nullptr);
    QVERIFY(editor->isAncestorOf(focus));
}

/// The canvas can only show the block; the field is that of the one card, and so is what is typed into it.
void CommandsTest::theSearchGoesIntoFoldedBlocks() {
    Window w;
    w.document.edit(QStringLiteral("Fold"), [](DocumentState& state) {
        const NodeId second = edits::addAfter(state.graph, "Conv2D", 2);
        (void)state.graph.addGroup({.title = "Eyes", .block = true, .folded = true}, std::array{NodeId{2}, second});
    });
    const NodeId second = w.document.graph().nodes().back()->id;
    w.typed(Qt::Key_F, Qt::ControlModifier, QStringLiteral("filters ") + QString::fromStdString(w.document.graph().find(second)->name));
    w.enter();
    QCOMPARE(w.window.scene().selectedNodes().size(), std::size_t{2});
    QCOMPARE(w.window.inspector().node(), second);
    const QWidget* editor = w.window.inspector().findChild<ParamEditor*>(QStringLiteral("filters"));
    QVERIFY(editor != nullptr);
    QTRY_VERIFY_WITH_TIMEOUT(editor->isVisible(), test::kPatience);
    QVERIFY(editor->isAncestorOf(QApplication::focusWidget()));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Up);
    QVERIFY(w.document.graph().find(second)->params.contains("filters"));
    QVERIFY(!w.document.graph().find(2)->params.contains("filters")); // of one, not of all in the block
    QCOMPARE(w.window.inspector().node(), second);
}

void CommandsTest::theSearchShowsProblems() {
    Window w;
    w.document.edit(QStringLiteral("Break"), [](DocumentState& state) {
        test::setParam(state.graph, 2, "kernel_size", ParamValue::IntList{31, 31});
    });
    Finder& finder = w.typed(Qt::Key_F, Qt::ControlModifier, QStringLiteral("31"));
    const auto it = std::ranges::find(finder.offered(), Finding::Kind::Problem, &Finding::kind);
    QVERIFY(it != finder.offered().end());
    for (auto i = finder.offered().begin(); i != it; ++i) QTest::keyClick(finder.field(), Qt::Key_Down);
    w.enter();
    QCOMPARE(w.window.scene().selectedNodes(), std::vector<NodeId>{2});
}

void CommandsTest::escapeGivesTheFocusBack() {
    Window w;
    Finder& finder = w.typed(Qt::Key_F, Qt::ControlModifier, QStringLiteral("x"));
    QVERIFY(finder.field()->hasFocus());
    QTest::keyClick(finder.field(), Qt::Key_Escape);
    QVERIFY(!finder.isVisible());
    QVERIFY(w.window.canvas().hasFocus());
}

void CommandsTest::keysAreChangedAndKept() {
    {
        Window w;
        KeySheet sheet(w.window.commands(), &w.window);
        sheet.show();
        (void)QTest::qWaitForWindowActive(&sheet, test::kPatience);
        sheet.rows()->setCurrentItem(sheet.row(QStringLiteral("selectAll")));
        auto* field = sheet.findChild<KeyField*>(QStringLiteral("keyField"));
        QTest::keyClick(field, Qt::Key_J, Qt::ControlModifier);
        QVERIFY(button(sheet, "keyUse")->isEnabled());
        QTest::mouseClick(button(sheet, "keyUse"), Qt::LeftButton);
        QCOMPARE(sheet.row(QStringLiteral("selectAll"))->text(1), QKeySequence(QStringLiteral("Ctrl+J")).toString(QKeySequence::NativeText));
    }
    Window again;
    QTest::keyClick(&again.window.canvas(), Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(again.window.scene().selectedNodes().size(), std::size_t{0});
    QTest::keyClick(&again.window.canvas(), Qt::Key_J, Qt::ControlModifier);
    QCOMPARE(again.window.scene().selectedNodes().size(), std::size_t{5});
    again.window.commands().resetAll();
    QVERIFY(!QSettings().contains(QStringLiteral("keys/selectAll")));
    again.window.scene().clearSelection();
    QTest::keyClick(&again.window.canvas(), Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(again.window.scene().selectedNodes().size(), std::size_t{5});
}

void CommandsTest::theSheetTakesAKeyFromItsOwner() {
    Window w;
    KeySheet sheet(w.window.commands(), &w.window);
    sheet.show();
    (void)QTest::qWaitForWindowActive(&sheet, test::kPatience);
    sheet.rows()->setCurrentItem(sheet.row(QStringLiteral("selectAll")));
    QTest::keyClick(sheet.findChild<KeyField*>(), Qt::Key_D, Qt::ControlModifier);
    const auto* says = sheet.findChild<QLabel*>(QStringLiteral("keySays"));
    QVERIFY2(says->text().contains(QStringLiteral("Duplicate")), qPrintable(says->text()));
    QTest::mouseClick(button(sheet, "keyUse"), Qt::LeftButton);
    QVERIFY(w.window.commands().find(QStringLiteral("duplicate"))->action->shortcuts().isEmpty());
    QTest::mouseClick(button(sheet, "keyResetAll"), Qt::LeftButton);
    QCOMPARE(w.window.commands().find(QStringLiteral("duplicate"))->keysText(), QStringLiteral("Ctrl+D"));
}

/// Of a new version, that gives a key to a command which somebody uses for another.
void CommandsTest::aChosenKeyWinsOverALaterDefault() {
    const QKeySequence key(QStringLiteral("Ctrl+Alt+7"));
    QAction first(QStringLiteral("First")), second(QStringLiteral("Second"));
    first.setObjectName(QStringLiteral("first"));
    second.setObjectName(QStringLiteral("second"));
    {
        Commands commands;
        commands.add(&first, QStringLiteral("A"));
        commands.setKeys(QStringLiteral("first"), {key});
    }
    for (const bool chosenComesFirst : {true, false}) {
        first.setShortcuts(QList<QKeySequence>());
        second.setShortcut(key);
        Commands commands;
        commands.add(chosenComesFirst ? &first : &second, QStringLiteral("A"));
        commands.add(chosenComesFirst ? &second : &first, QStringLiteral("A"));
        QCOMPARE(first.shortcuts(), QList<QKeySequence>{key});
        QVERIFY(second.shortcuts().isEmpty());
        commands.reset(QStringLiteral("second")); // who asks for it gets it back
        QCOMPARE(second.shortcuts(), QList<QKeySequence>{key});
        QVERIFY(first.shortcuts().isEmpty());
        commands.setKeys(QStringLiteral("first"), {key});
    }
}

void CommandsTest::aLetterIsTheCanvasOnly() {
    Window w;
    QSignalSpy asked(&w.window.canvas(), &EditorView::whyRequested);
    w.window.scene().selectOnly(std::array<NodeId, 1>{2});
    auto* dock = w.window.findChild<QDockWidget*>(QStringLiteral("outlineDock"));
    dock->show();
    dock->raise();
    w.window.outline().tree()->setFocus();
    QTest::keyClick(w.window.outline().tree(), Qt::Key_W);
    QCOMPARE(asked.count(), 0);
    w.window.canvas().setFocus();
    QTest::keyClick(&w.window.canvas(), Qt::Key_W);
    QCOMPARE(asked.count(), 1);
}

void CommandsTest::theQuestionMarkShowsTheKeys() {
    Window w;
    bool shown = false;
    QTimer::singleShot(0, qApp, [&shown] {
        auto* sheet = qobject_cast<KeySheet*>(QApplication::activeModalWidget());
        if (sheet == nullptr) return;
        QTest::keyClicks(sheet->findChild<QLineEdit*>(QStringLiteral("keySearch")), QStringLiteral("undo"));
        shown = !sheet->row(QStringLiteral("undo"))->isHidden() && sheet->row(QStringLiteral("save"))->isHidden();
        QTest::keyClick(sheet, Qt::Key_Escape);
    });
    QTest::keyClick(&w.window.canvas(), Qt::Key_Question);
    QVERIFY(shown);
}

/// What the canvas does by arrows and Enter it does by any other key that is chosen for it, and no longer by the old one.
void CommandsTest::arrowsAndEnterAreCommands() {
    Window w;
    QWidget* canvas = &w.window.canvas();
    const auto selected = [&] { return w.window.scene().selectedNodes(); };
    Commands& commands = w.window.commands();
    commands.setKeys(QStringLiteral("walkDown"), {QKeySequence(Qt::Key_J)});
    commands.setKeys(QStringLiteral("nudgeRight"), {QKeySequence(Qt::SHIFT | Qt::Key_K)});
    commands.setKeys(QStringLiteral("fields"), {QKeySequence(Qt::Key_I)});
    commands.setKeys(QStringLiteral("layerHelp"), {QKeySequence(Qt::Key_F2)});
    QTest::keyClick(canvas, Qt::Key_J);
    QCOMPARE(selected(), std::vector<NodeId>{1});
    QTest::keyClick(canvas, Qt::Key_Down);
    QCOMPARE(selected(), std::vector<NodeId>{1});
    QTest::keyClick(canvas, Qt::Key_J);
    QCOMPARE(selected(), std::vector<NodeId>{2});
    const double x = w.document.graph().find(2)->position.x;
    QTest::keyClick(canvas, Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(w.document.graph().find(2)->position.x, x);
    QTest::keyClick(canvas, Qt::Key_K, Qt::ShiftModifier);
    QVERIFY(w.document.graph().find(2)->position.x > x);
    QTest::keyClick(canvas, Qt::Key_F2);
    const auto* tabs = w.window.inspector().findChild<QTabBar*>(QStringLiteral("inspectorTabs"));
    QCOMPARE(tabs->tabText(tabs->currentIndex()), QStringLiteral("Help"));
    QTest::keyClick(canvas, Qt::Key_I);
    QVERIFY(w.window.inspector().isAncestorOf(QApplication::focusWidget()));
    commands.resetAll();
    w.window.canvas().setFocus();
    QTest::keyClick(canvas, Qt::Key_Down);
    QCOMPARE(selected(), std::vector<NodeId>{3});
}

void CommandsTest::f1OpensTheHelpPage_data() {
    QTest::addColumn<QString>("place");
    for (const char* place : {"canvas", "inspector", "bottomTabs", "outline"}) QTest::newRow(place) << QString::fromLatin1(place);
}

void CommandsTest::f1OpensTheHelpPage() {
    QFETCH(QString, place);
    Window w;
    w.window.findChild<QDockWidget*>(QStringLiteral("outlineDock"))->show();
    w.window.scene().selectOnly(std::array<NodeId, 1>{2});
    if (place == QLatin1String("inspector")) w.window.inspector().focusFirstField();
    else w.window.findChild<QWidget*>(place)->setFocus();
    QWidget* focused = QApplication::focusWidget();
    QVERIFY(focused != nullptr);
    QTest::keyClick(focused, Qt::Key_F1);
    const auto* tabs = w.window.inspector().findChild<QTabBar*>(QStringLiteral("inspectorTabs"));
    QCOMPARE(tabs->tabText(tabs->currentIndex()), QStringLiteral("Help"));
}

void CommandsTest::f1WithNothingSelectedShowsTheKeys() {
    Window w;
    bool shown = false;
    QTimer::singleShot(0, &w.window, [&] {
        if (auto* sheet = qobject_cast<KeySheet*>(QApplication::activeModalWidget())) {
            shown = sheet->row(QStringLiteral("walkUp")) != nullptr && sheet->row(QStringLiteral("fields")) != nullptr;
            sheet->reject();
        }
    });
    QTest::keyClick(&w.window.canvas(), Qt::Key_F1);
    QVERIFY(shown);
}

} // namespace strata::ui

using strata::ui::CommandsTest;
STRATA_FILE_TEST_MAIN(CommandsTest)
#include "commands_test.moc"
