// Notebook 12 and a page of its own: draw a digit; two networks read it as MNIST would show it.
{
  // networks by name; means (10, 784) and examples.images (n, 784): uint8, 255 is ink; distance (m)
  // of images of the training set from the nearest mean
  const { networks, examples, distance } = live.values;
  const means = Float32Array.from(live.values.means, (x) => x / 255);

  const row = live.row();
  const left = live.section(row, "Draw a digit from 0 to 9");
  const middle = live.section(row, "What the networks see");
  const canvas = live.canvas(left, 280, 280, 280,
    "Canvas: draw a digit with mouse, finger or pen, or with the arrow keys and the space bar",
    { class: "hand", tabindex: 0 });
  const controls = live.add(left, "div", { class: "controls" });
  live.button(controls, "clear", () => pad.clear());
  live.button(controls, "undo", () => pad.undo());
  const pen = live.slider(left, "pen", { min: 4, max: 40, value: 16, step: 1, write: (x) => `${x} px` },
    () => pad.show());
  const seen = live.canvas(middle, 28, 28, 168, "The drawing as an image of 28 by 28 pixels");
  const why = live.add(middle, "p", { "aria-live": "polite" });
  const copied = live.add(middle, "textarea",
    { rows: 2, readonly: "", "aria-label": "the image as text", hidden: "" });
  live.button(middle, "copy as text", async () => {
    copied.value = btoa(String.fromCharCode(...pad.image().map((x) => Math.round(255 * x))));
    copied.hidden = false;
    copied.select();
    try { await navigator.clipboard.writeText(copied.value); } catch { /* it is selected: Ctrl+C */ }
  });
  live.add(middle, "p", { class: "note" }, "In a notebook, live.image(\"…\") makes an array of this text.");

  const readers = Object.entries(networks).map(([name, network]) => {
    const section = live.section(row, name), first = network.layers[0];
    section.className = "narrow";
    const bars = live.bars(section, Array(10).keys());
    const canvases = [];
    if (first.kind === "Conv2D") {
      live.add(section, "p", { class: "note" }, "its first layer:");
      const maps = live.add(section, "div", { class: "maps" });
      for (let k = 1; k <= first.bias.length; k++) {
        canvases.push(live.canvas(maps, 12, 12, 44, `feature map ${k}`));
      }
    }
    return { read: live.network(network), bars, canvases };
  });
  const pad = live.pad(canvas, update, () => pen.value);
  if (examples) {
    live.add(left, "p", { class: "note" }, "or look at one of these:");
    live.examples(left, examples.images, examples.labels, (k) => pad.give(live.image(examples.images, k)));
    pad.give(live.image(examples.images, 0));
  } else pad.show();

  function update() {
    const image = pad.image(), empty = !image.some((x) => x > 0);
    live.draw(seen, image);
    const answers = readers.map(({ read, bars, canvases }) => {
      const layers = read(image), p = live.probabilities(layers), { data, shape } = layers[0];
      bars(empty ? p.map(() => 0) : p);
      canvases.forEach((canvas, k) => {
        [canvas.height, canvas.width] = shape;
        const map = data.filter((_, n) => n % canvases.length === k);
        live.draw(canvas, map, { largest: Math.max(0.5, ...map) });
      });
      return p.indexOf(Math.max(...p));
    });
    why.textContent = empty ? "Nothing yet." : explain(image, answers);
  }

  // Which mean image is nearest, and whether the images of the training set are as far from all.
  function explain(image, answers) {
    const from = Array.from({ length: 10 }, (_, j) =>
      Math.hypot(...image.map((x, k) => x - means[784 * j + k])));
    const order = [...from.keys()].sort((a, b) => from[a] - from[b]);
    const nearer = distance.filter((d) => d < from[order[0]]).length / distance.length;
    return `The networks read ${answers.join(" and ")}. Of the ten mean images, that of the ${order[0]} is `
      + `nearest, then that of the ${order[1]}. ` + (nearer > 0.99
      ? "Hardly any validation image is so far from all means: this is not what they have seen."
      : `${Math.round(100 * nearer)} % of the validation images are nearer to a mean than this.`);
  }

  // For tests: the image that drawn strokes become, and the time in ms that all of it takes.
  live.drawn = (strokes, width) => {
    pen.set(width);
    pad.clear();
    pad.strokes.push(...strokes);
    const start = performance.now();
    pad.show();
    return { image: Array.from(pad.image()), ms: performance.now() - start };
  };
}
