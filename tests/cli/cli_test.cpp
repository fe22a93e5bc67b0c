// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/cli_rig.h"

#include "engine/data/npy.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <QDir>
#include <QRegularExpression>

using strata::test::Answer;

class CliTest : public strata::test::CliRig {
    Q_OBJECT

private slots:
    void initTestCase() { trainSmall(); }

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
        const Answer written = strata({"code", "small.keras", "--out", "small.py"});
        QCOMPARE(written.code, 0);
        QCOMPARE(written.error, QString("wrote small.py\n"));
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
        QVERIFY2(svg.error.endsWith("wrote small.svg\n"), qPrintable(svg.error)); // Qt may speak before
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
    /// GFLOP/s and the share of the same peak, of each layer as of the whole.
    void benchGivesEachLayerItsSpeed() {
        const Answer a = strata({"bench", "--networks", "mnist_small", "--seconds", "0.2", "--threads", "1", "--profile", "--json"});
        QVERIFY2(a.code == 0, qPrintable(a.error));
        const auto line = nlohmann::json::parse(a.out.toStdString());
        const double peak = line.at("gflops").get<double>() / line.at("peak_share").get<double>();
        int computing = 0;
        for (const auto& layer : line.at("layers")) {
            const auto both = [&](const char* what) {
                return layer.at(std::string("forward_") + what).get<double>() + layer.at(std::string("backward_") + what).get<double>();
            };
            const double gflops = layer.at("gflops").get<double>();
            QVERIFY(std::abs(gflops * both("us") * 1e-3 - both("mflop")) <= 1e-9 * both("mflop"));
            QVERIFY(std::abs(layer.at("peak_share").get<double>() * peak - gflops) <= 1e-9 * gflops);
            computing += gflops > 0 ? 1 : 0;
        }
        QCOMPARE(computing, 3); // the convolution and two dense ones
    }
    void benchProfilesInATable() {
        const Answer a = strata({"bench", "--networks", "mnist_small", "--seconds", "0.2", "--threads", "1", "--profile"});
        QVERIFY2(a.code == 0, qPrintable(a.error));
        const QStringList lines = a.out.split('\n', Qt::SkipEmptyParts);
        const QString pass = R"( +[\d.]+ us +[\d.]+ +\d+ %)";
        const QStringList wanted{R"(1 thread, .+, peak \d+ GFLOP/s of multiply-adds)", R"(Operations are counted as direct convolutions do them; .+)",
                                 R"(mnist_small +batch +32 +[\d,]+ images/s +[\d.]+ GFLOP/s +\d+ % of the peak +\([\d.]+ MFLOP an image\))",
                                 R"( +layer +type +forward +GFLOP/s +peak +backward +GFLOP/s +peak +share)",
                                 R"( +conv2d +Conv2D)" + pass + pass + R"( +[\d.]+ %)",
                                 R"( +max_pooling2d +MaxPooling2D)" + pass + pass + R"( +[\d.]+ %)",
                                 R"( +dense +Dense)" + pass + pass + R"( +[\d.]+ %)",
                                 R"( +dense_1 +Dense)" + pass + pass + R"( +[\d.]+ %)",
                                 R"( +input, loss and update +[\d.]+ us +[\d.]+ %)"};
        QVERIFY2(lines.size() == wanted.size(), qPrintable(a.out));
        double shares = 0;
        for (qsizetype i = 0; i < lines.size(); ++i) {
            QVERIFY2(QRegularExpression(QRegularExpression::anchoredPattern(wanted[i])).match(lines[i]).hasMatch(), qPrintable(lines[i]));
            if (i > 3) shares += lines[i].chopped(2).section(' ', -1).toDouble();
        }
        QVERIFY2(std::abs(shares - 100) < 1, qPrintable(a.out));
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

    void ratesAreFound() {
        const Answer a = strata({"rate", "lenet", "--optimizer", "adam", "--batches", "80", "--seed", "3", "--json"});
        QVERIFY2(a.code == 0, qPrintable(a.error));
        const auto line = nlohmann::json::parse(a.out.toStdString());
        const double rate = line.at("suggested").get<double>();
        QVERIFY2(rate > 1e-5 && rate < 0.1, qPrintable(QString::number(rate)));
        QVERIFY(line.at("smallest_at").get<double>() >= rate);
        QCOMPARE(line.at("curve")[0][0].get<double>(), 1e-6);
        // Of the first images only, and with an option of the optimizer: other numbers, the same at every call.
        QStringList words{"rate", "lenet", "--optimizer", "adam", "--batches", "80", "--seed", "3", "--json", "--limit", "64"};
        const Answer few = strata(words);
        QVERIFY2(few.code == 0, qPrintable(few.error));
        QVERIFY(few.out != a.out);
        QCOMPARE(strata(words).out, few.out);
        words[3] = "adam:beta_1=0.5";
        const Answer other = strata(words);
        QVERIFY2(other.code == 0 && other.out != few.out, qPrintable(other.error));
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

    void predictTakesNoWordThatDoesNothing() {
        for (const QStringList& words : {QStringList{"--colour", "grey"}, QStringList{"--data", "digits"}}) {
            const Answer a = strata(QStringList{"predict", "small.keras", "in.npy"} + words);
            QCOMPARE(a.code, 2);
            QVERIFY2(a.error.contains(words.front()), qPrintable(a.error));
        }
    }

    /// RFC 4180: a class may be called anything that a folder may.
    void confusionOfClassesWithCommas() {
        writePictures("animals", {"cats, dogs", "the \"others\""});
        const Answer trained = strata({"train", "lenet", "--data", "animals", "--resize", "20x20", "--epochs", "1", "--out", "animals.keras"});
        QVERIFY2(trained.code == 0, qPrintable(trained.error));
        const Answer a = strata({"evaluate", "animals.keras", "--confusion-matrix", "animals.csv"});
        QVERIFY2(a.code == 0, qPrintable(a.error));
        const QList<QByteArray> rows = bytesOf("animals.csv").split('\n');
        QVERIFY2(rows[0].startsWith("true \\ predicted,\"cats, dogs\",\"the \"\"others\"\"\""), rows[0].constData());
        QVERIFY2(rows[1].startsWith("\"cats, dogs\","), rows[1].constData());
        QVERIFY2(rows[2].startsWith("\"the \"\"others\"\"\","), rows[2].constData());
    }

    void layersAreFoundByCategory() {
        const Answer category = strata({"layers", "Convolution"});
        QCOMPARE(category.code, 0);
        QVERIFY2(category.out.contains("Conv2DTranspose") && category.out.contains("SeparableConv1D") && !category.out.contains("MaxPooling"), qPrintable(category.out));
        const Answer part = strata({"layers", "global"});
        QVERIFY2(part.out.contains("GlobalAveragePooling1D"), qPrintable(part.out));
        QVERIFY(strata({"layers", "conv2d"}).out.contains("kernel_size"));
        // Numbers are written out, for people.
        const QString input = strata({"layers", "Input"}).out;
        QVERIFY2(input.contains("16,777,216") && !input.contains("e+0"), qPrintable(input));
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
};

QTEST_GUILESS_MAIN(CliTest)
#include "cli_test.moc"
