"""The live figure "slope": costs, forces and races are those of notebook 03."""

from mnist_lecture import live

import numpy as np
import pytest

SLIDER = "confidence in the wrong answer, Δ"


def page_html(delta=6.0):
    return live.document("slope", "a live figure", source="MNIST", delta=delta, rate=0.1)


def descend(gradient, start, steps, rate=0.1):
    """Return the probability of the right answer before each step, as in the notebook."""
    z = np.stack([0 * start, start], axis=1)
    p = np.empty((steps, len(start)))
    for n in range(steps):
        f = np.exp(z - z.max(axis=1, keepdims=True))
        f /= f.sum(axis=1, keepdims=True)
        p[n] = f[:, 0]
        z = z - rate * gradient(f, f - np.array([1.0, 0.0]))
    return p


def quad(f, mistake):
    return 2 * f * (mistake - np.sum(f * mistake, axis=1, keepdims=True))


def on_paper(d, rate=0.1):
    e = np.exp(-d)
    return (1 / e - 1 + 3 * d + 3 * (1 - e) + (1 - e**2) / 2) / (8 * rate)


def shown_races(page):
    rows = page.locator("tr").all()[1:]
    return [[cell.replace(",", "") for cell in row.locator("td").all_inner_texts()] for row in rows]


def test_the_steps_are_those_of_the_notebook(open_page):
    page = open_page(page_html())
    start = np.arange(1, 11.0)
    races = (descend(lambda f, mistake: mistake, start, 1000), descend(quad, start, 30_000))
    expected = np.array([np.argmax(p >= 0.5, axis=0) for p in races]).T
    ends = "d => d.map(x => live.descend(x).map(b => [b.steps, b.p]))"
    found = page.evaluate(ends, start.tolist())
    assert expected[1::2].tolist() == [[15, 20], [25, 88], [35, 532], [45, 3763], [55, 27578]]
    np.testing.assert_array_equal([[steps for steps, p in both] for both in found], expected)
    at_the_end = [[p[n, k] for p, n in zip(races, expected[k], strict=True)] for k in range(10)]
    np.testing.assert_allclose([[p for steps, p in both] for both in found], at_the_end, rtol=1e-9)


def test_costs_and_forces_are_those_of_the_notebook(open_page):
    page = open_page(page_html())
    delta = np.arange(-5, 15.5, 0.5)
    p = 1 / (1 + np.exp(delta))
    expected = [[-np.log(p), 1 - p], [2 * (1 - p) ** 2, 4 * p * (1 - p) ** 2]]
    found = []
    for d in delta:
        page.get_by_label(SLIDER, exact=True).fill(str(d))
        found.append(page.evaluate("live.balls().map(b => [b.cost(b.p), b.force(b.p)])"))
    np.testing.assert_allclose(found, np.moveaxis(expected, 2, 0), rtol=1e-9)
    assert "10⁻⁶" in page.locator("p").all_inner_texts()[3]


def test_let_go_and_both_balls_run_until_they_arrive(open_page):
    page = open_page(page_html(4.0))
    at = page.locator("circle").nth(1)  # quadratic, on the curve of the cost
    before = float(at.get_attribute("cx"))
    page.get_by_role("button", name="let go").click()
    page.wait_for_function("live.balls()[0].steps > 3")
    assert page.get_by_role("button").inner_text() == "stop"
    page.wait_for_function("live.balls()[0].p >= 0.5")
    assert 0 < page.evaluate("live.balls()[1].steps") < 88  # still on its way
    assert float(at.get_attribute("cx")) < before
    page.get_by_text("25 steps down the slope, 88 from the plateau").wait_for()
    assert shown_races(page) == [["4.0", "25", "88"]]
    assert page.get_by_role("button").inner_text() == "let go"


def test_a_race_can_be_stopped(open_page):
    page = open_page(page_html(15.0))
    page.get_by_role("button").click()
    page.wait_for_function("live.balls()[1].steps > 3")
    page.get_by_role("button").click()
    steps = page.evaluate("live.balls()[1].steps")
    page.wait_for_timeout(100)
    assert page.evaluate("live.balls()[1].steps") == steps
    page.get_by_label(SLIDER, exact=True).fill("3")
    assert page.evaluate("live.balls().map(b => [b.steps, b.delta])") == [[0, 3], [0, 3]]


def test_who_wants_little_motion_sees_the_end_at_once(open_page):
    page = open_page(page_html(15.0), reduced_motion="reduce")
    for start in (1, 15, 2, 4, 6, 8, 4, -1):  # five are shown, sorted
        page.get_by_label(SLIDER, exact=True).fill(str(start))
        page.get_by_role("button").click()
    races = np.array(shown_races(page), float)
    np.testing.assert_array_equal(races[:, 0], [2, 4, 6, 8, 15])
    np.testing.assert_array_equal(races[:, 2][:4], [20, 88, 532, 3763])
    assert races[4, 2] == pytest.approx(on_paper(15.0), rel=1e-3)
    assert "from the start" in page.locator("p[aria-live]").inner_text()


def test_hands_and_keys_take_hold_of_the_diagrams(open_page):
    page = open_page(page_html(6.0), width=360, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for svg in page.locator("svg").all():
        svg.scroll_into_view_if_needed()
        box = svg.bounding_box()
        left, right = ((box["x"] + box["width"] * x / 380) for x in (56, 368))  # Δ = -5 and 15
        y = box["y"] + box["height"] / 2
        page.mouse.move(right, y)
        page.mouse.down()
        page.mouse.move((left + right) / 2, y, steps=3)
        page.mouse.up()
        page.mouse.move(left, y)  # let go of: nothing moves
        delta = page.evaluate("live.balls()[0].delta")
        assert delta == pytest.approx(5, abs=0.11)
        page.touchscreen.tap(left + 0.75 * (right - left), y)
        assert page.evaluate("live.balls()[0].delta") == pytest.approx(10, abs=0.11)
        value = page.get_by_label(SLIDER, exact=True).input_value()
        assert float(value) == pytest.approx(10, abs=0.11)
        svg.focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        assert page.evaluate("live.balls()[1].delta") == pytest.approx(9, abs=0.11)
        for _ in range(30):
            page.keyboard.press("ArrowUp")
        assert page.evaluate("live.balls()[1].delta") == 15
