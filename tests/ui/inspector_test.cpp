// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/number_text.h"
#include "ui/inspector/inspector.h"
#include "ui/inspector/project_page.h"
#include "ui/forms/number_editors.h"
#include "ui/forms/object_editor.h"
#include "ui/inspector/problems_panel.h"
#include "ui/forms/schema_form.h"
#include "ui/forms/text_editors.h"
#include "tests/support/graph_dsl.h"
#include "ui_support.h"

#include <QComboBox>
#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QSpinBox>
#include <QToolButton>

namespace strata::ui {

class InspectorTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyLayerHasAForm_data();
    void everyLayerHasAForm();
    void aLayerWithoutParametersSaysSo();
    void spinStepsAreOneUndoStep();
    void linkedPairsChangeTogether();
    void changedParametersAreBoldAndGoBack();
    void anObjectHasItsOwnForm();
    void whatCannotBeReadChangesNothing_data();
    void whatCannotBeReadChangesNothing();
    void namesAreChecked();
    void severalOfOneTypeAreSetTogether();
    void severalShowWhatTheyCostTogether();
    void aBlockWithAMistakeCostsWhatItsCardSays();
    void theProjectPageHasAllTotals();
    void undoIsSeenInTheForm();
    void notesAreOneStep();
    void problemsAreMendedWithOneClick();
    void everyRepairIsOneUndoStep_data();
    void everyRepairIsOneUndoStep();
    void aRepairUnderThePointerIsPreviewed();
    void hintsAreHiddenAndShownAgain();
    void manyProblemsStayQuick();
};

namespace {

struct Shown {
    GraphDocument document;
    Inspector inspector{document};

    explicit Shown(NodeId id) {
        document.reset(test::stateWith(test::smallNet()));
        inspector.resize(330, 900);
        inspector.show();
        (void)QTest::qWaitForWindowActive(&inspector, test::kPatience);
        inspector.setSelection({id});
    }
    template <class T>
    T* in(const char* key) const {
        return inspector.findChild<ParamEditor*>(QLatin1String(key))->findChild<T*>();
    }
    const ParamValue* param(NodeId id, const char* key) const {
        const auto& params = document.graph().find(id)->params;
        const auto it = params.find(key);
        return it == params.end() ? nullptr : &it->second;
    }
};

} // namespace

void InspectorTest::everyLayerHasAForm_data() {
    QTest::addColumn<QString>("type");
    for (const LayerType& type : layerTypes()) QTest::newRow(type.schema.id.c_str()) << QString::fromStdString(type.schema.id);
}

/// Every parameter of every layer has an editor that shows the values of its examples and says nothing by itself.
void InspectorTest::everyLayerHasAForm() {
    QFETCH(QString, type);
    const LayerType& layer = *findLayerType(type.toStdString());
    SchemaForm form(layer.schema);
    QSignalSpy edited(&form, &SchemaForm::edited);
    form.show();
    for (const Param& param : layer.schema.params) QVERIFY(form.editor(QString::fromStdString(param.key)) != nullptr);
    for (const LayerExample& example : layer.examples) form.setValues(example.params);
    form.setValues({});
    QCOMPARE(edited.count(), 0);
    for (const Param& param : layer.schema.params) {
        QVERIFY(form.resetButton(QString::fromStdString(param.key))->isHidden());
    }
}

void InspectorTest::aLayerWithoutParametersSaysSo() {
    Shown shown(2);
    const auto* words = shown.inspector.findChild<QLabel*>(QStringLiteral("noParameters"));
    QVERIFY(words->isHidden());
    NodeId add = 0;
    shown.document.edit(QStringLiteral("add"), [&](DocumentState& state) { add = edits::addCard(state.graph, "Add", {400, 0}); });
    shown.inspector.setSelection({add});
    QVERIFY(words->isVisible());
    shown.inspector.setSelection({2});
    QVERIFY(!words->isVisible());
}

void InspectorTest::spinStepsAreOneUndoStep() {
    Shown shown(2);
    auto* spin = shown.in<QSpinBox>("filters");
    spin->setFocus();
    const int before = spin->value();
    for (int i = 0; i < 6; ++i) QTest::keyClick(spin, Qt::Key_Up);
    QCOMPARE(*shown.param(2, "filters")->asInt(), std::int64_t{before + 6});
    QCOMPARE(shown.document.undoStack().count(), 1);
    shown.in<QSpinBox>("kernel_size")->setFocus(); // the series ends with the focus
    spin->setFocus();
    QTest::keyClick(spin, Qt::Key_Up);
    QCOMPARE(shown.document.undoStack().count(), 2);
}

void InspectorTest::linkedPairsChangeTogether() {
    Shown shown(2);
    auto* tuple = qobject_cast<TupleEditor*>(shown.inspector.findChild<ParamEditor*>(QStringLiteral("kernel_size")));
    QVERIFY(tuple != nullptr);
    const QList<QSpinBox*> spins = tuple->findChildren<QSpinBox*>();
    QCOMPARE(spins.size(), 2);
    QVERIFY(tuple->link()->isChecked());
    spins[0]->setFocus();
    QTest::keyClick(spins[0], Qt::Key_Up);
    QCOMPARE(spins[1]->value(), spins[0]->value());
    QTest::mouseClick(tuple->link(), Qt::LeftButton);
    spins[1]->setFocus();
    QTest::keyClick(spins[1], Qt::Key_Up);
    QCOMPARE(spins[1]->value(), spins[0]->value() + 1);
    const auto* values = shown.param(2, "kernel_size")->asInts();
    QCOMPARE((*values)[1], (*values)[0] + 1);
}

void InspectorTest::changedParametersAreBoldAndGoBack() {
    Shown shown(2);
    SchemaForm* form = shown.inspector.findChild<SchemaForm*>();
    auto* reset = form->resetButton(QStringLiteral("padding"));
    const bool defaulted = shown.param(2, "padding") == nullptr;
    QVERIFY(defaulted && reset->isHidden());
    auto* combo = shown.in<QComboBox>("padding");
    QTest::keyClick(combo, Qt::Key_Down);
    QVERIFY(shown.param(2, "padding") != nullptr);
    QVERIFY(!reset->isHidden());
    QTest::mouseClick(reset, Qt::LeftButton);
    QVERIFY(shown.param(2, "padding") == nullptr);
    QVERIFY(reset->isHidden());
    QCOMPARE(shown.document.undoStack().count(), 2);
}

void InspectorTest::anObjectHasItsOwnForm() {
    Shown shown(2);
    auto* more = shown.inspector.findChild<QToolButton*>(QStringLiteral("moreParameters"));
    if (more != nullptr) QTest::mouseClick(more, Qt::LeftButton);
    auto* editor = qobject_cast<ObjectEditor*>(shown.inspector.findChild<ParamEditor*>(QStringLiteral("kernel_initializer")));
    QVERIFY(editor != nullptr);
    auto* combo = qobject_cast<QComboBox*>(editor->field());
    const int row = combo->findData(QStringLiteral("RandomNormal"));
    QVERIFY(row >= 0);
    combo->setCurrentIndex(row);
    QCOMPARE(shown.param(2, "kernel_initializer")->asObject()->id, std::string("RandomNormal"));
    SchemaForm* nested = editor->below()->findChild<SchemaForm*>();
    QVERIFY(nested != nullptr);
    auto* spin = nested->editor(QStringLiteral("stddev"))->findChild<QAbstractSpinBox*>();
    QVERIFY(spin != nullptr);
    spin->setFocus();
    QTest::keyClick(spin, Qt::Key_Up);
    const auto& params = shown.param(2, "kernel_initializer")->asObject()->params;
    QVERIFY(params.contains("stddev"));
    shown.document.undoStack().undo();
    QVERIFY(!(shown.param(2, "kernel_initializer")->asObject()->params == params));
}

void InspectorTest::whatCannotBeReadChangesNothing_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("fits");
    QTest::newRow("a size") << QStringLiteral("32, 32, 3") << true;
    QTest::newRow("as Keras writes it") << QStringLiteral("(?, None, 3)") << true;
    QTest::newRow("with times signs") << QStringLiteral("32 × 32 × 3") << true;
    QTest::newRow("words") << QStringLiteral("large") << false;
    QTest::newRow("half a number") << QStringLiteral("32, 3x2a") << false;
    QTest::newRow("negative") << QStringLiteral("-4, 2") << false;
}

void InspectorTest::whatCannotBeReadChangesNothing() {
    QFETCH(QString, text);
    QFETCH(bool, fits);
    Shown shown(1);
    auto* line = shown.in<QLineEdit>("shape");
    QVERIFY(line != nullptr);
    line->setFocus();
    line->selectAll();
    QTest::keyClicks(line, text);
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(shown.document.undoStack().count(), fits ? 1 : 0);
    QCOMPARE(line->property("invalid").toBool(), !fits);
    if (!fits) QVERIFY(!line->toolTip().isEmpty());
}

void InspectorTest::namesAreChecked() {
    Shown shown(2);
    auto* name = shown.inspector.findChild<QLineEdit*>(QStringLiteral("nodeName"));
    const auto type = [&](const QString& text) {
        name->setFocus();
        name->selectAll();
        QTest::keyClicks(name, text);
        QTest::keyClick(name, Qt::Key_Return);
    };
    type(QStringLiteral("edges"));
    QCOMPARE(shown.document.graph().find(2)->name, std::string("edges"));
    type(QStringLiteral("a/b"));
    QVERIFY(name->property("invalid").toBool());
    type(QString::fromStdString(shown.document.graph().find(3)->name));
    QVERIFY(name->property("invalid").toBool());
    QCOMPARE(shown.document.graph().find(2)->name, std::string("edges"));
    QCOMPARE(shown.document.undoStack().count(), 1);
}

void InspectorTest::severalOfOneTypeAreSetTogether() {
    Shown shown(2);
    NodeId other = 0;
    shown.document.edit(QStringLiteral("Add"), [&](DocumentState& state) { other = edits::addAfter(state.graph, "Conv2D", 2); });
    shown.inspector.setSelection({2, other});
    auto* spin = shown.in<QSpinBox>("filters");
    spin->setFocus();
    QTest::keyClick(spin, Qt::Key_Up);
    QVERIFY(shown.param(2, "filters") != nullptr && shown.param(other, "filters") != nullptr);
    QVERIFY(*shown.param(2, "filters") == *shown.param(other, "filters"));
    QCOMPARE(shown.document.undoStack().count(), 2);
}

void InspectorTest::severalShowWhatTheyCostTogether() {
    Shown shown(2);
    const std::vector<NodeId> ids = {2, 4}; // a convolution and what lays it out in a row
    QVERIFY(shown.document.graph().find(2)->type != shown.document.graph().find(4)->type);
    std::int64_t parameters = 0, macs = 0;
    for (const NodeId id : ids) {
        parameters += shown.document.report().find(id)->parameters;
        macs += shown.document.report().find(id)->plan.macs;
    }
    const auto has = [&](const QString& words) {
        return std::ranges::any_of(shown.inspector.findChildren<QLabel*>(), [&](const QLabel* l) { return l->isVisible() && l->text() == words; });
    };
    QVERIFY(!has(QStringLiteral("The selected layers together")));
    shown.inspector.setSelection(ids);
    QVERIFY(has(QStringLiteral("The selected layers together")));
    QVERIFY(!has(QStringLiteral("The whole network")));
    QVERIFY(has(countText(parameters)));
    QVERIFY(has(countText(macs)));
    QVERIFY(has(QStringLiteral("2")));
    QVERIFY(!shown.inspector.findChild<QPlainTextEdit*>(QStringLiteral("notes"))->isVisible());
    shown.inspector.setSelection({});
    QVERIFY(has(QStringLiteral("The whole network")));
    QVERIFY(shown.inspector.findChild<QPlainTextEdit*>(QStringLiteral("notes"))->isVisible());
    shown.document.edit(QStringLiteral("Cut"), [](DocumentState& state) { state.graph.disconnect(state.graph.edges().back()); });
    QVERIFY(!has(QStringLiteral("The whole network")));
    QVERIFY(has(ProjectPage::tr("Without %n unconnected layers", nullptr, 1)));
    QVERIFY(has(countText(static_cast<std::int64_t>(shown.document.graph().nodes().size() - 2)))); // neither that nor the input
    shown.document.undoStack().undo();
    NodeId other = 0;
    shown.document.edit(QStringLiteral("Add"), [&](DocumentState& state) { other = edits::addAfter(state.graph, "Conv2D", 2); });
    shown.inspector.setSelection({2, other});
    QVERIFY(has(QStringLiteral("What the 2 cost together")));
    QVERIFY(has(countText(shown.document.report().find(2)->parameters + shown.document.report().find(other)->parameters)));
}

/// All that the bar below has, also what a narrow window leaves out there.
void InspectorTest::aBlockWithAMistakeCostsWhatItsCardSays() {
    Shown shown(2);
    GroupId block = 0;
    shown.document.edit(QStringLiteral("Block"), [&](DocumentState& state) {
        block = state.graph.addGroup({.title = "Block", .block = true, .repeat = 6}, std::array<NodeId, 2>{2, 3});
    });
    const BlockReport& report = shown.document.report().blocks.at(block);
    QVERIFY(report.broken != 0);
    QVERIFY(report.parameters > 0);
    shown.inspector.setSelection({2, 3});
    const auto labels = shown.inspector.findChildren<QLabel*>();
    QVERIFY(std::ranges::any_of(labels, [&](const QLabel* l) { return l->isVisible() && l->text() == countText(report.parameters); }));
}

void InspectorTest::theProjectPageHasAllTotals() {
    Shown shown(0);
    shown.document.edit(QStringLiteral("Freeze"), [](DocumentState& state) {
        Node node = *state.graph.find(2);
        node.trainable = false;
        state.graph.replace(std::move(node));
    });
    const GraphTotals& totals = shown.document.report().totals;
    QCOMPARE(totals.parameters - totals.trainableParameters, std::int64_t{320});
    const auto has = [&](const QString& name, const QString& value) {
        const auto labels = shown.inspector.projectPage().findChildren<QLabel*>();
        return std::ranges::any_of(labels, [&](const QLabel* l) { return l->isVisible() && l->accessibleName() == name + QLatin1Char(' ') + value && l->text() == value; });
    };
    QVERIFY(has(QStringLiteral("Not trained"), QStringLiteral("320")));
    QVERIFY(has(QStringLiteral("MACs per image"), countText(totals.macs)));
    QVERIFY(has(QStringLiteral("FLOPs per image"), countText(2 * totals.macs)));
    const QString time = QStringLiteral("about 3 s");
    QVERIFY(!has(QStringLiteral("An epoch"), time));
    shown.inspector.projectPage().setEpochTime(time);
    QVERIFY(has(QStringLiteral("An epoch"), time));
    shown.inspector.setSelection({2, 4});
    QVERIFY(has(QStringLiteral("Not trained"), QStringLiteral("320")));
    QVERIFY(!has(QStringLiteral("An epoch"), time)); // that is not theirs
    shown.inspector.setSelection({});
    QVERIFY(has(QStringLiteral("An epoch"), time));
    shown.inspector.projectPage().setEpochTime({});
    QVERIFY(!has(QStringLiteral("An epoch"), time));
}

void InspectorTest::undoIsSeenInTheForm() {
    Shown shown(2);
    auto* spin = shown.in<QSpinBox>("filters");
    const int before = spin->value();
    spin->setFocus();
    QTest::keyClick(spin, Qt::Key_Up);
    shown.document.undoStack().undo();
    QCOMPARE(spin->value(), before);
    QCOMPARE(shown.document.undoStack().index(), 0);
    shown.document.edit(QStringLiteral("Delete"), [](DocumentState& state) { state.graph.remove(2); });
    QCOMPARE(shown.inspector.node(), NodeId{0});
}

void InspectorTest::notesAreOneStep() {
    Shown shown(0);
    auto* notes = shown.inspector.findChild<QPlainTextEdit*>(QStringLiteral("notes"));
    QTest::keyClicks(notes, QStringLiteral("tried 5x5"));
    QCOMPARE(shown.document.state().notes, std::string("tried 5x5"));
    QCOMPARE(shown.document.undoStack().count(), 1);
}

void InspectorTest::problemsAreMendedWithOneClick() {
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

void InspectorTest::everyRepairIsOneUndoStep_data() {
    QTest::addColumn<QString>("graph");
    QTest::newRow("window") << QStringLiteral("Input 28x28x1 > Conv2D kernel_size=31 > Flatten > Dense units=10");
    QTest::newRow("join") << QStringLiteral("Input 28x28x1 name=in > Conv2D filters=8 > Add name=sum > Flatten > Dense units=10; in > sum");
    QTest::newRow("data") << QStringLiteral("Input 32x32x3 > Flatten > Dense units=10");
    QTest::newRow("units and hints") << QStringLiteral("Input 28x28x1 > Conv2D kernel_size=4 > Conv2D > Flatten > Dense units=3");
    QTest::newRow("loss") << QStringLiteral("Input 28x28x1 > BatchNormalization > Flatten > Dense units=10");
    QTest::newRow("ends") << QStringLiteral("Input 28x28x1 name=in > Flatten > Dense units=10; in > Conv2D > MaxPooling2D");
}

/// By the button: the problem is gone, one Ctrl+Z brings exactly the state before.
void InspectorTest::everyRepairIsOneUndoStep() {
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

void InspectorTest::aRepairUnderThePointerIsPreviewed() {
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

void InspectorTest::hintsAreHiddenAndShownAgain() {
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
void InspectorTest::manyProblemsStayQuick() {
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

QTEST_MAIN(strata::ui::InspectorTest)
#include "inspector_test.moc"
