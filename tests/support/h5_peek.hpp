#pragma once

// Looks into an HDF5 file with the plain C interface, so that what kroma writes is not checked by what kroma reads.

#include <string>
#include <vector>

#include <hdf5.h>
#include <hdf5_hl.h>

namespace kroma::test {

/// A file opened by this process alone, to read; id() < 0 if it does not open.
class Peek {
 public:
  explicit Peek(std::string const& path) {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    id_ = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  }
  Peek(Peek const&) = delete;
  Peek& operator=(Peek const&) = delete;
  ~Peek() {
    if (id_ >= 0) H5Fclose(id_);
  }

  hid_t id() const { return id_; }

  std::vector<hsize_t> shape(std::string const& path) const {
    int rank = 0;
    if (H5LTget_dataset_ndims(id_, path.c_str(), &rank) < 0) return {};
    std::vector<hsize_t> extents(static_cast<std::size_t>(rank));
    H5LTget_dataset_info(id_, path.c_str(), extents.data(), nullptr, nullptr);
    return extents;
  }

  /// Empty if there is no such array.
  std::vector<double> numbers(std::string const& path) const {
    std::size_t count = 1;
    for (auto const extent : shape(path)) count *= extent;
    std::vector<double> values(count);
    if (H5LTread_dataset_double(id_, path.c_str(), values.data()) < 0) values.clear();
    return values;
  }

  /// A text attribute, or "(none)".
  std::string text(std::string const& object, std::string const& name) const {
    hsize_t extent = 0;
    H5T_class_t kind = H5T_NO_CLASS;
    std::size_t bytes = 0;
    if (H5LTget_attribute_info(id_, object.c_str(), name.c_str(), &extent, &kind, &bytes) < 0 || kind != H5T_STRING) {
      return "(none)";
    }
    std::string value(bytes, '?');
    H5LTget_attribute_string(id_, object.c_str(), name.c_str(), value.data());
    return value.substr(0, value.find('\0'));
  }

  /// A number attribute, or -999.
  double number(std::string const& object, std::string const& name) const {
    double value = -999;
    H5LTget_attribute_double(id_, object.c_str(), name.c_str(), &value);
    return value;
  }

  /// Name of the dimension scale on an axis of an array, or "" if it has none.
  std::string scale(std::string const& path, unsigned axis) const {
    std::string name;
    auto const take = [](hid_t, unsigned, hid_t scale, void* to) -> herr_t {
      char text[256] = "";
      H5Iget_name(scale, text, sizeof text);
      *static_cast<std::string*>(to) = text;
      return 1;
    };
    hid_t const array = H5Dopen2(id_, path.c_str(), H5P_DEFAULT);
    H5DSiterate_scales(array, axis, nullptr, take, &name);
    H5Dclose(array);
    return name;
  }

 private:
  hid_t id_;
};

}  // namespace kroma::test
