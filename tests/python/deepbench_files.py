"""Files in DeepBench's words, and what becomes of them."""

from lightmill.deepbench import translate
from lightmill.recipe.memory import from_object


def shape_file(objects, image=(), **top):
    """Return a file of shapes in an image of 28 rows and 31 columns: its centre is column 15, row 13.5."""
    return {
        "object_type": "shape",
        "object_name": "ShapeImage",
        "total_runs": 5,
        "seed": 1,
        "image_parameters": {"image_shape": [28, 31], **dict(image)},
        "object_parameters": {key: {"object": words, "instance": {}} for key, words in objects.items()},
        **top,
    }


def sky_file(objects, image=(), **top):
    return {
        "object_type": "sky",
        "object_name": "SkyImage",
        "total_runs": 5,
        "seed": 1,
        "image_parameters": {"image_shape": [48, 64], "scale": False, **dict(image)},
        "object_parameters": objects,
        **top,
    }


def translated(file):
    return translate(from_object(file), "stem")


def recipe_of(file):
    return translated(file).root.plain()


def body_of(file):
    [entry] = recipe_of(file)["objects"]
    [(model, body)] = entry.items()
    return model, body


def messages(file):
    return [f"{note.place}: {note.message}" for note in translated(file).notes]


SAID = {
    "rectangle": (
        {"center": [20, 10.5], "width": 12, "height": 6, "angle": 30, "fill": True, "line_width": 2},
        (
            "rectangle",
            {"x": 5.0, "y": -3.0, "width": 12.0, "height": 6.0, "angle": 30.0, "fill": True, "line_width": 2.0},
        ),
    ),
    "ellipse": (
        {"center": [0, 0], "width": 12, "height": 6, "angle": -30},
        (
            "ellipse",
            {"x": -15.0, "y": -13.5, "width": 12.0, "height": 6.0, "angle": -30.0, "fill": False, "line_width": 1.0},
        ),
    ),
    "regular_polygon": (
        {"center": [15, 13.5], "angle": 10, "vertices": 5, "radius": 7, "fill": True, "line_width": 0},
        ("polygon", {"x": 0.0, "y": 0.0, "sides": 5, "radius": 7.0, "angle": 100.0, "fill": True, "line_width": 0.0}),
    ),
    "polygon": (
        {"center": [15, 13.5], "angle": 0, "radius": 7},
        ("polygon", {"x": 0.0, "y": 0.0, "sides": 3, "radius": 7.0, "angle": 90.0, "fill": False, "line_width": 1.0}),
    ),
    "arc": (
        {"center": [15, 13.5], "radius": 8, "theta1": 10, "theta2": 160, "line_width": 2},
        ("arc", {"x": 0.0, "y": 0.0, "radius": 8.0, "start": 10.0, "sweep": 150.0, "line_width": 2.0}),
    ),
    "line": (
        {"start": [1, 20], "end": [25, 4], "line_width": 3},
        ("line", {"x1": -14.0, "y1": 6.5, "x2": 10.0, "y2": -9.5, "line_width": 3.0}),
    ),
}
