// SPDX-License-Identifier: GPL-3.0-or-later
// Records of runs are read as they were written, and the runs repeat.
#include "engine/interop/batch_curve.h"
#include "engine/interop/history_json.h"
#include "engine/interop/run_verify.h"
#include "engine/math/isa.h"
#include "tests/support/striped_runs.h"
#include "tests/support/wall_main.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <QCoreApplication>
#include <QTemporaryDir>

using namespace strata;
using namespace strata::test;

class RunRecordTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::filesystem::path at(const char* name) const { return m_dir.filePath(name).toStdString(); }

private slots:
    void recordsAreReadAsTheyWereWritten() {
        const DocumentState begun = document("adam");
        Watcher watcher;
        const RunEnded end = runTraining(jobOf(begun, source()), watcher);
        RunRecord record = recordOf(begun, end);
        record.testAccuracy = 0.5;
        const auto folder = writeRunRecord(at("records"), record);
        QVERIFY2(folder.ok(), folder.ok() ? "" : folder.error().message.c_str());
        const auto again = writeRunRecord(at("records"), record);
        QVERIFY(*again != *folder);
        const auto read = readRunRecord(*folder);
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().message.c_str());
        QVERIFY(read->document == begun);
        QCOMPARE(read->weightsHash, record.weightsHash);
        QCOMPARE(read->dataFingerprint, record.dataFingerprint);
        QVERIFY(read->arithmetic == arithmetic());
        QCOMPARE(read->version, programVersion());
        QVERIFY(read->history == record.history);
        QCOMPARE(read->testAccuracy, 0.5);
        QCOMPARE(read->date.size(), std::size_t{19});
        QVERIFY(std::filesystem::exists(*folder / "curves.csv"));
        std::vector<std::string> remarks;
        QCOMPARE(listRunRecords(at("records"), remarks).size(), std::size_t{2});
        QVERIFY(remarks.empty());
    }
    void runsRepeat_data() {
        QTest::addColumn<QString>("start");
        QTest::newRow("anew") << "anew";
        QTest::newRow("stopped") << "stopped";
        QTest::newRow("from weights") << "weights";
        QTest::newRow("from weights, stopped") << "weights stopped";
        QTest::newRow("resumed") << "resumed";
        QTest::newRow("with another rate from a batch on") << "rate";
        QTest::newRow("with two other rates, stopped") << "rate rate stopped";
        QTest::newRow("resumed with another rate") << "resumed rate";
    }
    void runsRepeat() {
        QFETCH(QString, start);
        DocumentState begun = start.contains("weights") ? trainedDocument("adam", -1)
                              : start.contains("resumed") ? trainedDocument("adam", 11)
                                                          : document("adam");
        TrainingJob job = start.contains("resumed") ? resumedJob(begun.trained) : jobOf(begun, source());
        QVERIFY(giveData(job, source(), begun.data, 0).ok());
        Watcher watcher;
        if (start.contains("stopped")) watcher.stopAt = 12;
        if (start.contains("rate rate")) watcher.rates = {{0, 0, 0.005}, {0, 5, 0.002}};
        else if (start.contains("rate")) watcher.rates = {{1, 2, 0.002}};
        const RunEnded end = runTraining(job, watcher);
        QVERIFY(end.rates == watcher.rates);
        RunRecord record = recordOf(begun, end);
        record.resumed = start.contains("resumed");
        const auto folder = writeRunRecord(at("repeat"), record);
        QVERIFY(folder.ok());
        const auto read = readRunRecord(*folder);
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().message.c_str());
        for (const int threads : {1, 3}) {
            Watcher free;
            const auto verified = verifyRun(*read, source(), threads, free);
            QVERIFY2(verified.ok(), verified.ok() ? "" : verified.error().message.c_str());
            QVERIFY2(verified->verdict == Verdict::Same, verified->text.c_str());
        }
        if (end.rates.empty()) return;
        RunRecord without = *read;
        without.rates.clear();
        Watcher free;
        QVERIFY(verifyRun(without, source(), 1, free)->verdict == Verdict::Different);
    }
    /// run.json once had lists in place of objects.
    void curvesOfOlderRecordsAreRead() {
        const auto read = [](const char* text) { return historyFrom(nlohmann::json::parse(text)); };
        const std::vector<HistoryPoint> lists = read("[[1, 0.5, 0.25, null, null], [2, 0.4, 0.5, 0.75, 0.5, 0.01, {\"auc\": 0.875}], [3], 4]");
        QCOMPARE(lists.size(), std::size_t{2});
        QVERIFY((lists[0] == HistoryPoint{1, 0.5, 0.25, {}, {}}));
        QVERIFY((lists[1] == HistoryPoint{2, 0.4, 0.5, 0.75, 0.5, 0.01, {{"auc", 0.875}}}));
        QVERIFY(historyFrom(nlohmann::json::parse(historyJson(lists).dump())) == lists);
        QVERIFY(std::isnan(historyFrom(nlohmann::json::parse(historyJson({{.epoch = 1, .loss = INFINITY}}).dump())).front().loss));
    }
    void longCurvesAreThinned() {
        BatchCurve curve;
        for (int i = 0; i < 100'000; ++i) curve.add({i / 1000.0, static_cast<double>(i), 1});
        const std::vector<BatchPoint> points = curve.points();
        QVERIFY(points.size() >= BatchCurve::kMost / 2 && points.size() <= BatchCurve::kMost);
        double sum = 0;
        for (const BatchPoint& p : points) sum += p.loss;
        QVERIFY(std::abs(sum / static_cast<double>(points.size()) - 49'999.5) < 100);
        QVERIFY(std::ranges::is_sorted(points, {}, &BatchPoint::epochs));
    }
    void verdicts() {
        const DocumentState begun = document("adam");
        Watcher watcher;
        RunRecord record = recordOf(begun, runTraining(jobOf(begun, source()), watcher));
        QVERIFY(verifyRun(record, source(2), 1, watcher)->verdict == Verdict::OtherData);
        RunRecord other = record;
        other.document.training.seed = 2;
        QVERIFY(verifyRun(other, source(), 1, watcher)->verdict == Verdict::Different);
        other.arithmetic.instructionSet = "another";
        QVERIFY(verifyRun(other, source(), 1, watcher)->verdict == Verdict::OtherArithmetic);
        const std::string now(math::isaName());
        QVERIFY(math::selectIsa("plain"));
        const auto plain = verifyRun(record, source(), 1, watcher);
        QVERIFY(math::selectIsa(now));
        QVERIFY(plain->verdict == (now == "plain" ? Verdict::Same : Verdict::OtherArithmetic));
        Watcher stops;
        stops.stopAt = 3;
        QCOMPARE(verifyRun(record, source(), 1, stops).error().id, std::string("stopped"));
    }
    void damagedRecordsSayWhat_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("no JSON") << QByteArray("hello");
        QTest::newRow("a list") << QByteArray("[1,2]");
        QTest::newRow("no version") << QByteArray("{}");
        QTest::newRow("newer") << QByteArray("{\"strata_run\": 99}");
        QTest::newRow("no document") << QByteArray("{\"strata_run\": 1}");
        QTest::newRow("deep") << QByteArray(100000, '[');
        QTest::newRow("no start") << QByteArray("{\"strata_run\":1,\"start\":\"weights\",\"document\":{\"strata\":1,\"graph\":{\"nodes\":[],\"edges\":[]}}}");
    }
    void damagedRecordsSayWhat() {
        QFETCH(QByteArray, text);
        QDir(m_dir.path()).mkpath("bad/run");
        QFile file(m_dir.filePath("bad/run/run.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        const auto read = readRunRecord(at("bad/run"));
        QVERIFY(!read.ok());
        QVERIFY(!read.error().message.empty());
    }
};

STRATA_WALL_TEST_MAIN(RunRecordTest, QCoreApplication)
#include "run_record_test.moc"
