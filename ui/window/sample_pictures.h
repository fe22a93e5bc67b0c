// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QObject>
#include <QThreadPool>

#include <set>
#include <stop_token>
#include <string>

namespace strata::ui {

/// A few pictures of a data set, for the start page. Read on another thread, where the data are there at all, and kept
/// in the user's cache, so that a large data set is opened for them once.
class SamplePictures : public QObject {
    Q_OBJECT
public:
    explicit SamplePictures(QObject* parent = nullptr);
    ~SamplePictures() override;

    /// Answered later, by found() or, where the data are not on this computer or cannot be read, by missing(). To ask again
    /// before that, or after found(), changes nothing.
    void ask(const std::string& source);

Q_SIGNALS:
    void found(const QString& source, const QList<QImage>& pictures);
    void missing(const QString& source);

private:
    QThreadPool m_pool;
    std::stop_source m_stop;
    std::set<std::string> m_asked;
};

} // namespace strata::ui
