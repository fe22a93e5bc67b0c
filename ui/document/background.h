// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/core/said.h"

#include <QMetaObject>
#include <QPointer>
#include <QThreadPool>

#include <exception>
#include <memory>
#include <type_traits>

namespace strata::ui {

/// Makes the calling thread, and all threads that it starts, give way to the window. Has no effect where the system
/// knows no priorities of single threads.
void lowerThreadPriority();

/// A new object of that thread, for what the calling one sends there.
QObject* courierTo(QThread* thread);

/// Runs `work()` on a thread of the pool and hands what it returns to `then(result)` in the context's thread, by an event
/// of the kind QEvent::MetaCall; not at all when the context is gone by then, or the pool was cleared. `work` holds values
/// only, and throws nothing.
template <class Work, class Then>
void onThread(QThreadPool& pool, QObject* context, Work work, Then then) {
    using Answer = std::invoke_result_t<Work&>;
    pool.start([work = std::move(work), hand = std::make_shared<Then>(std::move(then)), guard = QPointer<QObject>(context),
                there = context->thread()]() mutable {
        const auto answer = std::make_shared<Answer>(work());
        QObject* const courier = courierTo(there); // the context may be gone at any moment
        auto deliver = [answer, hand = std::move(hand), guard, courier] {
            if (guard) (*hand)(std::move(*answer));
            courier->deleteLater();
        };
        QMetaObject::invokeMethod(courier, std::move(deliver), Qt::QueuedConnection); // `then` goes where it is called
    });
}

/// The same below the window's priority, for what takes long.
template <class Work, class Then>
void inBackground(QThreadPool& pool, QObject* context, Work work, Then then) {
    const auto quietly = [work = std::move(work)]() mutable {
        lowerThreadPriority();
        return work();
    };
    onThread(pool, context, quietly, std::move(then));
}

/// What `work()` returns, or an error where it throws: `sentence`, marked by toSay(), with the exception's words in its place.
template <class Work>
std::invoke_result_t<Work&> guarded(const char* id, const char* sentence, Work work) {
    try {
        return work();
    } catch (const std::exception& e) {
        const char* what = e.what();
        return failure(id, saidWith(sentence, fmt::make_format_args(what)));
    }
}

} // namespace strata::ui
