// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/repair_book.h"

#include "ui/document/background.h"

namespace strata::ui {

RepairBook::RepairBook(QObject* parent) : QObject(parent) {
    m_thread.setMaxThreadCount(1);
}

RepairBook::~RepairBook() {
    m_thread.clear();
    m_thread.waitForDone();
}

void RepairBook::begin(const ModelGraph& graph, const AnalysisContext& context) {
    if (graph == m_graph && context == m_context) return;
    m_thread.clear();
    ++m_edition;
    m_graph = graph;
    m_context = context;
    m_known.clear();
    m_sought.clear();
}

const std::vector<Repair>* RepairBook::known(const Problem& problem) const {
    const auto it = m_known.find(keyOf(problem));
    return it == m_known.end() ? nullptr : &it->second;
}

const std::vector<Repair>& RepairBook::find(const Problem& problem) {
    if (const std::vector<Repair>* there = known(problem)) return *there;
    return m_known[keyOf(problem)] = repairsFor(m_graph, m_context, problem);
}

const std::vector<Repair>* RepairBook::soon(const Problem& problem) {
    if (m_graph.nodes().size() <= kSmall) return &find(problem);
    seek(problem);
    return known(problem);
}

void RepairBook::seek(const Problem& problem) {
    if (known(problem) != nullptr || !m_sought.insert(keyOf(problem)).second) return;
    const auto work = [graph = m_graph, context = m_context, problem] { return repairsFor(graph, context, problem); };
    onThread(m_thread, this, work, [this, problem, edition = m_edition](std::vector<Repair> repairs) {
        if (edition != m_edition) return;
        m_known.try_emplace(keyOf(problem), std::move(repairs));
        Q_EMIT found(problem);
    });
}

} // namespace strata::ui
