// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/document/graph_document.h"
#include "ui/look/metrics.h"

#include <QWidget>

#include <map>
#include <vector>

class QLabel;
class QLineEdit;
class QVBoxLayout;

namespace strata::ui {

class FigureList;
class Notice;
class SchemaForm;

/// Name, form, help of the focused field and costs of a card; of several cards of one type together.
class NodePage : public QWidget {
    Q_OBJECT
public:
    explicit NodePage(GraphDocument& document, QWidget* parent = nullptr);

    /// requires: all of one type, all there
    void setNodes(const std::vector<NodeId>& nodes);
    void refresh();
    void setDensity(Density density);
    void setTraining(bool running);
    /// What layers take in training, seconds for one image, as far as it was measured.
    void setLayerSeconds(const std::map<NodeId, double>& seconds);
    void focusFirst();
    void focusField(const QString& key);
    SchemaForm* form() const { return m_form; }

private:
    void showForm();
    void showParamHelp(const QString& key);
    void rename();
    void edited(const QString& key, const ParamValue& value);
    void refreshCosts();

    GraphDocument& m_document;
    std::vector<NodeId> m_nodes;
    std::string m_type;
    Notice* m_notice;
    QWidget* m_nameRow;
    QLineEdit* m_name;
    QVBoxLayout* m_formPlace;
    SchemaForm* m_form = nullptr;
    QWidget* m_helpFrame;
    QLabel *m_helpTitle, *m_helpText, *m_noParams;
    QWidget* m_costsHead;
    QLabel* m_costsTitle;
    FigureList* m_costs;
    std::map<NodeId, double> m_seconds;
    Density m_density = Density::Regular;
};

} // namespace strata::ui
