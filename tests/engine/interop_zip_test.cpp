// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/zip_salvage.h"
#include "interop_data.h"

#include <algorithm>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <random>
#include <zlib.h>

using namespace strata;

namespace {

void put(std::vector<std::byte>& out, std::uint64_t value, int width) {
    for (int i = 0; i < width; ++i)
        out.push_back(static_cast<std::byte>(value >> (8 * i)));
}

void put(std::vector<std::byte>& out, std::span<const std::byte> bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

std::vector<std::byte> deflated(std::span<const std::byte> bytes) {
    z_stream z{};
    if (deflateInit2(&z, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
    std::vector<std::byte> out(deflateBound(&z, static_cast<uLong>(bytes.size())));
    z.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));
    z.avail_in = static_cast<uInt>(bytes.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    deflate(&z, Z_FINISH);
    out.resize(z.total_out);
    deflateEnd(&z);
    return out;
}

/// A member as an attacker may describe it: every field can lie.
struct Crafted {
    std::string name;
    std::vector<std::byte> data;
    int method = 0;
    std::uint32_t crc = 0;
    std::uint32_t size = 0;
    std::uint16_t flags = 0;
    std::uint32_t mode = 0100644;
};

Crafted honest(std::string name, std::span<const std::byte> bytes, bool pack = false) {
    Crafted c;
    c.name = std::move(name);
    c.data = pack ? deflated(bytes) : std::vector<std::byte>(bytes.begin(), bytes.end());
    c.method = pack ? 8 : 0;
    c.crc =
        static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
    c.size = static_cast<std::uint32_t>(bytes.size());
    return c;
}

std::vector<std::byte> craft(const std::vector<Crafted>& members) {
    std::vector<std::byte> out;
    std::vector<std::byte> contents;
    for (const Crafted& m : members) {
        const std::size_t offset = out.size();
        std::vector<std::byte> shared;
        put(shared, 20, 2);
        put(shared, m.flags, 2);
        put(shared, static_cast<std::uint64_t>(m.method), 2);
        put(shared, 0x210000, 4);
        put(shared, m.crc, 4);
        put(shared, m.data.size(), 4);
        put(shared, m.size, 4);
        put(shared, m.name.size(), 2);
        put(shared, 0, 2);
        put(out, 0x04034b50, 4);
        put(out, shared);
        put(out, bytesOf(m.name));
        put(out, m.data);
        put(contents, 0x02014b50, 4);
        put(contents, 0x314, 2);
        put(contents, shared);
        put(contents, 0, 6);
        put(contents, std::uint64_t{m.mode} << 16, 4);
        put(contents, offset, 4);
        put(contents, bytesOf(m.name));
    }
    const std::size_t start = out.size();
    put(out, contents);
    put(out, 0x06054b50, 4);
    put(out, 0, 4);
    put(out, members.size(), 2);
    put(out, members.size(), 2);
    put(out, contents.size(), 4);
    put(out, start, 4);
    put(out, 0, 2);
    return out;
}

std::vector<ZipMember> someMembers() {
    std::vector<std::byte> weights(70000);
    for (std::size_t i = 0; i < weights.size(); ++i)
        weights[i] = static_cast<std::byte>(i * i % 251);
    return {{"metadata.json", bytesOf("{\"keras_version\": \"3.16.0\"}")},
            {"config.json", bytesOf("{}")},
            {"model.weights.h5", weights},
            {"assets/empty.txt", {}}};
}

/// One clear sentence: it names the place, and does not break over lines.
bool isOneSentence(const Error& error) {
    return !error.id.empty() && error.message.find("evil.keras") != std::string::npos &&
           error.message.ends_with('.') && error.message.find('\n') == std::string::npos &&
           error.message.size() < 500;
}

} // namespace

class InteropZipTest : public QObject {
    Q_OBJECT
private slots:
    void keepsMembersAndOrder() {
        const std::vector<ZipMember> members = someMembers();
        const auto packed = packZip(members);
        QVERIFY(packed.ok());
        const auto back = readZip(*packed, "a.keras");
        QVERIFY2(back.ok(), back.ok() ? "" : back.error().message.c_str());
        QCOMPARE(back->members.size(), members.size());
        for (std::size_t i = 0; i < members.size(); ++i) {
            QCOMPARE(back->members[i].name, members[i].name);
            QVERIFY(back->members[i].bytes == members[i].bytes);
        }
        QVERIFY(back->find("config.json") == &back->members[1]);
        QVERIFY(back->find("config") == nullptr);
    }

    void sameMembersGiveTheSameBytes() {
        const auto first = packZip(someMembers());
        const auto second = packZip(someMembers());
        QVERIFY(*first == *second);
        // The checksum of the bytes pins the layout: whoever changes it changes every saved file.
        const uLong crc = crc32_z(0, reinterpret_cast<const Bytef*>(first->data()), first->size());
        QCOMPARE(crc, uLong{3063035226});
    }

    void pythonOpensIt() {
        QTemporaryDir folder;
        const std::string path = folder.filePath("model.keras").toStdString();
        QVERIFY(writeZip(path, someMembers()).ok());
        QProcess python;
        python.start("python3",
                     {"-c",
                      "import sys, zipfile\n"
                      "z = zipfile.ZipFile(sys.argv[1])\n"
                      "assert z.testzip() is None\n"
                      "print([(i.filename, i.file_size, i.compress_type, i.flag_bits & 8, i.date_time[:3],"
                      " len(i.extra)) for i in z.infolist()])",
                      QString::fromStdString(path)});
        if (!python.waitForStarted()) QSKIP("python3 is not installed");
        QVERIFY(python.waitForFinished());
        QVERIFY2(python.exitStatus() == QProcess::NormalExit && python.exitCode() == 0, python.readAllStandardError().constData());
        QCOMPARE(
            QString(python.readAllStandardOutput()).trimmed(),
            QString(
                "[('metadata.json', 27, 0, 0, (1980, 1, 1), 0), ('config.json', 2, 0, 0, (1980, 1, 1), 0), "
                "('model.weights.h5', 70000, 0, 0, (1980, 1, 1), 0), "
                "('assets/empty.txt', 0, 0, 0, (1980, 1, 1), 0)]"));
    }

    void readsDeflatedMembersAndFolders() {
        const std::vector<std::byte> text = bytesOf(std::string(5000, 'x') + "end");
        Crafted folder = honest("assets/", {});
        folder.mode = 040755;
        const auto zip =
            readZip(craft({honest("a.json", text, true), folder, honest("assets/b", text)}), "a.zip");
        QVERIFY2(zip.ok(), zip.ok() ? "" : zip.error().message.c_str());
        QCOMPARE(zip->members.size(), std::size_t{2});
        QVERIFY(zip->find("a.json")->bytes == text);
        QVERIFY(zip->find("assets/b")->bytes == text);
    }

    void readsWhatKerasWrote() {
        if (kerasCases().empty()) QSKIP("the Keras cases are not here");
        const auto files = filesBelow(kerasCases(), {".keras"});
        QVERIFY(!files.empty());
        for (const auto& file : files) {
            const auto zip = readZip(file);
            QVERIFY2(zip.ok(), zip.ok() ? "" : zip.error().message.c_str());
            QCOMPARE(zip->members.size(), std::size_t{3});
            QVERIFY(zip->find("config.json") != nullptr);
            QVERIFY(zip->find("metadata.json") != nullptr);
            QVERIFY(zip->find("model.weights.h5")->bytes.size() > 1000);
        }
    }

    void refuses_data() {
        QTest::addColumn<std::vector<std::byte>>("archive");
        QTest::addColumn<QString>("id");
        const auto row = [](const char* name, std::vector<std::byte> bytes, const char* id) {
            QTest::newRow(name) << std::move(bytes) << QString(id);
        };
        const std::vector<std::byte> text = bytesOf("hello");
        row("empty", {}, "zip.not_a_zip");
        row("text", bytesOf("not an archive at all"), "zip.not_a_zip");
        row("HDF5", bytesOf("\x89HDF\r\n\x1a\n........"), "zip.not_a_zip");
        row("no members", craft({}), "zip.damaged");
        row("same name twice", craft({honest("a", text), honest("a", text)}), "zip.damaged");
        row("folder above", craft({honest("../a", text)}), "zip.bad_name");
        row("folder above inside", craft({honest("a/../../b", text)}), "zip.bad_name");
        row("absolute", craft({honest("/etc/passwd", text)}), "zip.bad_name");
        row("drive", craft({honest("C:/a", text)}), "zip.bad_name");
        row("backslash", craft({honest("a\\..\\b", text)}), "zip.bad_name");
        row("control character", craft({honest("a\nb", text)}), "zip.bad_name");
        row("long name", craft({honest(std::string(2000, 'a'), text)}), "zip.bad_name");
        Crafted link = honest("link", bytesOf("/etc/passwd"));
        link.mode = 0120777;
        row("link", craft({link}), "zip.bad_name");
        Crafted wrongSum = honest("a", text);
        wrongSum.crc ^= 1;
        row("stored, wrong checksum", craft({wrongSum}), "zip.damaged");
        Crafted wrongPackedSum = honest("a", text, true);
        wrongPackedSum.crc ^= 1;
        row("deflated, wrong checksum", craft({wrongPackedSum}), "zip.damaged");
        Crafted hugeSize = honest("a", text, true);
        hugeSize.size = 0xfffffff0;
        row("deflated, huge size declared", craft({hugeSize}), "zip.damaged");
        Crafted badMethod = honest("a", text);
        badMethod.method = 77;
        row("unknown method", craft({badMethod}), "zip.damaged");
        Crafted secret = honest("a", text);
        secret.flags = 1;
        row("encrypted", craft({secret}), "zip.encrypted");
        const std::vector<std::byte> zeros(64 << 20);
        row("bomb", craft({honest("a", zeros, true)}), "zip.too_large");
        std::vector<Crafted> many;
        for (int i = 0; i < 65535; ++i)
            many.push_back(honest(std::to_string(i), {}));
        row("65535 members", craft(many), "zip.too_many_members");
    }
    void refuses() {
        QFETCH(std::vector<std::byte>, archive);
        QFETCH(QString, id);
        const auto zip = readZip(archive, "evil.keras");
        QVERIFY(!zip.ok());
        QVERIFY2(isOneSentence(zip.error()), zip.error().message.c_str());
        QCOMPARE(QString::fromStdString(zip.error().id), id);
    }

    void everyTruncationIsNoticed() {
        const auto packed = packZip(someMembers());
        const std::span<const std::byte> all(*packed);
        for (std::size_t size = 0; size < all.size();
             size += size < 200 || size + 400 > all.size() ? 1 : 97) {
            const auto zip = readZip(all.first(size), "evil.keras");
            QVERIFY2(!zip.ok(), std::to_string(size).c_str());
            QVERIFY2(isOneSentence(zip.error()), zip.error().message.c_str());
        }
    }

    void flippedBitsNeverCrash() {
        const std::vector<ZipMember> members = someMembers();
        const auto packed = packZip(members);
        std::mt19937 random(7);
        int refused = 0;
        for (int round = 0; round < 2000; ++round) {
            std::vector<std::byte> bytes = *packed;
            // Every second flip hits the headers, which are few bytes among many.
            const std::size_t at =
                round % 2 == 0 ? random() % bytes.size() : bytes.size() - 1 - random() % 350;
            bytes[at] ^= static_cast<std::byte>(1u << (random() % 8));
            const auto zip = readZip(bytes, "evil.keras");
            if (zip.ok()) {
                std::size_t total = 0;
                for (const ZipMember& m : zip->members)
                    total += m.bytes.size();
                QVERIFY(total < 80000);
            } else {
                ++refused;
                QVERIFY2(isOneSentence(zip.error()), zip.error().message.c_str());
            }
        }
        QVERIFY(refused > 1000);
    }

    void randomBytesNeverCrash() {
        std::mt19937 random(11);
        for (int round = 0; round < 300; ++round) {
            std::vector<std::byte> bytes(random() % 3000);
            for (std::byte& b : bytes)
                b = static_cast<std::byte>(random());
            const auto mark = bytesOf("PK\3\4");
            if (bytes.size() > 4) std::copy(mark.begin(), mark.end(), bytes.begin());
            const auto zip = readZip(bytes, "evil.keras");
            QVERIFY(!zip.ok());
            QVERIFY2(isOneSentence(zip.error()), zip.error().message.c_str());
        }
    }

    void salvageFindsWhatIsWhole() {
        std::vector<std::byte> bytes = *packZip(someMembers());
        bytes.resize(bytes.size() - 300); // without the table of contents
        bytes[50] ^= std::byte{1};        // in metadata.json
        const SalvagedZip left = salvageZip(bytes);
        QCOMPARE(left.lost, std::vector<std::string>{"metadata.json"});
        QVERIFY(left.whole.find("config.json") != nullptr && left.whole.find("model.weights.h5") != nullptr);
        QVERIFY(left.checked < bytes.size());
    }

    /// Every member claims the rest of the file.
    void hostileHeadsCostNoMoreThanTheFile_data() {
        QTest::addColumn<bool>("oneName");
        QTest::newRow("names of their own") << false;
        QTest::newRow("one name") << true;
    }
    void hostileHeadsCostNoMoreThanTheFile() {
        QFETCH(bool, oneName);
        std::vector<Crafted> heads;
        for (std::size_t i = 0; i < 4000; ++i) heads.push_back(honest(oneName ? "a" : std::to_string(i + 1000), {}));
        std::vector<std::byte> bytes = craft(heads);
        bytes.resize(bytes.size() + 100'000);
        const std::size_t step = 30 + heads.front().name.size();
        for (std::size_t i = 0; i < heads.size(); ++i) {
            const std::size_t rest = bytes.size() - (i + 1) * step;
            for (std::size_t k = 0; k < 4; ++k) bytes[i * step + 22 + k] = static_cast<std::byte>(rest >> (8 * k));
        }
        const SalvagedZip left = salvageZip(bytes);
        QVERIFY(left.whole.members.empty());
        QCOMPARE(left.lost.size(), oneName ? std::size_t{1} : heads.size());
        QVERIFY(left.checked <= 4 * bytes.size());
    }

    void writerRefusesBadNames() {
        QVERIFY(!packZip(std::vector<ZipMember>{{"../a", {}}}).ok());
        QVERIFY(!packZip(std::vector<ZipMember>{{"a", {}}, {"a", {}}}).ok());
        QVERIFY(!packZip(std::vector<ZipMember>(70000)).ok());
    }

    void missingFileIsNamed() {
        const auto zip = readZip(std::filesystem::path("/nowhere/at/all.keras"));
        QVERIFY(!zip.ok());
        QCOMPARE(zip.error().id, std::string("file.not_found"));
        QVERIFY(zip.error().message.find("all.keras") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(InteropZipTest)
#include "interop_zip_test.moc"
