// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/empty_hint.h"

#include "engine/layers/layer.h"
#include "ui/editor/editor_actions.h"
#include "ui/editor/editor_view.h"
#include "ui/look/widgets.h"

#include <QPainter>
#include <QPushButton>

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
    m_templates->setToolTip(tr("Networks that are ready to train: the start page shows them"));
    connect(m_templates, &QPushButton::clicked, &view, &EditorView::templatesRequested);
    connect(&view.editor(), &EditorScene::contentChanged, this, &EmptyHint::refresh);
    refresh();
}

void EmptyHint::refresh() {
    const auto& nodes = m_view.editor().document().graph().nodes();
    const bool shown = std::ranges::all_of(nodes, [](const auto& node) { return begins(*node); });
    setVisible(shown);
    m_templates->setVisible(shown);
    if (!shown) return;
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
    const QSize room = m_view.viewport()->size();
    m_templates->adjustSize();
    move((room.width() - this->width()) / 2, (room.height() - height() - m_templates->height()) / 2);
    m_templates->move((room.width() - m_templates->width()) / 2, geometry().bottom() + 1);
    update();
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
