// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/recent_files.h"

#include <QFileInfo>
#include <QSettings>

namespace strata::ui {
namespace {

const QString& key() {
    static const QString name = QStringLiteral("recentFiles");
    return name;
}

} // namespace

QStringList RecentFiles::paths() const {
    QStringList there;
    for (const QString& path : QSettings().value(key()).toStringList()) {
        if (QFileInfo::exists(path)) there << path;
    }
    return there;
}

void RecentFiles::add(const QString& path) {
    const QString absolute = QFileInfo(path).absoluteFilePath();
    QStringList all = paths();
    all.removeAll(absolute);
    all.prepend(absolute);
    write(all.mid(0, kMost));
}

void RecentFiles::remove(const QString& path) {
    QStringList all = paths();
    all.removeAll(path);
    write(all);
}

void RecentFiles::clear() {
    write({});
}

void RecentFiles::write(const QStringList& paths) {
    QSettings().setValue(key(), paths);
    Q_EMIT changed();
}

} // namespace strata::ui
