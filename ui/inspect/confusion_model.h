// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QStringList>

#include <vector>

namespace strata::ui {

/// Which classes were taken for which: a row a true class, a column what the network said.
class ConfusionModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role { CountRole = Qt::UserRole, ShareRole, RightRole };

    using QAbstractTableModel::QAbstractTableModel;
    /// requires: counts has a row for each name, all of the same length  // (true class, predicted class)
    void setCounts(std::vector<std::int64_t> counts, QStringList names);
    std::int64_t count(int row, int column) const;
    /// Of the images of the row's class, 0..1; 0 where there is none.
    double share(int row, int column) const;
    /// The largest count: what all cells have room for.
    std::int64_t largest() const;
    /// A class that the data have no name for goes by its number.
    QString className(int label) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString sentence(int row, int column) const;

    std::vector<std::int64_t> m_counts;
    std::vector<std::int64_t> m_ofRow, m_ofColumn;
    QStringList m_names;
};

} // namespace strata::ui
