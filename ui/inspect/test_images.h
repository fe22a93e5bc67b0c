// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/dataset.h"
#include "engine/training/evaluate.h"

#include <QAbstractListModel>
#include <QCache>
#include <QImage>
#include <QStringList>
#include <QStyledItemDelegate>

#include <optional>
#include <utility>

namespace strata::ui {

/// The test images with their true and predicted classes, filtered and sorted; pictures are made when they are shown.
class TestImages : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { IndexRole = Qt::UserRole, TrueRole, PredictedRole, ConfidenceRole, WrongRole };
    enum class Order { AsTheyCome, LeastSure, MostSure };

    explicit TestImages(QObject* parent = nullptr);
    /// `tested` may be null or of another number of images: then nothing is known of the answers.
    void setData(std::shared_ptr<const Dataset> data, std::shared_ptr<const Evaluation> tested);
    void setMistakesOnly(bool on);
    void setOrder(Order order);
    /// Only those of this (true class, predicted class), mistakes or not.
    void setCell(std::optional<std::pair<int, int>> cell);
    bool hasAnswers() const { return m_tested != nullptr; }
    /// The row of a test image; -1: filtered away.
    int rowOf(std::int64_t index) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    void refill();
    bool isWrong(std::int64_t index) const;
    bool isWanted(std::int64_t index) const;
    QString className(int label) const;
    QImage picture(std::int64_t index) const;

    std::shared_ptr<const Dataset> m_data;
    std::shared_ptr<const Evaluation> m_tested;
    QStringList m_names;
    std::vector<std::int64_t> m_rows; ///< test images, in the order shown
    bool m_mistakesOnly = false;
    std::optional<std::pair<int, int>> m_cell;
    Order m_order = Order::AsTheyCome;
    mutable QCache<qint64, QImage> m_pictures;
};

/// A test image over its class; a mistake has an outline and both classes.
class TestImageDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void setPinned(std::int64_t index) { m_pinned = index; }
    std::int64_t pinned() const { return m_pinned; }
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    std::int64_t m_pinned = -1;
};

} // namespace strata::ui
