// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/data/data_options.h"
#include "engine/data/dataset.h"

namespace strata {

/// The built-in digits (resources/digits): 5,000 handwritten digits of 20 x 20, 500 a class, always there
/// because the picture is part of the library.
///
/// The split is fixed for ever: the 500 of a class, in the sheet's order, are shuffled by Rng{seed 0, stream
/// mix("digits"), step = class}; the first 400 are for training, the last 100 for the test. Both parts go
/// round the classes (0, 1, ..., 9, 0, ...), so that any stretch of ten, and so a validation share cut from
/// the end, has every class as often as the others.
Result<DataSource> openDigits();

} // namespace strata
