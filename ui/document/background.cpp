// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/background.h"

#include <QObject>

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace strata::ui {

void lowerThreadPriority() {
#ifdef __linux__
    // Linux keeps the nice value a thread, and threads inherit it from the one that starts them (setpriority(2)).
    constexpr int kNice = 10;
    (void)setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice);
#endif
}

QObject* courierTo(QThread* thread) {
    auto* courier = new QObject;
    courier->moveToThread(thread);
    return courier;
}

} // namespace strata::ui
