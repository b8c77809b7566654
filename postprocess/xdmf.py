#!/usr/bin/env python3
"""Describe the fields of a run to ParaView and VisIt, which then open results.h5 itself.

    xdmf.py RUN [--output FILE]

Writes results.xdmf next to the results file. Fields on one to three spatial axes are grids of points; those with a time
axis become a time series; a last axis of species becomes one array a species. ParaView asks which reader: take "XDMF
Reader" (the Xdmf3 readers do not know parts of arrays, which series need). The last axis of an array, which runs fastest,
is ParaView's x.
"""

import argparse
import os
import sys
import warnings
from xml.sax.saxutils import quoteattr

from results import ResultsError, open_results

SPATIAL = ("x", "y", "z", "position", "radius", "m")  # axes that are space; anything else but time is a list of components


class Field:
    """A field as ParaView sees it: spatial axes, and perhaps time before them and components behind."""

    def __init__(self, name, array):
        self.name, self.array = name, array
        names = [axis.name if axis is not None else "" for axis in array.axes]
        self.timed = bool(names) and names[0] == "time"
        space = [i for i, axis in enumerate(names) if axis in SPATIAL]
        contiguous = space == list(range(int(self.timed), int(self.timed) + len(space)))
        self.drawable = bool(space) and len(space) <= 3 and contiguous and array.ndim - int(self.timed) - len(space) <= 1
        self.axes = [array.axes[i] for i in space]
        self.components = array.shape[-1] if array.ndim > int(self.timed) + len(space) else 0

    @property
    def grid(self):
        """What fields on the same points have in common."""
        return tuple(axis.path for axis in self.axes)


def item(file, path, shape):
    return (f'<DataItem Format="HDF" NumberType="Float" Precision="8" Dimensions="{" ".join(map(str, shape))}">'
            f"{file}:{path}</DataItem>")


def slab(file, path, shape, start, count, points):
    """A box of a dataset, as an array of the grid's points: rows start, stride, count."""
    if list(shape) == count:
        return item(file, path, points)
    rows = [" ".join(map(str, row)) for row in (start, [1] * len(shape), count)]
    return (f'<DataItem ItemType="HyperSlab" Dimensions="{" ".join(map(str, points))}">'
            f'<DataItem NumberType="Int" Dimensions="3 {len(shape)}" Format="XML">{" ".join(rows)}</DataItem>'
            f"{item(file, path, shape)}</DataItem>")


def padded(axes):
    """Extents of a grid of three axes, the missing ones in front: the last runs fastest and is x for ParaView."""
    points = [len(axis) for axis in axes]
    return [1] * (3 - len(points)) + points


def attribute(file, field, step):
    """The arrays of one field at one saved time."""
    shape = field.array.shape
    lead = [step] if field.timed else []
    points = [len(axis) for axis in field.axes]
    for k in range(max(1, field.components)):
        start = lead + [0] * len(points) + ([k] if field.components else [])
        count = [1] * len(lead) + points + ([1] if field.components else [])
        name = field.name if not field.components else f"{field.name}_{k + 1}"
        data = slab(file, field.array.path, shape, start, count, padded(field.axes))
        yield f'<Attribute Name={quoteattr(name)} AttributeType="Scalar" Center="Node">{data}</Attribute>'


def geometry(file, axes):
    """A rectilinear grid, whose vectors VX, VY, VZ are the axes from the last to the first: no array is transposed."""
    vectors = [item(file, axis.path, [len(axis)]) for axis in reversed(axes)]
    zero = '<DataItem NumberType="Float" Precision="8" Dimensions="1" Format="XML">0</DataItem>'
    vectors += [zero] * (3 - len(axes))
    return (f'<Topology TopologyType="3DRectMesh" Dimensions="{" ".join(map(str, padded(axes)))}"/>'
            f'<Geometry GeometryType="VXVYVZ">{"".join(vectors)}</Geometry>')


def block(file, fields, step=None, time=None):
    name = fields[0].name if len(fields) == 1 else "fields"
    clock = "" if time is None else f'<Time Value="{float(time)!r}"/>'
    data = "".join(part for field in fields for part in attribute(file, field, step))
    return f"<Grid Name={quoteattr(name)}>{clock}{geometry(file, fields[0].axes)}{data}</Grid>"


def describe(run):
    """The XDMF text of a run; raises ResultsError if it has no field that can be drawn."""
    file = os.path.basename(run.path)
    fields = [Field(name.split("/", 1)[1], run[name]) for name in run.names() if name.startswith("fields/")]
    fields = [field for field in fields if field.drawable]
    if not fields:
        raise ResultsError(f"{run.path}: has no field on spatial axes")
    parts = []
    for key in dict.fromkeys((field.grid, field.timed) for field in fields):
        group = [field for field in fields if (field.grid, field.timed) == key]
        if not key[1]:
            parts.append(block(file, group))
            continue
        steps = "".join(block(file, group, step, time) for step, time in enumerate(group[0].array.axes[0][:]))
        parts.append(f'<Grid Name="time" GridType="Collection" CollectionType="Temporal">{steps}</Grid>')
    return f'<?xml version="1.0"?>\n<Xdmf Version="2.0"><Domain>{"".join(parts)}</Domain></Xdmf>\n'


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", help="results file, or the folder that holds results.h5")
    parser.add_argument("--output", help="where to write (default: results.xdmf next to the file)")
    options = parser.parse_args(arguments)
    warnings.showwarning = lambda message, *_: print(f"warning: {message}", file=sys.stderr)
    try:
        with open_results(options.run) as run:
            output = options.output or os.path.splitext(run.path)[0] + ".xdmf"
            text = describe(run)
        with open(output, "w", encoding="utf-8") as file:
            file.write(text)
    except (ResultsError, OSError) as error:
        print(f"xdmf.py: {error}", file=sys.stderr)
        return 2
    print(output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
