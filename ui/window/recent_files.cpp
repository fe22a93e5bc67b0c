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
    QStringList there = all();
    there.removeIf([](const QString& path) { return !QFileInfo::exists(path); });
    return there;
}

QStringList RecentFiles::all() const {
    return QSettings().value(key()).toStringList();
}

void RecentFiles::add(const QString& path) {
    const QString absolute = QFileInfo(path).absoluteFilePath();
    QStringList files = all();
    files.removeAll(absolute);
    files.prepend(absolute);
    write(files.mid(0, kMost));
}

void RecentFiles::remove(const QString& path) {
    QStringList files = all();
    files.removeAll(QFileInfo(path).absoluteFilePath());
    write(files);
}

void RecentFiles::clear() {
    write({});
}

void RecentFiles::write(const QStringList& paths) {
    QSettings().setValue(key(), paths);
    Q_EMIT changed();
}

} // namespace strata::ui
