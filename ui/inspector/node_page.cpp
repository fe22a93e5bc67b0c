// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/node_page.h"

#include "engine/graph/names.h"
#include "ui/document/number_text.h"
#include "ui/document/words.h"
#include "ui/forms/schema_form.h"
#include "ui/look/undo_keys.h"
#include "ui/look/widgets.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QStyle>
#include <QVBoxLayout>

namespace strata::ui {
namespace {

enum Cost { Output, Parameters, Macs, Receptive, Memory, Time };

QString firstSentences(const QString& text, int count) {
    qsizetype end = 0;
    for (int i = 0; i < count; ++i) {
        const qsizetype next = text.indexOf(QStringLiteral(". "), end);
        if (next < 0) return text;
        end = next + 1;
    }
    return text.left(end);
}

} // namespace

NodePage::NodePage(GraphDocument& document, QWidget* parent) : QWidget(parent), m_document(document) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 12, 12, 12);
    column->setSpacing(4);
    m_notice = new Notice(Notice::Kind::Hint, tr("Edits take effect at the next run, or with \"Apply to run\"."));
    m_notice->hide();
    column->addWidget(m_notice);

    m_nameRow = new QWidget;
    auto* nameRow = new QHBoxLayout(m_nameRow);
    nameRow->setContentsMargins(0, 0, 0, 0);
    nameRow->setSpacing(4);
    auto* nameLabel = new QLabel(tr("Name"));
    nameLabel->setFixedWidth(122);
    m_name = new QLineEdit;
    m_name->setObjectName(QStringLiteral("nodeName"));
    m_name->setAccessibleName(tr("Name of the layer"));
    m_name->setToolTip(tr("The layer's name, unique in this network"));
    nameLabel->setBuddy(m_name);
    nameRow->addWidget(nameLabel);
    nameRow->addWidget(m_name, 1);
    column->addWidget(m_nameRow);
    connect(m_name, &QLineEdit::editingFinished, this, &NodePage::rename);
    leaveUndoToWindow(m_name);

    m_formPlace = new QVBoxLayout;
    column->addLayout(m_formPlace);
    m_noParams = secondaryLabel(tr("This layer has no parameters."));
    m_noParams->setObjectName(QStringLiteral("noParameters"));
    m_noParams->setWordWrap(true);
    column->addWidget(m_noParams);

    auto* helpFrame = new QFrame;
    helpFrame->setProperty("frame", "help");
    auto* help = new QVBoxLayout(helpFrame);
    help->setContentsMargins(2, 0, 0, 0);
    help->setSpacing(1);
    m_helpTitle = label({}, TextRole::Small, QFont::DemiBold);
    m_helpText = secondaryLabel({});
    m_helpText->setWordWrap(true);
    help->addWidget(m_helpTitle);
    help->addWidget(m_helpText);
    m_helpFrame = helpFrame;
    column->addSpacing(6);
    column->addWidget(m_helpFrame);
    column->addSpacing(6);

    m_costsHead = new QWidget;
    auto* costsHead = new QVBoxLayout(m_costsHead);
    costsHead->setContentsMargins(0, 0, 0, 0);
    costsHead->addWidget(horizontalLine());
    m_costsTitle = label(tr("What it costs"), TextRole::Small, QFont::DemiBold);
    costsHead->addWidget(m_costsTitle);
    column->addWidget(m_costsHead);
    m_costs = new FigureList;
    m_costs->addRow(tr("Output"));
    m_costs->addRow(tr("Parameters"));
    m_costs->addRow(tr("MACs per image"));
    m_costs->addRow(tr("Receptive field"));
    m_costs->addRow(tr("Memory"));
    m_costs->addRow(tr("Time in training, an image"));
    column->addWidget(m_costs);
    column->addStretch(1);
}

void NodePage::setNodes(const std::vector<NodeId>& nodes) {
    m_nodes = nodes;
    const Node* node = nodes.empty() ? nullptr : m_document.graph().find(nodes.front());
    if (node == nullptr) return;
    if (node->type != m_type || m_form == nullptr) {
        m_type = node->type;
        showForm();
    }
    refresh();
    const LayerType* type = findLayerType(m_type);
    if (type != nullptr && !type->schema.params.empty()) showParamHelp(QString::fromStdString(type->schema.params.front().key));
    else showParamHelp({});
}

void NodePage::showForm() {
    delete m_form;
    m_form = nullptr;
    const LayerType* type = findLayerType(m_type);
    m_noParams->setVisible(type != nullptr && type->schema.params.empty());
    if (type == nullptr) return;
    m_form = new SchemaForm(type->schema, this);
    m_form->setDensity(m_density);
    m_formPlace->addWidget(m_form);
    connect(m_form, &SchemaForm::edited, this, &NodePage::edited);
    connect(m_form, &SchemaForm::settled, this, [this] { m_document.closeSeries(); });
    connect(m_form, &SchemaForm::focused, this, &NodePage::showParamHelp);
}

void NodePage::refresh() {
    const Node* node = m_nodes.empty() ? nullptr : m_document.graph().find(m_nodes.front());
    if (node == nullptr) return;
    m_nameRow->setVisible(m_nodes.size() == 1 && m_density == Density::Regular);
    const QSignalBlocker blocker(m_name);
    m_name->setText(QString::fromStdString(node->name));
    m_name->setProperty("invalid", false);
    m_name->setToolTip(tr("The layer's name, unique in this network"));
    std::vector<ParamMap> cards;
    for (const NodeId id : m_nodes) {
        if (const Node* card = m_document.graph().find(id)) cards.push_back(card->params);
    }
    if (m_form != nullptr) m_form->setCards(std::move(cards));
    refreshCosts();
}

void NodePage::refreshCosts() {
    std::int64_t parameters = 0, macs = 0, memory = 0;
    double seconds = 0;
    bool known = true;
    for (const NodeId id : m_nodes) {
        const NodeReport* report = m_document.report().find(id);
        known = known && report != nullptr && report->state == NodeState::Ready;
        if (!known) break;
        parameters += report->parameters;
        macs += report->plan.macs;
        memory += report->memoryPerSample;
        if (const auto time = m_seconds.find(id); time != m_seconds.end()) seconds += time->second;
    }
    m_costs->setVisible(known && m_density == Density::Regular);
    m_costsHead->setVisible(known && m_density == Density::Regular);
    if (!known) return;
    const NodeReport& first = *m_document.report().find(m_nodes.front());
    const bool one = m_nodes.size() == 1;
    m_costsTitle->setText(one ? tr("What it costs") : tr("What the %1 cost together").arg(m_nodes.size()));
    for (const int row : {Output, Receptive}) m_costs->setRowVisible(row, one);
    m_costs->setValue(Output, shapeText(first.plan.output));
    m_costs->setValue(Parameters, countText(parameters));
    m_costs->setValue(Macs, countText(macs));
    m_costs->setValue(Receptive, receptiveText(first.receptive));
    const std::int64_t batch = m_document.state().training.batchSize;
    m_costs->setName(Memory, tr("Memory, batch of %1").arg(batch));
    m_costs->setValue(Memory, bytesText(memory * batch));
    m_costs->setRowVisible(Time, seconds > 0);
    m_costs->setValue(Time, tr("about %1").arg(secondsText(seconds)));
}

void NodePage::showParamHelp(const QString& key) {
    const LayerType* type = findLayerType(m_type);
    const Param* param = type == nullptr ? nullptr : type->schema.find(key.toStdString());
    m_helpFrame->setVisible(param != nullptr);
    if (param == nullptr) return;
    m_helpTitle->setText(translated(param->label));
    const QString doc = translated(param->doc);
    m_helpText->setText(m_density == Density::Compact ? firstSentences(doc, 2) : doc);
}

void NodePage::edited(const QString& key, const ParamValue& value) {
    const LayerType* type = findLayerType(m_type);
    if (type == nullptr) return;
    const Param* param = type->schema.find(key.toStdString());
    const QString what = param == nullptr ? key : translated(param->label).toLower();
    const bool isDefault = param != nullptr && value == param->defaultValue;
    const std::vector<NodeId> nodes = m_nodes;
    m_document.edit(
        tr("Set %1").arg(what),
        [&](DocumentState& state) {
            for (const NodeId id : nodes) {
                const Node* old = state.graph.find(id);
                if (old == nullptr) continue;
                Node node = *old;
                if (isDefault) node.params.erase(key.toStdString());
                else node.params[key.toStdString()] = value;
                state.graph.replace(std::move(node));
            }
        },
        QStringLiteral("param:%1:%2").arg(nodes.front()).arg(key));
}

void NodePage::rename() {
    const Node* node = m_nodes.size() == 1 ? m_document.graph().find(m_nodes.front()) : nullptr;
    if (node == nullptr) return;
    const std::string name = m_name->text().trimmed().toStdString();
    if (name == node->name) return;
    const Result<> allowed = checkName(m_document.graph(), node->id, name);
    const QString why = allowed ? QString() : QString::fromStdString(allowed.error().message);
    m_name->setProperty("invalid", !why.isEmpty());
    m_name->setToolTip(why.isEmpty() ? tr("The layer's name, unique in this network") : why);
    m_name->style()->unpolish(m_name);
    m_name->style()->polish(m_name);
    if (!why.isEmpty()) return;
    m_document.edit(tr("Rename to %1").arg(m_name->text().trimmed()), [&](DocumentState& state) {
        Node renamed = *state.graph.find(m_nodes.front());
        renamed.name = name;
        state.graph.replace(std::move(renamed));
    });
}

void NodePage::setDensity(Density density) {
    m_density = density;
    if (m_form != nullptr) m_form->setDensity(density);
    refresh();
}

void NodePage::setTraining(bool running) {
    m_notice->setVisible(running);
}

void NodePage::setLayerSeconds(const std::map<NodeId, double>& seconds) {
    if (m_seconds == seconds) return;
    m_seconds = seconds;
    if (!m_nodes.empty() && m_document.graph().find(m_nodes.front()) != nullptr) refreshCosts();
}

void NodePage::focusFirst() {
    if (m_form != nullptr && !m_form->schema().params.empty()) m_form->focusFirst();
    else m_name->setFocus(Qt::TabFocusReason);
}

void NodePage::focusField(const QString& key) {
    if (m_form != nullptr) m_form->focusOn(key);
}

} // namespace strata::ui
