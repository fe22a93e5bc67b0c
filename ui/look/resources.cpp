// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/look/resources.h"

#include <QDir>
#include <QFile>

// Q_INIT_RESOURCE may not stand in a namespace. Naming the symbol also keeps the linker from dropping the
// resource out of its static library.
static void initLookResource() {
    Q_INIT_RESOURCE(strata_look);
}

namespace strata::ui {

void initResources() {
    static const bool done = [] {
        initLookResource();
        return true;
    }();
    Q_UNUSED(done)
}

QByteArray resourceBytes(const QString& path) {
    initResources();
    QFile file(QStringLiteral(":/strata/") + path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace strata::ui
