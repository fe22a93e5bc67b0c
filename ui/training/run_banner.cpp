// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/training/run_banner.h"

#include "ui/look/icons.h"
#include "ui/look/widgets.h"
#include "ui/training/carry_list.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QToolButton>

#include <algorithm>

namespace strata::ui {
namespace {

/// "2 layers added, 1 removed, 3 changed"; only wires: "its wires".
QString differenceText(const GraphDiff& diff) {
    QStringList parts;
    const auto number = [](const auto& nodes) { return static_cast<int>(nodes.size()); };
    if (!diff.added.empty()) parts << RunBanner::tr("%n layers added", nullptr, number(diff.added));
    if (!diff.removed.empty()) parts << RunBanner::tr("%n layers removed", nullptr, number(diff.removed));
    if (!diff.changed.empty()) parts << RunBanner::tr("%n layers changed", nullptr, number(diff.changed));
    if (parts.isEmpty()) parts << RunBanner::tr("other wires or blocks");
    return parts.join(QStringLiteral(", "));
}

} // namespace

QString carrySummary(const std::vector<CarryNote>& notes) {
    const auto count = [&notes](Carried what) { return static_cast<int>(std::ranges::count(notes, what, &CarryNote::carried)); };
    QStringList parts;
    const int kept = count(Carried::Kept), cut = count(Carried::Cut), anew = count(Carried::BegunAnew);
    if (kept > 0) parts << RunBanner::tr("%n layers kept", nullptr, kept);
    if (cut > 0) parts << RunBanner::tr("%n cut", nullptr, cut);
    if (anew > 0) parts << RunBanner::tr("%n begun anew", nullptr, anew);
    return parts.join(QStringLiteral(", "));
}

RunBanner::RunBanner(TrainingSession& session, QWidget* parent)
    : QFrame(parent), m_session(session), m_icon(new IconLabel(16)), m_text(label({})), m_apply(plainButton(tr("Apply to run"), QStringLiteral("play"))),
      m_which(linkButton(tr("What will happen?"))), m_close(iconButton(QStringLiteral("close"), tr("Close this message"))) {
    setObjectName(QStringLiteral("runBanner"));
    m_apply->setObjectName(QStringLiteral("applyToRun"));
    m_which->setObjectName(QStringLiteral("carryDetails"));
    m_close->setObjectName(QStringLiteral("closeBanner"));
    m_text->setObjectName(QStringLiteral("runBannerText"));
    m_text->setWordWrap(true);
    m_apply->setToolTip(tr("Go on with the edited network, with all weights that still fit"));
    m_which->setToolTip(tr("Layer by layer: which weights are kept, cut, or begin anew"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 5, 8, 5);
    row->setSpacing(8);
    row->addWidget(m_icon);
    row->addWidget(m_text, 1);
    row->addWidget(m_which);
    row->addWidget(m_apply);
    row->addWidget(m_close);
    connect(m_apply, &QPushButton::clicked, this, [this] {
        m_carried.clear();
        m_session.applyToRun();
    });
    connect(m_which, &QPushButton::clicked, this, &RunBanner::openList);
    connect(m_close, &QToolButton::clicked, this, &RunBanner::forget);
    connect(&session, &TrainingSession::differenceChanged, this, &RunBanner::refresh);
    connect(&session, &TrainingSession::started, this, &RunBanner::forget);
    connect(&session, &TrainingSession::carriedOver, this, [this](const std::vector<CarryNote>& notes) {
        m_carried = notes;
        refresh();
    });
    connect(&session, &TrainingSession::stateChanged, this, &RunBanner::refresh);
    connect(&session, &TrainingSession::ended, this, &RunBanner::forget);
    connect(&session.document(), &GraphDocument::replaced, this, &RunBanner::forget);
    refresh();
}

void RunBanner::forget() {
    m_carried.clear();
    refresh();
}

void RunBanner::refresh() {
    setVisible(m_session.differs() || !m_carried.empty());
    if (m_session.differs()) showDifference();
    else if (!m_carried.empty()) showCarried();
    setAccessibleName(m_text->text());
    if (m_session.differs()) m_icon->setIcon(QStringLiteral("warning"), IconTone::Warning);
    else m_icon->setIcon(QStringLiteral("running"), IconTone::Running);
    update();
}

void RunBanner::showDifference() {
    const QString what = differenceText(diff(m_session.graph(), m_session.document().graph()));
    const QString why = m_session.whyNotApply();
    const QString inTheWay = why.isEmpty() ? m_session.refused() : why;
    m_text->setText(inTheWay.isEmpty() ? tr("The run trains the network as it was; the drawing differs: %1.").arg(what)
                                  : tr("The run trains the network as it was; the drawing differs: %1. It cannot go into the run yet. %2").arg(what, inTheWay));
    m_apply->setEnabled(why.isEmpty());
    m_apply->setToolTip(why.isEmpty() ? tr("Go on with the edited network, with all weights that still fit") : why);
    m_which->setText(tr("What will happen?"));
    m_which->setVisible(why.isEmpty());
    m_apply->show();
    m_close->hide();
}

void RunBanner::showCarried() {
    const QString what = carrySummary(m_carried);
    m_text->setText(m_session.state() == TrainingSession::State::Paused
                        ? tr("The run has the edited network now: %1. It is paused; Resume goes on with it.").arg(what)
                        : tr("The training goes on with the edited network: %1.").arg(what));
    m_which->setText(tr("Which?"));
    m_which->show();
    m_apply->hide();
    m_close->show();
}

void RunBanner::openList() {
    const bool foreseen = m_session.differs();
    auto* list = new CarryList(foreseen ? m_session.foreseen() : m_carried, foreseen, this);
    list->open(m_which->mapToGlobal(QPoint(m_which->width(), m_which->height() + 4)));
}

void RunBanner::paintEvent(QPaintEvent*) {
    const Theme& theme = currentTheme();
    QPainter painter(this);
    painter.fillRect(rect(), m_session.differs() ? theme.status.warningSoft : theme.status.runningSoft);
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme.line.line);
}

} // namespace strata::ui
