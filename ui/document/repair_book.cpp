// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/repair_book.h"

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
    m_thread.start([this, graph = m_graph, context = m_context, problem, edition = m_edition] {
        std::vector<Repair> repairs = repairsFor(graph, context, problem);
        const auto deliver = [this, problem, edition, repairs = std::move(repairs)] {
            if (edition != m_edition) return;
            m_known.try_emplace(keyOf(problem), repairs);
            Q_EMIT found(problem);
        };
        QMetaObject::invokeMethod(this, deliver, Qt::QueuedConnection); // the destructor waits for this thread
    });
}

} // namespace strata::ui
