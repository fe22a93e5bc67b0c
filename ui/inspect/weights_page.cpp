// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/weights_page.h"

#include "ui/inspect/weight_array_view.h"
#include "ui/look/widgets.h"

#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace strata::ui {

WeightsPage::WeightsPage(TrainingSession& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_hint(secondaryLabel({})), m_column(nullptr) {
    m_pool.setMaxThreadCount(1);
    m_hint->setObjectName(QStringLiteral("weightsHint"));
    auto* content = new QWidget;
    m_column = new QVBoxLayout(content);
    m_column->setContentsMargins(14, 12, 12, 12);
    m_column->setSpacing(6);
    m_hint->setWordWrap(true);
    m_column->addWidget(m_hint);
    m_column->addStretch(1);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scrollingColumn(content));
    const auto later = [this] { refresh(); };
    connect(&session, &TrainingSession::weightsArrived, this, later);
    connect(&session, &TrainingSession::stateChanged, this, later);
    connect(&session.document(), &GraphDocument::stateChanged, this, later);
    connect(&session.document(), &GraphDocument::analysed, this, later);
}

void WeightsPage::setNode(NodeId node) {
    m_node = node;
    refresh();
}

void WeightsPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refresh();
}

void WeightsPage::refresh() {
    if (!isVisible()) return;
    const std::shared_ptr<const Weights> weights = m_session.weights();
    const std::vector<WeightArray>* arrays = weights ? weights->find(m_node) : nullptr;
    std::vector<std::shared_ptr<const WeightArray>> shown;
    for (std::size_t i = 0; arrays != nullptr && i < arrays->size(); ++i) shown.emplace_back(weights, &(*arrays)[i]);
    showArrays(shown);
    const bool older = !m_views.empty() && m_session.weightsAreOlder();
    m_hint->setVisible(m_views.empty() || older);
    m_hint->setText(older ? tr("Trained before the last edit of the network.") : whyNone());
}

QString WeightsPage::whyNone() const {
    if (m_node == 0) return tr("Several layers are chosen. Choose one of them to see its weights.");
    const NodeReport* report = m_session.document().report().find(m_node);
    if (report != nullptr && report->parameters == 0) return tr("This layer has no weights.");
    return tr("Train the network, and the weights that this layer has learned appear here.");
}

void WeightsPage::showArrays(const std::vector<std::shared_ptr<const WeightArray>>& arrays) {
    // What is in a hand, as the chosen channel, outlives new values; only other arrays make new views.
    const bool same = std::ranges::equal(m_views, arrays, [](const WeightArrayView* view, const auto& array) { return view->fits(*array); });
    if (same) {
        for (std::size_t i = 0; i < arrays.size(); ++i) m_views[i]->show(arrays[i]);
        return;
    }
    for (WeightArrayView* view : m_views) delete view;
    m_views.clear();
    for (const auto& array : arrays) {
        m_views.push_back(new WeightArrayView(array, m_pool));
        m_column->insertWidget(m_column->count() - 1, m_views.back());
    }
}

} // namespace strata::ui
