#pragma once

#include <Kokkos_Core.hpp>

namespace kroma {

/// Where kernels run: the default of the Kokkos this was built with (Serial on CPU nodes, where ranks are the
/// parallelism; Cuda or HIP on GPU nodes).
using Space = Kokkos::DefaultExecutionSpace;
using Host = Kokkos::DefaultHostExecutionSpace;

/// Row-major arrays of double on `S`; the last index runs fastest, as in HDF5 and in C.
template <class S, class T = double>
using VectorOn = Kokkos::View<T*, Kokkos::LayoutRight, S>;
template <class S, class T = double>
using MatrixOn = Kokkos::View<T**, Kokkos::LayoutRight, S>;
template <class S, class T = double>
using TensorOn = Kokkos::View<T***, Kokkos::LayoutRight, S>;

using Vector = VectorOn<Space>;
using Matrix = MatrixOn<Space>;
using Tensor = TensorOn<Space>;
using HostVector = VectorOn<Host>;
using HostMatrix = MatrixOn<Host>;
using HostTensor = TensorOn<Host>;
using ConstVector = VectorOn<Space, double const>;
using ConstMatrix = MatrixOn<Space, double const>;
using ConstTensor = TensorOn<Space, double const>;

/// The same where kernels run, of another number: single or double.
template <class T>
using VectorOf = VectorOn<Space, T>;
template <class T>
using MatrixOf = MatrixOn<Space, T>;
template <class T>
using TensorOf = TensorOn<Space, T>;

}  // namespace kroma
