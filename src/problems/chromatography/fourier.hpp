#pragma once

#include <complex>
#include <vector>

namespace kroma::chromatography {

/// In place x_j <- sum_k x_k e^{2 pi i j k / n}, n a power of 2 (Cooley and Tukey 1965).
void inverse_fourier(std::vector<std::complex<double>>& x);

}  // namespace kroma::chromatography
