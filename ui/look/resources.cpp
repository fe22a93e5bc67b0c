// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/look/resources.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QTranslator>

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

void installPlurals() {
    initResources();
    auto* translator = new QTranslator(QCoreApplication::instance());
    if (translator->load(QStringLiteral(":/strata/translations/strata_en.qm"))) QCoreApplication::installTranslator(translator);
}

QByteArray resourceBytes(const QString& path) {
    initResources();
    QFile file(QStringLiteral(":/strata/") + path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace strata::ui
