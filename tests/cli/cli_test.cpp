// SPDX-License-Identifier: GPL-3.0-or-later
// The strata command as a person or a script uses it: words in, text, files and exit codes out.
#include "engine/data/npy.h"

#include <cmath>
#include <csignal>
#include <nlohmann/json.hpp>
#include <QDir>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

namespace {

struct Answer {
    int code = -1;
    QString out, error;
};

} // namespace

class CliTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;

    QString at(const char* name) const { return m_dir.filePath(name); }

    Answer strata(const QStringList& words, const QStringList& environment = {}) const {
        QProcess process;
        QProcessEnvironment env = QProcessEnvironment::systemEnvironment();
        env.remove("STRATA_DATA_PATH");
        env.insert("XDG_DATA_HOME", m_dir.filePath("share"));
        for (const QString& pair : environment)
            env.insert(pair.section('=', 0, 0), pair.section('=', 1));
        process.setProcessEnvironment(env);
        process.setWorkingDirectory(m_dir.path());
        process.start(STRATA_COMMAND, words);
        if (!process.waitForFinished(240'000)) return {};
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2,
                QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }
    QByteArray bytesOf(const char* name) const {
        QFile file(at(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    QString m_straight; ///< hash of the run that nobody stopped

    /// Of the newest run in a folder of records.
    QString hashIn(const QString& folder) const {
        const QStringList lines = strata({"runs", "--runs", folder, "--json"}).out.split('\n', Qt::SkipEmptyParts);
        if (lines.isEmpty()) return {};
        return QString::fromStdString(nlohmann::json::parse(lines.back().toStdString()).at("weights_hash").get<std::string>());
    }

private slots:
    void initTestCase() {
        QVERIFY(m_dir.isValid());
        const Answer a = strata({"train", "lenet", "--limit", "600", "--epochs", "2", "--seed", "5", "--out",
                                 "small.keras", "--history", "small.csv"});
        QVERIFY2(a.code == 0, qPrintable(a.error));
        QVERIFY(a.out.contains("Epoch 2/2"));
        QVERIFY(a.out.contains("Test accuracy"));
    }

    void summaryIsKerass() {
        const Answer a = strata({"summary", "cifar"});
        QCOMPARE(a.code, 0);
        // Published in the Keras tutorial of this network.
        for (const char* number :
             {" 896 ", " 18,496 ", " 73,856 ", " 262,272 ", " 1,290 ", "Total params: 356,810 (1.36 MB)",
              "(None, 32, 32, 32)", "(None, 16, 16, 64)", "(None, 4, 4, 128)", "(None, 2048)"}) {
            QVERIFY2(a.out.contains(number), number);
        }
    }

    void codeIsPythonForKeras() {
        const Answer printed = strata({"code", "small.keras"});
        QVERIFY2(printed.code == 0, qPrintable(printed.error));
        QVERIFY(printed.out.contains("layers.Conv2D(filters=16") && printed.out.contains("model.fit("));
        QCOMPARE(strata({"code", "small.keras", "--out", "small.py"}).code, 0);
        QCOMPARE(QString::fromUtf8(bytesOf("small.py")), printed.out);
        const Answer empty = strata({"code", "blank"});
        QCOMPARE(empty.code, 1);
        QVERIFY2(empty.error.startsWith("strata: "), qPrintable(empty.error));
        QCOMPARE(strata({"code", "small.keras", "--out", "no/such/folder/small.py"}).code, 1);
    }

    void drawingsBecomePictures() {
        const Answer svg = strata({"draw", "small.keras", "--out", "small.svg"});
        if (svg.code != 0 && svg.error.contains("no window")) QSKIP("this build has no window");
        QVERIFY2(svg.code == 0, qPrintable(svg.error));
        QVERIFY(bytesOf("small.svg").contains("Conv2D"));
        const Answer gif = strata({"draw", "small.keras", "--out", "small.gif"});
        QCOMPARE(gif.code, 1);
        QVERIFY2(gif.error.contains(".svg, .pdf or .png"), qPrintable(gif.error));
    }

    void benchSpeaksJson() {
        const Answer a = strata({"bench", "--networks", "mnist_small,lenet_wide", "--seconds", "0.1", "--threads", "1", "--json"});
        QVERIFY2(a.code == 0, qPrintable(a.error));
        const QStringList lines = a.out.split('\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 2);
        const auto line = nlohmann::json::parse(lines[1].toStdString());
        QCOMPARE(line.size(), 6U);
        QCOMPARE(line.at("network").get<std::string>(), "lenet_wide");
        QCOMPARE(line.at("threads").get<int>(), 1);
        QCOMPARE(line.at("batch").get<int>(), 128);
        // 27.71 MFLOP an image, counted by hand from the layers' shapes.
        QVERIFY(std::abs(line.at("gflops").get<double>() / line.at("images_per_s").get<double>() - 27.71e-3) < 1e-5);
        QVERIFY(line.at("peak_share").get<double>() > 0);
    }
    void benchProfilesLayers() {
        const Answer a =
            strata({"bench", "--networks", "mnist_small", "--seconds", "0.1", "--infer", "--profile", "--json"});
        QVERIFY2(a.code == 0, qPrintable(a.error));
        const auto line = nlohmann::json::parse(a.out.toStdString());
        QCOMPARE(line.at("batch").get<int>(), 1);
        const auto& layers = line.at("layers");
        QCOMPARE(layers.size(), 6U); // input, convolution, pooling, flatten, two dense ones
        QCOMPARE(layers[1].at("type").get<std::string>(), "Conv2D");
        QVERIFY(layers[1].at("forward_us").get<double>() > 0);
        QCOMPARE(layers[1].at("backward_us").get<double>(), 0.0);
        QVERIFY(std::abs(layers[1].at("forward_mflop").get<double>() - 2e-6 * 26 * 26 * 32 * 9) < 1e-9);
    }

    void helpOfEach_data() {
        QTest::addColumn<QString>("command");
        for (const char* c : {"summary", "train", "evaluate", "predict", "layers", "datasets", "bench", "rate", "options"})
            QTest::newRow(c) << c;
    }
    void helpOfEach() {
        QFETCH(QString, command);
        const Answer a = strata({command, "--help"});
        QCOMPARE(a.code, 0);
        QVERIFY(a.out.contains(command));
        QVERIFY(a.error.isEmpty());
    }

    void placesAreCheckedBeforeTheTraining_data() {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("says");
        QTest::newRow("no folder") << QStringList{"--out", "nowhere/x.keras"} << "its folder does not exist";
        QTest::newRow("a folder") << QStringList{"--history", "."} << "it is a folder";
        QTest::newRow("another picture") << QStringList{"--curves", "x.gif"} << "--curves x.gif: the picture is a PNG";
        QTest::newRow("a table as a picture") << QStringList{"--curves", "x.csv"} << "use --history";
    }
    void placesAreCheckedBeforeTheTraining() {
        QFETCH(QStringList, words);
        QFETCH(QString, says);
        const Answer a = strata(QStringList{"train", "lenet", "--epochs", "1000000"} + words);
        QCOMPARE(a.code, 1);
        QVERIFY2(a.error.contains(says), qPrintable(a.error));
        QVERIFY(a.out.isEmpty());
    }

    void recipeInWords() {
        const Answer a = strata({"train", "lenet", "--limit", "400", "--epochs", "3", "--schedule", "cosine:alpha=0.1", "--learning-rate", "0.02", "--seed",
                                 "18446744073709551615", "--callback", "terminate_on_nan",
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
    }
    void recipeMistakes() {
        QFETCH(QStringList, words);
        QFETCH(QString, says);
        const Answer a = strata(QStringList{"train", "lenet", "--limit", "100", "--epochs", "1"} + words);
        QCOMPARE(a.code, 1);
        QVERIFY2(a.error.contains(says), qPrintable(a.error));
        QVERIFY(a.out.isEmpty());
    }
    void earlyStoppingSaysWhy() {
        const Answer a = strata({"train", "lenet", "--limit", "200", "--epochs", "50", "--callback", "early_stopping:monitor=loss,min_delta=10"});
        QCOMPARE(a.code, 0);
        QVERIFY2(a.error.contains("Stopped early: loss was best in epoch 1"), qPrintable(a.error));
        QVERIFY(!a.out.contains("Epoch 3/50"));
    }
    void ratesAreFound() {
        const Answer a = strata({"rate", "lenet", "--optimizer", "adam", "--batches", "80", "--seed", "3", "--json"});
        QVERIFY2(a.code == 0, qPrintable(a.error));
        const auto line = nlohmann::json::parse(a.out.toStdString());
        const double rate = line.at("suggested").get<double>();
        QVERIFY2(rate > 1e-5 && rate < 0.1, qPrintable(QString::number(rate)));
        QVERIFY(line.at("smallest_at").get<double>() >= rate);
        QCOMPARE(line.at("curve")[0][0].get<double>(), 1e-6);
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
    void optionsArePages() {
        QVERIFY(strata({"options"}).out.contains("ReduceLROnPlateau"));
        QVERIFY(strata({"options", "reduce_lr_on_plateau"}).out.contains("min_lr"));
        QCOMPARE(strata({"options", "nothing"}).code, 1);
    }

    void jsonLines() {
        const Answer a = strata({"train", "lenet", "--limit", "300", "--epochs", "2", "--json"});
        QCOMPARE(a.code, 0);
        const QStringList lines = a.out.split('\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 2);
        const auto line = nlohmann::json::parse(lines.last().toStdString());
        for (const char* key : {"loss", "accuracy", "val_loss", "val_accuracy", "seconds", "images_per_s"}) {
            QVERIFY2(line.contains(key), key);
        }
        QCOMPARE(line.at("epoch").get<int>(), 2);
        const Answer e = strata({"evaluate", "small.keras", "--json"});
        QCOMPARE(e.code, 0);
        const auto result = nlohmann::json::parse(e.out.toStdString());
        QCOMPARE(result.size(), 2U);
        QVERIFY(result.at("accuracy").get<double>() > 0.2);
        QVERIFY(result.at("loss").get<double>() > 0);
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

    void predictKeepsLeadingAxes() {
        std::vector<float> images(std::size_t{2} * 3 * 400);
        for (std::size_t i = 0; i < images.size(); ++i)
            images[i] = static_cast<float>(i % 17) / 17;
        QVERIFY(
            strata::writeNpy(at("in.npy").toStdString(), std::vector<std::int64_t>{2, 3, 20, 20, 1}, images)
                .ok());
        const Answer a = strata({"predict", "small.keras", "in.npy", "--out", "out.npy"});
        QVERIFY2(a.code == 0, qPrintable(a.error));
        const auto out = strata::readNpy(at("out.npy").toStdString());
        QVERIFY(out.ok());
        QVERIFY((out->dims == std::vector<std::int64_t>{2, 3, 10}));
        for (std::size_t n = 0; n < 6; ++n) {
            double sum = 0;
            for (std::size_t c = 0; c < 10; ++c)
                sum += out->values[n * 10 + c];
            QVERIFY(std::abs(sum - 1) < 1e-4); // the template ends in a softmax
        }
        const Answer words = strata({"predict", "small.keras", "in.npy"});
        QCOMPARE(words.code, 0);
        QCOMPARE(words.out.count('\n'), 6);
        QVERIFY(words.out.contains("in.npy[5]: "));
    }

    void curvesAsATable() {
        const QList<QByteArray> lines = bytesOf("small.csv").split('\n');
        QCOMPARE(lines.at(0), QByteArray("epoch,loss,accuracy,val_loss,val_accuracy,learning_rate"));
        QCOMPARE(lines.at(2).split(',').size(), 6);
        QVERIFY(lines.at(2).startsWith("2,"));
    }

    void mistakesAreToldOnStandardError_data() {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("says");
        QTest::newRow("no such file") << QStringList{"summary", "nothere.keras"} << 1 << "nothere.keras";
        QTest::newRow("no data") << QStringList{"train", "lenet", "--data", "nowhere"} << 1 << "nowhere";
        QTest::newRow("other images")
            << QStringList{"evaluate", "small.keras", "--data", "digits", "--resize", "8x8"} << 1
            << "--resize 20x20";
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

    /// Ctrl+C at any moment, then --resume: the same weights as a run that nobody stopped.
    void slipsAreUnderstood_data() {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("meant");
        QTest::newRow("command") << QStringList{"trian", "lenet"} << "Did you mean train?";
        QTest::newRow("template instead of a command") << QStringList{"lenett"} << "Did you mean lenet?";
        QTest::newRow("template") << QStringList{"summary", "lnet"} << "Did you mean lenet?";
        QTest::newRow("option") << QStringList{"train", "lenet", "--epoch", "3"} << "Did you mean --epochs?";
        QTest::newRow("layer") << QStringList{"layers", "MaxPoling2D"} << "Did you mean MaxPooling2D?";
        QTest::newRow("data") << QStringList{"train", "lenet", "--data", "digit"} << "Did you mean digits?";
    }
    void slipsAreUnderstood() {
        QFETCH(QStringList, words);
        QFETCH(QString, meant);
        const Answer a = strata(words);
        QVERIFY(a.code == 1 || a.code == 2);
        QVERIFY2(a.error.contains(meant), qPrintable(a.error));
    }

    void layersAreFoundByCategory() {
        const Answer category = strata({"layers", "Convolution"});
        QCOMPARE(category.code, 0);
        QVERIFY2(category.out.contains("Conv2DTranspose") && category.out.contains("SeparableConv1D") && !category.out.contains("MaxPooling"), qPrintable(category.out));
        const Answer part = strata({"layers", "global"});
        QVERIFY2(part.out.contains("GlobalAveragePooling1D"), qPrintable(part.out));
        QVERIFY(strata({"layers", "conv2d"}).out.contains("kernel_size"));
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

    void whatIsNoNumberIsRefused() {
        std::vector<float> values(2 * 400, 0.5F);
        values[500] = NAN;
        QVERIFY(strata::writeNpy(at("nan.npy").toStdString(), std::vector<std::int64_t>{2, 20, 20, 1}, values).ok());
        const Answer a = strata({"predict", "small.keras", "nan.npy"});
        QCOMPARE(a.code, 1);
        QVERIFY2(a.error.contains("value 500 (in image 1") && a.error.contains("not a number"), qPrintable(a.error));
        QVERIFY2(!a.out.contains("nan"), qPrintable(a.out));
    }

    void onlyWhatCanBeLearnedFromIsListed() {
        QVERIFY(QDir(m_dir.path()).mkpath("sets/loose") && QDir(m_dir.path()).mkpath("sets/pets/cats"));
        for (const char* picture : {"sets/loose/a.png", "sets/pets/cats/a.png"}) {
            QFile file(at(picture));
            QVERIFY(file.open(QIODevice::WriteOnly));
        }
        const Answer a = strata({"datasets"}, {"STRATA_DATA_PATH=" + at("sets")});
        QVERIFY2(a.out.contains("pets") && !a.out.contains("loose"), qPrintable(a.out));
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
        const QStringList words{"lenet", "--limit", "2000", "--epochs", "4", "--seed", "3"};
        if (m_straight.isEmpty()) {
            const Answer a = strata(QStringList{"train", "--runs", "straight"} + words);
            QVERIFY2(a.code == 0, qPrintable(a.error));
            m_straight = hashIn("straight");
            QCOMPARE(m_straight.size(), 16);
        }
        const QString folder = QString::fromLatin1(QTest::currentDataTag()).remove(' ');
        QProcess process;
        process.setWorkingDirectory(m_dir.path());
        process.start(STRATA_COMMAND, QStringList{"train", checkpoint ? "--checkpoint" : "--out", "run.keras", "--runs", folder} + words);
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
        if (const int epoch = stood.captured(1).toInt(); epoch > 1) { // an end that lies behind it takes nothing away
            const Answer behind = strata({"train", "--resume", "run.keras", "--epochs", QString::number(epoch - 1)});
            QCOMPARE(behind.code, 1);
            QVERIFY2(behind.error.contains(QString("give at least %1").arg(epoch)), qPrintable(behind.error));
        }
        const Answer resumed = strata({"train", "--resume", "run.keras", "--runs", folder + "2", "--threads", "1", "--out", "done.keras"});
        QVERIFY2(resumed.code == 0, qPrintable(resumed.error));
        QCOMPARE(hashIn(folder + "2"), m_straight);
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

QTEST_GUILESS_MAIN(CliTest)
#include "cli_test.moc"
