// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/totals_bar.h"

#include "ui/document/number_text.h"
#include "ui/document/working_part.h"
#include "ui/look/text_scale.h"
#include "ui/look/widgets.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>

#include <algorithm>
#include <set>

namespace strata::ui {
namespace {

constexpr int kGap = 18; ///< between two figures, with a line in it
constexpr int kWithin = 6; ///< between a name and its value
constexpr int kFileGap = 12;
constexpr int kMessageMs = 8000;
constexpr int kFileRoom = 220; ///< of a name; a longer one is elided

/// "1.7 M": where the exact number stands beside it.
QString shortCount(std::int64_t count) {
    static constexpr std::pair<double, const char*> kSteps[] = {{1e12, "T"}, {1e9, "G"}, {1e6, "M"}};
    for (const auto& [size, name] : kSteps) {
        const double value = static_cast<double>(count) / size;
        if (value >= 1) return QStringLiteral("%1 %2").arg(value, 0, 'f', value < 10 ? 1 : 0).arg(QLatin1String(name));
    }
    return countText(count);
}

} // namespace

TotalsBar::TotalsBar(GraphDocument& document, QWidget* parent)
    : QWidget(parent), m_document(document), m_row(new QHBoxLayout(this)), m_messageEnd(new QTimer(this)) {
    m_messageEnd->setObjectName(QStringLiteral("messageEnd"));
    m_messageEnd->setSingleShot(true);
    connect(m_messageEnd, &QTimer::timeout, this, [this] { setMessage({}); });
    m_row->setContentsMargins(10, 0, 12, 0);
    m_row->setSpacing(0);
    m_row->setSizeConstraint(QLayout::SetNoConstraint); // what there is no room for goes
    m_layers = add(tr("Layers"));
    m_part = add({});
    m_part.name->setObjectName(QStringLiteral("partOnly"));
    m_parameters = add(tr("Parameters"));
    m_macs = add(tr("MACs per image"));
    m_flops = add(tr("FLOPs"));
    m_memory = add(tr("Training"));
    m_inference = add(tr("Inference"));
    m_receptive = add(tr("Receptive field"));
    m_epoch = add(tr("An epoch"));
    m_epoch.wanted = false;
    m_row->addStretch(1);
    m_row->addSpacing(kFileGap);
    m_file = new ElidedLabel;
    m_file->setObjectName(QStringLiteral("fileOrMessage"));
    m_file->setTone(IconTone::Secondary);
    setTextRole(m_file, TextRole::Small);
    m_row->addWidget(m_file);
    connect(&document, &GraphDocument::analysed, this, &TotalsBar::refresh);
    connect(&document, &GraphDocument::titleChanged, this, &TotalsBar::refreshFile);
    refresh();
    refreshFile();
}

TotalsBar::Figure TotalsBar::add(const QString& name) {
    Figure figure{new QWidget, secondaryLabel(name), label({}, TextRole::Small, QFont::Medium)};
    auto* row = new QHBoxLayout(figure.box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kWithin);
    if (m_row->count() > 0) {
        figure.gap = new QWidget;
        figure.gap->setFixedSize(kGap, 12);
        auto* line = new QFrame(figure.gap);
        line->setFrameShape(QFrame::NoFrame);
        line->setGeometry(kGap / 2, 0, 1, 12);
        line->setProperty("frame", "divider");
        row->addWidget(figure.gap);
    }
    row->addWidget(figure.name);
    row->addWidget(figure.value);
    m_row->addWidget(figure.box);
    return figure;
}

std::array<TotalsBar::Figure*, 9> TotalsBar::figures() {
    return {&m_layers, &m_part, &m_parameters, &m_macs, &m_flops, &m_memory, &m_inference, &m_receptive, &m_epoch};
}

void TotalsBar::refresh() {
    const GraphTotals& totals = m_document.report().totals;
    const bool part = isOnlyPart(m_document.report());
    const int out = layersLeftOut(m_document.report());
    m_part.wanted = part || out > 0;
    m_part.name->setText(part ? tr("Of the part that works:") : tr("Without %n unconnected:", nullptr, out));
    m_part.tip = part ? tr("A card has a mistake or waits for one that has. The figures that follow are sums over the others.")
                      : tr("A card that nothing is connected to has no shape yet. The figures that follow are sums over the others.");
    const std::int64_t batch = m_document.state().training.batchSize;
    m_layers.value->setText(countText(totals.layers));
    const std::int64_t fixed = totals.parameters - totals.trainableParameters;
    m_parameters.value->setText(fixed == 0 ? countText(totals.parameters)
                                           : tr("%1 (%2 not trained)").arg(countText(totals.parameters), countText(fixed)));
    m_parameters.tip = (tr("%1 parameters are trained, %2 are not (frozen cards, measured means and variances).")
                                     .arg(countText(totals.trainableParameters), countText(fixed)));
    m_macs.value->setText(countText(totals.macs));
    m_macs.tip = (tr("Multiplications with a weight and additions, for one image that goes through the network."));
    m_flops.value->setText(shortCount(2 * totals.macs));
    m_flops.tip = (tr("%1 floating-point operations for one image: two for each MAC. A training step takes about three times as many.")
                                .arg(countText(2 * totals.macs)));
    describeMemory(totals, batch);
    m_receptive.value->setText(part ? QStringLiteral("–") : receptiveText(totals.receptive)); // its output is not there yet
    m_receptive.tip = (tr("How much of the input one value of the output sees."));
    fit();
}

void TotalsBar::describeMemory(const GraphTotals& totals, std::int64_t batch) {
    constexpr std::int64_t kFloat = 4;
    const std::int64_t weights = kFloat * totals.parameters;
    m_memory.name->setText(tr("Training, batch of %1").arg(batch));
    if (m_training == 0) {
        const QString roughly = tr("The layers added up: what a run takes is planned once the drawing has no mistakes.");
        m_memory.value->setText(tr("about %1").arg(bytesText(totals.trainingBytes)));
        m_memory.tip = (roughly);
        m_inference.value->setText(tr("about %1").arg(bytesText(totals.inferenceBytes)));
        m_inference.tip = (roughly);
        return;
    }
    m_memory.value->setText(bytesText(m_training));
    m_memory.tip = (tr("Memory of a run with a batch of %1, as it is planned: weights %2, their gradients and the optimizer's values %3; "
                                "activations, kept copies of the weights, images and room to work %4.")
                                 .arg(batch)
                                 .arg(bytesText(weights), bytesText(totals.learningBytes),
                                      bytesText(std::max<qint64>(0, m_training - weights - totals.learningBytes))));
    m_inference.value->setText(bytesText(m_predicting));
    m_inference.tip = (tr("Memory for predicting a batch of %1, as it is planned: weights %2, activations and room to work %3.")
                                    .arg(batch)
                                    .arg(bytesText(weights), bytesText(std::max<qint64>(0, m_predicting - weights))));
}

void TotalsBar::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fit();
}

void TotalsBar::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) QTimer::singleShot(0, this, &TotalsBar::fit);
}

/// Words have their size once they have been styled, which is after this.
void TotalsBar::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    QTimer::singleShot(0, this, &TotalsBar::fit);
}

bool TotalsBar::event(QEvent* event) {
    const bool done = QWidget::event(event);
    if (event->type() == QEvent::LayoutRequest) fit(); // a figure has other words
    return done;
}

void TotalsBar::fit() {
    // The file's name and the cost of training stay to the last, and that these are sums over a part as long as there are any.
    Figure* const leastFirst[] = {&m_flops, &m_inference, &m_layers, &m_receptive, &m_macs, &m_memory, &m_epoch, &m_parameters, &m_part};
    const int words = m_file->sizeHint().width();
    const QMargins margins = m_row->contentsMargins();
    const int room = std::max(0, width() - margins.left() - margins.right() - kFileGap);
    const int file = std::min({words, room, m_message ? words : wordLength(kFileRoom)});
    if (m_file->minimumWidth() != file) m_file->setMinimumWidth(file);
    std::set<const Figure*> shown;
    const auto needed = [&] {
        int all = 0;
        for (const Figure* figure : figures()) {
            if (!shown.contains(figure)) continue;
            if (all > 0) all += kGap + kWithin;
            all += figure->name->sizeHint().width();
            if (!figure->value->text().isEmpty()) all += kWithin + figure->value->sizeHint().width();
        }
        return all;
    };
    for (const Figure* figure : figures()) {
        if (figure->wanted) shown.insert(figure);
    }
    for (const Figure* figure : leastFirst) {
        if (needed() <= room - file) break;
        shown.erase(figure);
    }
    bool first = true; // nothing before it, no line
    for (const Figure* figure : figures()) {
        const bool on = shown.contains(figure);
        const auto show = [](QWidget& part, bool visible) {
            if (part.isHidden() == visible) part.setVisible(visible);
        };
        show(*figure->box, on);
        if (figure->gap != nullptr) show(*figure->gap, !first);
        show(*figure->value, !figure->value->text().isEmpty());
        first = first && !on;
    }
    tellTheRest();
}

void TotalsBar::tellTheRest() {
    QStringList all, rest;
    for (const Figure* figure : figures()) {
        if (!figure->wanted) continue;
        const QString line = QStringLiteral("%1 %2").arg(figure->name->text(), figure->value->text()).trimmed();
        all << line;
        if (figure->box->isHidden()) rest << line;
    }
    setToolTip(all.join(QLatin1Char('\n')));
    for (const Figure* figure : figures()) {
        QStringList tip;
        if (!figure->tip.isEmpty()) tip << figure->tip;
        if (!rest.isEmpty()) tip << tr("There is no room for:") << rest;
        figure->box->setToolTip(tip.join(QLatin1Char('\n')));
    }
}

void TotalsBar::refreshFile() {
    if (m_message) return; // it goes by itself
    write(m_document.isModified() ? tr("%1, not saved").arg(m_document.title())
          : m_document.path().isEmpty() ? m_document.title()
                                        : tr("%1, saved").arg(m_document.title()),
          false);
}

void TotalsBar::write(const QString& text, bool message) {
    m_message = message;
    m_file->setElideMode(message ? Qt::ElideRight : Qt::ElideMiddle);
    m_file->setText(text);
    fit();
}

QString TotalsBar::message() const {
    return m_file->text();
}

void TotalsBar::setEpochTime(const QString& text, const QString& how) {
    m_epoch.tip = how;
    m_epoch.wanted = !text.isEmpty();
    m_epoch.value->setText(text);
    fit();
}

void TotalsBar::setMemory(qint64 training, qint64 inference) {
    m_training = training;
    m_predicting = inference;
    refresh();
}

void TotalsBar::setMessage(const QString& text) {
    if (!text.isEmpty()) {
        m_messageEnd->start(kMessageMs);
        return write(text, true);
    }
    m_messageEnd->stop();
    m_message = false;
    refreshFile();
}

} // namespace strata::ui
