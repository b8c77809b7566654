#include "io/h5.hpp"

#include <algorithm>
#include <type_traits>

#include <fmt/format.h>
#include <hdf5.h>
#include <hdf5_hl.h>

namespace kroma::io::h5 {

static_assert(std::is_same_v<hid_t, Handle::Id>);

namespace {

/// Keeps the innermost entry of the error stack, which names the cause; outer ones only say who called whom.
herr_t keep_first(unsigned n, H5E_error2_t const* entry, void* text) {
  if (n == 0 && entry->desc != nullptr) *static_cast<std::string*>(text) = entry->desc;
  return 0;
}

std::string reason() {
  std::string text;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first, &text);
  return text.empty() ? "unknown reason" : text;
}

/// Throws Failure where HDF5 says that a call failed: with a negative number, whatever the call returns.
template <class Result>
Result ok(Result result) {
  if (result < 0) throw Failure{reason()};
  return result;
}

bool abandoned = false;  // a file, by this process, ever

/// A failed call becomes an Error of ours; HDF5 must not print it as well.
void be_quiet() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

Handle owned(hid_t id) { return Handle{ok(id)}; }

std::vector<hsize_t> extents(Shape const& shape) { return {shape.begin(), shape.end()}; }

Handle make_space(Shape const& shape, bool grows = false) {
  if (shape.empty()) return owned(H5Screate(H5S_SCALAR));
  auto const now = extents(shape);
  auto most = now;
  if (grows) most.front() = H5S_UNLIMITED;
  return owned(H5Screate_simple(static_cast<int>(now.size()), now.data(), most.data()));
}

/// Memory and file selections of one rank's block: the block is dense in memory.
struct Selection {
  Handle memory, file;
};

Selection select(Handle file, Block const& block) {
  Handle memory = make_space({elements(block.count)});
  if (elements(block.count) == 0) {
    ok(H5Sselect_none(memory.get()));
    ok(H5Sselect_none(file.get()));
  } else if (!block.count.empty()) {
    auto const offset = extents(block.offset), count = extents(block.count);
    ok(H5Sselect_hyperslab(file.get(), H5S_SELECT_SET, offset.data(), nullptr, count.data(), nullptr));
  }
  return {std::move(memory), std::move(file)};
}

Handle transfer(bool shared) {
  auto list = owned(H5Pcreate(H5P_DATASET_XFER));
  if (shared) ok(H5Pset_dxpl_mpio(list.get(), H5FD_MPIO_COLLECTIVE));
  return list;
}

Handle shared_access(MPI_Comm comm) {
  auto list = owned(H5Pcreate(H5P_FILE_ACCESS));
  ok(H5Pset_fapl_mpio(list.get(), comm, MPI_INFO_NULL));
  ok(H5Pset_coll_metadata_write(list.get(), true));
  ok(H5Pset_all_coll_metadata_ops(list.get(), true));
  // The format of 1.8: checksummed headers, but none of the "open for writing" marks of 1.10 that would make a killed
  // job's file unreadable.
  ok(H5Pset_libver_bounds(list.get(), H5F_LIBVER_V18, H5F_LIBVER_V18));
  return list;
}

/// UTF-8 of a fixed length: it lies in the object's checksummed header. (A text of variable length would lie in a heap
/// without a checksum, where one wrong byte crashes the library.)
Handle fixed_text(std::size_t bytes) {
  auto type = owned(H5Tcopy(H5T_C_S1));
  ok(H5Tset_size(type.get(), std::max<std::size_t>(bytes, 1)));
  ok(H5Tset_strpad(type.get(), H5T_STR_NULLPAD));
  ok(H5Tset_cset(type.get(), H5T_CSET_UTF8));
  return type;
}

Handle open_or_make_group(File const& file, std::string const& path) {
  if (file.contains(path)) return owned(H5Oopen(file.id(), path.c_str(), H5P_DEFAULT));
  auto const links = owned(H5Pcreate(H5P_LINK_CREATE));
  ok(H5Pset_create_intermediate_group(links.get(), 1));
  return owned(H5Gcreate2(file.id(), path.c_str(), links.get(), H5P_DEFAULT, H5P_DEFAULT));
}

void write_attribute(Handle const& object, std::string const& name, hid_t type, Handle const& space, void const* data) {
  if (ok(H5Aexists(object.get(), name.c_str())) > 0) ok(H5Adelete(object.get(), name.c_str()));
  auto const attribute = owned(H5Acreate2(object.get(), name.c_str(), type, space.get(), H5P_DEFAULT, H5P_DEFAULT));
  ok(H5Awrite(attribute.get(), type, data));
}

/// Adds the attribute to the list unless it is an array or of another kind than Value knows.
void collect(Attributes& list, hid_t object, char const* name) {
  auto const attribute = owned(H5Aopen(object, name, H5P_DEFAULT));
  auto const type = owned(H5Aget_type(attribute.get()));
  auto const space = owned(H5Aget_space(attribute.get()));
  if (H5Sget_simple_extent_type(space.get()) != H5S_SCALAR) return;
  auto const kind = H5Tget_class(type.get());
  if (kind == H5T_STRING && H5Tis_variable_str(type.get()) == 0) {
    std::string text(H5Tget_size(type.get()), '\0');
    ok(H5Aread(attribute.get(), type.get(), text.data()));
    list.emplace_back(name, text.substr(0, text.find('\0')));
  } else if (kind == H5T_INTEGER) {
    std::int64_t value = 0;
    ok(H5Aread(attribute.get(), H5T_NATIVE_INT64, &value));
    list.emplace_back(name, value);
  } else if (kind == H5T_FLOAT) {
    double value = 0;
    ok(H5Aread(attribute.get(), H5T_NATIVE_DOUBLE, &value));
    list.emplace_back(name, value);
  }
}

}  // namespace

Handle::~Handle() {
  if (id_ != kNone) H5Idec_ref(id_);
}

Type Type::real() { return Type{owned(H5Tcopy(H5T_NATIVE_DOUBLE))}; }
Type Type::integer() { return Type{owned(H5Tcopy(H5T_NATIVE_INT64))}; }

Type Type::text(std::size_t bytes) { return Type{fixed_text(bytes)}; }

Type Type::compound(std::vector<Member> const& members) {
  std::size_t bytes = 0;
  for (auto const& member : members) bytes += member.type.bytes();
  auto type = owned(H5Tcreate(H5T_COMPOUND, bytes));
  std::size_t offset = 0;
  for (auto const& member : members) {
    ok(H5Tinsert(type.get(), member.name.c_str(), offset, member.type.id()));
    offset += member.type.bytes();
  }
  return Type{std::move(type)};
}

std::size_t Type::bytes() const { return H5Tget_size(handle_.get()); }

File File::create(MPI_Comm comm, std::string const& path) {
  be_quiet();
  auto const access = shared_access(comm);
  return File{owned(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get())), true};
}

File File::open(MPI_Comm comm, std::string const& path) {
  be_quiet();
  auto const access = shared_access(comm);
  return File{owned(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get())), true};
}

File File::reopen(MPI_Comm comm, std::string const& path) {
  be_quiet();
  auto const access = shared_access(comm);
  return File{owned(H5Fopen(path.c_str(), H5F_ACC_RDWR, access.get())), true};
}

File File::open_alone(std::string const& path) {
  be_quiet();
  auto const access = owned(H5Pcreate(H5P_FILE_ACCESS));
  ok(H5Pset_file_locking(access.get(), false, true));  // a running job may hold it; some file systems know no locks
  return File{owned(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get())), false};
}

void File::flush() { ok(H5Fflush(id(), H5F_SCOPE_GLOBAL)); }

void File::close() {
  if (is_open()) ok(H5Fclose(handle_.release()));
}

void File::abandon() {
  if (!is_open()) return;
  handle_.release();
  abandoned = true;
}

bool any_abandoned() { return abandoned; }

bool File::contains(std::string const& path) const {
  if (path == "/") return true;
  for (auto end = path.find('/', 1);; end = path.find('/', end + 1)) {  // H5Lexists wants each step to exist
    if (ok(H5Lexists(id(), path.substr(0, end).c_str(), H5P_DEFAULT)) == 0) return false;
    if (end == std::string::npos) return true;
  }
}

void File::remove(std::string const& path) { ok(H5Ldelete(id(), path.c_str(), H5P_DEFAULT)); }

std::vector<std::string> File::growing() const {
  auto paths = datasets();
  std::erase_if(paths, [&](std::string const& path) { return !Dataset::open(*this, path).grows(); });
  return paths;
}

void File::set_attribute(std::string const& object, std::string const& name, Value const& value) {
  auto const target = open_or_make_group(*this, object);
  auto const scalar = make_space({});
  if (auto const* text = std::get_if<std::string>(&value)) {
    write_attribute(target, name, fixed_text(text->size()).get(), scalar, text->c_str());
  } else if (auto const* real = std::get_if<double>(&value)) {
    write_attribute(target, name, H5T_NATIVE_DOUBLE, scalar, real);
  } else {
    write_attribute(target, name, H5T_NATIVE_INT64, scalar, &std::get<std::int64_t>(value));
  }
}

void File::set_attribute(std::string const& object, std::string const& name, std::vector<std::string> const& values) {
  std::size_t width = 1;
  for (auto const& value : values) width = std::max(width, value.size());
  std::string characters;
  for (auto value : values) characters += (value.resize(width), value);
  write_attribute(open_or_make_group(*this, object), name, fixed_text(width).get(),
                  make_space({static_cast<std::int64_t>(values.size())}), characters.data());
}

Attributes File::attributes(std::string const& object) const {
  struct Visit {
    Attributes list;
    std::string trouble;
  } visit;
  auto const each = [](hid_t id, char const* name, H5A_info_t const*, void* data) -> herr_t {
    auto& seen = *static_cast<Visit*>(data);
    try {  // no exception may pass through HDF5's C code
      collect(seen.list, id, name);
      return 0;
    } catch (std::exception const& e) {
      seen.trouble = e.what();
      return -1;
    }
  };
  auto const target = owned(H5Oopen(id(), object.c_str(), H5P_DEFAULT));
  if (H5Aiterate2(target.get(), H5_INDEX_NAME, H5_ITER_INC, nullptr, each, &visit) < 0) {
    throw Failure{visit.trouble.empty() ? reason() : visit.trouble};
  }
  return visit.list;
}

void File::check_objects() const {
  auto const each = [](hid_t, char const*, H5O_info_t const*, void*) -> herr_t { return 0; };
  ok(H5Ovisit2(id(), H5_INDEX_NAME, H5_ITER_NATIVE, each, nullptr, H5O_INFO_BASIC));
}

std::vector<std::string> File::datasets() const {
  std::vector<std::string> found;
  auto const each = [](hid_t, char const* name, H5O_info_t const* info, void* list) -> herr_t {
    if (info->type == H5O_TYPE_DATASET) static_cast<std::vector<std::string>*>(list)->emplace_back(name);
    return 0;
  };
  ok(H5Ovisit2(id(), H5_INDEX_NAME, H5_ITER_NATIVE, each, &found, H5O_INFO_BASIC));
  return found;
}

Dataset Dataset::create(File const& file, std::string const& path, Type const& type, Layout const& layout) {
  auto const links = owned(H5Pcreate(H5P_LINK_CREATE));
  ok(H5Pset_create_intermediate_group(links.get(), 1));
  auto const properties = owned(H5Pcreate(H5P_DATASET_CREATE));
  ok(H5Pset_fill_time(properties.get(), H5D_FILL_TIME_NEVER));
  if (!layout.chunk.empty()) {
    auto const chunk = extents(layout.chunk);
    ok(H5Pset_chunk(properties.get(), static_cast<int>(chunk.size()), chunk.data()));
  }
  auto const space = make_space(layout.shape, layout.grows);
  return Dataset{
      owned(H5Dcreate2(file.id(), path.c_str(), type.id(), space.get(), links.get(), properties.get(), H5P_DEFAULT)),
      file.shared()};
}

Dataset Dataset::open(File const& file, std::string const& path) {
  return Dataset{owned(H5Dopen2(file.id(), path.c_str(), H5P_DEFAULT)), file.shared()};
}

Shape Dataset::shape() const {
  auto const space = owned(H5Dget_space(handle_.get()));
  std::vector<hsize_t> now(static_cast<std::size_t>(ok(H5Sget_simple_extent_ndims(space.get()))));
  ok(H5Sget_simple_extent_dims(space.get(), now.data(), nullptr));
  return {now.begin(), now.end()};
}

bool Dataset::grows() const {
  auto const space = owned(H5Dget_space(handle_.get()));
  std::vector<hsize_t> now(static_cast<std::size_t>(ok(H5Sget_simple_extent_ndims(space.get())))), most(now);
  ok(H5Sget_simple_extent_dims(space.get(), now.data(), most.data()));
  return !most.empty() && most.front() == H5S_UNLIMITED;
}

Type Dataset::type() const { return Type{owned(H5Dget_type(handle_.get()))}; }

void Dataset::extend(Shape const& shape) { ok(H5Dset_extent(handle_.get(), extents(shape).data())); }

void Dataset::write(Type const& type, void const* mine, Block const& block) {
  if (elements(shape()) == 0) return;  // has no place in the file, and HDF5 would look for it
  auto const selection = select(owned(H5Dget_space(handle_.get())), block);
  ok(H5Dwrite(handle_.get(), type.id(), selection.memory.get(), selection.file.get(), transfer(shared_).get(), mine));
}

void Dataset::read(Type const& type, void* mine, Block const& block) const {
  if (elements(shape()) == 0) return;  // has no place in the file, and HDF5 would look for it
  auto const selection = select(owned(H5Dget_space(handle_.get())), block);
  ok(H5Dread(handle_.get(), type.id(), selection.memory.get(), selection.file.get(), transfer(shared_).get(), mine));
}

bool Dataset::is_text() const { return H5Tget_class(type().id()) == H5T_STRING; }

std::vector<std::string> Dataset::read_texts(Block const& block) const {
  auto const count = static_cast<std::size_t>(elements(block.count));
  std::vector<std::string> texts;
  auto const stored = type();
  auto const selection = select(owned(H5Dget_space(handle_.get())), block);
  auto const memory = owned(H5Tcopy(stored.id()));
  if (ok(H5Tis_variable_str(stored.id())) > 0) {
    std::vector<char*> pointers(count, nullptr);
    ok(H5Dread(handle_.get(), memory.get(), selection.memory.get(), selection.file.get(), transfer(shared_).get(),
               pointers.data()));
    for (auto const* pointer : pointers) texts.emplace_back(pointer == nullptr ? "" : pointer);
    ok(H5Dvlen_reclaim(memory.get(), selection.memory.get(), H5P_DEFAULT, pointers.data()));
    return texts;
  }
  auto const bytes = stored.bytes();
  std::string characters(count * bytes, '\0');
  ok(H5Dread(handle_.get(), memory.get(), selection.memory.get(), selection.file.get(), transfer(shared_).get(),
             characters.data()));
  for (std::size_t i = 0; i < count; ++i) {
    auto const text = characters.substr(i * bytes, bytes);
    texts.push_back(text.substr(0, text.find('\0')));
  }
  return texts;
}

void Dataset::make_scale(std::string const& name) { ok(H5DSset_scale(handle_.get(), name.c_str())); }

void Dataset::attach_scale(Dataset const& scale, int axis) {
  ok(H5DSattach_scale(handle_.get(), scale.handle_.get(), static_cast<unsigned>(axis)));
}

std::string version() {
  unsigned major = 0, minor = 0, release = 0;
  ok(H5get_libversion(&major, &minor, &release));
  return fmt::format("{}.{}.{}", major, minor, release);
}

}  // namespace kroma::io::h5
