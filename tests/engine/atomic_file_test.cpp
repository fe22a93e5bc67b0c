// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/atomic_file.h"
#include "interop_data.h"

#include <atomic>
#include <csignal>
#include <QTemporaryDir>
#include <QTest>
#include <random>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace strata;
namespace fs = std::filesystem;

namespace {

std::string textOf(const fs::path& path) {
    const auto bytes = readWholeFile(path);
    if (!bytes) return "ERROR " + bytes.error().message;
    return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}

std::size_t filesIn(const fs::path& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

mode_t modeOf(const fs::path& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
}

} // namespace

class AtomicFileTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QVERIFY(m_folder.isValid()); }

    void writesAndReplaces() {
        const fs::path path = file("plain");
        QVERIFY(writeFileAtomically(path, "first").ok());
        QCOMPARE(textOf(path), std::string("first"));
        QVERIFY(writeFileAtomically(path, "").ok());
        QCOMPARE(textOf(path), std::string());
        QVERIFY(writeFileAtomically(path, std::string(3000000, 'z')).ok());
        QCOMPARE(textOf(path), std::string(3000000, 'z'));
        QCOMPARE(filesIn(path.parent_path()), std::size_t{1});
    }

    void keepsPermissions() {
        const fs::path path = file("bits");
        const mode_t mask = ::umask(027);
        QVERIFY(writeFileAtomically(path, "a").ok());
        ::umask(mask);
        QCOMPARE(modeOf(path), mode_t{0640});
        fs::permissions(path, fs::perms(0604));
        QVERIFY(writeFileAtomically(path, "b").ok());
        QCOMPARE(modeOf(path), mode_t{0604});
        QCOMPARE(textOf(path), std::string("b"));
    }

    void aLinkStaysALink() {
        const fs::path target = file("target");
        const fs::path link = target.parent_path() / "link";
        QVERIFY(writeFileAtomically(target, "old").ok());
        fs::create_symlink("target", link);
        QVERIFY(writeFileAtomically(link, "new").ok());
        QVERIFY(fs::is_symlink(link));
        QCOMPARE(textOf(target), std::string("new"));
    }

    void relativeNamesWork() {
        const fs::path before = fs::current_path();
        fs::current_path(file("relative").parent_path());
        const bool ok = writeFileAtomically("here", "x").ok();
        fs::current_path(before);
        QVERIFY(ok);
        QCOMPARE(textOf(file("relative").parent_path() / "here"), std::string("x"));
    }

    void refusesWithAReason() {
        const fs::path folder = file("folder").parent_path();
        const auto id = [](const Result<>& r) { return r.ok() ? std::string() : r.error().id; };
        QCOMPARE(id(writeFileAtomically(folder, "x")), std::string("file.not_a_file"));
        QCOMPARE(id(writeFileAtomically("/dev/null", "x")), std::string("file.not_a_file"));
        QCOMPARE(id(writeFileAtomically(folder / "no" / "such" / "file", "x")),
                 std::string("file.no_folder"));
        QVERIFY(!writeFileAtomically("", "x").ok());
        QCOMPARE(readWholeFile(folder).error().id, std::string("file.not_a_file"));
        QCOMPARE(readWholeFile(folder / "none").error().id, std::string("file.not_found"));
        QVERIFY(writeFileAtomically(folder / "big", "12345").ok());
        QCOMPARE(readWholeFile(folder / "big", 4).error().id, std::string("file.too_large"));
    }

    void writeProtectedFileStays() {
        if (::geteuid() == 0) QSKIP("root may write everything");
        const fs::path path = file("protected");
        QVERIFY(writeFileAtomically(path, "old").ok());
        fs::permissions(path, fs::perms(0444));
        const auto result = writeFileAtomically(path, "new");
        QVERIFY(!result.ok());
        QCOMPARE(result.error().id, std::string("file.read_only"));
        QCOMPARE(textOf(path), std::string("old"));
    }

    void fullDiskLeavesTheOldFile() {
        const fs::path path = file("full");
        QVERIFY(writeFileAtomically(path, "old").ok());
        // A limit on the size of files fails write() midway, as a full disk does.
        const auto oldHandler = std::signal(SIGXFSZ, SIG_IGN);
        rlimit before{};
        ::getrlimit(RLIMIT_FSIZE, &before);
        const rlimit small{100000, before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
        const auto result = writeFileAtomically(path, std::string(1000000, 'n'));
        ::setrlimit(RLIMIT_FSIZE, &before);
        std::signal(SIGXFSZ, oldHandler);
        QVERIFY(!result.ok());
        QCOMPARE(result.error().id, std::string("file.disk_full"));
        QVERIFY(result.error().message.find("full") != std::string::npos);
        QCOMPARE(textOf(path), std::string("old"));
        QCOMPARE(filesIn(path.parent_path()), std::size_t{1});
    }

    void killsNeverLeaveHalfAFile() {
        const fs::path path = file("killed");
        QVERIFY(writeFileAtomically(path, std::string(200000, 'a')).ok());
        std::mt19937 random(5);
        for (int round = 0; round < 30; ++round) {
            int ends[2];
            QCOMPARE(::pipe(ends), 0);
            const pid_t child = ::fork();
            QVERIFY(child >= 0);
            if (child == 0) {
                for (char letter = 'a';; letter = letter == 'z' ? 'a' : static_cast<char>(letter + 1)) {
                    if (::write(ends[1], &letter, 1) != 1) ::_exit(1);
                    if (!writeFileAtomically(path, std::string(200000, letter)).ok()) ::_exit(2);
                }
            }
            ::close(ends[1]);
            // The kill falls into the save that the last byte announced, at a place that the spin varies.
            char announced = 0;
            for (int i = 0; i <= round % 4; ++i)
                QCOMPARE(::read(ends[0], &announced, 1), ssize_t{1});
            for (unsigned long spin = random() % 40000; spin > 0; --spin)
                std::atomic_signal_fence(std::memory_order_seq_cst);
            ::kill(child, SIGKILL);
            int status = 0;
            QCOMPARE(::waitpid(child, &status, 0), child);
            QVERIFY(WIFSIGNALED(status));
            ::close(ends[0]);
            const std::string text = textOf(path);
            QCOMPARE(text.size(), std::size_t{200000});
            QCOMPARE(text, std::string(200000, text[0]));
        }
    }

private:
    /// A path in a folder of its own.
    fs::path file(const char* name) {
        const fs::path folder = fs::path(m_folder.path().toStdString()) / (std::string(name) + ".d");
        fs::create_directories(folder);
        return folder / name;
    }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(AtomicFileTest)
#include "atomic_file_test.moc"
