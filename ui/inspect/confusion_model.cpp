// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/confusion_model.h"

#include "ui/document/number_text.h"
#include "ui/training/run_text.h"

#include <algorithm>

namespace strata::ui {

void ConfusionModel::setCounts(std::vector<std::int64_t> counts, QStringList names) {
    beginResetModel();
    m_counts = std::move(counts);
    m_names = std::move(names);
    const auto rows = static_cast<std::size_t>(m_names.size());
    const std::size_t columns = rows == 0 ? 0 : m_counts.size() / rows;
    m_ofRow.assign(rows, 0);
    m_ofColumn.assign(columns, 0);
    for (std::size_t i = 0; i < rows * columns; ++i) {
        m_ofRow[i / columns] += m_counts[i];
        m_ofColumn[i % columns] += m_counts[i];
    }
    endResetModel();
}

std::int64_t ConfusionModel::count(int row, int column) const {
    return m_counts[static_cast<std::size_t>(row) * m_ofColumn.size() + static_cast<std::size_t>(column)];
}

double ConfusionModel::share(int row, int column) const {
    const std::int64_t all = m_ofRow[static_cast<std::size_t>(row)];
    return all == 0 ? 0 : static_cast<double>(count(row, column)) / static_cast<double>(all);
}

std::int64_t ConfusionModel::largest() const {
    return m_counts.empty() ? 0 : std::ranges::max(m_counts);
}

QString ConfusionModel::className(int label) const {
    return label < m_names.size() ? m_names[label] : QString::number(label);
}

int ConfusionModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_ofRow.size());
}

int ConfusionModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_ofColumn.size());
}

QString ConfusionModel::sentence(int row, int column) const {
    const QString images = tr("%1 images", nullptr, pluralOf(count(row, column))).arg(countText(count(row, column)));
    return tr("Class %1, answered %2: %3, %4 of its class").arg(className(row), className(column), images, percentText(share(row, column)));
}

QVariant ConfusionModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const int row = index.row(), column = index.column();
    switch (role) {
    case Qt::DisplayRole: return count(row, column) == 0 ? QString() : countText(count(row, column));
    case Qt::ToolTipRole: return count(row, column) == 0 ? sentence(row, column) : sentence(row, column) + QLatin1Char('\n') + tr("Click to see only these.");
    case Qt::AccessibleTextRole: return sentence(row, column);
    case CountRole: return static_cast<qlonglong>(count(row, column));
    case ShareRole: return share(row, column);
    case RightRole: return row == column;
    default: return {};
    }
}

QVariant ConfusionModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (role == Qt::DisplayRole) return className(section);
    if (role != Qt::ToolTipRole && role != Qt::AccessibleTextRole) return {};
    const auto at = static_cast<std::size_t>(section);
    const std::int64_t right = section < rowCount() && section < columnCount() ? count(section, section) : 0;
    const bool byRow = orientation == Qt::Vertical;
    const std::int64_t all = byRow ? m_ofRow[at] : m_ofColumn[at];
    const QString images = tr("%1 images", nullptr, pluralOf(all)).arg(countText(all));
    const QString share = percentText(all == 0 ? 0 : static_cast<double>(right) / static_cast<double>(all));
    return byRow ? tr("Class %1: %2, %3 of them answered right").arg(className(section), images, share)
                 : tr("Answered %1: %2, %3 of them rightly").arg(className(section), images, share);
}

} // namespace strata::ui
