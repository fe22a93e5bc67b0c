// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/repairs.h"

#include <QWidget>

class QHBoxLayout;

namespace strata::ui {

class FlowLayout;

/// One mistake in the list: its icon, its place, a sentence, and below it the repairs, each a button with what it
/// would do beside it. It knows no document: it says what was asked for.
class ProblemRow : public QWidget {
    Q_OBJECT
public:
    ProblemRow(const Problem& problem, const QString& place, QWidget* parent = nullptr);

    const Problem& problem() const { return m_problem; }
    void setRepairs(const std::vector<Repair>& repairs);
    /// The drawing has changed: those that are shown wait for setRepairs().
    void holdRepairs();

Q_SIGNALS:
    void placeClicked();
    void repairClicked(const strata::Repair& repair);
    /// The pointer or the focus came onto a repair, or (null) left it.
    void repairPointedAt(const strata::Repair* repair);
    void hideRequested(bool everywhere);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void addHideButton(QHBoxLayout* line);

    Problem m_problem;
    std::vector<Repair> m_repairs;
    QWidget* m_buttons;
    FlowLayout* m_flow;
};

} // namespace strata::ui
