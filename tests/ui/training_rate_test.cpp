// SPDX-License-Identifier: GPL-3.0-or-later
// The learning rate that a hand sets while a run goes on, stands still, or is stopped.
#include "file_main.h"
#include "training_support.h"

#include "engine/interop/run_record.h"
#include "engine/interop/run_verify.h"
#include "engine/training/recipe.h"
#include "ui/forms/param_editor.h"
#include "ui/forms/schema_form.h"
#include "ui/training/settings_page.h"

#include <QDoubleSpinBox>
#include <QTemporaryDir>

namespace strata::ui {

class TrainingRateTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theRateReachesTheRun();
    void aStoppedRunGoesOnWithAnotherRate();
    void thePageSaysWhatReachesTheRun();
    void aRunThatBeginsMovesNoField();
};

using test::kPatience;
using test::Rig;

namespace {

/// The field of the learning rate; new digits as a hand types them.
void typeRate(SettingsPage& page, const char* text) {
    QDoubleSpinBox* field = nullptr;
    for (const SchemaForm* form : page.findChildren<SchemaForm*>()) {
        if (ParamEditor* editor = form->editor(QStringLiteral("learning_rate"))) field = qobject_cast<QDoubleSpinBox*>(editor->field());
    }
    QVERIFY(field != nullptr);
    field->setFocus();
    field->selectAll();
    QTest::keyClicks(field, QLatin1String(text));
    QTest::keyClick(field, Qt::Key_Return);
}

RunRecord onlyRecord(const QTemporaryDir& folder) {
    std::vector<std::string> remarks;
    const std::vector<RunRecord> records = listRunRecords(folder.path().toStdString(), remarks);
    return records.size() == 1 ? records.front() : RunRecord();
}

} // namespace

void TrainingRateTest::theRateReachesTheRun() {
    Rig rig(test::kEndless);
    QTemporaryDir folder;
    rig.session.setRunsFolder(folder.path().toStdString());
    SettingsPage page(rig.document);
    page.show();
    QVERIFY(rig.ready());
    QSignalSpy recorded(&rig.session, &TrainingSession::recorded);
    rig.session.step();
    QTRY_COMPARE_WITH_TIMEOUT(rig.session.progress().batch, 1, kPatience);
    QCOMPARE(rig.session.progress().learningRate, 0.002);
    typeRate(page, "0.0004"); // while it stands still
    QCOMPARE(rig.session.progress().learningRate, 0.0004);
    rig.session.step();
    QTRY_COMPARE_WITH_TIMEOUT(rig.session.progress().batch, 2, kPatience);
    QCOMPARE(rig.session.progress().learningRate, 0.0004);
    rig.session.resume();
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.progress().batch > 3, kPatience);
    typeRate(page, "0.001"); // while it goes on
    const std::int64_t epoch = rig.session.progress().epoch;
    // The first batches that are told may have been over when it was typed, and the epoch with them.
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.progress().epoch > epoch && rig.session.progress().learningRate == 0.001, kPatience);
    rig.session.stop();
    QVERIFY(rig.idle());
    QVERIFY(recorded.count() == 1 || recorded.wait(kPatience));
    QVERIFY(rig.session.stoppedAt().has_value()); // the field is what the run has

    const RunRecord record = onlyRecord(folder);
    QCOMPARE(record.rates.size(), std::size_t{2});
    QCOMPARE(record.rates.front(), (RateChange{0, 1, 0.0004}));
    QCOMPARE(record.rates.back().rate, 0.001);
    QCOMPARE(learningRateOf(record.document.training), 0.002);
    struct Free final : RunObserver {
        void event(TrainEvent) override {}
        bool mayGoOn() override { return true; }
        bool weightsWanted() override { return false; }
        void weights(LiveWeights) override {}
    } free;
    const Result<Verification> verified = verifyRun(record, *rig.session.data().source(), 2, free);
    QVERIFY2(verified.ok(), verified.ok() ? "" : verified.error().message.c_str());
    QVERIFY2(verified->verdict == Verdict::Same, verified->text.c_str());
}

/// Stopped, the rate set by hand, and on: to the bit as if it had been set while the run went on.
void TrainingRateTest::aStoppedRunGoesOnWithAnotherRate() {
    std::uint64_t fingerprints[2] = {};
    for (const bool stops : {false, true}) {
        Rig rig(2);
        SettingsPage page(rig.document);
        page.show();
        QVERIFY(rig.ready());
        rig.session.step();
        QTRY_COMPARE_WITH_TIMEOUT(rig.session.progress().batch, 1, kPatience);
        if (stops) {
            rig.session.stop();
            QVERIFY(rig.idle());
        }
        typeRate(page, "0.01");
        if (stops) rig.session.start(false);
        else rig.session.resume();
        QVERIFY(rig.idle());
        QCOMPARE(rig.document.state().trained->history.back().learningRate, 0.01);
        fingerprints[stops ? 1 : 0] = rig.document.state().trained->weights.fingerprint();
    }
    QCOMPARE(fingerprints[0], fingerprints[1]);
}

void TrainingRateTest::thePageSaysWhatReachesTheRun() {
    Rig rig(test::kEndless);
    SettingsPage page(rig.document);
    page.follow(rig.session);
    page.show();
    auto* note = page.findChild<QWidget*>(QStringLiteral("ofRun"));
    QVERIFY(note != nullptr && !note->isVisible());
    const auto says = [note](const QString& words) { return note->accessibleName().contains(words); };
    QVERIFY(rig.ready());
    rig.session.start(true);
    QVERIFY(note->isVisible());
    QVERIFY(says(QStringLiteral("at once")));
    rig.document.edit(QStringLiteral("Other"), [](DocumentState& state) { state.training.optimizer = {"SGD", {}}; });
    QVERIFY(!says(QStringLiteral("at once")) && says(QStringLiteral("next run")));
    const double rate = rig.session.progress().learningRate;
    rig.session.stop();
    QVERIFY(rig.idle());
    QVERIFY(!note->isVisible());
    QVERIFY(rate != 0.01); // SGD's own did not reach Adam's run
}

/// The note stands where it moves nothing: not above the fields, and not by a scroll bar that makes them change their lines.
void TrainingRateTest::aRunThatBeginsMovesNoField() {
    Rig rig(100'000);
    SettingsPage page(rig.document);
    page.follow(rig.session);
    page.show();
    QVERIFY(rig.ready());
    const auto places = [&page] {
        QList<QPoint> all;
        for (const int height : {170, 260, 350}) {
            for (int width = 420; width < 1320; width += 7) {
                page.resize(width, height);
                QCoreApplication::sendPostedEvents();
                for (const QAbstractSpinBox* field : page.findChildren<QAbstractSpinBox*>()) all << field->mapTo(&page, QPoint());
            }
        }
        return all;
    };
    const QList<QPoint> before = places();
    rig.session.start(true);
    QVERIFY(page.findChild<QWidget*>(QStringLiteral("ofRun"))->isVisible());
    QCOMPARE(places(), before);
    rig.session.stop();
    QVERIFY(rig.idle());
}

} // namespace strata::ui

using strata::ui::TrainingRateTest;
STRATA_FILE_TEST_MAIN(TrainingRateTest)
#include "training_rate_test.moc"
