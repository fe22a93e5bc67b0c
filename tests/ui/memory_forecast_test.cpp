// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_main.h"
#include "training_support.h"
#include "ui_support.h"

#include "engine/training/recipe.h"
#include "ui/training/memory_forecast.h"

namespace strata::ui {

class MemoryForecastTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theMemoryIsThatOfTheRun_data();
    void theMemoryIsThatOfTheRun();
    void withoutDataItIsThatOfTheDrawing();
};

using test::kPatience;
using test::Rig;

void MemoryForecastTest::theMemoryIsThatOfTheRun_data() {
    QTest::addColumn<QString>("network");
    for (const Template& t : strata::templates()) {
        if (t.id != "blank") QTest::newRow(t.id.c_str()) << QString::fromStdString(t.id);
    }
}

/// What the window tells is what the trainer plans, to the byte.
void MemoryForecastTest::theMemoryIsThatOfTheRun() {
    QFETCH(QString, network);
    const Template& t = *findTemplate(network.toStdString());
    Rig rig;
    DocumentState state = test::digitsState(1);
    state.graph = t.make();
    state.training = recipeOf(t);
    const ParamValue::IntList shape = *state.graph.nodes().front()->params.at("shape").asInts();
    state.data.resizeHeight = shape[0];
    state.data.resizeWidth = shape[1];
    state.data.colour = shape[2] == 1 ? "grey" : "rgb";
    MemoryForecast forecast(rig.session);
    QSignalSpy told(&forecast, &MemoryForecast::told);
    rig.document.reset(state);
    QVERIFY(rig.ready());
    Trainer trainer(*rig.session.plannedJob());
    trainer.pause();
    trainer.start();
    std::optional<std::int64_t> planned;
    while (!planned) {
        trainer.waitForEvents();
        for (const TrainEvent& event : trainer.drainEvents()) {
            if (const auto* run = std::get_if<RunStarted>(&event)) planned = run->memoryBytes;
            if (const auto* end = std::get_if<RunEnded>(&event)) QFAIL(end->message.c_str());
        }
    }
    QTRY_VERIFY_WITH_TIMEOUT(!told.isEmpty() && told.back().front().toLongLong() > 0, kPatience);
    QCOMPARE(told.back().front().toLongLong(), *planned);
    QVERIFY(told.back().back().toLongLong() > 0 && told.back().back().toLongLong() < *planned);
    // Another batch takes another amount; a drawing that cannot run has none.
    rig.document.edit(QStringLiteral("Batch"), [](DocumentState& s) { s.training.batchSize *= 2; });
    QTRY_VERIFY_WITH_TIMEOUT(told.back().front().toLongLong() > *planned, kPatience);
    rig.document.edit(QStringLiteral("Cut"), [](DocumentState& s) { s.graph.disconnect(s.graph.edges().front()); });
    QCOMPARE(told.back().front().toLongLong(), 0);
}

/// Data that are not there, or do not fit, take nothing away from what is told: their images come as the drawing has them.
void MemoryForecastTest::withoutDataItIsThatOfTheDrawing() {
    Rig rig;
    MemoryForecast forecast(rig.session);
    QSignalSpy told(&forecast, &MemoryForecast::told);
    QVERIFY(rig.ready());
    QTRY_VERIFY_WITH_TIMEOUT(!told.isEmpty() && told.back().front().toLongLong() > 0, kPatience);
    const QList<QVariant> withData = told.back();
    told.clear();
    rig.session.data().choose(QStringLiteral("/nowhere/at/all"));
    QTRY_VERIFY_WITH_TIMEOUT(!rig.session.data().problem().isEmpty() && !told.isEmpty(), kPatience);
    QTRY_COMPARE_WITH_TIMEOUT(told.back(), withData, kPatience);
    // Of an Input that leaves its size open nothing can be planned.
    rig.document.edit(QStringLiteral("Open"), [](DocumentState& s) { test::setParam(s.graph, 1, "shape", ParamValue::IntList{-1, -1, 1}); });
    QTRY_COMPARE_WITH_TIMEOUT(told.back().front().toLongLong(), 0, kPatience);
}

} // namespace strata::ui

using strata::ui::MemoryForecastTest;
STRATA_FILE_TEST_MAIN(MemoryForecastTest)
#include "memory_forecast_test.moc"
