"""The rooms know only those below them; hdf5.h, yaml-cpp and CLI11 each have one room that sees them."""

import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1]) / "src"
MAY_INCLUDE = {  # room: the rooms it may include, besides itself
    "core": set(),
    "deck": {"core"},
    "io": {"core"},
    "grid": {"core"},
    "linalg": {"core", "grid"},
    "numerics": {"core"},
    "solve": {"core", "grid", "linalg", "numerics"},
    "problems": {"core", "deck", "io", "grid", "linalg", "numerics", "solve"},
    "app": {"core", "deck", "io", "problems"},
    "main.cpp": {"app"},
}
ONLY_IN = {r"hdf5\w*\.h|H5\w+\.h": "io", r"yaml-cpp/.*|yaml\.h": "deck", r"muParser.*|ginac/.*": "deck", r"CLI/.*": "app"}
INCLUDE = re.compile(r'^\s*#\s*include\s*["<]([^">]+)[">]')


def mistakes_in(path):
    """Lines that break a rule, as texts."""
    place = path.relative_to(ROOT)
    room = place.parts[0]
    family = place.parts[1] if room == "problems" and len(place.parts) > 2 else None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        parts = found[1].split("/")
        if parts[0] in MAY_INCLUDE and parts[0] != room and parts[0] not in MAY_INCLUDE[room]:
            yield f"{place}:{number}: {room} must not know {parts[0]}"
        if family and parts[0] == "problems" and len(parts) > 2 and parts[1] != family:
            yield f"{place}:{number}: family {family} must not know family {parts[1]}"
        if room == "app" and parts[0] == "problems" and len(parts) > 2:
            yield f"{place}:{number}: the program must not know family {parts[1]}"
        for pattern, only in ONLY_IN.items():
            if re.fullmatch(pattern, found[1]) and room != only:
                yield f"{place}:{number}: only {only} may include {found[1]}"


def main():
    files = [path for path in sorted(ROOT.rglob("*")) if path.suffix in {".hpp", ".cpp", ".in"}]
    unknown = {path.relative_to(ROOT).parts[0] for path in files} - set(MAY_INCLUDE)
    mistakes = [f"{room}: a room without a rule in {sys.argv[0]}" for room in sorted(unknown)]
    for path in files:
        if path.relative_to(ROOT).parts[0] in MAY_INCLUDE:
            mistakes.extend(mistakes_in(path))
    print("\n".join(mistakes) or f"{len(files)} files, no mistakes")
    if len(files) < 10:
        mistakes.append("no sources were found")
    return 1 if mistakes else 0


sys.exit(main())
