// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/inspector.h"
#include "ui/inspector/number_editors.h"
#include "ui/inspector/object_editor.h"
#include "ui/inspector/problems_panel.h"
#include "ui/inspector/schema_form.h"
#include "ui/inspector/text_editors.h"
#include "ui_support.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QToolButton>

namespace strata::ui {

class InspectorTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyLayerHasAForm_data();
    void everyLayerHasAForm();
    void spinStepsAreOneUndoStep();
    void linkedPairsChangeTogether();
    void changedParametersAreBoldAndGoBack();
    void anObjectHasItsOwnForm();
    void whatCannotBeReadChangesNothing_data();
    void whatCannotBeReadChangesNothing();
    void namesAreChecked();
    void severalOfOneTypeAreSetTogether();
    void undoIsSeenInTheForm();
    void notesAreOneStep();
    void problemsAreMendedWithOneClick();
};

namespace {

struct Shown {
    GraphDocument document;
    Inspector inspector{document};

    explicit Shown(NodeId id) {
        document.reset(test::stateWith(test::smallNet()));
        inspector.resize(330, 900);
        inspector.show();
        (void)QTest::qWaitForWindowActive(&inspector);
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

} // namespace strata::ui

QTEST_MAIN(strata::ui::InspectorTest)
#include "inspector_test.moc"
