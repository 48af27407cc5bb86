"""The data loader: the lecture's split; MNIST to the last bit, or a clear error."""

import contextlib
import gc
import gzip
import hashlib
import io
import os
import shutil
import subprocess
import sys
import weakref
import zipfile
from pathlib import Path

from mnist_lecture import data, mnist_files
from mnist_lecture.data import REPOSITORY, DataError, Digits

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

PARTS = {  # of the lecture's split: the official set, and the range of images in it
    "train": ("train", 0, 45_000),
    "validation": ("train", 45_000, 50_000),
    "test": ("test", 0, 10_000),
    "reserve": ("train", 50_000, 60_000),
}
IDX_NAMES = list(mnist_files.IDX_FILES.values())
LABELS = mnist_files.IDX_FILES["y_test"]
SWAPS = [("x_train", "x_test"), ("y_train", "y_test"), ("x_train", "y_train"), ("y_test", "x_test")]
PAGE = b"<!DOCTYPE html>\n<html><body>Please log in to the network.</body></html>"


# --------------------------------------------------------------------------------------- the split
@pytest.fixture(scope="module")
def numbered():
    """Arrays of the sizes of MNIST; image n holds its number n in its first four bytes."""
    arrays = {}
    for name, size in (("train", 60_000), ("test", 10_000)):
        images = np.zeros((size, 784), np.uint8)
        images[:, :4] = np.arange(size, dtype=">u4").view(np.uint8).reshape(size, 4)
        images[:, 4] = 255 if name == "test" else 0
        arrays[f"x_{name}"] = images.reshape(size, 28, 28)
        arrays[f"y_{name}"] = (np.arange(size) % 10).astype(np.uint8)
    return arrays


@pytest.fixture(scope="module", params=[False, True], ids=["full", "quick"])
def mnist(request, numbered):
    return data.split(numbered, quick=request.param)


def numbers(digits):
    """Return the numbers that the images of `numbered` hold."""
    return np.ascontiguousarray(digits.pixels[:, 0, :4]).view(">u4").ravel()


@pytest.mark.parametrize("part", PARTS)
def test_each_part_holds_the_lectures_images_in_order(mnist, part):
    name, start, stop = PARTS[part]
    if mnist.quick:
        stop = start + (stop - start) // 10
    digits = getattr(mnist, part)
    assert len(digits) == stop - start
    np.testing.assert_array_equal(numbers(digits), np.arange(start, stop))
    np.testing.assert_array_equal(digits.labels, np.arange(start, stop) % 10)
    assert np.all(digits.pixels[:, 0, 4] == (255 if name == "test" else 0))


def test_quick_mode_has_a_tenth_of_every_part(numbered):
    quick = data.split(numbered, quick=True)
    assert [len(getattr(quick, part)) for part in PARTS] == [4_500, 500, 1_000, 1_000]


def test_no_training_image_is_in_two_parts(mnist):
    seen = np.concatenate([numbers(getattr(mnist, p)) for p in ("train", "validation", "reserve")])
    assert len(np.unique(seen)) == len(seen) == (6_000 if mnist.quick else 60_000)


@pytest.mark.parametrize("part", PARTS)
def test_shapes_types_and_ranges(mnist, part):
    digits = getattr(mnist, part)
    n = len(digits)
    for name, shape, dtype, highest in (
        ("pixels", (n, 28, 28), np.uint8, 255),
        ("images", (n, 28, 28, 1), np.float32, 1),
        ("inputs", (n, 784), np.float32, 1),
        ("labels", (n,), np.int64, 9),
        ("one_hot", (n, 10), np.float32, 1),
    ):
        array = getattr(digits, name)
        assert (name, array.shape, array.dtype) == (name, shape, dtype)
        assert array.min() >= 0
        assert array.max() <= highest
    assert digits.pixels[:, 0].any()
    np.testing.assert_allclose(digits.images[..., 0].max(0), digits.pixels.max(0) / 255, rtol=1e-6)
    np.testing.assert_array_equal(digits.one_hot.argmax(1), digits.labels)
    np.testing.assert_array_equal(digits.one_hot.sum(1), 1)


@pytest.mark.parametrize("array", ["pixels", "images", "inputs", "labels", "one_hot"])
@pytest.mark.parametrize("part", PARTS)
def test_arrays_are_read_only(mnist, part, array):
    values = getattr(getattr(mnist, part), array)
    with pytest.raises(ValueError, match="read-only"):
        values[0] = 1
    assert np.shares_memory(getattr(getattr(mnist, part), array), values)  # computed once


def test_float_images_are_kept_only_as_long_as_they_are_used(mnist):
    few = mnist.validation[:10]
    inputs = few.inputs
    used = weakref.ref(inputs.base)
    assert few.images is used()
    del inputs
    gc.collect()
    assert used() is None


def test_some_of_the_digits(mnist):
    fours = mnist.train[mnist.train.labels == 4]
    assert set(fours.labels) == {4}
    np.testing.assert_array_equal(fours.inputs, mnist.train.inputs[mnist.train.labels == 4])
    assert len(mnist.train[:10]) == len(mnist.train[np.arange(10)]) == 10
    for array in (fours.pixels, fours.labels, fours.images):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    with pytest.raises(TypeError, match=r"such as \[3:\]"):
        mnist.train[3]


def test_inputs_share_memory_with_images(mnist):
    assert np.shares_memory(mnist.validation.inputs, mnist.validation.images)


def test_the_attributes_cannot_be_replaced(mnist):
    with pytest.raises(AttributeError):
        mnist.train.labels = None
    with pytest.raises(AttributeError):
        mnist.train = None


def test_repr_and_full_scale(mnist):
    assert mnist.full_scale is not mnist.quick
    assert ("one tenth" in repr(mnist)) is mnist.quick
    assert f"{len(mnist.train):,} images to train" in repr(mnist)


def test_generated_digits_are_never_full_scale(numbered):
    generated = data.split(numbered, source="generated digits")
    assert not generated.full_scale
    assert repr(generated).startswith("generated digits: 45,000")


def test_splitting_leaves_the_arrays_writable(numbered):
    data.split(numbered)
    assert numbered["x_train"].flags.writeable


def sha256(array):
    return hashlib.sha256(np.ascontiguousarray(array, np.uint8)).hexdigest()


@pytest.mark.parametrize(
    ("part", "pixels", "labels"),
    [
        (
            "train",
            "ca1d2df090b6e0e3e0bb823093004e225fe20702ee7b36f98c08561dcf08ff9e",
            "8510621d6c5f7466c4e01db83998a7eceacb71add857784695130835762adf6a",
        ),
        (
            "validation",
            "6bcdbab34cb624dc2e9a625266963334ec038168f1471ec563003c0db7b8d531",
            "7938f7e56ce202dec6a006978ba3315abff62879ce6579682c32b0a30fcbfa39",
        ),
        (
            "test",
            "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
            "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
        ),
        (
            "reserve",
            "2b079632b0defaf508a5ebf8c4ac1e18ce15c8b337da087e9c3e1c84c618d244",
            "f46875b7c22368a38a50c5c7639c3842341b81fe4d628c55fa1818e21e96ab3b",
        ),
    ],
)
def test_the_real_mnist_is_split_as_in_the_lecture(real_mnist, part, pixels, labels):
    digits = getattr(real_mnist, part)
    assert (sha256(digits.pixels), sha256(digits.labels)) == (pixels, labels)
    assert len(digits) == PARTS[part][2] - PARTS[part][1]
    assert real_mnist.full_scale


# ----------------------------------------------------------------------------------------- one-hot
def test_floats_divides_gray_values_only():
    gray = np.array([0, 51, 255], np.uint8)
    assert data.floats(gray).dtype == np.float32
    np.testing.assert_array_equal(data.floats(gray), np.float32([0, 0.2, 1]))
    assert data.floats(images := np.array([0, 0.5])) is images


def test_one_hot():
    np.testing.assert_array_equal(data.one_hot([2, 0], categories=3), [[0, 0, 1], [1, 0, 0]])


@pytest.mark.parametrize("dtype", ["u1", "u8", "i1", "i8", ">i4"])
def test_one_hot_takes_any_integers(dtype):
    result = data.one_hot(np.arange(10, dtype=dtype))
    assert result.dtype == np.float32
    np.testing.assert_array_equal(result, np.eye(10))


def test_one_hot_of_no_labels_has_no_rows():
    assert data.one_hot(np.zeros(0, int)).shape == (0, 10)


@pytest.mark.parametrize(
    "labels",
    [[-1, 3], [3, 10], [1.0], [[1, 2]], 3, ["1"], [True], [None], np.eye(10)],
    ids=str,
)
def test_one_hot_refuses_other_labels(labels):
    with pytest.raises(ValueError, match="labels"):
        data.one_hot(labels)


# --------------------------------------------------------------------------------------- readers
def put(folder, toy, form):
    """Save the toy MNIST in one of its forms."""
    if form == "npz":
        toy.save(folder, mnist_files.NPZ_FILE)
    else:
        toy.save(folder, *IDX_NAMES)
    if form == "idx":
        for name in IDX_NAMES:
            plain(folder, name)


def plain(folder, name):
    """Replace a .gz file by the decompressed one."""
    content = gzip.decompress((folder / name).read_bytes())
    (folder / name).unlink()
    (folder / name.removesuffix(".gz")).write_bytes(content)


@pytest.mark.parametrize("form", ["gz", "idx", "npz"])
def test_each_form_is_read(world, toy, form):
    put(world.named, toy, form)
    assert toy.is_in(mnist_files.read(world.named))


def test_forms_may_be_mixed(world, toy):
    put(world.named, toy, "gz")
    plain(world.named, LABELS)
    assert toy.is_in(mnist_files.read(str(world.named)))


@pytest.mark.parametrize("absent", IDX_NAMES)
def test_an_incomplete_set_is_not_read(world, toy, absent):
    toy.save(world.named, *(name for name in IDX_NAMES if name != absent))
    assert mnist_files.read(world.named) is None
    assert mnist_files.missing(world.named) == [absent]


def test_an_npz_in_fortran_order_gives_the_same_read_only_arrays(world, toy):
    content = toy.npz({key: np.asfortranarray(array) for key, array in toy.arrays.items()})
    toy.save(world.named)
    (world.named / mnist_files.NPZ_FILE).write_bytes(content)
    assert toy.is_in(mnist_files.read(world.named))
    digits = data.load_mnist(world.named).train
    assert not digits.inputs.flags.writeable
    assert np.shares_memory(digits.inputs, digits.images)


def test_an_npz_may_hold_other_arrays_too(world, toy):
    toy.save(world.named)
    (world.named / mnist_files.NPZ_FILE).write_bytes(toy.npz({**toy.arrays, "readme": np.zeros(3)}))
    assert toy.is_in(mnist_files.read(world.named))


def refused(folder, name):
    """Check that `folder` is refused with a message that names the file and says what to do."""
    with pytest.raises(DataError) as caught:
        mnist_files.read(folder)
    message = str(caught.value)
    assert message.startswith(str(folder / name))
    assert "Move it away and run `mnist-lecture data`" in message
    return message


def with_dtype_code(content, code):
    return content[:2] + bytes([code]) + content[3:]


GZ_DAMAGE = {  # of the bytes of a .gz file
    "empty": lambda gz: b"",
    "cut in the header": lambda gz: gz[:7],
    "cut in the middle": lambda gz: gz[: len(gz) // 2],
    "cut in the checksum": lambda gz: gz[:-3],
    "garbage at the end": lambda gz: gz + b"garbage",
    "twice": lambda gz: gz + gz,
    "a web page": lambda gz: PAGE,
    "a gzipped web page": lambda gz: gzip.compress(PAGE),
    "not gzipped": gzip.decompress,
    "gzipped twice": gzip.compress,
    "gzipped, empty": lambda gz: gzip.compress(b""),
    "zeros": lambda gz: bytes(len(gz)),
}
IDX_DAMAGE = {  # of the bytes of a decompressed IDX file
    "empty": lambda raw: b"",
    "header only": lambda raw: raw[:8],
    "cut in the header": lambda raw: raw[:5],
    "one byte short": lambda raw: raw[:-1],
    "one byte long": lambda raw: raw + b"\0",
    "wrong magic": lambda raw: b"\1" + raw[1:],
    "signed": lambda raw: with_dtype_code(raw, 9),
    "float": lambda raw: with_dtype_code(raw, 13),
    "one axis more": lambda raw: raw[:3] + b"\2" + raw[4:8] + (1).to_bytes(4, "big") + raw[8:],
    "little-endian": lambda raw: raw[:4] + raw[7:3:-1] + raw[8:],
    "length too small": lambda raw: raw[:7] + b"\1" + raw[8:],
    "other label": lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]),
    "order": lambda raw: raw[:8] + raw[:7:-1],
    "gzipped": gzip.compress,
    "a web page": lambda raw: PAGE,
}


@pytest.mark.parametrize("damage", GZ_DAMAGE)
def test_a_damaged_gz_is_refused(world, toy, damage):
    put(world.named, toy, "gz")
    (world.named / LABELS).write_bytes(GZ_DAMAGE[damage](toy.files[LABELS]))
    message = refused(world.named, LABELS)
    assert ("web page" in message) is (damage == "a web page")


@pytest.mark.parametrize("gzipped", [True, False], ids=["gz", "plain"])
@pytest.mark.parametrize("damage", IDX_DAMAGE)
def test_a_damaged_idx_is_refused(world, toy, damage, gzipped):
    put(world.named, toy, "gz" if gzipped else "idx")
    content = IDX_DAMAGE[damage](toy.idx(toy.arrays["y_test"]))
    name = LABELS if gzipped else LABELS.removesuffix(".gz")
    (world.named / name).write_bytes(gzip.compress(content) if gzipped else content)
    refused(world.named, name)


@pytest.mark.parametrize("gzipped", [True, False], ids=["gz", "plain"])
@pytest.mark.parametrize("swapped", SWAPS, ids=" and ".join)
def test_swapped_idx_files_are_refused(world, toy, swapped, gzipped):
    put(world.named, toy, "gz" if gzipped else "idx")
    one, other = (
        mnist_files.IDX_FILES[key].removesuffix("" if gzipped else ".gz") for key in swapped
    )
    contents = (world.named / one).read_bytes(), (world.named / other).read_bytes()
    (world.named / one).write_bytes(contents[1])
    (world.named / other).write_bytes(contents[0])
    in_reading_order = [name.removesuffix("" if gzipped else ".gz") for name in IDX_NAMES]
    refused(world.named, min(one, other, key=in_reading_order.index))


def test_a_large_gz_is_not_decompressed_to_its_end(world, toy):
    put(world.named, toy, "gz")
    (world.named / LABELS).write_bytes(gzip.compress(bytes(30_000_000), 1))
    refused(world.named, LABELS)


NPZ_DAMAGE = {  # of the arrays in an npz file
    "a key is missing": lambda arrays: arrays.pop("y_test"),
    "no key at all": lambda arrays: arrays.clear(),
    "float": lambda arrays: arrays.update(x_test=arrays["x_test"].astype(float)),
    "signed": lambda arrays: arrays.update(y_test=arrays["y_test"].astype(np.int8)),
    "wider": lambda arrays: arrays.update(y_test=arrays["y_test"].astype(np.int64)),
    "flat": lambda arrays: arrays.update(x_test=arrays["x_test"].reshape(-1, 784)),
    "scalar": lambda arrays: arrays.update(x_test=np.uint8(3)),
    "one too few": lambda arrays: arrays.update(y_train=arrays["y_train"][:-1]),
    "inverted": lambda arrays: arrays.update(x_train=255 - arrays["x_train"]),
    "transposed": lambda arrays: arrays.update(x_train=arrays["x_train"].transpose(0, 2, 1)),
    "pickles": lambda arrays: arrays.update(y_test=np.array([{}, print], object)),
    "text": lambda arrays: arrays.update(y_test=np.array(["seven"])),
    "records": lambda arrays: arrays.update(y_test=arrays["y_test"].view([("label", "u1")])),
}


@pytest.mark.parametrize("damage", NPZ_DAMAGE)
def test_an_npz_with_other_arrays_is_refused(world, toy, damage):
    arrays = dict(toy.arrays)
    NPZ_DAMAGE[damage](arrays)
    toy.save(world.named)
    (world.named / mnist_files.NPZ_FILE).write_bytes(toy.npz(arrays))
    refused(world.named, mnist_files.NPZ_FILE)


@pytest.mark.parametrize("swapped", SWAPS, ids=" and ".join)
def test_swapped_arrays_in_an_npz_are_refused(world, toy, swapped):
    one, other = swapped
    arrays = {**toy.arrays, one: toy.arrays[other], other: toy.arrays[one]}
    toy.save(world.named)
    (world.named / mnist_files.NPZ_FILE).write_bytes(toy.npz(arrays))
    refused(world.named, mnist_files.NPZ_FILE)


class Pickled:
    """Creates a folder when it is unpickled."""

    def __init__(self, folder):
        self.folder = str(folder)

    def __reduce__(self):
        return os.mkdir, (self.folder,)


def test_nothing_is_ever_unpickled(world, toy, tmp_path):
    trap = np.array([Pickled(tmp_path / "sprung")])
    for content in (toy.npz({**toy.arrays, "y_test": trap}), trap.dumps()):
        toy.save(world.named)
        (world.named / mnist_files.NPZ_FILE).write_bytes(content)
        refused(world.named, mnist_files.NPZ_FILE)
    assert not (tmp_path / "sprung").exists()


def as_pickle(content):
    return np.arange(3, dtype=object).dumps()


def with_a_member_that_is_no_array(content):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for key in mnist_files.ARRAYS:
            archive.writestr(f"{key}.npy", b"not an array")
    return file.getvalue()


@pytest.mark.parametrize(
    "damage",
    [
        as_pickle,
        with_a_member_that_is_no_array,
        *(GZ_DAMAGE[d] for d in ("empty", "cut in the middle", "a web page", "zeros")),
    ],
)
def test_a_damaged_npz_is_refused(world, toy, damage):
    toy.save(world.named)
    (world.named / mnist_files.NPZ_FILE).write_bytes(damage(toy.files[mnist_files.NPZ_FILE]))
    assert "pickle" not in refused(world.named, mnist_files.NPZ_FILE)  # no advice to load a pickle


@pytest.mark.parametrize("name", [*IDX_NAMES, mnist_files.NPZ_FILE])
def test_a_folder_with_the_name_of_a_file_is_ignored(world, toy, name):
    toy.save(world.named, *({*toy.files} - {name}))
    (world.named / name).mkdir()
    assert toy.is_in(mnist_files.read(world.named))  # from the other form
    for other in (mnist_files.NPZ_FILE, IDX_NAMES[0]):
        if other != name:
            (world.named / other).unlink(missing_ok=True)
    assert mnist_files.read(world.named) is None


def same_or_refused(folder, toy, name):
    """Check for exactly the right arrays or a `DataError` that names the file; return which."""
    try:
        arrays = mnist_files.read(folder)
    except DataError as error:
        assert str(folder / name) in str(error)
        assert "mnist-lecture data" in str(error)
        return False
    assert toy.is_in(arrays)
    return True


@pytest.mark.parametrize("name", [LABELS, LABELS.removesuffix(".gz")])
def test_every_flipped_bit_and_every_cut_of_a_small_file(world, toy, name):
    put(world.named, toy, "gz" if name == LABELS else "idx")
    good = (world.named / name).read_bytes()
    harmless = 0
    for position in range(len(good)):
        (world.named / name).write_bytes(good[:position])
        assert not same_or_refused(world.named, toy, name)
        for bit in range(8):
            flipped = bytearray(good)
            flipped[position] ^= 1 << bit
            (world.named / name).write_bytes(flipped)
            harmless += same_or_refused(world.named, toy, name)
    assert harmless < 8 * 10  # gzip's header has unused bits, plain IDX has none
    assert name == LABELS or harmless == 0


@st.composite
def damages(draw, length):
    """A function that damages bytes: cuts, inserts, overwrites, moves or flips some of them."""
    start, stop = sorted(draw(st.lists(st.integers(0, length), min_size=2, max_size=2)))
    middle = draw(
        st.sampled_from(
            [
                lambda old: b"",
                lambda old: bytes(len(old)),
                lambda old: old + old,
                lambda old: old[::-1],
                lambda old: bytes([old[0] ^ 255]) + old[1:] if old else b"\xff",
            ]
        )
        | st.binary(max_size=40).map(lambda new: lambda old: new)
        | st.binary(min_size=1, max_size=40).map(lambda new: lambda old: old + new)
    )
    return lambda content: content[:start] + middle(content[start:stop]) + content[stop:]


quickly = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,  # the same examples in each run
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # none is changed by an example
)


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("gz", mnist_files.IDX_FILES["x_train"]),
        ("gz", mnist_files.IDX_FILES["y_train"]),
        ("idx", mnist_files.IDX_FILES["x_test"].removesuffix(".gz")),
        ("npz", mnist_files.NPZ_FILE),
    ],
)
@quickly
@given(draws=st.data())
def test_random_damage_to_a_file(world, toy, form, name, draws):
    put(world.named, toy, form)
    good = (world.named / name).read_bytes()
    damaged = good
    for damage in draws.draw(st.lists(damages(len(good)), min_size=1, max_size=3)):
        damaged = damage(damaged)
    (world.named / name).write_bytes(damaged)
    same_or_refused(world.named, toy, name)


@quickly
@given(draws=st.data())
def test_random_damage_to_an_idx_file_before_compression(world, toy, draws):
    put(world.named, toy, "gz")
    good = toy.idx(toy.arrays["y_train"])
    damaged = draws.draw(damages(len(good)))(good)
    (world.named / mnist_files.IDX_FILES["y_train"]).write_bytes(gzip.compress(damaged))
    same = same_or_refused(world.named, toy, mnist_files.IDX_FILES["y_train"])
    assert same is (damaged == good)


@quickly
@given(draws=st.data())
def test_a_random_array_in_an_npz(world, toy, draws):
    arrays = dict(toy.arrays)
    key = draws.draw(st.sampled_from(sorted(arrays)))
    shape = st.just(arrays[key].shape) if arrays[key].ndim == 1 else st.just((10, 2))
    dtype = st.just(np.dtype("u1")) | hnp.scalar_dtypes()
    arrays[key] = draws.draw(hnp.arrays(dtype, shape | hnp.array_shapes(min_dims=0)))
    toy.save(world.named)
    (world.named / mnist_files.NPZ_FILE).write_bytes(toy.npz(arrays))
    same_or_refused(world.named, toy, mnist_files.NPZ_FILE)


# ------------------------------------------------------------------------------- where it is found
ORDER = ("named", "clone", "home", "keras")


@pytest.mark.parametrize("by", ["argument", "environment"])
@pytest.mark.parametrize("first", ORDER)
def test_the_first_place_with_mnist_is_used(world, toy, monkeypatch, first, by):
    world.named.mkdir()
    for place in ORDER[ORDER.index(first) :]:
        toy.save(getattr(world, place), mnist_files.NPZ_FILE)
    if by == "environment":
        monkeypatch.setenv("MNIST_LECTURE_DATA", str(world.named))
    place, arrays = data.find(world.named if by == "argument" else None)
    assert place == getattr(world, first)
    assert toy.is_in(arrays)


def test_the_argument_overrides_the_environment(world, toy, monkeypatch):
    toy.save(world.named, mnist_files.NPZ_FILE)
    toy.save(world.home, mnist_files.NPZ_FILE)
    monkeypatch.setenv("MNIST_LECTURE_DATA", str(world.named))
    assert data.find(str(world.home))[0] == world.home


def test_a_named_folder_may_begin_with_a_tilde(world, toy):
    toy.save(world.home, mnist_files.NPZ_FILE)
    assert data.find("~/.mnist_lecture")[0] == world.home


def test_keras_home_can_be_set(world, toy, tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "elsewhere"))
    toy.save(tmp_path / "elsewhere" / "datasets", mnist_files.NPZ_FILE)
    assert data.find()[0] == tmp_path / "elsewhere" / "datasets"


def test_an_installed_wheel_finds_the_clone_of_the_notebook_that_imports_it(tmp_path):
    shutil.copytree(REPOSITORY / "mnist_lecture", tmp_path / "site" / "mnist_lecture")
    notebooks = tmp_path / "clone" / "notebooks"
    notebooks.mkdir(parents=True)
    (notebooks / "02_softmax.ipynb").touch()
    student = shutil.copytree(notebooks, tmp_path / "student" / "notebooks")  # has no clone
    (tmp_path / "clone" / "pyproject.toml").touch()
    code = "from mnist_lecture.data import REPOSITORY; print(REPOSITORY)"
    carried = "site/mnist_lecture/carried"
    for folder, found in (
        (notebooks, "clone"),
        (tmp_path / "clone", "clone"),
        (student, carried),
        (student.parent, carried),
        (tmp_path, carried),
    ):
        printed = subprocess.check_output(
            [sys.executable, "-c", code],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(tmp_path / "site")},
            text=True,
        )
        assert Path(printed.strip()) == (tmp_path / found).resolve()


def test_an_installed_wheel_has_no_data_folder(world, toy, monkeypatch):
    monkeypatch.setattr(data, "REPOSITORY", data.CARRIED)
    toy.save(world.clone, mnist_files.NPZ_FILE)
    assert data.places() == [world.home, world.keras]
    assert data.find() == (None, None)


def test_a_damaged_keras_cache_is_ignored_but_reported(world, toy):
    toy.save(world.keras, mnist_files.NPZ_FILE)
    (world.keras / mnist_files.NPZ_FILE).write_bytes(PAGE)
    assert data.find() == (None, None)
    with pytest.raises(DataError, match="saved under this name"):
        data.load_mnist()


def test_a_damaged_keras_cache_is_an_error_if_named(world, toy):
    toy.save(world.keras)
    (world.keras / mnist_files.NPZ_FILE).write_bytes(PAGE)
    with pytest.raises(DataError, match="Move it away"):
        data.find(world.keras)


@pytest.mark.parametrize("place", ["named", "clone", "home"])
def test_a_damaged_file_elsewhere_is_an_error(world, toy, place):
    folder = getattr(world, place)
    toy.save(folder, *IDX_NAMES)
    toy.save(world.keras, mnist_files.NPZ_FILE)
    (folder / LABELS).write_bytes(b"damaged")
    with pytest.raises(DataError) as caught:
        data.load_mnist(folder if place == "named" else None)
    assert str(folder / LABELS) in str(caught.value)


def test_a_good_npz_beside_damaged_idx_files_is_used(world, toy, snapshot):
    toy.save(world.named, *IDX_NAMES, mnist_files.NPZ_FILE)
    (world.named / LABELS).write_bytes(b"damaged")
    before = snapshot(world.named)
    assert toy.is_in(data.find(world.named)[1])
    assert snapshot(world.named) == before


def test_good_idx_files_beside_a_damaged_npz_are_used(world, toy):
    toy.save(world.named, *IDX_NAMES)
    (world.named / mnist_files.NPZ_FILE).write_bytes(PAGE)
    assert toy.is_in(data.find(world.named)[1])


@pytest.mark.parametrize("name", ["absent", "a file", "x" * 300], ids=["absent", "file", "long"])
@pytest.mark.parametrize("by", ["The argument", "MNIST_LECTURE_DATA"])
def test_naming_no_folder_is_an_error(world, tmp_path, monkeypatch, by, name):
    (tmp_path / "a file").touch()
    folder = tmp_path / name
    if by == "MNIST_LECTURE_DATA":
        monkeypatch.setenv(by, str(folder))
    with pytest.raises(DataError) as caught:
        data.load_mnist(folder if by == "The argument" else None)
    assert str(caught.value).startswith(f"{by} names {folder}, which is not a folder")


@contextlib.contextmanager
def unprivileged():
    """Give up the privileges of root, to whom no permission applies, for a while."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_a_forbidden_place_is_passed_over(world, toy):
    for place in (world.clone, world.home, world.keras):
        toy.save(place, mnist_files.NPZ_FILE)
        place.chmod(0)
    try:
        with unprivileged():
            assert data.find() == (None, None)
    finally:
        for place in (world.clone, world.home, world.keras):
            place.chmod(0o755)


@pytest.mark.parametrize("form", ["gz", "idx", "npz"])
def test_a_read_only_folder_is_read_and_not_changed(world, toy, snapshot, form):
    put(world.named, toy, form)
    for path in world.named.iterdir():
        path.chmod(0o444)
    world.named.chmod(0o555)
    try:
        before = snapshot(world.named)
        loaded = data.load_mnist(world.named)
        assert snapshot(world.named) == before
    finally:
        world.named.chmod(0o755)
    np.testing.assert_array_equal(loaded.train.pixels, toy.arrays["x_train"])
    assert not world.clone.exists()
    assert not world.home.exists()


# ------------------------------------------------------------------------------------- load_mnist
@pytest.mark.parametrize("value", ["yes", "2", "true", " 1"])
def test_a_misspelt_quick_mode_is_an_error(world, toy, monkeypatch, value):
    monkeypatch.setenv("MNIST_LECTURE_QUICK", value)
    with pytest.raises(DataError, match="MNIST_LECTURE_QUICK"):  # before the search
        data.load_mnist()


@pytest.mark.parametrize(
    ("value", "argument", "quick"),
    [
        (None, None, False),
        ("", None, False),
        ("0", None, False),
        ("1", None, True),
        ("1", False, False),
        ("0", True, True),
    ],
)
def test_quick_mode_by_environment_and_argument(world, toy, monkeypatch, value, argument, quick):
    toy.save(world.named, mnist_files.NPZ_FILE)
    if value is not None:
        monkeypatch.setenv("MNIST_LECTURE_QUICK", value)
    assert data.load_mnist(world.named, quick=argument).quick is quick


def test_state_describes_a_folder(world, toy):
    assert mnist_files.state(world.named) == "no such folder"
    world.named.mkdir()
    assert mnist_files.state(world.named).startswith("no MNIST")
    toy.save(world.named, *IDX_NAMES[:3])
    assert mnist_files.state(world.named) == f"lacks {IDX_NAMES[3]}"
    toy.save(world.named, *IDX_NAMES)
    assert mnist_files.state(world.named).startswith("MNIST")
    (world.named / LABELS).write_bytes(PAGE)
    assert "web page" in mnist_files.state(world.named)


def test_digits_have_a_length():
    assert len(Digits(np.zeros((3, 28, 28), np.uint8), np.arange(3))) == 3


# ------------------------------------------------------------------------ without MNIST
def written(n, seed, setting, *, start=0):
    """Replace `handwriting.generate`, which takes a second or two."""
    labels = (np.arange(start, start + n) + seed) % 10
    return np.full((n, 28, 28, 1), 0.2, np.float32), labels


@pytest.fixture
def fast_pen(monkeypatch):
    from mnist_lecture import handwriting

    monkeypatch.setattr(handwriting, "generate", written)


def test_generated_digits_replace_mnist_with_a_message(world, fast_pen, monkeypatch, capsys):
    monkeypatch.setenv("MNIST_LECTURE_SOURCE", "auto")
    digits = data.load_mnist()
    assert "NOT" in capsys.readouterr().out
    assert digits.source == "generated digits"
    assert not digits.full_scale
    assert str(digits).startswith("generated digits: 45,000 images to train")
    assert [len(getattr(digits, part)) for part in PARTS] == [45_000, 5_000, 10_000, 10_000]
    assert digits.train.pixels.dtype == np.uint8
    assert digits.train.pixels[0, 0, 0] == 51
    assert digits.test.labels[0] == 1  # from another stream than the training images


def test_generated_digits_on_request_need_no_search(world, fast_pen, monkeypatch):
    monkeypatch.setattr(data, "find", None)
    monkeypatch.setattr(data, "download", None)
    assert data.load_mnist(source="generated", quick=True).source == "generated digits"


def test_mnist_is_not_replaced_if_it_is_demanded(world):
    with pytest.raises(DataError, match="found nowhere"):
        data.load_mnist(source="mnist")


def test_damaged_files_are_not_replaced(world, toy):
    toy.save(world.clone, *toy.idx_files)
    (world.clone / mnist_files.IDX_FILES["y_test"]).write_bytes(b"nonsense")
    with pytest.raises(DataError, match="is not the MNIST file of that name"):
        data.load_mnist(source="auto")


@pytest.mark.parametrize("variable", ["MNIST_LECTURE_SOURCE", "MNIST_LECTURE_QUICK"])
def test_a_misspelt_setting_is_an_error(world, variable, monkeypatch):
    monkeypatch.setenv(variable, "genereted")
    with pytest.raises(DataError, match=f"{variable} is 'genereted'; it must be one of "):
        data.load_mnist()


def test_a_failed_download_is_remembered_for_a_while(world, monkeypatch):
    with pytest.raises(DataError, match="found nowhere"):
        data.download()
    with pytest.raises(DataError, match="a few minutes ago"):
        data.download()
    with pytest.raises(DataError, match="found nowhere"):
        data.download(again=True)
    monkeypatch.setattr(data, "REMEMBERED", 0)
    with pytest.raises(DataError, match="found nowhere"):
        data.download()
