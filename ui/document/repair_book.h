// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/repairs.h"

#include <QObject>
#include <QThreadPool>

#include <map>
#include <set>
#include <tuple>

namespace strata::ui {

/// The repairs of the present drawing's problems. What one would do is found by trying it, an analysis of the whole
/// drawing each time: so they are found once for each problem, and on another thread where nobody waits for them.
class RepairBook : public QObject {
    Q_OBJECT
public:
    static constexpr std::size_t kSmall = 40; ///< cards

    explicit RepairBook(QObject* parent = nullptr);
    ~RepairBook() override;

    /// Of another drawing from now on, or in another context; if so, what was found is forgotten.
    void begin(const ModelGraph& graph, const AnalysisContext& context);
    /// Null where they are not known yet.
    const std::vector<Repair>* known(const Problem& problem) const;
    /// Finds them now where they are not known; valid until begin().
    const std::vector<Repair>& find(const Problem& problem);
    /// Finds them now in a small drawing, where that takes a few milliseconds, else as seek() does: null until found().
    const std::vector<Repair>* soon(const Problem& problem);
    /// Finds them on another thread; found() comes later, or never where begin() came before.
    void seek(const Problem& problem);

Q_SIGNALS:
    void found(const strata::Problem& problem);

private:
    using Key = std::tuple<std::string, NodeId, std::string>;
    static Key keyOf(const Problem& problem) { return {problem.id, problem.node, problem.text}; }

    ModelGraph m_graph;
    AnalysisContext m_context;
    std::map<Key, std::vector<Repair>> m_known;
    std::set<Key> m_sought;
    int m_edition = 0; ///< what comes from the thread for an earlier one is late
    QThreadPool m_thread;
};

} // namespace strata::ui
