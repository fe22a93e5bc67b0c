// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/document/graph_document.h"
#include "ui/look/metrics.h"

#include <QWidget>

#include <map>
#include <vector>

class QStackedWidget;
class QTextBrowser;

namespace strata::ui {

class NodePage;
class ProjectPage;
class SectionHeader;
class TabStrip;

/// The properties of what is selected: of one card, of several of one type together, of the project when nothing is.
/// Refreshes itself when its cards are among what an edit changed.
class Inspector : public QWidget {
    Q_OBJECT
public:
    explicit Inspector(GraphDocument& document, QWidget* parent = nullptr);

    void setSelection(const std::vector<NodeId>& nodes);
    /// The same again, with the words and colours that are now.
    void showAgain() { setSelection(std::vector<NodeId>(m_nodes)); }
    /// The selected card, or 0.
    NodeId node() const { return m_nodes.size() == 1 ? m_nodes.front() : 0; }
    /// A further tab of the selected card, before Help ("Weights", "Maps"); its owner listens to nodeShown. The panel
    /// becomes this widget's child.
    void addTab(QWidget* panel, const QString& title);
    void showTab(const QWidget* panel);
    ProjectPage& projectPage() const { return *m_projectPage; }
    /// The card's icon, type and name; a dock may take it as its title bar.
    QWidget* header() const;
    void setDensity(Density density);
    /// While a training runs, edits are for the next run: that is said.
    void setTraining(bool running);
    /// What layers take in training, seconds for one image, as far as it was measured.
    void setLayerSeconds(const std::map<NodeId, double>& seconds);
    void focusFirstField();
    /// The field of one parameter of the shown card, unfolded if need be.
    void focusField(const QString& key);
    void showHelp();

Q_SIGNALS:
    /// Another card is shown; 0: none.
    void nodeShown(strata::NodeId node);

private:
    void onChanged(const GraphDiff& diff);
    void refresh();
    void refreshHelp();

    GraphDocument& m_document;
    std::vector<NodeId> m_nodes;
    SectionHeader* m_header;
    TabStrip* m_tabs;
    QStackedWidget* m_pages;
    QStackedWidget* m_cards; ///< below the tabs, in their order
    NodePage* m_nodePage;
    ProjectPage* m_projectPage;
    QTextBrowser* m_help;
    std::string m_helpFor;
};

} // namespace strata::ui
