#include "problems/gp_pde/boundary_options.hpp"

#include <utility>

#include <fmt/format.h>

namespace kroma::gp_pde {
namespace {

std::vector<std::string> const kAxes{"x", "y", "z", "t"};

deck::Schema<FaceOptions> face_schema(std::string doc) {
  using enum ConditionName;
  deck::Schema<FaceOptions> s{std::move(doc)};
  s.shorthand("value");
  s.add("condition", &FaceOptions::condition,
        "dirichlet: u = value; neumann: du/dn = value; robin: du/dn + factor u = value; clamped: u = value and du/dn = "
        "slope; supported: u = value and its second derivative along n = curvature; none. n is the outward normal, on "
        "faces of t it points to later times")
      .choices({{"dirichlet", dirichlet},
                {"neumann", neumann},
                {"robin", robin},
                {"clamped", clamped},
                {"supported", supported},
                {"none", none}});
  s.add("value", &FaceOptions::value, "Right-hand side; without it, or as from_exact, it is taken from exact")
      .names(kAxes)
      .one_of({"from_exact", "none"});
  s.add("slope", &FaceOptions::slope, "Of a clamped face; without it it is taken from exact").names(kAxes);
  s.add("curvature", &FaceOptions::curvature, "Of a supported face; without it it is taken from exact").names(kAxes);
  s.add("factor", &FaceOptions::factor, "Of u in a Robin condition");
  s.check([](FaceOptions const& o, deck::Where const& where) {
    if (o.factor != 0 && o.condition != robin) where.mistake("factor", "only robin has it");
    if (o.slope && o.condition != clamped) where.mistake("slope", "only clamped has it");
    if (o.curvature && o.condition != supported) where.mistake("curvature", "only supported has it");
  });
  return s;
}

}  // namespace

deck::Schema<BoundaryOptions> boundary_schema() {
  deck::Schema<BoundaryOptions> s{"Conditions on the faces of the box; one function alone is u on all that need it"};
  s.shorthand("all");
  s.section("all", &BoundaryOptions::all,
            face_schema("What every face has that needs a condition and has no key of its own; a function alone is u"));
  struct Face {
    char const* name;
    std::optional<FaceOptions> BoundaryOptions::*member;
  };
  for (auto const& face : {Face{"x_low", &BoundaryOptions::x_low}, Face{"x_high", &BoundaryOptions::x_high},
                           Face{"y_low", &BoundaryOptions::y_low}, Face{"y_high", &BoundaryOptions::y_high},
                           Face{"z_low", &BoundaryOptions::z_low}, Face{"z_high", &BoundaryOptions::z_high},
                           Face{"t_low", &BoundaryOptions::t_low}, Face{"t_high", &BoundaryOptions::t_high}}) {
    std::string const name{face.name};
    auto const where = fmt::format("where {} is {}", name[0], name[2] == 'l' ? "lowest" : "highest");
    s.section(name, face.member,
              face_schema(fmt::format("Condition on the face {}; a function alone is u there", where)));
  }
  s.add("periodic", &BoundaryOptions::periodic, "Axes along which u repeats; their faces have no condition")
      .one_of(kAxes);
  s.add("overdetermined", &BoundaryOptions::overdetermined,
        "Conditions beyond those that determine the solution are allowed: they are not imposed, but the solution must "
        "agree with them");
  return s;
}

}  // namespace kroma::gp_pde
