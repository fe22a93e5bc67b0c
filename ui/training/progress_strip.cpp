// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/number_text.h"
#include "ui/look/text_scale.h"
#include "ui/look/widgets.h"
#include "ui/training/run_text.h"
#include "ui/training/train_bar.h"

#include <QGridLayout>
#include <QLabel>
#include <QToolButton>

#include <algorithm>

namespace strata::ui {
namespace {

constexpr int kWidth = 360;
constexpr int kWidthCompact = 164;
constexpr int kSteps = 1000;
constexpr qsizetype kFigures = 4; ///< of an epoch's number that the tool bar has room for

} // namespace

ProgressStrip::ProgressStrip(TrainingSession& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_what(new ElidedLabel), m_rest(new TickLabel({})),
      m_bar(new ThinProgress), m_cancel(iconButton(QStringLiteral("close"), tr("Do not open this data"))) {
    setObjectName(QStringLiteral("progressStrip"));
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 8, 0);
    grid->setHorizontalSpacing(4);
    grid->setVerticalSpacing(3);
    setTextRole(m_what, TextRole::Small, QFont::Medium);
    setTextRole(m_rest, TextRole::Small);
    m_rest->setProperty("tone", "secondary");
    m_bar->setRange(0, kSteps);
    m_bar->setAccessibleName(tr("Progress"));
    grid->addWidget(m_what, 0, 0);
    grid->addWidget(m_rest, 0, 1, Qt::AlignRight);
    grid->addWidget(m_bar, 1, 0, 1, 2);
    grid->addWidget(m_cancel, 0, 2, 2, 1);
    grid->setColumnStretch(0, 1);
    connect(m_cancel, &QToolButton::clicked, &session.data(), &ChosenData::cancel);
    connect(&session, &TrainingSession::stateChanged, this, &ProgressStrip::refresh);
    connect(&session, &TrainingSession::progressed, this, &ProgressStrip::refresh);
    connect(&session.data(), &ChosenData::changed, this, &ProgressStrip::refresh);
    connect(&session.data(), &ChosenData::progressed, this, &ProgressStrip::refresh);
    setDensity(Density::Regular);
}

void ProgressStrip::setDensity(Density density) {
    m_density = density;
    const bool compact = density == Density::Compact;
    m_least = wordLength(compact ? kWidthCompact : kWidth);
    setFixedWidth(m_least);
    refresh();
}

void ProgressStrip::setTight(bool tight) {
    m_tight = tight;
    setDensity(m_density);
}

/// The epoch in figures as many as the last one's, and what is beside it, are whole; where the tool bar has no room for that, the epochs that there are in all give way.
void ProgressStrip::makeRoom() {
    m_what->setElideMode(Qt::ElideRight);
    if (m_tight) return;
    const QString last = QString(std::min(QString::number(m_session.progress().lastEpoch()).size(), kFigures), QLatin1Char('0'));
    const int what = m_what->fontMetrics().horizontalAdvance(tr("Epoch %1 of %2").arg(last, last)) + 1;
    const auto& grid = *static_cast<const QGridLayout*>(layout());
    const int wanted = std::max(m_least, what + grid.horizontalSpacing() + m_rest->minimumWidth() + grid.contentsMargins().right());
    if (width() != wanted) setFixedWidth(wanted);
}

void ProgressStrip::refresh() {
    using State = TrainingSession::State;
    const State state = m_session.state();
    const bool opening = state == State::Idle && m_session.data().isOpening();
    const bool shown = state != State::Idle || opening;
    for (QWidget* part : {static_cast<QWidget*>(m_what), static_cast<QWidget*>(m_rest), static_cast<QWidget*>(m_bar)}) {
        if (part->isVisibleTo(this) != shown) part->setVisible(shown);
    }
    if (m_cancel->isVisibleTo(this) != opening) m_cancel->setVisible(opening);
    if (!shown) return;
    const auto write = [](auto* label, const QString& text) {
        if (label->text() != text) label->setText(text);
    };
    const QString time = QStringLiteral("00 min");
    m_rest->setWidest(opening                        ? tr("%1 %").arg(100)
                      : m_density == Density::Compact ? tr("%1 left").arg(time)
                                                      : tr("%1 left, %2 images/s").arg(time, QStringLiteral("000,000")));
    if (opening) {
        m_what->setElideMode(Qt::ElideMiddle);
        const double share = m_session.data().share();
        write(m_what, tr("Opening %1").arg(m_session.data().name()));
        write(m_rest, share < 0 ? QString() : tr("%1 %").arg(static_cast<int>(share * 100)));
        m_bar->setValue(static_cast<int>(std::max(0.0, share) * kSteps));
        return;
    }
    makeRoom();
    const RunProgress& progress = m_session.progress();
    write(m_what, state == State::Testing ? tr("Testing") : state == State::Starting ? tr("Starting") : tr("Epoch %1 of %2").arg(progress.epoch).arg(progress.lastEpoch()));
    QString rest;
    if (state == State::Paused) rest = tr("paused");
    else if (state == State::Running && progress.secondsLeft >= 0) {
        rest = tr("%1 left").arg(leftText(progress.secondsLeft));
        if (m_density == Density::Regular && progress.imagesPerSecond > 0) {
            rest = tr("%1 left, %2 images/s").arg(leftText(progress.secondsLeft), countText(static_cast<std::int64_t>(progress.imagesPerSecond)));
        }
    }
    write(m_rest, rest);
    m_bar->setValue(static_cast<int>(progress.share() * kSteps));
}

} // namespace strata::ui
