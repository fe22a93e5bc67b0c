// SPDX-License-Identifier: GPL-3.0-or-later
// strata_texts ROOT OUT.cpp: the engine's texts as a source for lupdate.
#include "resources/translations/engine_texts.h"

#include <exception>
#include <fstream>
#include <iostream>

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "strata_texts ROOT OUT.cpp\n";
        return 2;
    }
    try {
        std::ofstream out(argv[2], std::ios::binary);
        out << strata::sourceForLupdate(strata::engineTexts(argv[1]));
        return out.flush() ? 0 : 1;
    } catch (const std::exception& e) {
        std::cerr << "strata_texts: " << e.what() << '\n';
        return 1;
    }
}
