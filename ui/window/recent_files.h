// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>

namespace strata::ui {

/// The files that were opened or saved last, newest first, kept between sessions.
class RecentFiles : public QObject {
    Q_OBJECT
public:
    static constexpr int kMost = 10;

    explicit RecentFiles(QObject* parent = nullptr) : QObject(parent) {}
    /// Those that are there now; others may be on a disk that is not, and are kept.
    QStringList paths() const;
    void add(const QString& path);
    void remove(const QString& path);
    void clear();

Q_SIGNALS:
    void changed();

private:
    QStringList all() const;
    void write(const QStringList& paths);
};

} // namespace strata::ui
