// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

#include <optional>
#include <utility>

namespace strata::ui {

class ConfusionModel;

/// The confusion matrix: a cell's ground says how much of its row it is, its words how many images. Choosing a cell asks
/// for its images, by mouse or by keys; choosing it again, or Esc, for all.
class ConfusionView : public QTableView {
    Q_OBJECT
public:
    /// (true class, predicted class)
    using Cell = std::pair<int, int>;

    explicit ConfusionView(ConfusionModel& model, QWidget* parent = nullptr);
    std::optional<Cell> chosen() const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void chosenChanged();

protected:
    void changeEvent(QEvent* event) override;

private:
    void measure();

    ConfusionModel& m_model;
};

} // namespace strata::ui
