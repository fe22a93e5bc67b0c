// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/number_text.h"
#include "ui/inspector/inspector.h"
#include "ui/inspector/project_page.h"
#include "ui/forms/number_editors.h"
#include "ui/forms/object_editor.h"
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
#include <QSignalSpy>
#include <QDoubleSpinBox>
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
    void verySmallNumbersStay();
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

/// Adafactor's first epsilon.
void InspectorTest::verySmallNumbersStay() {
    const Param param{.key = "epsilon_1", .label = "Epsilon 1", .doc = "", .kind = ParamKind::Real, .defaultValue = 1e-30, .min = 0, .exclusiveMin = true};
    RealEditor editor(param, nullptr);
    editor.setValue(1e-30);
    auto* spin = qobject_cast<QDoubleSpinBox*>(editor.field());
    QCOMPARE(spin->text(), QStringLiteral("1e-30"));
    QCOMPARE(spin->value(), 1e-30);
    spin->setValue(0); // less than anything that is allowed
    QVERIFY(spin->value() > 0);
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

} // namespace strata::ui

QTEST_MAIN(strata::ui::InspectorTest)
#include "inspector_test.moc"
