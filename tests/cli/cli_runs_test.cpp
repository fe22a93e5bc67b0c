// SPDX-License-Identifier: GPL-3.0-or-later
// Training from the terminal: recipes, runs that are stopped and go on, records.
#include "tests/cli/cli_rig.h"

#include <cmath>
#include <csignal>
#include <map>
#include <nlohmann/json.hpp>
#include <QDir>
#include <QRegularExpression>

using strata::test::Answer;

class CliRunsTest : public strata::test::CliRig {
    Q_OBJECT

    std::map<int, QString> m_straight; ///< by epochs: hash of the run that nobody stopped

    /// Of the newest run in a folder of records.
    QString hashIn(const QString& folder) const {
        const QStringList lines = strata({"runs", "--runs", folder, "--json"}).out.split('\n', Qt::SkipEmptyParts);
        if (lines.isEmpty()) return {};
        return QString::fromStdString(nlohmann::json::parse(lines.back().toStdString()).at("weights_hash").get<std::string>());
    }

private slots:
    void initTestCase() { trainSmall(); }

    void recipeInWords() {
        const Answer a = strata({"train", "lenet", "--limit", "400", "--epochs", "3", "--schedule", "cosine:alpha=0.1", "--learning-rate", "0.02",
                                 "--seed", "18446744073709551615", "--callback", "terminate_on_nan",
                                 "--metric", "auc", "--metric", "top_k_categorical_accuracy:k=2", "--class-weight", "0=2,9=0.5", "--callback",
                                 "model_checkpoint:filepath=w{epoch}.weights.h5,save_weights_only=true", "--callback",
                                 "csv_logger:filename=log.csv", "--out", "recipe.keras", "--json"});
        QVERIFY2(a.code == 0, qPrintable(a.error));
        const QStringList lines = a.out.split('\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 3);
        const auto last = nlohmann::json::parse(lines.last().toStdString());
        QVERIFY(last.at("auc").get<double>() > 0.5);
        QVERIFY(last.at("val_top_k_categorical_accuracy").get<double>() >= last.at("val_accuracy").get<double>());
        // After half of the run, and at its end: 0.02 * (0.9 * (1 + cos(pi t)) / 2 + 0.1).
        QVERIFY(std::abs(last.at("learning_rate").get<double>() - 0.002) < 1e-9);
        const auto first = nlohmann::json::parse(lines.first().toStdString());
        QVERIFY(std::abs(first.at("learning_rate").get<double>() - 0.02 * (0.9 * 0.75 + 0.1)) < 1e-9);
        for (const char* file : {"w1.weights.h5", "w3.weights.h5"}) QVERIFY2(bytesOf(file).startsWith("\x89HDF"), file);
        QCOMPARE(bytesOf("log.csv").count('\n'), 4);
        const Answer e = strata({"evaluate", "recipe.keras", "--json", "--confusion-matrix", "confusion.csv"});
        QVERIFY2(e.code == 0, qPrintable(e.error));
        QVERIFY(nlohmann::json::parse(e.out.toStdString()).contains("auc")); // the file remembers it
        qint64 right = 0, all = 0;
        const QList<QByteArray> rows = bytesOf("confusion.csv").split('\n');
        for (qsizetype r = 1; r <= 10; ++r) {
            const QList<QByteArray> cells = rows[r].split(',');
            QCOMPARE(cells.size(), 11);
            for (qsizetype c = 1; c <= 10; ++c) all += cells[c].toLongLong();
            right += cells[r].toLongLong();
        }
        QCOMPARE(all, 1000);
        QCOMPARE(static_cast<double>(right) / 1000, nlohmann::json::parse(e.out.toStdString()).at("accuracy").get<double>());
    }

    void earlyStoppingSaysWhy() {
        const Answer a = strata({"train", "lenet", "--limit", "200", "--epochs", "50", "--callback", "early_stopping:monitor=loss,min_delta=10"});
        QCOMPARE(a.code, 0);
        QVERIFY2(a.error.contains("Stopped early: loss was best in epoch 1"), qPrintable(a.error));
        QVERIFY(!a.out.contains("Epoch 3/50"));
    }

    void foldsAreMeasuredInTurn() {
        const Answer a = strata({"cross-validate", "lenet", "--folds", "3", "--limit", "301", "--epochs", "2", "--json", "--history", "folds.csv"});
        QVERIFY2(a.code == 0, qPrintable(a.error));
        const QStringList lines = a.out.split('\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 4);
        double sum = 0;
        for (int fold = 0; fold < 3; ++fold) {
            const auto line = nlohmann::json::parse(lines[fold].toStdString());
            QCOMPARE(line.at("fold").get<int>(), fold + 1);
            sum += line.at("accuracy").get<double>();
        }
        const auto all = nlohmann::json::parse(lines.last().toStdString());
        QVERIFY(std::abs(all.at("mean_accuracy").get<double>() - sum / 3) < 1e-9);
        QVERIFY(all.at("std_accuracy").get<double>() >= 0);
        QFile csv(at("folds.csv"));
        QVERIFY(csv.open(QIODevice::ReadOnly));
        QCOMPARE(QString::fromUtf8(csv.readAll()).split('\n', Qt::SkipEmptyParts).size(), 3); // a heading, two epochs
        const Answer watched = strata({"cross-validate", "lenet", "--folds", "2", "--limit", "60", "--epochs", "1", "--callback",
                                       "early_stopping", "--callback", "csv_logger:filename=fold.csv"});
        QCOMPARE(watched.code, 0);
        QVERIFY2(watched.error.contains("EarlyStopping is left out: it watches the images"), qPrintable(watched.error));
        QVERIFY(watched.error.contains("CSVLogger is left out") && !QFile::exists(at("fold.csv")));
        const Answer refused = strata({"cross-validate", "lenet", "--folds", "400", "--limit", "301"});
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.error.contains("400 folds of 301 images"), qPrintable(refused.error));
    }

    /// What took time to train is not lost to a name that was used already: one file back.
    void formerNetworkIsKept() {
        const QStringList train{"train", "lenet", "--limit", "100", "--epochs", "1", "--out", "kept.keras", "--seed"};
        const Answer first = strata(train + QStringList{"1"});
        QVERIFY2(first.code == 0 && !first.error.contains("kept.keras~"), qPrintable(first.error));
        const QByteArray former = bytesOf("kept.keras");
        const Answer second = strata(train + QStringList{"2"});
        QVERIFY2(second.code == 0 && second.error.contains("what stood in kept.keras before is now kept.keras~"), qPrintable(second.error));
        QCOMPARE(bytesOf("kept.keras~"), former);
        const QByteArray latter = bytesOf("kept.keras");
        QVERIFY(latter != former);
        // Two places that are one; the run writes there more than once.
        QVERIFY(QFile::link("kept.keras", at("linked.keras")));
        QByteArray before = latter;
        for (const char* same : {"kept.keras", "./kept.keras", "linked.keras"}) {
            const Answer third = strata(train + QStringList{"3", "--checkpoint-every", "2batches", "--checkpoint", same});
            QVERIFY2(third.code == 0, qPrintable(third.error));
            QVERIFY2(bytesOf((QByteArray(same) + '~').constData()) == before, same);
            before = bytesOf("kept.keras");
            QVERIFY(!before.isEmpty() && before != latter);
        }
    }

    void formerNetworkIsKeptFromACallbackToo() {
        const QByteArray former = bytesOf("small.keras");
        QVERIFY(QFile::copy(at("small.keras"), at("called.keras")) && QFile::copy(at("small.keras"), at("called.weights.h5")));
        const Answer a = strata({"train", "lenet", "--limit", "100", "--epochs", "3", "--callback", "model_checkpoint:filepath=called.keras", "--callback",
                                 "model_checkpoint:filepath=called.weights.h5,save_weights_only=true", "--out", "called.keras"});
        QVERIFY2(a.code == 0 && a.error.contains("what stood in called.keras before is now called.keras~"), qPrintable(a.error));
        QCOMPARE(a.error.count("what stood in"), 2);
        for (const char* file : {"called.keras", "called.weights.h5"}) {
            QVERIFY2(bytesOf(file) != former, file);
            QVERIFY2(bytesOf((QByteArray(file) + '~').constData()) == former, file);
        }
    }

    /// FILE~ may itself be what the run goes on from.
    void theFormerNetworkDoesNotTakeTheResumedOnesPlace() {
        QProcess process;
        process.setWorkingDirectory(m_dir.path());
        process.start(STRATA_COMMAND, {"train", "lenet", "--limit", "100", "--epochs", "100000", "--out", "went.keras", "--runs", "went"});
        QVERIFY(process.waitForStarted() && process.waitForReadyRead(60'000));
        QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGINT), 0);
        QVERIFY(process.waitForFinished(60'000));
        const QRegularExpressionMatch stood = QRegularExpression("stopped in epoch (\\d+)").match(QString::fromUtf8(process.readAllStandardError()));
        QVERIFY(stood.hasMatch());
        const QByteArray stopped = bytesOf("went.keras"), former = bytesOf("small.keras");
        QVERIFY(QFile::rename(at("went.keras"), at("went.keras~")) && QFile::copy(at("small.keras"), at("went.keras")));
        const Answer a = strata({"train", "--resume", "went.keras~", "--epochs", stood.captured(1), "--out", "went.keras", "--runs", "went"});
        QVERIFY2(a.code == 0 && a.error.contains("is now went.keras~~"), qPrintable(a.error));
        QCOMPARE(bytesOf("went.keras~"), stopped);
        QCOMPARE(bytesOf("went.keras~~"), former);
        QVERIFY(bytesOf("went.keras") != former);
    }

    void sameRunSameBytes() {
        QByteArray first;
        for (const char* threads : {"1", "2", "3"}) {
            const Answer a = strata({"train", "lenet", "--limit", "300", "--epochs", "1", "--seed", "9",
                                     "--threads", threads, "--out", "same.keras"},
                                    {"SOURCE_DATE_EPOCH=1000000000"});
            QCOMPARE(a.code, 0);
            const QByteArray bytes = bytesOf("same.keras");
            QVERIFY(!bytes.isEmpty());
            if (first.isEmpty()) first = bytes;
            QVERIFY2(bytes == first, threads);
        }
        const Answer other = strata(
            {"train", "lenet", "--limit", "300", "--epochs", "1", "--seed", "10", "--out", "other.keras"},
            {"SOURCE_DATE_EPOCH=1000000000"});
        QCOMPARE(other.code, 0);
        QVERIFY(bytesOf("other.keras") != first);
    }

    void trainingGoesOnFromAFile() {
        const Answer a =
            strata({"train", "small.keras", "--limit", "600", "--epochs", "1", "--out", "more.keras"});
        QCOMPARE(a.code, 0);
        QVERIFY2(a.out.contains("Epoch 3/3"), qPrintable(a.out));
        const Answer anew =
            strata({"train", "small.keras", "--limit", "600", "--epochs", "1", "--from-scratch"});
        QVERIFY2(anew.out.contains("Epoch 1/1"), qPrintable(anew.out));
    }

    void curvesAsATable() {
        const QList<QByteArray> lines = bytesOf("small.csv").split('\n');
        QCOMPARE(lines.at(0), QByteArray("epoch,loss,accuracy,val_loss,val_accuracy,learning_rate"));
        QCOMPARE(lines.at(2).split(',').size(), 6);
        QVERIFY(lines.at(2).startsWith("2,"));
    }

    /// Of as many epochs.
    QString straightHash(int epochs, const QStringList& words) {
        QString& hash = m_straight[epochs];
        if (!hash.isEmpty()) return hash;
        const QString folder = QString("straight%1").arg(epochs);
        const Answer a = strata(QStringList{"train", "--runs", folder, "--epochs", QString::number(epochs)} + words);
        return hash = a.code == 0 ? hashIn(folder) : a.error;
    }

    /// Ctrl+C at any moment, then --resume: the same weights as a run that nobody stopped. It comes to its end after the epoch
    /// that is next then; as it was begun it has none that a machine could reach before Ctrl+C does.
    void interruptedRunsGoOnExactly_data() {
        QTest::addColumn<int>("lines");
        QTest::addColumn<bool>("checkpoint");
        QTest::newRow("at once") << 1 << true; // the line that says how many images there are
        QTest::newRow("after an epoch") << 2 << true;
        QTest::newRow("after two, into --out") << 3 << false;
    }
    void interruptedRunsGoOnExactly() {
        QFETCH(int, lines);
        QFETCH(bool, checkpoint);
        const QStringList words{"lenet", "--limit", "2000", "--seed", "3"};
        const QString folder = QString::fromLatin1(QTest::currentDataTag()).remove(' ');
        QProcess process;
        process.setWorkingDirectory(m_dir.path());
        process.start(STRATA_COMMAND, QStringList{"train", checkpoint ? "--checkpoint" : "--out", "run.keras", "--runs", folder, "--epochs", "100000"} + words);
        QVERIFY(process.waitForStarted());
        int seen = 0;
        while (seen < lines && process.waitForReadyRead(60'000)) {
            while (process.canReadLine()) seen += process.readLine().isEmpty() ? 0 : 1;
        }
        QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGINT), 0);
        QVERIFY(process.waitForFinished(60'000));
        const QString error = QString::fromUtf8(process.readAllStandardError());
        QVERIFY2(process.exitCode() == 130, qPrintable(error));
        QVERIFY2(error.contains("--resume run.keras"), qPrintable(error));
        const Answer summary = strata({"summary", "run.keras"});
        QCOMPARE(summary.code, 0);
        const QRegularExpressionMatch stood = QRegularExpression("stopped in epoch (\\d+)").match(error);
        QVERIFY2(stood.hasMatch(), qPrintable(error));
        const int epoch = stood.captured(1).toInt();
        if (epoch > 1) { // an end that lies behind it takes nothing away
            const Answer behind = strata({"train", "--resume", "run.keras", "--epochs", QString::number(epoch - 1)});
            QCOMPARE(behind.code, 1);
            QVERIFY2(behind.error.contains(QString("give at least %1").arg(epoch)), qPrintable(behind.error));
        }
        const Answer resumed = strata({"train", "--resume", "run.keras", "--epochs", QString::number(epoch + 1), "--runs", folder + "2", "--threads", "1",
                                       "--out", "done.keras"});
        QVERIFY2(resumed.code == 0, qPrintable(resumed.error));
        QCOMPARE(hashIn(folder + "2").size(), 16);
        QCOMPARE(hashIn(folder + "2"), straightHash(epoch + 1, words));
        const Answer over = strata({"train", "--resume", "done.keras"});
        QCOMPARE(over.code, 1);
        QVERIFY2(over.error.contains("no stopped run"), qPrintable(over.error));
    }

    void checkpointsSurviveAKill() {
        QProcess process;
        process.setWorkingDirectory(m_dir.path());
        process.start(STRATA_COMMAND, {"train", "lenet", "--limit", "2000", "--epochs", "100000", "--checkpoint", "killed.keras",
                                       "--checkpoint-every", "3batches", "--runs", "killed"});
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(at("killed.keras")), 60'000);
        process.kill();
        QVERIFY(process.waitForFinished(60'000));
        Answer resumed = strata({"train", "--resume", "killed.keras", "--epochs", "1", "--runs", "killed"});
        const QRegularExpressionMatch further = QRegularExpression("give at least (\\d+)").match(resumed.error);
        if (further.hasMatch())
            resumed = strata({"train", "--resume", "killed.keras", "--epochs", further.captured(1), "--runs", "killed"});
        QVERIFY2(resumed.code == 0, qPrintable(resumed.error));
    }

    void runsAreListedAndRepeat() {
        const QStringList train{"train", "lenet", "--limit", "300", "--epochs", "1", "--runs", "records"};
        QCOMPARE(strata(train).code, 0);
        const Answer list = strata({"runs", "--runs", "records"});
        QCOMPARE(list.code, 0);
        QVERIFY2(list.out.contains("lenet") && list.out.contains(hashIn("records")), qPrintable(list.out));
        // Which loss: both, as the record has them.
        QVERIFY2(list.out.contains(QRegularExpression("Training loss +Validation loss")), qPrintable(list.out));
        const auto line = nlohmann::json::parse(strata({"runs", "--runs", "records", "--json"}).out.toStdString());
        for (const char* loss : {"loss", "val_loss"}) QVERIFY2(list.out.contains(QString::number(line.at(loss).get<double>(), 'f', 4)), loss);
        const QString run = QDir(at("records")).entryList(QDir::Dirs | QDir::NoDotAndDotDot).front();
        const Answer same = strata({"verify", run, "--runs", "records", "--threads", "3"});
        QVERIFY2(same.code == 0, qPrintable(same.error));
        const Answer plain = strata({"verify", at("records") + '/' + run, "--json"}, {"STRATA_ISA=plain"});
        QVERIFY2(plain.code == 4 || plain.code == 0, qPrintable(plain.error));
        QVERIFY(plain.out.contains(plain.code == 4 ? "other_arithmetic" : "same"));
        QFile record(at("records") + '/' + run + "/run.json");
        QVERIFY(record.open(QIODevice::ReadWrite));
        QByteArray text = record.readAll();
        const qsizetype seed = text.indexOf("\"seed\":1", text.indexOf("\"document\""));
        QVERIFY(seed > 0);
        text[seed + 7] = '2';
        record.resize(0);
        record.write(text);
        record.close();
        const Answer other = strata({"verify", run, "--runs", "records"});
        QCOMPARE(other.code, 3);
        QVERIFY2(other.error.contains("other weights"), qPrintable(other.error));
        QCOMPARE(strata({"verify", "no_such_run", "--runs", "records"}).code, 1);
    }

    /// In its second epoch, so that what is kept has to be learned again.
    void aDivergedRunRepeats() {
        const Answer trained = strata({"train", "lenet", "--limit", "300", "--epochs", "3", "--optimizer", "sgd", "--schedule",
                                       "piecewise_constant:boundaries=[12],values=[0.01,1e30]", "--runs", "diverged", "--out", "diverged.keras"});
        QVERIFY2(trained.code == 1 && trained.error.contains("at epoch 2, batch 6, first in the layer \""), qPrintable(trained.error));
        QVERIFY2(trained.error.contains("; the weights of epoch 1, the best one, are kept"), qPrintable(trained.error));
        const auto line = nlohmann::json::parse(strata({"runs", "--runs", "diverged", "--json"}).out.toStdString());
        QCOMPARE(line.at("outcome").get<std::string>(), "diverged");
        const QString run = QString::fromStdString(line.at("run").get<std::string>());
        const Answer same = strata({"verify", run, "--runs", "diverged", "--threads", "1", "--json"});
        QVERIFY2(same.code == 0, qPrintable(same.error));
        const auto verdict = nlohmann::json::parse(same.out.toStdString());
        QCOMPARE(verdict.at("result").get<std::string>(), "same");
        QCOMPARE(verdict.at("now").get<std::string>(), line.at("weights_hash").get<std::string>());
    }

    void changedDataIsSaidToBe() {
        writePictures("changing", {"cat", "dog"});
        const Answer trained = strata({"train", "lenet", "--data", "changing", "--resize", "20x20", "--epochs", "1", "--runs", "changed"});
        QVERIFY2(trained.code == 0, qPrintable(trained.error));
        const QString run = QDir(at("changed")).entryList(QDir::Dirs | QDir::NoDotAndDotDot).front();
        QCOMPARE(strata({"verify", run, "--runs", "changed"}).code, 0);
        QVERIFY(QFile::remove(at("changing/dog/3.pgm")));
        const Answer other = strata({"verify", run, "--runs", "changed", "--json"});
        QCOMPARE(other.code, 5);
        QVERIFY2(other.error.contains("The data of \"") && other.error.contains("has changed since the run"), qPrintable(other.error));
        QVERIFY2(other.error.contains("--data"), qPrintable(other.error)); // the remedy
        QCOMPARE(nlohmann::json::parse(other.out.toStdString()).at("result").get<std::string>(), "other_data");
    }

    /// A repetition leaves files alone that the run's callbacks once wrote, wherever they are now.
    void aRepetitionWritesNoFiles_data() {
        QTest::addColumn<QString>("file");
        QTest::newRow("in the folder") << "precious.csv";
        QTest::newRow("elsewhere") << "elsewhere/precious.csv";
    }
    void aRepetitionWritesNoFiles() {
        QFETCH(QString, file);
        QVERIFY(QDir(m_dir.path()).mkpath("elsewhere"));
        const QString folder = QString("silent %1").arg(QTest::currentDataTag());
        const Answer trained = strata({"train", "lenet", "--limit", "300", "--epochs", "2", "--runs", folder, "--callback", "csv_logger:filename=" + file,
                                       "--callback", "early_stopping:patience=5", "--callback", "model_checkpoint:filepath=best.keras"});
        QVERIFY2(trained.code == 0, qPrintable(trained.error));
        const Answer list = strata({"runs", "--runs", folder});
        QVERIFY2(list.error.isEmpty() && list.out.contains("lenet"), qPrintable(list.error));
        for (const QString& name : {file, QString("best.keras")}) {
            QFile precious(m_dir.filePath(name));
            QVERIFY(precious.open(QIODevice::WriteOnly));
            precious.write("precious");
        }
        const QString run = QDir(m_dir.filePath(folder)).entryList(QDir::Dirs | QDir::NoDotAndDotDot).front();
        const Answer same = strata({"verify", run, "--runs", folder});
        QVERIFY2(same.code == 0, qPrintable(same.error));
        QCOMPARE(bytesOf(file.toUtf8().constData()), QByteArray("precious"));
        QCOMPARE(bytesOf("best.keras"), QByteArray("precious"));
    }

    /// Another optimizer or schedule begins at its first step, in the repetition, too.
    void runsWithAnotherRecipeRepeat_data() {
        QTest::addColumn<QStringList>("words");
        QTest::newRow("optimizer") << QStringList{"--optimizer", "adam"};
        QTest::newRow("its own once more") << QStringList{"--optimizer", "sgd:momentum=0.9"};
        QTest::newRow("schedule") << QStringList{"--schedule", "cosine"};
    }
    void runsWithAnotherRecipeRepeat() {
        QFETCH(QStringList, words);
        const QString folder = QString("recipe %1").arg(QTest::currentDataTag());
        const Answer more = strata(QStringList{"train", "small.keras", "--limit", "300", "--epochs", "1", "--runs", folder} + words);
        QVERIFY2(more.code == 0, qPrintable(more.error));
        const QString run = QDir(m_dir.filePath(folder)).entryList(QDir::Dirs | QDir::NoDotAndDotDot).front();
        const Answer same = strata({"verify", run, "--runs", folder});
        QVERIFY2(same.code == 0, qPrintable(same.error));
    }

    /// The data was moved meanwhile: it keeps its size, colour and scaling.
    void runsGoOnWithDataThatWasMoved() {
        writePictures("pictures", {"cats", "dogs"});
        const QStringList fit{"--resize", "20x20", "--colour", "grey", "--scale", "none", "--seed", "4"};
        QProcess process;
        process.setWorkingDirectory(m_dir.path());
        process.start(STRATA_COMMAND, QStringList{"train", "lenet", "--data", "pictures", "--epochs", "100000", "--out", "there.keras", "--runs", "there"} + fit);
        QVERIFY(process.waitForStarted());
        QVERIFY(process.waitForReadyRead(60'000));
        QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGINT), 0);
        QVERIFY(process.waitForFinished(60'000));
        const QString error = QString::fromUtf8(process.readAllStandardError());
        const QRegularExpressionMatch stood = QRegularExpression("stopped in epoch (\\d+)").match(error);
        QVERIFY2(process.exitCode() == 130 && stood.hasMatch(), qPrintable(error));
        QVERIFY(QDir(m_dir.path()).rename("pictures", "moved"));
        const QString epochs = QString::number(stood.captured(1).toInt() + 1);
        const Answer resumed = strata({"train", "--resume", "there.keras", "--data", "moved", "--epochs", epochs, "--runs", "resumed", "--out", "end.keras"});
        QVERIFY2(resumed.code == 0, qPrintable(resumed.error));
        const Answer straight = strata(QStringList{"train", "lenet", "--data", "moved", "--epochs", epochs, "--runs", "unmoved"} + fit);
        QVERIFY2(straight.code == 0, qPrintable(straight.error));
        QCOMPARE(hashIn("resumed"), hashIn("unmoved"));
    }

    /// timeout(1) signals the program and its group, a terminal may, too: that is one wish to stop, not two.
    void aDoubledInterruptKeepsWhatWasLearned() {
        QProcess process;
        process.setWorkingDirectory(m_dir.path());
        process.start(STRATA_COMMAND, {"train", "lenet", "--limit", "2000", "--epochs", "100000", "--out", "twice.keras", "--runs", "twice"});
        QVERIFY(process.waitForStarted());
        QVERIFY(process.waitForReadyRead(60'000));
        for (int n = 0; n < 2; ++n) QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGINT), 0);
        QVERIFY(process.waitForFinished(60'000));
        QVERIFY2(QFile::exists(at("twice.keras")), process.readAllStandardError().constData());
        QCOMPARE(process.exitCode(), 130);
        QCOMPARE(hashIn("twice").size(), 16);
    }

    /// Nobody hears what is said there; the work is done all the same.
    void standardErrorMayBeFull() {
        QProcess process;
        process.setWorkingDirectory(m_dir.path());
        process.setStandardErrorFile("/dev/full");
        process.start(STRATA_COMMAND, {"train", "lenet", "--limit", "100", "--epochs", "1", "--out", "unheard.keras", "--runs", "unheard"});
        QVERIFY(process.waitForFinished(60'000));
        QCOMPARE(process.exitCode(), 0);
        QVERIFY(QFile::exists(at("unheard.keras")));
        QCOMPARE(hashIn("unheard").size(), 16);
    }
};

QTEST_GUILESS_MAIN(CliRunsTest)
#include "cli_runs_test.moc"
