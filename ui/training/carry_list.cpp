// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/training/carry_list.h"

#include "ui/look/widgets.h"

#include <QScreen>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace strata::ui {
namespace {

constexpr int kWidth = 420;
constexpr int kMostHeight = 420;

QLabel* sentence(const QString& text) {
    QLabel* made = label(text, TextRole::Small);
    made->setWordWrap(true);
    made->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return made;
}

} // namespace

CarryList::CarryList(const std::vector<CarryNote>& notes, bool foreseen, QWidget* parent) : QFrame(parent, Qt::Popup) {
    setObjectName(QStringLiteral("carryList"));
    setAttribute(Qt::WA_DeleteOnClose);
    setAccessibleName(foreseen ? tr("What will happen to the weights") : tr("What became of the weights"));
    setProperty("frame", "popup");
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(12, 8, 12, 12);
    column->setSpacing(4);
    column->addWidget(sentence(foreseen ? tr("The run ends after the present batch and goes on there with the edited network, for the epochs that are "
                                             "left: same settings, same data, same curve. Callbacks and the best epoch begin anew.")
                                        : tr("Same settings, same data, same curve; callbacks and the best epoch have begun anew.")));
    const std::pair<Carried, QString> groups[] = {
        {Carried::BegunAnew, tr("Begun anew")}, {Carried::Cut, tr("Cut")}, {Carried::Kept, tr("Kept")}};
    for (const auto& [what, title] : groups) {
        const auto count = std::ranges::count(notes, what, &CarryNote::carried);
        if (count == 0) continue;
        column->addSpacing(8);
        column->addWidget(label(tr("%1 (%2)").arg(title).arg(count), TextRole::Body, QFont::DemiBold));
        for (const CarryNote& note : notes) {
            if (note.carried == what) column->addWidget(sentence(QString::fromStdString(note.text)));
        }
    }
    column->addStretch(1);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(1, 1, 1, 1);
    QScrollArea* area = scrollingColumn(content);
    outer->addWidget(area);
    setFixedWidth(kWidth);
    setFixedHeight(std::min(content->heightForWidth(kWidth - 2) + 4, kMostHeight));
}

void CarryList::open(QPoint topRight) {
    QRect place(topRight - QPoint(width(), 0), size());
    if (const QScreen* screen = parentWidget()->screen()) {
        const QRect room = screen->availableGeometry();
        place.moveLeft(std::clamp(place.left(), room.left(), std::max(room.left(), room.right() - place.width())));
        place.moveTop(std::clamp(place.top(), room.top(), std::max(room.top(), room.bottom() - place.height())));
    }
    setGeometry(place);
    show();
}

} // namespace strata::ui
