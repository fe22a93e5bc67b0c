// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/document/graph_document.h"

#include <QAction>
#include <QIcon>
#include <QPointer>
#include <QString>

#include <vector>

namespace strata::ui {

class Commands;

/// Something the search can go to: a card, one of its parameters, a problem, a command.
struct Finding {
    enum class Kind { Node, Parameter, Problem, Command } kind = Kind::Node;
    QString title, detail; ///< detail: in which card, of which menu
    QString right;         ///< value, shape or keys, in the column at the right
    QString tip;           ///< more words, of a command
    QString words;         ///< it is found by these, too; they are not shown
    QIcon icon;
    bool enabled = true;
    NodeId node = 0;          ///< 0: of the whole network
    QString key;              ///< of a parameter
    QPointer<QAction> action; ///< of a command
};

std::vector<Finding> findNodes(const GraphDocument& document);
std::vector<Finding> findParameters(const GraphDocument& document);
std::vector<Finding> findProblems(const GraphDocument& document);
std::vector<Finding> findCommands(const Commands& commands);

/// Those that match, the best first; equal ones in their order. Without a query parameters stay out: there are
/// too many of them to be of use.
std::vector<Finding> rank(const std::vector<Finding>& all, const QString& query, std::size_t most = 200);

} // namespace strata::ui
