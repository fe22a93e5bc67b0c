// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/look/field_popover.h"
#include "ui/window/finding.h"

#include <QPointer>

#include <functional>

namespace strata::ui {

/// One field over the window and below it what matches: the search (cards, parameters, problems, commands) and the
/// command palette. Enter goes there, Escape and a click elsewhere close it and give the focus back.
class Finder : public FieldPopover {
    Q_OBJECT
public:
    explicit Finder(QWidget* window);

    struct Words {
        QString heading, placeholder;
        QString enterDoes; ///< a word or two beside the Enter key
    };
    using Collect = std::function<std::vector<Finding>()>;
    /// `collect` is asked once, now: what is found is of this moment. `more` is asked at the first letter, for what is
    /// only of use with a query.
    void open(const Words& words, const Collect& collect, const Collect& more = {});
    const std::vector<Finding>& offered() const { return m_offered; }

Q_SIGNALS:
    void chosen(const strata::ui::Finding& finding);

protected:
    void hideEvent(QHideEvent* event) override;
    void refresh() override;
    void accept(int row) override;

private:
    std::vector<Finding> m_all, m_offered;
    Collect m_more;
    QLabel* m_count;
    QPointer<QWidget> m_before; ///< had the focus
};

} // namespace strata::ui
