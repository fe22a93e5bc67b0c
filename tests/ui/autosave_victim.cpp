// SPDX-License-Identifier: GPL-3.0-or-later
// Edits, saves and autosaves without end, and tells each step on its output, until the test kills it.
#include "engine/interop/hdf5_wall.h"
#include "ui/document/autosave.h"
#include "ui_support.h"

#include <QApplication>
#include <QTimer>

#include <cstdio>

namespace {

void tell(const char* what, int number) {
    std::printf("%s %d\n", what, number);
    std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv) {
    if (const auto code = strata::runHdf5WallChild(argc, argv)) return *code;
    if (argc < 3) return 2;
    QCoreApplication app(argc, argv);
    using namespace strata::ui;
    GraphDocument document;
    document.reset(test::stateWith(test::smallNet()));
    Autosave autosave(document, QString::fromLocal8Bit(argv[2]));
    autosave.setDelay(0);
    int number = 0;
    QObject::connect(&autosave, &Autosave::written, &app, [&] {
        tell("autosaved", number);
        tell("saving", number);
        const auto saved = document.save(QString::fromLocal8Bit(argv[1]));
        if (!saved) {
            std::fprintf(stderr, "%s\n", saved.error().message.c_str());
            QCoreApplication::exit(1);
            return;
        }
        tell("saved", number);
    });
    QTimer next;
    QObject::connect(&next, &QTimer::timeout, &app, [&] {
        if (document.isModified()) return; // the autosave of the last edit is still to come
        ++number;
        document.edit(QStringLiteral("Count"), [&](strata::DocumentState& state) { state.notes = std::to_string(number); });
    });
    next.start(0);
    return QCoreApplication::exec();
}
