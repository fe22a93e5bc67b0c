// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/why_card.h"

#include "ui/document/number_text.h"
#include "ui/inspector/formula_view.h"
#include "ui/inspector/window_drawing.h"
#include "ui/look/metrics.h"
#include "ui/look/popover_room.h"
#include "ui/look/text_scale.h"
#include "ui/look/widgets.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace strata::ui {
namespace {

constexpr int kMargin = 20, kColumnGap = 36, kWordsWidth = 430, kEdge = 8, kBelowCard = 12;
constexpr int kSideBySide = 740;
constexpr int kLeastWidth = 380, kLeastHeight = 240; ///< a smaller canvas is left for its neighbours
constexpr int kLowHost = 520; ///< below it every line counts

QString text(const std::string& s) {
    return QString::fromStdString(s);
}

QLabel* sentence(const QString& words) {
    auto* made = secondaryLabel(unbroken(words), TextRole::Body);
    made->setWordWrap(true);
    made->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return made;
}

} // namespace

WhyCard::WhyCard(GraphDocument& document, QWidget* host) : QFrame(host), m_document(document), m_host(host) {
    setObjectName(QStringLiteral("whyCard"));
    setAccessibleName(tr("Why this shape?"));
    setAccessibleDescription(tr("How this card's shape and costs follow from its numbers; Escape closes it"));
    setFocusPolicy(Qt::StrongFocus);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kMargin, 12, 12, 12);
    auto* head = new QHBoxLayout;
    m_title = label({}, TextRole::DialogTitle, QFont::DemiBold);
    head->addWidget(m_title, 1);
    m_pin = iconButton(QStringLiteral("pin"), tr("Keep open"));
    m_pin->setObjectName(QStringLiteral("keepOpen"));
    m_pin->setCheckable(true);
    head->addWidget(m_pin);
    auto* close = iconButton(QStringLiteral("close"), tr("Close"));
    close->setObjectName(QStringLiteral("closeWhy"));
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    head->addWidget(close);
    column->addLayout(head);
    m_area = new QScrollArea;
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->setWidgetResizable(true);
    m_area->setFocusPolicy(Qt::NoFocus);
    m_area->viewport()->setAutoFillBackground(false);
    column->addWidget(m_area);
    hide();
    host->installEventFilter(this);
    qApp->installEventFilter(this);
    connect(&document, &GraphDocument::analysed, this, [this] {
        if (isVisible()) refresh();
    });
    connect(&document, &GraphDocument::replaced, this, &QWidget::hide);
}

/// The drawing above the words, where the canvas is too narrow for both side by side.
bool WhyCard::stacked() const {
    return room().width() < wordLength(kSideBySide);
}

QRect WhyCard::room() const {
    return popoverRoom(*m_host, {wordLength(kLeastWidth), wordLength(kLeastHeight)});
}

bool WhyCard::isPinned() const {
    return m_pin->isChecked();
}

void WhyCard::open(NodeId node, const QRect& card) {
    m_node = node;
    m_card = card;
    liftToWindow(*this, *m_host);
    refresh();
    if (m_node == 0) return;
    show();
    raise();
    setFocus(Qt::PopupFocusReason);
}

void WhyCard::refresh() {
    const NodeReport* report = m_document.report().find(m_node);
    const bool can = m_document.graph().find(m_node) != nullptr && report != nullptr && report->state == NodeState::Ready &&
                     report->plan.output.isKnown() && std::ranges::all_of(report->inputShapes, [](const strata::Shape& s) { return s.isKnown(); });
    if (!can) {
        m_node = 0;
        hide();
        return;
    }
    fill(explain(m_document.graph(), m_document.report(), m_node), *report);
    place();
}

void WhyCard::fill(const Explanation& why, const NodeReport& report) {
    m_title->setText(tr("Why %1?").arg(shapeText(why.output)));
    auto* content = new QWidget;
    auto* all = new QVBoxLayout(content);
    all->setContentsMargins(0, 0, 8, 8);
    all->setSpacing(16);
    auto* columns = new QBoxLayout(stacked() ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    columns->setSpacing(kColumnGap);
    if (!why.windows.empty()) columns->addWidget(drawingColumn(why), 0, Qt::AlignTop);
    columns->addWidget(wordsColumn(why, report), 1, Qt::AlignTop);
    all->addLayout(columns);
    if (!why.lost.empty()) {
        auto* notice = new Notice(Notice::Kind::Warning, text(why.lost));
        if (why.keepAll) {
            QPushButton* button = notice->addButton(text(why.keepAll->label), QStringLiteral("repair"));
            button->setObjectName(QStringLiteral("keepAll"));
            connect(button, &QPushButton::clicked, this, [this, repair = *why.keepAll] { m_document.applyRepair(repair); });
        }
        all->addWidget(notice);
    }
    all->addStretch(1);
    QWidget* old = m_area->takeWidget();
    m_area->setWidget(content);
    content->setAutoFillBackground(false); // setWidget turned it on
    if (old != nullptr) old->deleteLater(); // one of its buttons may be what brought us here
}

QWidget* WhyCard::drawingColumn(const Explanation& why) const {
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    const AxisPicture& last = why.windows.back();
    const bool plane = why.windows.size() == 2;
    QString input = plane ? tr("input %1 × %2").arg(why.windows[0].input).arg(last.input) : tr("input of %1 steps").arg(last.input);
    const auto padded = [](const AxisPicture& a) { return a.before + a.after > 0; };
    if (std::ranges::any_of(why.windows, padded)) input += tr(", with zeros around it");
    column->addWidget(secondaryLabel(input));
    column->addWidget(new WindowDrawing(why.windows));
    QStringList size, stride, each;
    std::int64_t places = 1;
    for (const AxisPicture& axis : why.windows) {
        size << countText(axis.window);
        stride << countText(axis.stride);
        each << countText(axis.places);
        places *= axis.places;
    }
    stride.removeDuplicates();
    const QString times = QStringLiteral(" × "), window = size.join(times);
    const QString sum = plane && places > 1 ? each.join(times) + QStringLiteral(" = ") + countText(places) : countText(places);
    column->addWidget(secondaryLabel(tr("The %1 window has %2 places", nullptr, pluralOf(places)).arg(window, sum)));
    if (places > 1) column->addWidget(secondaryLabel(tr("and moves by %1 from one to the next").arg(stride.join(times))));
    return box;
}

void WhyCard::addFormula(QVBoxLayout* column, const Formula& formula) const {
    auto* section = new QVBoxLayout;
    section->setSpacing(4);
    section->addWidget(label(text(formula.heading), TextRole::Body, QFont::DemiBold));
    if (!formula.plain) section->addWidget(new FormulaView(formula.terms()));
    if (!formula.sentence.empty()) section->addWidget(sentence(text(formula.sentence)));
    column->addLayout(section);
}

QWidget* WhyCard::wordsColumn(const Explanation& why, const NodeReport& report) {
    auto* box = new QWidget;
    box->setMinimumWidth(wordLength(kWordsWidth - 110));
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(room().height() < wordLength(kLowHost) ? 8 : 14);
    for (const ShapeFormula& shape : why.shape) addFormula(column, shape.formula);
    addFormula(column, why.parameters);
    addFormula(column, why.work);
    const std::int64_t batch = m_document.state().training.batchSize;
    const std::int64_t perImage = report.memoryPerSample / report.copies;
    QString memory = tr("%1 for one image in training, %2 for a batch of %3").arg(bytesText(perImage), bytesText(perImage * batch)).arg(batch);
    if (report.parameters > 0) memory += tr("; its weights take %1").arg(bytesText(4 * report.parameters / report.copies));
    addFormula(column, {.heading = tr("Memory").toStdString(), .sentence = (memory + QLatin1Char('.')).toStdString(), .plain = true});
    if (report.copies > 1) {
        addFormula(column, {.heading = tr("Copies").toStdString(),
                            .sentence = tr("This is one of %1 copies: %2 parameters and %3 multiply-adds in all.")
                                            .arg(countText(report.copies), countText(report.parameters), countText(report.plan.macs))
                                            .toStdString(),
                            .plain = true});
    }
    addFormula(column, {.heading = tr("Receptive field").toStdString(), .sentence = why.receptive, .plain = true});
    return box;
}

void WhyCard::place() {
    QWidget* content = m_area->widget();
    const QRect space = room().adjusted(kEdge, kEdge, -kEdge, -kEdge);
    const QRect card = m_card.translated(m_host->mapTo(m_host->window(), QPoint()));
    const bool drawing = content->findChild<WindowDrawing*>() != nullptr;
    const int wanted = kMargin + 12 + 8 + wordLength(kWordsWidth) + (drawing && !stacked() ? content->findChild<WindowDrawing*>()->sizeHint().width() + kColumnGap : 0);
    const int width = std::min(wanted, space.width());
    const int inner = width - kMargin - 12;
    const int needed = content->layout()->hasHeightForWidth() ? content->layout()->totalHeightForWidth(inner) : content->sizeHint().height();
    const int head = layout()->contentsMargins().top() + layout()->contentsMargins().bottom() + m_pin->sizeHint().height() + layout()->spacing();
    const int below = space.bottom() + 1 - (card.bottom() + kBelowCard);
    const int height = std::min(needed + head + 4, space.height());
    // Below the card where there is room, else as low as the window lets it.
    const int top = below >= height ? card.bottom() + kBelowCard : std::max(space.top(), space.bottom() + 1 - height);
    // Beside the card, where not below it: what is asked about stays in sight as far as it goes.
    const int wantedLeft = below >= height ? card.left() : card.right() + kBelowCard;
    const int left = std::clamp(wantedLeft, space.left(), std::max(space.left(), space.right() + 1 - width));
    setGeometry(left, top, width, height);
}

bool WhyCard::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_host && event->type() == QEvent::Resize && isVisible()) place();
    if (watched == m_host && event->type() == QEvent::KeyPress && isVisible() && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        hide();
        return true;
    }
    if (isVisible() && !isPinned() && (event->type() == QEvent::MouseButtonPress || event->type() == QEvent::Wheel)) {
        auto* pressed = qobject_cast<QWidget*>(watched);
        if (pressed != nullptr && pressed->window() == window() && pressed != this && !isAncestorOf(pressed) && m_host->isAncestorOf(pressed)) hide();
    }
    return QFrame::eventFilter(watched, event);
}

void WhyCard::keyPressEvent(QKeyEvent* event) {
    if (event->key() != Qt::Key_Escape) return QFrame::keyPressEvent(event);
    hide();
    m_host->setFocus();
}

void WhyCard::paintEvent(QPaintEvent*) {
    const Theme& theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.line.lineStrong, 1));
    painter.setBrush(theme.surface.panel);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), Metrics::regular().radius.card, Metrics::regular().radius.card);
}

} // namespace strata::ui
