// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/inspect/class_index.h"

#include <QAbstractListModel>
#include <QListView>
#include <QStringList>

#include <memory>
#include <optional>

namespace strata::ui {

/// How many images each class has.
class ClassCounts : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { CountRole = Qt::UserRole, ShareRole }; ///< ShareRole: of the largest class, 0..1

    using QAbstractListModel::QAbstractListModel;
    /// Null: none. requires: as many names as classes
    void show(std::shared_ptr<const ClassIndex> index, const QStringList& names);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    /// The classes with the fewest and with the most images; -1 where there are none.
    int smallest() const { return m_smallest; }
    int largest() const { return m_largest; }
    std::int64_t count(int label) const { return m_index->count(label); }
    QString className(int label) const { return m_names.value(label); }

private:
    std::shared_ptr<const ClassIndex> m_index;
    QStringList m_names;
    int m_smallest = -1, m_largest = -1;
};

/// A bar a class, with its name and its count. Choosing one asks for its images, by mouse or by keys; choosing it again, or Esc,
/// for all.
class ClassCountsView : public QListView {
    Q_OBJECT
public:
    explicit ClassCountsView(ClassCounts& model, QWidget* parent = nullptr);
    std::optional<int> chosen() const;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void chosenChanged();
};

} // namespace strata::ui
