// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFutureWatcher>
#include <QPromise>
#include <QThreadPool>

#include <memory>
#include <type_traits>

namespace strata::ui {

/// Makes the calling thread, and all threads that it starts, give way to the window. Has no effect where the system
/// knows no priorities of single threads.
void lowerThreadPriority();

/// Runs `work()` on a thread of the pool, below the window's priority, and hands what it returns to `then(result)` in
/// the context's thread; not at all when the context is gone by then. `work` holds values only, and throws nothing.
template <class Work, class Then>
void inBackground(QThreadPool& pool, QObject* context, Work work, Then then) {
    using Answer = std::invoke_result_t<Work&>;
    auto promise = std::make_shared<QPromise<std::shared_ptr<Answer>>>();
    auto* watcher = new QFutureWatcher<std::shared_ptr<Answer>>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, then = std::move(then)]() mutable {
        watcher->deleteLater();
        const std::shared_ptr<Answer> answer = watcher->result();
        then(std::move(*answer));
    });
    watcher->setFuture(promise->future());
    promise->start();
    pool.start([promise, work = std::move(work)]() mutable {
        lowerThreadPriority();
        promise->addResult(std::make_shared<Answer>(work()));
        promise->finish();
    });
}

} // namespace strata::ui
