// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/inspector.h"

#include "ui/document/number_text.h"
#include "ui/inspector/layer_help.h"
#include "ui/inspector/node_page.h"
#include "ui/inspector/project_page.h"
#include "ui/look/icons.h"
#include "ui/look/theme.h"
#include "ui/look/widgets.h"

#include <QScrollArea>
#include <QStackedWidget>
#include <QTextBrowser>
#include <QVBoxLayout>

#include <algorithm>

namespace strata::ui {

Inspector::Inspector(GraphDocument& document, QWidget* parent) : QWidget(parent), m_document(document) {
    setProperty("surface", "panel");
    setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_header = new SectionHeader(tr("Project"));
    m_header->setProperty("surface", "panel");
    m_header->setAttribute(Qt::WA_StyledBackground);
    m_tabs = new TabStrip;
    m_tabs->setObjectName(QStringLiteral("inspectorTabs"));
    m_pages = new QStackedWidget;
    column->addWidget(m_header);
    column->addWidget(m_tabs);
    column->addWidget(horizontalLine());
    column->addWidget(m_pages, 1);

    m_projectPage = new ProjectPage(document);
    m_nodePage = new NodePage(document);
    m_help = new QTextBrowser;
    m_help->setAccessibleName(tr("Help page"));
    m_help->setOpenExternalLinks(true);
    m_help->setFrameShape(QFrame::NoFrame);
    m_help->document()->setDocumentMargin(12); // as the forms beside it
    m_cards = new QStackedWidget;
    m_pages->addWidget(scrollingColumn(m_projectPage));
    m_pages->addWidget(m_cards);
    m_cards->addWidget(scrollingColumn(m_nodePage));
    m_tabs->addTab(tr("Parameters"));
    m_cards->addWidget(m_help);
    m_tabs->addTab(tr("Help"));
    connect(m_tabs, &QTabBar::currentChanged, m_cards, &QStackedWidget::setCurrentIndex);

    connect(&document, &GraphDocument::changed, this, &Inspector::onChanged);
    connect(&document, &GraphDocument::analysed, this, &Inspector::refresh);
    connect(&document, &GraphDocument::stateChanged, this, &Inspector::refresh);
    connect(&document, &GraphDocument::titleChanged, this, &Inspector::refresh);
    setSelection({});
}

void Inspector::addTab(QWidget* panel, const QString& title) {
    const int before = m_tabs->count() - 1;
    m_cards->insertWidget(before, panel);
    m_tabs->insertTab(before, title);
}

void Inspector::showTab(const QWidget* panel) {
    for (int i = 0; i < m_cards->count(); ++i) {
        if (m_cards->widget(i) == panel) m_tabs->setCurrentIndex(i);
    }
}

void Inspector::setSelection(const std::vector<NodeId>& nodes) {
    const NodeId before = node();
    m_nodes = nodes;
    std::erase_if(m_nodes, [this](NodeId id) { return m_document.graph().find(id) == nullptr; });
    m_document.closeSeries();
    std::string type;
    bool same = !m_nodes.empty();
    for (const NodeId id : m_nodes) {
        const Node* node = m_document.graph().find(id);
        if (type.empty()) type = node->type;
        same = same && node->type == type;
    }
    m_pages->setCurrentIndex(same ? 1 : 0);
    m_tabs->setVisible(same);
    m_projectPage->setNodes(same ? std::vector<NodeId>() : m_nodes);
    if (same) m_nodePage->setNodes(m_nodes);
    refresh();
    refreshHelp();
    if (node() != before) Q_EMIT nodeShown(node());
}

void Inspector::onChanged(const GraphDiff& diff) {
    const bool gone = std::ranges::any_of(m_nodes, [&](NodeId id) { return std::ranges::find(diff.removed, id) != diff.removed.end(); });
    if (gone) {
        setSelection(m_nodes);
        return;
    }
    const bool mine = std::ranges::any_of(m_nodes, [&](NodeId id) { return std::ranges::find(diff.changed, id) != diff.changed.end(); });
    if (mine) refresh();
}

void Inspector::refresh() {
    m_projectPage->refresh();
    if (m_pages->currentIndex() == 0) {
        const bool several = !m_nodes.empty();
        m_header->setLeading({}, {});
        m_header->setTitle(several ? layersText(static_cast<std::int64_t>(m_nodes.size())) : tr("Project"));
        m_header->setDetail(several ? tr("of different types") : m_document.title());
        return;
    }
    const Node* node = m_document.graph().find(m_nodes.front());
    if (node == nullptr) return;
    const LayerType* type = findLayerType(node->type);
    const QString category = type == nullptr ? QString() : QString::fromStdString(type->schema.category);
    const CategoryLook& look = currentTheme().category(category);
    const bool begins = type != nullptr && type->maxInputs == 0;
    m_header->setLeading(begins ? icon(QStringLiteral("input"), look.color) : categoryIcon(category), look.tint);
    m_header->setTitle(QString::fromStdString(node->type));
    m_header->setDetail(m_nodes.size() == 1 ? QString::fromStdString(node->name) : layersText(static_cast<std::int64_t>(m_nodes.size())));
    m_nodePage->refresh();
}

void Inspector::refreshHelp() {
    const Node* node = m_nodes.empty() ? nullptr : m_document.graph().find(m_nodes.front());
    const std::string type = node == nullptr ? std::string() : node->type;
    if (type == m_helpFor) return;
    m_helpFor = type;
    const LayerType* layer = findLayerType(type);
    m_help->setHtml(layer == nullptr ? QString() : layerHelp(*layer));
}

QWidget* Inspector::header() const {
    return m_header;
}

void Inspector::setDensity(Density density) {
    m_nodePage->setDensity(density);
}

void Inspector::setLayerSeconds(const std::map<NodeId, double>& seconds) {
    m_nodePage->setLayerSeconds(seconds);
}

void Inspector::setTraining(bool running) {
    m_nodePage->setTraining(running);
}

void Inspector::focusFirstField() {
    if (m_pages->currentIndex() == 0) {
        m_projectPage->focusFirst();
        return;
    }
    m_tabs->setCurrentIndex(0);
    m_nodePage->focusFirst();
}

void Inspector::focusField(const QString& key) {
    m_tabs->setCurrentIndex(0);
    m_nodePage->focusField(key);
}

void Inspector::showHelp() {
    m_tabs->setCurrentIndex(m_tabs->count() - 1);
}

} // namespace strata::ui
