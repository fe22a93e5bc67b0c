// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_main.h"
#include "training_support.h"

#include "ui/training/family_form.h"
#include "ui/training/family_list.h"
#include "ui/training/settings_page.h"

#include <QCheckBox>
#include <QComboBox>
#include <QMenu>
#include <QSpinBox>
#include <QToolButton>

namespace strata::ui {

class TrainingSettingsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everySettingIsAnUndoableEdit();
    void aSchedulesLengthFollowsTheRun();
    void aFieldsStepsAreOneEdit();
};

void TrainingSettingsTest::everySettingIsAnUndoableEdit() {
    GraphDocument document;
    document.reset(test::digitsState(5));
    SettingsPage page(document);
    const TrainingSettings before = document.state().training;
    const auto number = [&page](const char* name) { return page.findChild<QSpinBox*>(QString::fromLatin1(name)); };
    number("epochs")->setValue(7);
    QCOMPARE(document.state().training.epochs, 7);
    number("batchSize")->setValue(64);
    QCOMPARE(document.state().training.batchSize, 64);
    number("seed")->setValue(9);
    QCOMPARE(document.state().training.seed, std::uint64_t{9});
    number("threads")->setValue(1);
    QCOMPARE(document.state().training.threads, 1);
    page.findChild<QDoubleSpinBox*>(QStringLiteral("validationShare"))->setValue(25);
    QCOMPARE(document.state().training.validationSplit, 0.25);
    page.findChild<QCheckBox*>(QStringLiteral("shuffle"))->click();
    QVERIFY(!document.state().training.shuffle);
    page.findChild<QCheckBox*>(QStringLiteral("keepBest"))->click();
    QVERIFY(!document.state().training.keepBest);
    auto* forms = page.findChild<FamilyForm*>();
    QVERIFY(forms != nullptr);
    Q_EMIT forms->chosen(QStringLiteral("SGD"));
    QCOMPARE(document.state().training.optimizer.id, std::string("SGD"));
    QCOMPARE(*document.state().training.optimizer.params.at("learning_rate").asReal(), 0.002);
    Q_EMIT forms->edited(QStringLiteral("momentum"), ParamValue(0.9));
    QCOMPARE(*document.state().training.optimizer.params.at("momentum").asReal(), 0.9);
    Q_EMIT page.findChild<QComboBox*>(QStringLiteral("schedule"))->activated(page.findChild<QComboBox*>(QStringLiteral("schedule"))->findData(QStringLiteral("CosineDecay")));
    QCOMPARE(document.state().training.schedule->id, std::string("CosineDecay"));
    QCOMPARE(*document.state().training.schedule->params.at("initial_learning_rate").asReal(), 0.002);
    for (const char* family : {"metric", "callback"}) {
        auto* add = page.findChild<QToolButton*>(QStringLiteral("add:") + QLatin1String(family));
        QVERIFY(add != nullptr);
        add->menu()->actions().first()->trigger();
    }
    QCOMPARE(document.state().training.metrics.size(), 1U);
    QCOMPARE(document.state().training.callbacks.size(), 1U);
    page.findChild<FamilyList*>()->findChild<QToolButton*>(QStringLiteral("remove:0"))->click();
    QCOMPARE(document.state().training.metrics.size(), 0U);
    QCOMPARE(document.undoStack().count(), 13);
    while (document.undoStack().canUndo()) document.undoStack().undo();
    QVERIFY(document.state().training == before);
    QCOMPARE(number("epochs")->value(), 5);
    QCOMPARE(number("batchSize")->value(), static_cast<int>(before.batchSize));
}

void TrainingSettingsTest::aSchedulesLengthFollowsTheRun() {
    test::Rig rig(5);
    QVERIFY(rig.ready());
    GraphDocument& document = rig.document;
    document.edit({}, [](DocumentState& state) {
        state.training.batchSize = 32;
        state.training.validationSplit = 0;
    });
    SettingsPage page(document);
    page.setData(rig.session.data().source()->train);
    const std::int64_t batches = (rig.session.data().source()->train->size() + 31) / 32;
    auto* choice = page.findChild<QComboBox*>(QStringLiteral("schedule"));
    Q_EMIT choice->activated(choice->findData(QStringLiteral("OneCycle")));
    const auto length = [&] { return *document.state().training.schedule->params.at("total_steps").asInt(); };
    QCOMPARE(length(), 5 * batches);
    page.findChild<QSpinBox*>(QStringLiteral("epochs"))->setValue(8);
    QCOMPARE(length(), 8 * batches);
    for (FamilyForm* form : page.findChildren<FamilyForm*>()) {
        if (form->isAncestorOf(choice)) Q_EMIT form->edited(QStringLiteral("total_steps"), ParamValue(std::int64_t{77}));
    }
    QCOMPARE(length(), 77); // by hand: it stays
    page.findChild<QSpinBox*>(QStringLiteral("epochs"))->setValue(9);
    QCOMPARE(length(), 77);
}

void TrainingSettingsTest::aFieldsStepsAreOneEdit() {
    GraphDocument document;
    SettingsPage page(document);
    auto* epochs = page.findChild<QSpinBox*>(QStringLiteral("epochs"));
    const int before = epochs->value();
    for (int i = 0; i < 5; ++i) epochs->stepUp();
    QCOMPARE(document.undoStack().count(), 1);
    document.undoStack().undo();
    QCOMPARE(epochs->value(), before);
}

} // namespace strata::ui

using strata::ui::TrainingSettingsTest;
STRATA_FILE_TEST_MAIN(TrainingSettingsTest)
#include "training_settings_test.moc"
