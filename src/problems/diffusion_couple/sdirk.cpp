#include "problems/diffusion_couple/sdirk.hpp"

namespace kroma::diffusion_couple {
namespace {

Tableau make_sdirk2() {
  double const g = 1 - std::sqrt(0.5);
  Tableau t{2, 2, g, {}, {g, 1}, {}};
  t.a[0][0] = t.a[1][1] = g;
  t.a[1][0] = 1 - g;
  t.error[0] = -(t.error[1] = g - 0.4);  // embedded of order 1
  return t;
}

Tableau make_sdirk3() {
  double const g = 0.4358665215084590, c = 0.5 * (1 + g);
  double const b1 = -(6 * g * g - 16 * g + 1) / 4, b2 = (6 * g * g - 20 * g + 5) / 4;
  double const embedded = (0.5 - g) / (c - g);
  Tableau t{3, 3, g, {}, {g, c, 1}, {b1 - (1 - embedded), b2 - embedded, g}};
  t.a[0][0] = t.a[1][1] = t.a[2][2] = g;
  t.a[1][0] = c - g;
  t.a[2][0] = b1;
  t.a[2][1] = b2;
  return t;
}

}  // namespace

void StepControl::save(io::Checkpoint& to) const {
  to.write("next", next);
  to.write("accepted", accepted);
  to.write("rejected", rejected);
  to.write("failed_before", std::int64_t{failed_before});
}

void StepControl::load(io::Checkpoint const& from) {
  next = from.value<double>("next");
  accepted = from.value<std::int64_t>("accepted");
  rejected = from.value<std::int64_t>("rejected");
  failed_before = from.value<std::int64_t>("failed_before") != 0;
}

Tableau const& tableau(Scheme scheme) {
  static auto const two = make_sdirk2(), three = make_sdirk3();
  return scheme == Scheme::sdirk2 ? two : three;
}

}  // namespace kroma::diffusion_couple
