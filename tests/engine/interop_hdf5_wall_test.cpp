// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/hdf5_wall.h"
#include "engine/interop/hdf5_wire.h"
#include "interop_data.h"
#include "tests/support/wall_main.h"

#include <cstring>
#include <QTemporaryDir>
#include <QTest>
#include <random>
#include <sys/stat.h>
#include <thread>

using namespace strata;

namespace {

H5Tree smallTree() {
    H5Tree root;
    root.setText("keras_version", "3.16.0");
    for (int layer = 0; layer < 6; ++layer) {
        const std::string path = "layers/conv2d_" + std::to_string(layer) + "/vars";
        root.group(path).setText("name", "conv");
        root.addDataset(path + "/0", {3, 3, 4, 4}, std::vector<float>(144, 0.5f));
        root.addDataset(path + "/1", {4}, std::vector<float>{1, 2, 3, 4});
    }
    root.group("model_weights").setTextList("layer_names", {"a", "bb", "ccc"});
    return root;
}

std::vector<std::byte> smallFile() {
    return *writeHdf5(smallTree());
}

bool isOneSentence(const Error& error) {
    return error.id.starts_with("hdf5.") && error.id != "hdf5.no_reader" && error.message.ends_with('.') &&
           error.message.find('\n') == std::string::npos && error.message.size() < 500;
}

std::string message(const auto& result) {
    return result.ok() ? std::string() : result.error().message;
}

std::uint64_t bytesIn(const H5Node& node) {
    std::uint64_t bytes = node.dataset ? 8 * node.dataset->count() : 0;
    for (const H5Node& child : node.children)
        bytes += bytesIn(child);
    return bytes;
}

} // namespace

class InteropHdf5WallTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    void readsAsWithoutTheWall() {
        const auto file = smallFile();
        const auto tree = readHdf5Guarded(file);
        QVERIFY2(tree.ok(), message(tree).c_str());
        QVERIFY(*tree == *readHdf5(file));
    }

    void readsWhatKerasWrote() {
        if (kerasCases().empty()) QSKIP("the Keras cases are not here");
        for (const char* name : {"keras3_models/lenet5.h5", "keras3_models/small_resnet.weights.h5",
                                 "keras2_files/h5/tfkeras__cnn2d_42.h5"}) {
            const auto file = readWholeFile(kerasCases() / name);
            const auto tree = readHdf5Guarded(*file);
            QVERIFY2(tree.ok(), message(tree).c_str());
            QVERIFY(*tree == *readHdf5(*file));
        }
    }

    void largeFilesPass() {
        H5Tree tree;
        tree.addDataset("a", {30, 1000, 1000}, std::vector<float>(30'000'000, 1.0f));
        const auto file = writeHdf5(tree);
        const auto back = readHdf5Guarded(*file);
        QVERIFY2(back.ok(), message(back).c_str());
        QVERIFY(*back == tree);
    }

    void errorsPassThroughTheWall() {
        QCOMPARE(readHdf5Guarded(bytesOf("text")).error().id, std::string("hdf5.not_hdf5"));
        QCOMPARE(readHdf5Guarded({}).error().id, std::string("hdf5.not_hdf5"));
        H5WallOptions options;
        options.limits.maxNodes = 3;
        QCOMPARE(readHdf5Guarded(smallFile(), options).error().id, std::string("hdf5.too_large"));
    }

    void threadsMayReadAtOnce() {
        const auto file = smallFile();
        std::atomic<int> good{0};
        {
            std::vector<std::jthread> threads;
            for (int t = 0; t < 4; ++t) {
                threads.emplace_back([&] {
                    for (int i = 0; i < 5; ++i)
                        good += readHdf5Guarded(file).ok() ? 1 : 0;
                });
            }
        }
        QCOMPARE(good.load(), 20);
    }

    void childrenThatFail_data() {
        QTest::addColumn<QString>("script");
        QTest::addColumn<QString>("id");
        QTest::newRow("crash") << "kill -SEGV $$"
                               << "hdf5.damaged";
        QTest::newRow("killed") << "kill -KILL $$"
                                << "hdf5.damaged";
        QTest::newRow("computes for ever") << "kill -XCPU $$"
                                           << "hdf5.damaged";
        QTest::newRow("never ends") << "exec sleep 1000"
                                    << "hdf5.damaged";
        QTest::newRow("closes its output and never ends") << "exec sleep 1000 >&-"
                                                          << "hdf5.damaged";
        QTest::newRow("floods") << "exec cat /dev/zero"
                                << "hdf5.damaged";
        QTest::newRow("says nothing") << "exit 0"
                                      << "hdf5.no_reader";
        QTest::newRow("says something else") << "echo hello"
                                             << "hdf5.no_reader";
        QTest::newRow("echoes the file") << "cat"
                                         << "hdf5.no_reader";
        QTest::newRow("gave up") << "exit 117"
                                 << "hdf5.damaged";
    }
    void childrenThatFail() {
        QFETCH(QString, script);
        QFETCH(QString, id);
        const QString path = m_folder.filePath("child.sh");
        const QByteArray text = ("#!/bin/sh\n" + script + "\n").toUtf8();
        QVERIFY(writeFileAtomically(path.toStdString(), std::string_view(text.data(), text.size())).ok());
        QCOMPARE(::chmod(path.toStdString().c_str(), 0755), 0);
        H5WallOptions options;
        options.program = path.toStdString();
        if (script.contains("sleep")) options.time = std::chrono::milliseconds(1500); // the others end by themselves
        options.limits.freeBytes = 1 << 20;
        const auto tree = readHdf5Guarded(smallFile(), options);
        QVERIFY(!tree.ok());
        QCOMPARE(QString::fromStdString(tree.error().id), id);
        QVERIFY(tree.error().message.ends_with('.'));
    }

    void noSuchProgram() {
        H5WallOptions options;
        options.program = "/no/such/program";
        QCOMPARE(readHdf5Guarded(smallFile(), options).error().id, std::string("hdf5.no_reader"));
    }

    void truncatedFiles() {
        const auto file = smallFile();
        for (std::size_t size = 0; size < file.size(); size += size < 100 ? 9 : 397) {
            const auto tree = readHdf5Guarded(std::span(file).first(size));
            QVERIFY2(!tree.ok(), std::to_string(size).c_str());
            QVERIFY2(isOneSentence(tree.error()), tree.error().message.c_str());
        }
    }

    void flippedBits() {
        const auto file = smallFile();
        std::mt19937 random(3);
        int refused = 0;
        for (int round = 0; round < 300; ++round) {
            std::vector<std::byte> bytes = file;
            // From one flip up to eight: half of the bytes are structure, the rest weights.
            for (int flips = 1 << (round % 4); flips > 0; --flips) {
                bytes[random() % bytes.size()] ^= static_cast<std::byte>(1u << (random() % 8));
            }
            refused += checkHostile(bytes) ? 1 : 0;
        }
        QVERIFY(refused > 20);
    }

    void hugeNumbersEverywhere() {
        const auto file = smallFile();
        std::mt19937 random(9);
        for (int round = 0; round < 200; ++round) {
            std::vector<std::byte> bytes = file;
            const std::size_t at = random() % (bytes.size() / 8) * 8;
            const std::uint64_t huge = std::uint64_t{0x7fffffffffffffff} >> (random() % 48);
            std::memcpy(bytes.data() + at, &huge, sizeof huge);
            checkHostile(bytes);
        }
    }

    void randomBytesBehindTheSignature() {
        std::mt19937 random(13);
        for (int round = 0; round < 60; ++round) {
            std::vector<std::byte> bytes(64 + random() % 4000);
            for (std::byte& b : bytes)
                b = static_cast<std::byte>(random());
            const auto head = smallFile();
            std::copy_n(head.begin(), round % 2 == 0 ? 8 : 96, bytes.begin());
            const auto tree = readHdf5Guarded(bytes);
            QVERIFY(!tree.ok());
            QVERIFY2(isOneSentence(tree.error()), tree.error().message.c_str());
        }
    }

    void repliesAreNotBelieved() {
        const auto reply = encodeH5Reply(smallTree());
        const auto honest = decodeH5Reply(reply);
        QVERIFY(honest.has_value() && honest->ok());
        QVERIFY(**honest == smallTree());
        for (std::size_t size = 0; size < reply.size(); size += 3) {
            QVERIFY(!decodeH5Reply(std::span(reply).first(size)).has_value());
        }
        std::vector<std::byte> longer = reply;
        longer.push_back({});
        QVERIFY(!decodeH5Reply(longer).has_value());
        std::mt19937 random(17);
        for (int round = 0; round < 5000; ++round) {
            std::vector<std::byte> bytes = reply;
            bytes[random() % bytes.size()] ^= static_cast<std::byte>(1u << (random() % 8));
            const auto decoded = decodeH5Reply(bytes);
            if (decoded && decoded->ok()) QVERIFY(bytesIn(**decoded) < 100000);
        }
    }

    void repliesOfAnyDepthAreBounded() {
        // A chain of a million groups, each holding the next, would overflow the stack.
        H5Tree shallow;
        const auto reply = encodeH5Reply(shallow);
        std::vector<std::byte> deep(reply.begin(), reply.end() - 8);
        const std::size_t head = reply.size() - 4 * 8;
        for (int i = 0; i < 100000; ++i) {
            const std::uint64_t one = 1;
            const auto* raw = reinterpret_cast<const std::byte*>(&one);
            deep.insert(deep.end(), raw, raw + 8);
            deep.insert(deep.end(), reply.begin() + static_cast<std::ptrdiff_t>(head), reply.end() - 8);
        }
        deep.insert(deep.end(), 8, std::byte{});
        QVERIFY(!decodeH5Reply(deep).has_value());
    }

private:
    /// True when the file was refused. Fails the test unless the end was a tree of bounded size or one clear
    /// sentence.
    bool checkHostile(const std::vector<std::byte>& bytes) {
        H5WallOptions options;
        options.computing = std::chrono::seconds(1);
        const auto tree = readHdf5Guarded(bytes, options);
        if (tree.ok()) {
            if (bytesIn(*tree) > 2 * valueLimit(bytes.size(), {}))
                qFatal("more values than the limit allows");
            return false;
        }
        if (!isOneSentence(tree.error())) qFatal("not one sentence: %s", tree.error().message.c_str());
        return true;
    }

    QTemporaryDir m_folder;
};

STRATA_WALL_TEST_MAIN(InteropHdf5WallTest, QCoreApplication)
#include "interop_hdf5_wall_test.moc"
