// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/why_content.h"

#include "ui/document/number_text.h"
#include "ui/inspector/formula_view.h"
#include "ui/inspector/window_drawing.h"
#include "ui/look/text_scale.h"
#include "ui/look/widgets.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace strata::ui {
namespace {

constexpr int kColumnGap = 36, kWordsWidth = 430, kLeastWords = 330, kHeadingWidth = 118;
constexpr double kWideDrawing = 308, kTallDrawing = 148;

QString text(const std::string& s) {
    return QString::fromStdString(s);
}

QLabel* sentence(const QString& words) {
    auto* made = secondaryLabel(unbroken(words), TextRole::Body);
    made->setWordWrap(true);
    made->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return made;
}

QLabel* heading(const std::string& words) {
    return label(text(words), TextRole::Body, QFont::DemiBold);
}

/// What is said about the drawing, line by line.
QStringList captions(const Explanation& why) {
    const AxisPicture& last = why.windows.back();
    const bool plane = why.windows.size() == 2;
    QString input = plane ? WhyContent::tr("input %1 × %2").arg(why.windows[0].input).arg(last.input) : WhyContent::tr("input of %1 steps").arg(last.input);
    const auto padded = [](const AxisPicture& a) { return a.before + a.after > 0; };
    if (std::ranges::any_of(why.windows, padded)) input += WhyContent::tr(", with zeros around it");
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
    QStringList lines{input};
    const QString sum = plane && places > 1 ? each.join(times) + QStringLiteral(" = ") + countText(places) : countText(places);
    lines << WhyContent::tr("The %1 window has %2 places", nullptr, pluralOf(places)).arg(window, sum);
    if (places > 1) lines << WhyContent::tr("and moves by %1 from one to the next").arg(stride.join(times));
    return lines;
}

/// The caption above the drawing and the rest below it; tall: all of them at its right.
QWidget* drawingPart(const Explanation& why, WhyContent::Shape shape) {
    const bool tall = shape == WhyContent::Shape::Tall;
    auto* box = new QWidget;
    auto* drawing = new WindowDrawing(why.windows, tall ? kTallDrawing : kWideDrawing);
    QStringList lines = captions(why);
    if (!tall) {
        auto* column = new QVBoxLayout(box);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(6);
        column->addWidget(secondaryLabel(lines.takeFirst()));
        column->addWidget(drawing);
        for (const QString& line : lines) column->addWidget(secondaryLabel(line));
        return box;
    }
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(16);
    row->addWidget(drawing, 0, Qt::AlignTop);
    auto* beside = new QVBoxLayout;
    beside->setSpacing(6);
    for (const QString& line : lines) {
        auto* caption = secondaryLabel(unbroken(line));
        caption->setWordWrap(true);
        beside->addWidget(caption);
    }
    beside->addStretch(1);
    row->addLayout(beside, 1);
    return box;
}

/// Formulas below their headings, with a sentence about them; where the place is tall, headings and sentences stand side by
/// side.
void addFormula(QVBoxLayout& column, const Formula& formula, WhyContent::Shape shape) {
    auto* section = new QVBoxLayout;
    section->setSpacing(4);
    const bool beside = shape == WhyContent::Shape::Tall && !formula.sentence.empty();
    if (beside) {
        auto* line = new QHBoxLayout;
        line->setSpacing(12);
        QLabel* head = heading(formula.heading);
        head->setMinimumWidth(wordLength(kHeadingWidth));
        line->addWidget(head, 0, Qt::AlignTop);
        line->addWidget(sentence(text(formula.sentence)), 1);
        section->addLayout(line);
    } else {
        section->addWidget(heading(formula.heading));
    }
    if (!formula.plain) section->addWidget(new FormulaView(formula.terms()));
    if (!beside && !formula.sentence.empty()) section->addWidget(sentence(text(formula.sentence)));
    column.addLayout(section);
}

Formula plain(const QString& heading, const QString& words) {
    return {.heading = heading.toStdString(), .sentence = words.toStdString(), .plain = true};
}

QWidget* wordsPart(const Explanation& why, const NodeReport& report, std::int64_t batch, WhyContent::Shape shape) {
    auto* box = new QWidget;
    box->setMinimumWidth(wordLength(kLeastWords));
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(shape == WhyContent::Shape::Tall ? 10 : 14);
    const auto add = [&](const Formula& formula) { addFormula(*column, formula, shape); };
    for (const ShapeFormula& part : why.shape) add(part.formula);
    add(why.parameters);
    add(why.work);
    const std::int64_t perImage = report.memoryPerSample / report.copies;
    QString memory = WhyContent::tr("%1 for one image in training, %2 for a batch of %3").arg(bytesText(perImage), bytesText(perImage * batch)).arg(batch);
    if (report.parameters > 0) memory += WhyContent::tr("; its weights take %1").arg(bytesText(4 * report.parameters / report.copies));
    add(plain(WhyContent::tr("Memory"), memory + QLatin1Char('.')));
    if (report.copies > 1) {
        add(plain(WhyContent::tr("Copies"),
                        WhyContent::tr("This is one of %1 copies: %2 parameters and %3 multiply-adds in all.")
                            .arg(countText(report.copies), countText(report.parameters), countText(report.plan.macs))));
    }
    add(plain(WhyContent::tr("Receptive field"), text(why.receptive)));
    return box;
}

} // namespace

WhyContent::WhyContent(const Explanation& why, const NodeReport& report, std::int64_t batchSize, Shape shape) {
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 8, 8);
    all->setSpacing(shape == Shape::Tall ? 12 : 16);
    auto* columns = new QBoxLayout(shape == Shape::Tall ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    columns->setSpacing(shape == Shape::Tall ? 12 : kColumnGap);
    int beside = 0;
    if (!why.windows.empty()) {
        QWidget* drawing = drawingPart(why, shape);
        columns->addWidget(drawing, 0, Qt::AlignTop);
        if (shape == Shape::Wide) beside = drawing->sizeHint().width() + kColumnGap;
        else columns->setAlignment(drawing, Qt::Alignment());
    }
    columns->addWidget(wordsPart(why, report, batchSize, shape), 1, Qt::AlignTop);
    all->addLayout(columns);
    if (!why.lost.empty()) {
        auto* notice = new Notice(Notice::Kind::Warning, text(why.lost));
        if (why.keepAll) {
            QPushButton* button = notice->addButton(text(why.keepAll->label), QStringLiteral("repair"));
            button->setObjectName(QStringLiteral("keepAll"));
            button->setToolTip(text(why.keepAll->consequence));
            button->setAccessibleDescription(text(why.keepAll->consequence));
            button->installEventFilter(this);
            connect(button, &QPushButton::clicked, this, &WhyContent::mendClicked);
        }
        all->addWidget(notice);
    }
    all->addStretch(1);
    m_wantedWidth = 8 + beside + wordLength(kWordsWidth);
    m_leastWidth = 8 + beside + wordLength(shape == Shape::Tall ? kLeastWords : kWordsWidth - 40);
}

bool WhyContent::eventFilter(QObject* watched, QEvent* event) {
    const QEvent::Type type = event->type();
    if (type == QEvent::Enter || type == QEvent::FocusIn) Q_EMIT mendPointedAt(true);
    if (type == QEvent::Leave || type == QEvent::FocusOut) Q_EMIT mendPointedAt(false);
    return QWidget::eventFilter(watched, event);
}

int WhyContent::heightAt(int width) const {
    return layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(width) : layout()->totalSizeHint().height();
}

} // namespace strata::ui
