#pragma once

#include <functional>
#include <span>
#include <vector>

#include "problems/diffusion_couple/kirchhoff.hpp"
#include "problems/diffusion_couple/law.hpp"

namespace kroma::diffusion_couple {

/// Flux between two compositions a distance apart, in the scaled molar coordinate.
class FaceLaw {
 public:
  virtual ~FaceLaw() = default;
  /// Fractions that are counted: all components but the first.
  virtual std::size_t size() const = 0;
  virtual void set_temperature(double temperature) = 0;
  /// F (m) in m/s from a (m) to b (m), `distance` m apart, and its derivatives by a and by b (m, m) row-major.
  virtual void flux(double const* a, double const* b, double distance, double* F, double* by_a, double* by_b) const = 0;
  /// The same between each of `cells` compositions y and the next, `distance` (cells - 1) apart.
  virtual void fluxes(std::size_t cells, double const* y, double const* distance, double* F, double* by_a,
                      double* by_b);
};

/// One fraction: the difference of Kirchhoff potentials, exact for any D between the two compositions.
class BinaryFace final : public FaceLaw {
 public:
  /// Coefficient D_m(c, T) in m^2/s, above 0 on [low, high]; `scales` says that temperature only scales it.
  /// Throws Error(bad_input).
  BinaryFace(std::function<double(double, double)> coefficient, double low, double high, bool uses_temperature,
             bool scales);

  std::size_t size() const override { return 1; }
  void set_temperature(double temperature) override;
  void flux(double const* a, double const* b, double distance, double* F, double* by_a, double* by_b) const override;
  void fluxes(std::size_t cells, double const* y, double const* distance, double* F, double* by_a,
              double* by_b) override;

  /// Potential in m^2/s and coefficient at c.
  KirchhoffTable<Host>::Value at(double c) const {
    auto const value = table_(c);
    return {factor_ * value.potential, factor_ * value.coefficient};
  }

  /// Its table and what multiplies it: for kernels. A new table has new arrays.
  KirchhoffTable<Host> const& table() const { return table_; }
  double factor() const { return factor_; }

 private:
  void fill(double temperature);

  std::function<double(double, double)> coefficient_;
  double low_, high_;
  bool uses_temperature_, scales_;
  double temperature_ = -1, reference_ = 1, factor_ = 1;
  KirchhoffTable<Host> table_;
  std::vector<double> potentials_, coefficients_;  // of the cells that fluxes() looked up
};

/// Several fractions: the matrix at the mean composition of the face.
class MatrixFace final : public FaceLaw {
 public:
  explicit MatrixFace(MatrixLaw const& law) : law_{law} {}

  std::size_t size() const override { return law_.size(); }
  void set_temperature(double temperature) override { temperature_ = temperature; }
  void flux(double const* a, double const* b, double distance, double* F, double* by_a, double* by_b) const override;

 private:
  MatrixLaw const& law_;
  double temperature_ = 0;
};

}  // namespace kroma::diffusion_couple
