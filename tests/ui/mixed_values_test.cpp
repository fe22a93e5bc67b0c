// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/graph_dsl.h"
#include "ui/forms/param_editor.h"
#include "ui/forms/schema_form.h"
#include "ui/inspector/inspector.h"
#include "ui_support.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QSpinBox>
#include <QToolButton>

namespace strata::ui {

/// Layers of one type that are chosen together: a field never shows one layer's value as if it were that of all.
class MixedValuesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whereTheyDifferIsSaid_data();
    void whereTheyDifferIsSaid();
    void aNumberThatOneOfThemHasIsChosenForAll();
    void whatDoesNotFitChoosesNothing_data();
    void whatDoesNotFitChoosesNothing();
    void aStepBeginsAtTheFirst();
    void aPairIsChosenForAll();
    void yesIsChosenForAll();
    void aLineLeftAloneChangesNothing();
};

namespace {

/// Two layers of a type, of which the second has this value.
struct Two {
    GraphDocument document;
    Inspector inspector{document};
    NodeId first = 2, second = 0;

    Two(const char* type, const char* key, const ParamValue& value) {
        document.reset(test::stateWith(test::smallNet()));
        document.edit(QStringLiteral("Add"), [&](DocumentState& state) {
            first = edits::addAfter(state.graph, type, 2);
            second = edits::addAfter(state.graph, type, first);
            Node other = *state.graph.find(second);
            other.params[key] = value;
            state.graph.replace(std::move(other));
        });
        document.undoStack().clear();
        inspector.resize(330, 900);
        inspector.show();
        (void)QTest::qWaitForWindowActive(&inspector, test::kPatience);
        inspector.setSelection({first, second});
        form().focusOn(QLatin1String(key));
    }
    SchemaForm& form() { return *inspector.findChild<SchemaForm*>(); }
    QWidget* field(const QString& key) { return form().editor(key)->field(); }
    bool saysMixed(const QString& key) {
        QWidget* widget = field(key);
        if (const auto* box = qobject_cast<QCheckBox*>(widget)) return box->checkState() == Qt::PartiallyChecked;
        if (const auto* combo = qobject_cast<QComboBox*>(widget)) return combo->currentIndex() == -1 && !combo->placeholderText().isEmpty();
        const auto* line = qobject_cast<QLineEdit*>(widget);
        if (line == nullptr) line = widget->findChild<QLineEdit*>();
        return line->text().isEmpty() && (line->placeholderText() == QStringLiteral("mixed") || line->placeholderText() == QStringLiteral("–"));
    }
    ParamValue value(NodeId id, const QString& key) const {
        const Node& node = *document.graph().find(id);
        const auto it = node.params.find(key.toStdString());
        return it != node.params.end() ? it->second : findLayerType(node.type)->schema.find(key.toStdString())->defaultValue;
    }
    bool areBoth(const QString& key, const ParamValue& wanted) const { return value(first, key) == wanted && value(second, key) == wanted; }
};

} // namespace

void MixedValuesTest::whereTheyDifferIsSaid_data() {
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("key");
    QTest::addColumn<ParamValue>("value");
    QTest::newRow("a whole number") << QStringLiteral("Conv2D") << QStringLiteral("filters") << ParamValue(std::int64_t{77});
    QTest::newRow("a number") << QStringLiteral("Dropout") << QStringLiteral("rate") << ParamValue(0.125);
    QTest::newRow("a pair") << QStringLiteral("Conv2D") << QStringLiteral("kernel_size") << ParamValue(ParamValue::IntList{7, 5});
    QTest::newRow("a choice") << QStringLiteral("Conv2D") << QStringLiteral("padding") << ParamValue("same");
    QTest::newRow("yes or no") << QStringLiteral("Conv2D") << QStringLiteral("use_bias") << ParamValue(false);
    QTest::newRow("an object") << QStringLiteral("Conv2D") << QStringLiteral("kernel_initializer") << ParamValue(TypedParams{"RandomNormal", {}});
    QTest::newRow("a line") << QStringLiteral("ReLU") << QStringLiteral("max_value") << ParamValue(6.0);
}

void MixedValuesTest::whereTheyDifferIsSaid() {
    QFETCH(QString, type);
    QFETCH(QString, key);
    QFETCH(ParamValue, value);
    Two two(qPrintable(type), qPrintable(key), value);
    QVERIFY(two.saysMixed(key));
    const QString told = two.field(key)->accessibleDescription();
    for (const NodeId id : {two.first, two.second})
        QVERIFY2(told.contains(QString::fromStdString(two.value(id, key).text())), qPrintable(told));
    QTest::keyClick(two.field(key), Qt::Key_Tab); // nobody chose anything
    QVERIFY(two.saysMixed(key));
    QCOMPARE(two.document.undoStack().count(), 0);
    QTest::mouseClick(two.form().resetButton(key), Qt::LeftButton);
    QVERIFY(two.areBoth(key, findLayerType(type.toStdString())->schema.find(key.toStdString())->defaultValue));
    QVERIFY(!two.saysMixed(key));
    QVERIFY(two.field(key)->accessibleDescription().isEmpty());
    two.document.undoStack().undo();
    QVERIFY(two.saysMixed(key));
}

/// The box holds that number already and would tell no change.
void MixedValuesTest::aNumberThatOneOfThemHasIsChosenForAll() {
    Two two("Conv2D", "filters", std::int64_t{77});
    const std::int64_t first = *two.value(two.first, QStringLiteral("filters")).asInt();
    QWidget* spin = two.field(QStringLiteral("filters"));
    QTest::keyClicks(spin, QString::number(first));
    QTest::keyClick(spin, Qt::Key_Return);
    QVERIFY(two.areBoth(QStringLiteral("filters"), first));
    QCOMPARE(two.document.undoStack().count(), 1);
    QTest::keyClick(spin, Qt::Key_Return);
    QCOMPARE(two.document.undoStack().count(), 1);
}

void MixedValuesTest::whatDoesNotFitChoosesNothing_data() {
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("key");
    QTest::addColumn<ParamValue>("value");
    QTest::addColumn<QString>("typed");
    QTest::newRow("too large") << QStringLiteral("Dropout") << QStringLiteral("rate") << ParamValue(0.125) << QStringLiteral("2");
    QTest::newRow("half a number") << QStringLiteral("Dropout") << QStringLiteral("rate") << ParamValue(0.125) << QStringLiteral("1e");
    QTest::newRow("too small") << QStringLiteral("Conv2D") << QStringLiteral("filters") << ParamValue(std::int64_t{77}) << QStringLiteral("0");
}

/// The box goes back to the number behind it, which is that of the first layer: nobody chose it.
void MixedValuesTest::whatDoesNotFitChoosesNothing() {
    QFETCH(QString, type);
    QFETCH(QString, key);
    QFETCH(ParamValue, value);
    QFETCH(QString, typed);
    Two two(qPrintable(type), qPrintable(key), value);
    QTest::keyClicks(two.field(key), typed);
    QTest::keyClick(two.field(key), Qt::Key_Return);
    QVERIFY(two.saysMixed(key));
    QCOMPARE(two.document.undoStack().count(), 0);
}

void MixedValuesTest::aStepBeginsAtTheFirst() {
    Two two("Conv2D", "filters", std::int64_t{77});
    const std::int64_t first = *two.value(two.first, QStringLiteral("filters")).asInt();
    QTest::keyClick(two.field(QStringLiteral("filters")), Qt::Key_Up);
    QVERIFY(two.areBoth(QStringLiteral("filters"), first + 1));
    QCOMPARE(two.document.undoStack().count(), 1);
}

void MixedValuesTest::aPairIsChosenForAll() {
    Two two("Conv2D", "kernel_size", ParamValue::IntList{7, 5});
    const QList<QSpinBox*> spins = two.form().editor(QStringLiteral("kernel_size"))->findChildren<QSpinBox*>();
    QTest::keyClicks(spins.back(), QStringLiteral("9"));
    QTest::keyClick(spins.back(), Qt::Key_Return);
    QVERIFY(two.value(two.first, QStringLiteral("kernel_size")) == two.value(two.second, QStringLiteral("kernel_size")));
    QCOMPARE(two.value(two.first, QStringLiteral("kernel_size")).asInts()->back(), 9);
    QVERIFY(!two.saysMixed(QStringLiteral("kernel_size")));
}

void MixedValuesTest::yesIsChosenForAll() {
    Two two("Conv2D", "use_bias", false);
    QWidget* box = two.field(QStringLiteral("use_bias"));
    QTest::keyClick(box, Qt::Key_Space);
    QVERIFY(two.areBoth(QStringLiteral("use_bias"), true));
    QTest::keyClick(box, Qt::Key_Space);
    QVERIFY(two.areBoth(QStringLiteral("use_bias"), false));
    QTest::keyClick(box, Qt::Key_Space);
    QVERIFY(two.areBoth(QStringLiteral("use_bias"), true));
}

/// None is a value too: only a line that was written in and emptied means it.
void MixedValuesTest::aLineLeftAloneChangesNothing() {
    Two two("ReLU", "max_value", 6.0);
    QWidget* line = two.field(QStringLiteral("max_value"));
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(two.document.undoStack().count(), 0);
    QTest::keyClicks(line, QStringLiteral("5"));
    QTest::keyClick(line, Qt::Key_Backspace);
    QTest::keyClick(line, Qt::Key_Return);
    QVERIFY(two.areBoth(QStringLiteral("max_value"), ParamValue()));
}

} // namespace strata::ui

QTEST_MAIN(strata::ui::MixedValuesTest)
#include "mixed_values_test.moc"
