// Notebook 07: distort a digit by hand. How far can one go before its label is a lie?
{
  const { images, labels, networks, waves } = live.values;
  const write = (digits, unit) => (x) =>
    `${(+x.toFixed(digits) || 0).toFixed(digits)}${unit}`.replace("-", "−"); // || 0, lest it be −0
  const WAYS = {
    rotation: { min: -180, max: 180, value: 0, step: 1, write: write(0, "°") },
    "shift right": { min: -10, max: 10, value: 0, step: 0.1, write: write(1, " px") },
    "shift down": { min: -10, max: 10, value: 0, step: 0.1, write: write(1, " px") },
    scale: { min: 1 / 2, max: 2, value: 1, log: true, step: Math.log10(2) / 30, write: (x) => `×${x.toFixed(2)}` },
    shear: { min: -60, max: 60, value: 0, step: 1, write: write(0, "°") },
    rubber: { min: 0, max: 4, value: 0, step: 0.1, write: write(1, " px") },
  };
  const PLACES = 41; // of each slider at which the networks are asked

  const mark = live.examples(live.figure, images, labels, take);
  const row = live.row();
  const [pictures, verdicts] = [live.row(row), live.row(row)]; // side by side, on a phone one below the other
  pictures.style.flex = verdicts.style.flex = "1 1 290px";
  verdicts.style.alignItems = "flex-end"; // one name may be longer than the other
  const [left, middle] = ["Original", "Distorted"].map((title) => {
    const section = live.section(pictures, title);
    section.style.flexBasis = "120px";
    return section;
  });
  const sheet = "Original: draw here with mouse, finger or pen, or with the arrow keys and the space bar";
  const canvas = live.canvas(left, 280, 280, 200, sheet, { class: "hand", tabindex: 0, role: "application" });
  live.add(left, "p", { class: "note" }, "Draw here, or take one from above.");
  const result = live.canvas(middle, 28, 28, 200, "The distorted image");
  const lie = live.add(middle, "p", { "aria-live": "polite" });
  const judges = Object.entries(networks).map(([name, network]) => ({
    name, read: live.network(network), ...live.verdict(verdicts, name),
  }));

  // Below each slider, where each network still says what the label says.
  const box = live.add(live.figure, "div", { style: "display: grid; gap: 8px 20px; margin: 1em 0" });
  box.style.gridTemplateColumns = "repeat(auto-fit, minmax(max(140px, 30%), 1fr))";
  const now = Object.fromEntries(Object.entries(WAYS).map(([name, { value }]) => [name, value]));
  const sliders = Object.entries(WAYS).map(([name, way]) => {
    const section = live.section(box);
    const slider = live.slider(section, name, way, (x) => { now[name] = x; soon(); });
    const stripe = live.canvas(section, 8 * judges.length, 8 * PLACES, 0, `${name}: where they read the label`,
      { style: "border: 0; margin: 0 8px; image-rendering: auto" });
    stripe.style.width = "calc(100% - 16px)"; // so far goes the middle of the slider's knob
    stripe.style.height = `${8 * judges.length}px`;
    return { name, slider, stripe, states: Array(PLACES * judges.length).fill(undefined) };
  });
  const controls = live.add(live.figure, "div", { class: "controls" });
  live.button(controls, "undistorted", () => {
    for (const { name, slider } of sliders) slider.set(now[name] = WAYS[name].value);
    update();
  });
  live.button(controls, "another rubber", () => {
    field = rubber();
    const { slider } = sliders.at(-1);
    if (!now.rubber) slider.set(now.rubber = 1.5);
    update();
  });
  live.button(controls, "empty sheet", () => pad.clear());
  const names = judges.map(({ name }) => `“${name}”`).join(" above ");
  live.add(live.figure, "p", { class: "note" }, "Blue: read as the label says. Orange: as another digit. "
    + `Stripes: the same for all positions of a slider, ${names}.`);

  const rubber = () => live.field(waves, live.normals(2 * waves.shape[0] ** 2));
  let label = null, field = rubber(), original, distorted;
  let next = 0, finished, stop = () => {};
  const soon = live.once(update);
  const pad = live.pad(canvas, () => {
    if (!pad.given) mark(label = null);
    soon();
  });

  function take(k) {
    mark(k);
    label = labels[k];
    pad.give(live.image(images, k));
  }

  function distort(other) {
    const way = { ...now, ...other }, shift = [way["shift down"], way["shift right"]];
    return live.transform(original, { ...way, shift, field: way.rubber && field.map((x) => way.rubber * x) });
  }
  const says = (judge, image) => live.probabilities(judge.read(image));
  const best = (p) => p.indexOf(Math.max(...p));

  function update() {
    original = pad.image();
    distorted = distort();
    live.draw(result, distorted);
    // what the reader has drawn has no label: let it be what a network says of it as it stands
    const truth = judges.map((judge) => label ?? best(says(judge, original)));
    judges.forEach((judge, n) => judge.update(says(judge, distorted), truth[n]));
    lie.textContent = label === null ? "" : `Its label still says ${label}.`;
    finished = false;
    stop();
    stop = live.meanwhile(stripes(truth));
  }

  // One stripe after the other; while a slider is being moved, go on with the next, not from the first.
  function* stripes(truth) {
    for (let left = sliders.length; left; left--) {
      const { name, stripe, states } = sliders[next];
      const { min, max, log } = WAYS[name];
      for (let k = 0; k < PLACES; k++) {
        const t = k / (PLACES - 1), value = log ? min * (max / min) ** t : min + t * (max - min);
        const image = distort({ [name]: value });
        for (const [n, judge] of judges.entries()) {
          states[PLACES * n + k] = best(says(judge, image)) === truth[n];
          yield;
        }
      }
      live.cells(stripe, states, PLACES);
      next = (next + 1) % sliders.length;
    }
    finished = true;
  }

  const stripesOf = () => sliders.map(({ states }) => states);
  live.distort = () => ({ original, distorted, label, finished, stripes: stripesOf(), update });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", update);
  take(0);
  update();
}
