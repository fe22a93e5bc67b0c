// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/training/training_session.h"

#include <QThreadPool>
#include <QWidget>

class QLabel;
class QVBoxLayout;

namespace strata::ui {

class WeightArrayView;

/// The Weights tab of the inspector: the arrays of the selected card as they are now.
class WeightsPage : public QWidget {
    Q_OBJECT
public:
    explicit WeightsPage(TrainingSession& session, QWidget* parent = nullptr);
    void setNode(NodeId node);
    void refresh();
    QString whyNone() const;

protected:
    void showEvent(QShowEvent* event) override;

private:
    void showArrays(const std::vector<std::shared_ptr<const WeightArray>>& arrays);

    TrainingSession& m_session;
    NodeId m_node = 0;
    QLabel* m_hint;
    QVBoxLayout* m_column;
    std::vector<WeightArrayView*> m_views;
    QThreadPool m_pool; // last: its thread ends before anything else goes
};

} // namespace strata::ui
