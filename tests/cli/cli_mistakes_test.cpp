// SPDX-License-Identifier: GPL-3.0-or-later
// What a person may do wrong, and what the command says to it.
#include "tests/cli/cli_rig.h"

#include "engine/data/npy.h"

#include <cmath>
#include <QDir>

using strata::test::Answer;

class CliMistakesTest : public strata::test::CliRig {
    Q_OBJECT

private slots:
    void initTestCase() { trainSmall(); }

    void placesAreCheckedBeforeTheTraining_data() {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("says");
        QTest::newRow("no folder") << QStringList{"--out", "nowhere/x.keras"} << "its folder does not exist";
        QTest::newRow("a folder") << QStringList{"--history", "."} << "it is a folder";
        QTest::newRow("another picture") << QStringList{"--curves", "x.gif"} << "--curves x.gif: the picture is a PNG";
        QTest::newRow("a table as a picture") << QStringList{"--curves", "x.csv"} << "use --history";
        QTest::newRow("no Keras file") << QStringList{"--out", "x.txt"} << "write --out x.keras";
        QTest::newRow("no ending") << QStringList{"--out", "x"} << "write --out x.keras";
        QTest::newRow("the old ending") << QStringList{"--checkpoint", "x.h5"} << "write --checkpoint x.keras";
    }
    void placesAreCheckedBeforeTheTraining() {
        QFETCH(QStringList, words);
        QFETCH(QString, says);
        const Answer a = strata(QStringList{"train", "lenet", "--epochs", "1000000"} + words);
        QCOMPARE(a.code, 1);
        QVERIFY2(a.error.contains(says), qPrintable(a.error));
        QVERIFY(a.out.isEmpty());
    }

    void recipeMistakes_data() {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("says");
        QTest::newRow("schedule") << QStringList{"--schedule", "sawtooth"} << "there are CosineDecay";
        QTest::newRow("option") << QStringList{"--callback", "early_stopping:patiance=2"} << "it has monitor";
        QTest::newRow("value") << QStringList{"--callback", "early_stopping:patience=x"} << "a whole number";
        QTest::newRow("metric") << QStringList{"--metric", "beauty"} << "beauty";
        QTest::newRow("class") << QStringList{"--class-weight", "ten=1"} << "there are 10 classes";
        QTest::newRow("weight") << QStringList{"--class-weight", "1=-1"} << "a number from 0 on";
        QTest::newRow("range") << QStringList{"--optimizer", "adam:beta_1=3"} << "must lie between 0 and 1";
        QTest::newRow("file") << QStringList{"--callback", "model_checkpoint:filepath=best.h5"} << "must end in .keras.";
        QTest::newRow("file of weights") << QStringList{"--callback", "model_checkpoint:filepath=w.keras,save_weights_only=true"}
                                         << "must end in .weights.h5";
    }
    void recipeMistakes() {
        QFETCH(QStringList, words);
        QFETCH(QString, says);
        const Answer a = strata(QStringList{"train", "lenet", "--limit", "100", "--epochs", "1"} + words);
        QCOMPARE(a.code, 1);
        QVERIFY2(a.error.contains(says), qPrintable(a.error));
        QVERIFY(a.out.isEmpty());
    }

    void mistakesAreToldOnStandardError_data() {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("says");
        QTest::newRow("no such file") << QStringList{"summary", "nothere.keras"} << 1 << "nothere.keras";
        QTest::newRow("no data") << QStringList{"train", "lenet", "--data", "nowhere"} << 1 << "nowhere";
        QTest::newRow("other images")
            << QStringList{"evaluate", "small.keras", "--data", "digits", "--resize", "8x8"} << 1
            << "resize them to 20x20. (--resize HEIGHTxWIDTH";
        QTest::newRow("size") << QStringList{"datasets", "digits", "--resize", "0x8"} << 1 << "--resize 0x8";
        QTest::newRow("optimizer") << QStringList{"train", "lenet", "--optimizer", "adem"} << 1 << "adem";
        QTest::newRow("momentum of Adam")
            << QStringList{"train", "lenet", "--optimizer", "adam", "--momentum", "0.9"} << 1 << "momentum";
        QTest::newRow("loss") << QStringList{"train", "lenet", "--loss", "crossed"} << 1 << "crossed";
        QTest::newRow("untrained") << QStringList{"evaluate", "lenet"} << 1 << "train it first";
        QTest::newRow("layer") << QStringList{"layers", "Conv9D"} << 1 << "Conv9D";
        QTest::newRow("word") << QStringList{"train", "lenet", "--epochs", "many"} << 2 << "--epochs";
        QTest::newRow("seed below zero") << QStringList{"train", "lenet", "--seed", "-1"} << 2 << "-1: a seed is a whole number from 0 to 18446744073709551615";
        QTest::newRow("seed too large") << QStringList{"rate", "lenet", "--seed", "18446744073709551616"} << 2 << "a seed is a whole number";
        QTest::newRow("unknown option") << QStringList{"train", "lenet", "--speed"} << 2 << "--speed";
        QTest::newRow("no network") << QStringList{"train"} << 1 << "MODEL";
        QTest::newRow("resume another") << QStringList{"train", "lenet", "--resume", "x.keras"} << 2 << "--resume";
        QTest::newRow("resume anew") << QStringList{"train", "--resume", "x.keras", "--seed", "2"} << 2 << "--seed";
        QTest::newRow("resume nothing") << QStringList{"train", "--resume", "no.keras"} << 1 << "no.keras";
        QTest::newRow("checkpoint") << QStringList{"train", "lenet", "--checkpoint-every", "often"} << 1 << "often";
        QTest::newRow("no number") << QStringList{"train", "lenet", "--epochs", "abc"} << 2 << "--epochs: abc: write a whole number from 1 to 1,000,000.";
        QTest::newRow("half an epoch") << QStringList{"train", "lenet", "--epochs", "1.5"} << 2 << "1.5: write a whole number";
        QTest::newRow("too few") << QStringList{"train", "lenet", "--epochs", "0"} << 2 << "0: it must lie from 1 to 1,000,000.";
        QTest::newRow("no share") << QStringList{"train", "lenet", "--validation-split", "half"} << 2 << "half: write a number from 0 to 0.99.";
        QTest::newRow("unknown option") << QStringList{"train", "lenet", "--epoch", "3"} << 2
                                        << "strata: --epoch: 'strata train' has no such option. Did you mean --epochs?\n";
        QTest::newRow("out folder") << QStringList{"train",    "lenet", "--limit", "64",
                                                   "--epochs", "1",     "--out",   "no/where/x.keras"}
                                    << 1 << "x.keras";
    }
    void mistakesAreToldOnStandardError() {
        QFETCH(QStringList, words);
        QFETCH(int, code);
        QFETCH(QString, says);
        const Answer a = strata(words);
        QCOMPARE(a.code, code);
        QVERIFY2(a.error.contains(says), qPrintable(a.error));
    }

    void slipsAreUnderstood_data() {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("meant");
        QTest::newRow("command") << QStringList{"trian", "lenet"} << "Did you mean train?";
        QTest::newRow("option without a command") << QStringList{"--verison"} << "Did you mean --version?";
        QTest::newRow("template instead of a command") << QStringList{"lenett"} << "Did you mean lenet?";
        QTest::newRow("template") << QStringList{"summary", "lnet"} << "Did you mean lenet?";
        QTest::newRow("option") << QStringList{"train", "lenet", "--epoch", "3"} << "Did you mean --epochs?";
        QTest::newRow("short word") << QStringList{"train", "lenet", "--lr", "3"} << "Did you mean --learning-rate?";
        QTest::newRow("short words") << QStringList{"train", "lenet", "--val-split", "0.1"} << "Did you mean --validation-split?";
        QTest::newRow("longer word") << QStringList{"train", "lenet", "--output", "x.keras"} << "Did you mean --out?";
        QTest::newRow("word of others") << QStringList{"train", "lenet", "--workers", "3"} << "Did you mean --threads?";
        QTest::newRow("letter of others") << QStringList{"train", "lenet", "-o", "x.keras"} << "Did you mean --out?";
        QTest::newRow("command of others") << QStringList{"fit", "lenet"} << "Did you mean train?";
        QTest::newRow("word among few") << QStringList{"train", "lenet", "--colour", "gray"} << "Did you mean grey?";
        QTest::newRow("class weight") << QStringList{"train", "lenet", "--class-weight", "balansed"} << "Did you mean balanced?";
        QTest::newRow("layer") << QStringList{"layers", "MaxPoling2D"} << "Did you mean MaxPooling2D?";
        QTest::newRow("data") << QStringList{"train", "lenet", "--data", "digit"} << "Did you mean digits?";
        const auto train = [](const char* title, const char* option, const char* typed, const char* meant) {
            QTest::newRow(title) << QStringList{"train", "lenet", option, typed} << QString("Did you mean %1?").arg(meant);
        };
        train("optimizer", "--optimizer", "adem", "Adam");
        train("optimizer's option", "--optimizer", "adam:beta1=0.8", "beta_1");
        train("loss", "--loss", "sparse_categorical_crosentropy", "sparse_categorical_crossentropy");
        train("loss's option", "--loss", "categorical_crossentropy:lable_smoothing=0.1", "label_smoothing");
        train("schedule", "--schedule", "exponentail_decay", "ExponentialDecay");
        train("schedule's option", "--schedule", "cosine:alhpa=0.1", "alpha");
        train("metric", "--metric", "f1_scroe", "F1Score");
        train("metric's option", "--metric", "auc:num_treshholds=50", "num_thresholds");
        train("callback", "--callback", "early_stoping", "EarlyStopping");
        train("callback's option", "--callback", "early_stopping:patiance=2", "patience");
        train("choice", "--callback", "early_stopping:mode=mni", "min");
        QTest::newRow("page") << QStringList{"options", "redoce_lr_on_plateau"} << "Did you mean ReduceLROnPlateau?";
        QTest::newRow("rate") << QStringList{"rate", "lenet", "--optimizer", "adem"} << "Did you mean Adam?";
        QTest::newRow("evaluate") << QStringList{"evaluate", "small.keras", "--metric", "f1_scroe"} << "Did you mean F1Score?";
    }
    void slipsAreUnderstood() {
        QFETCH(QStringList, words);
        QFETCH(QString, meant);
        const Answer a = strata(words);
        QVERIFY(a.code == 1 || a.code == 2);
        QVERIFY2(a.error.contains(meant), qPrintable(a.error));
    }

    void everyLineSaysWhoSpeaks_data() {
        QTest::addColumn<QStringList>("words");
        QTest::newRow("unknown option") << QStringList{"train", "lenet", "--speed"};
        QTest::newRow("no number") << QStringList{"train", "lenet", "--epochs", "many"};
        QTest::newRow("no model") << QStringList{"summary"};
        QTest::newRow("no command") << QStringList{"trian"};
        QTest::newRow("two that exclude each other") << QStringList{"train", "--resume", "x.keras", "--seed", "2"};
        QTest::newRow("of the command") << QStringList{"summary", "nothere.keras"};
    }
    void everyLineSaysWhoSpeaks() {
        QFETCH(QStringList, words);
        const Answer a = strata(words);
        QVERIFY(a.code != 0);
        QVERIFY(a.error.endsWith('\n'));
        for (const QString& line : a.error.chopped(1).split('\n')) QVERIFY2(line.startsWith("strata: "), qPrintable(line));
    }

    void environmentThatMeansNothingIsSaid() {
        for (const char* pair : {"STRATA_MEMORY_LIMIT=abc", "STRATA_CONV=foo", "STRATA_ISA=z80"}) {
            const Answer a = strata({"templates"}, {pair});
            QCOMPARE(a.code, 0);
            QVERIFY2(a.error.contains(pair) && a.error.contains("not understood"), qPrintable(a.error));
        }
        // Every word that is understood is named where one is not.
        const Answer convolutions = strata({"templates"}, {"STRATA_CONV=foo"});
        for (const char* word : {"auto", "direct", "im2col", "f2", "f4"}) {
            QVERIFY2(convolutions.error.contains(word), word);
            QCOMPARE(strata({"templates"}, {QString("STRATA_CONV=") + word}).error, QString());
        }
        QCOMPARE(strata({"templates"}, {"STRATA_MEMORY_LIMIT=2G"}).error, QString());
        const Answer empty = strata({"train", "lenet", "--data", ""});
        QCOMPARE(empty.code, 2);
        QVERIFY2(empty.error.contains("must name a data set"), qPrintable(empty.error));
    }

    void outputThatIsLostIsAMistake() {
        if (!QFile::exists("/dev/full")) QSKIP("this system has no /dev/full");
        const auto code = [this](const QString& words) {
            QProcess shell;
            shell.setWorkingDirectory(m_dir.path());
            shell.start("/bin/sh", {"-c", QString("exec '" STRATA_COMMAND "' ") + words});
            return shell.waitForFinished(60'000) && shell.exitStatus() == QProcess::NormalExit ? shell.exitCode() : -1;
        };
        QCOMPARE(code("summary lenet > /dev/null"), 0);
        QCOMPARE(code("summary lenet > /dev/full"), 1);
        QCOMPARE(code("summary nothere 2> /dev/full"), 1);
        QCOMPARE(code("summary nothere 2>&-"), 1);
    }

    void whatIsNoNumberIsRefused() {
        std::vector<float> values(2 * 400, 0.5F);
        values[500] = NAN;
        QVERIFY(strata::writeNpy(at("nan.npy").toStdString(), std::vector<std::int64_t>{2, 20, 20, 1}, values).ok());
        const Answer a = strata({"predict", "small.keras", "nan.npy"});
        QCOMPARE(a.code, 1);
        QVERIFY2(a.error.contains("value 500 (in image 1") && a.error.contains("not a number"), qPrintable(a.error));
        QVERIFY2(!a.out.contains("nan"), qPrintable(a.out));
    }

    void damagedRecordsAreNamed() {
        for (const char* run : {"hurt/a", "hurt/b", "hurt/c"}) QVERIFY(QDir(m_dir.path()).mkpath(run));
        QFile(at("hurt/a/run.json")).open(QIODevice::WriteOnly);
        QFile(at("hurt/c/curves.csv")).open(QIODevice::WriteOnly);
        const Answer a = strata({"runs", "--runs", "hurt"});
        QCOMPARE(a.code, 0);
        QVERIFY2(a.error.contains("hurt/a/run.json") && a.error.contains("no valid JSON"), qPrintable(a.error));
        QVERIFY2(a.error.contains("hurt/c") && a.error.contains("run.json is missing"), qPrintable(a.error));
        QVERIFY2(a.out.contains("can be read"), qPrintable(a.out));
    }

    void lostWeightsAreNoMissingTraining() {
        QFile bad(at("lost.keras"));
        QVERIFY(bad.open(QIODevice::WriteOnly | QIODevice::Truncate));
        QByteArray bytes = bytesOf("small.keras");
        const qsizetype weights = bytes.indexOf("\x89HDF");
        QVERIFY(weights > 0);
        bytes[weights + 5000] = static_cast<char>(bytes[weights + 5000] ^ 1);
        bad.write(bytes);
        bad.close();
        for (const QStringList& words : {QStringList{"evaluate", "lost.keras"}, QStringList{"predict", "lost.keras", "x.npy"}}) {
            const Answer a = strata(words);
            QCOMPARE(a.code, 1);
            QVERIFY2(a.error.contains("its weights are lost; take an undamaged copy") && !a.error.contains("no weights yet"),
                     qPrintable(a.error));
        }
    }

    void damagedFilesEndInASentence_data() {
        QTest::addColumn<int>("keep");
        for (const int keep : {0, 3, 40, 1000, 60000, 100000})
            QTest::addRow("first %d bytes", keep) << keep;
    }
    void damagedFilesEndInASentence() {
        QFETCH(int, keep);
        QFile bad(at("bad.keras"));
        QVERIFY(bad.open(QIODevice::WriteOnly | QIODevice::Truncate));
        bad.write(bytesOf("small.keras").left(keep));
        bad.close();
        const Answer a = strata({"summary", "bad.keras"});
        QVERIFY2(a.error.startsWith("strata: "), qPrintable(a.error));
        const bool drawn = keep >= 60000; // the drawing is whole: it is opened, with a note on what is lost
        QCOMPARE(a.code, drawn ? 0 : 1);
        if (drawn) QVERIFY2(a.error.contains("damaged and has lost") && a.out.contains("Total params"), qPrintable(a.error));
        else QCOMPARE(a.error.count('\n'), 1);
    }
};

QTEST_GUILESS_MAIN(CliMistakesTest)
#include "cli_mistakes_test.moc"
