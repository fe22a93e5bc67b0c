// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/empty_hint.h"

#include "engine/layers/layer.h"
#include "ui/editor/editor_actions.h"
#include "ui/editor/editor_view.h"
#include "ui/look/widgets.h"

#include <QPainter>
#include <QPushButton>
#include <QScrollBar>

#include <algorithm>

namespace strata::ui {
namespace {

constexpr int kGap = 8, kSide = 16;

bool begins(const Node& node) {
    const LayerType* type = findLayerType(node.type);
    return type != nullptr && type->maxInputs == 0;
}

} // namespace

EmptyHint::EmptyHint(EditorView& view) : QWidget(&view), m_view(view) {
    setObjectName(QStringLiteral("emptyHint"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    m_templates = linkButton(tr("Begin with a template"), &view);
    m_templates->setObjectName(QStringLiteral("emptyHintTemplates"));
    m_templates->setToolTip(tr("Networks to begin with: the start page shows them"));
    connect(m_templates, &QPushButton::clicked, &view, &EditorView::templatesRequested);
    connect(&view.editor(), &EditorScene::contentChanged, this, &EmptyHint::refresh);
    connect(&view, &EditorView::zoomChanged, this, &EmptyHint::place);
    for (const QScrollBar* bar : {view.horizontalScrollBar(), view.verticalScrollBar()}) connect(bar, &QScrollBar::valueChanged, this, &EmptyHint::place);
    refresh();
}

void EmptyHint::refresh() {
    const auto& nodes = m_view.editor().document().graph().nodes();
    m_wanted = std::ranges::all_of(nodes, [](const auto& node) { return begins(*node); });
    if (!m_wanted) {
        place();
        return;
    }
    const QString key = m_view.actions().addLayer->shortcut().toString(QKeySequence::NativeText);
    m_lines = {nodes.empty() ? tr("An empty canvas") : tr("The data come in. What is next?"),
               key.isEmpty() ? tr("A double click here searches all layers.") : tr("%1 or a double click here searches all layers.").arg(key),
               tr("Or drag one from the list of layers.")};
    setAccessibleName(m_lines.join(QLatin1Char(' ')));
    const Theme& theme = m_view.editor().look().theme;
    const QFontMetrics title(theme.font(TextRole::Body, QFont::DemiBold)), words(theme.font(TextRole::Body));
    int width = title.horizontalAdvance(m_lines[0]);
    for (const QString& line : m_lines) width = std::max(width, words.horizontalAdvance(line));
    resize(width + 2 * kSide, title.height() + 2 * (words.height() + kGap) + kGap);
    m_templates->adjustSize();
    place();
    update();
}

void EmptyHint::place() {
    if (!m_wanted) {
        setVisible(false);
        m_templates->setVisible(false);
        return;
    }
    const QRect room = m_view.viewport()->rect();
    QRect all(0, 0, std::max(width(), m_templates->width()), height() + m_templates->height());
    QRect cards;
    for (const NodeId id : m_view.editor().cardIds()) {
        const CardItem* card = m_view.editor().shownCard(id);
        if (card != nullptr) cards |= m_view.mapFromScene(card->sceneBoundingRect()).boundingRect();
    }
    all.moveCenter(room.center());
    if (all.intersects(cards)) {
        const int below = cards.bottom() + kSide, right = cards.right() + kSide;
        if (below + all.height() <= room.bottom()) all.moveTop(below + (room.bottom() - below - all.height()) / 2);
        else all.moveLeft(right + std::max(0, (room.right() - right - all.width()) / 2));
    }
    const bool fits = room.contains(all) && !all.intersects(cards);
    setVisible(fits);
    m_templates->setVisible(fits);
    move(all.center().x() - width() / 2, all.top());
    m_templates->move(all.center().x() - m_templates->width() / 2, all.top() + height());
}

void EmptyHint::paintEvent(QPaintEvent*) {
    const Theme& theme = m_view.editor().look().theme;
    QPainter painter(this);
    painter.fillRect(rect(), theme.surface.canvas); // no dots behind words
    int top = 0;
    for (qsizetype i = 0; i < m_lines.size(); ++i) {
        const QFont font = theme.font(TextRole::Body, i == 0 ? QFont::DemiBold : QFont::Normal);
        painter.setFont(font);
        painter.setPen(i == 0 ? theme.text.primary : theme.text.secondary);
        const int height = QFontMetrics(font).height();
        painter.drawText(QRect(0, top, width(), height), Qt::AlignCenter, m_lines[i]);
        top += height + kGap;
    }
}

} // namespace strata::ui
