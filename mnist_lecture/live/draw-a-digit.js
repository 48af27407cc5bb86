// Notebook 12 and a page of its own: draw a digit; two networks read it as MNIST would show it.
{
  const { networks, means, examples, distance } = live.values;
  const SIZE = 280, FINE = 140; // canvas in its own pixels; what is centred, in both directions
  const THIN = 1.7, THICK = 3.2; // width of a stroke in pixels of the image, as most of MNIST's

  const row = live.row();
  const left = live.section(row, "Draw a digit from 0 to 9");
  const middle = live.section(row, "What the networks see");
  const canvas = live.canvas(left, SIZE, SIZE, SIZE, "Canvas: draw a digit with mouse, finger or pen",
    { class: "hand", tabindex: 0 });
  const context = canvas.getContext("2d");
  const controls = live.add(left, "div", { class: "controls" });
  live.button(controls, "clear", () => { strokes = []; given = null; update(); });
  live.button(controls, "undo", () => { given ? (given = null) : strokes.pop(); update(); });
  const pen = live.slider(left, "pen", { min: 4, max: 40, value: 16, step: 1, write: (x) => `${x} px` }, update);
  if (examples) {
    const choose = live.choice(left, "or load an example ", ["–", ...Array.from(examples.labels, String)], (k) => {
      if (!k) return;
      strokes = [];
      given = examples.images.subarray(784 * (k - 1), 784 * k);
      update();
      choose.selectedIndex = 0;
    });
  }
  const seen = live.canvas(middle, 28, 28, 168, "The drawing as an image of 28 by 28 pixels");
  const why = live.add(middle, "p", { "aria-live": "polite" });
  const copied = live.add(middle, "textarea", { rows: 2, readonly: "", "aria-label": "the image as text", hidden: "" });
  live.button(middle, "copy as text", async () => {
    copied.value = btoa(String.fromCharCode(...image.map((x) => Math.round(255 * x))));
    copied.hidden = false;
    copied.select();
    try { await navigator.clipboard.writeText(copied.value); } catch { /* it is selected: Ctrl+C */ }
  });
  live.add(middle, "p", { class: "note" }, "In a notebook, live.image(\"…\") makes an array of this text.");

  const readers = Object.entries(networks).map(([name, network]) => {
    const section = live.section(row, name);
    const bars = live.bars(section, Array(10).keys());
    const maps = live.add(section, "div", { class: "row" });
    const first = network.layers[0];
    const canvases = first.kind === "Conv2D"
      ? Array.from({ length: first.bias.length }, (_, k) => live.canvas(maps, 12, 12, 48, `feature map ${k + 1}`))
      : [];
    if (canvases.length) maps.before(live.add(section, "p", { class: "note" }, "its first layer:"));
    return { read: live.network(network), bars, canvases };
  });

  let strokes = [], given = null, image = new Float32Array(784);

  // The keyboard draws, too: arrows move a pen, the space bar puts it down and lifts it.
  let hand = [SIZE / 2, SIZE / 4], down = false;
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-8, 0], ArrowRight: [8, 0], ArrowUp: [0, -8], ArrowDown: [0, 8] }[event.key];
    if (!step && event.key !== " ") return;
    event.preventDefault();
    if (!step && (down = !down)) begin(...hand);
    if (step) {
      hand = hand.map((x, k) => Math.max(0, Math.min(SIZE, x + step[k])));
      if (down) go(...hand);
    }
    update();
    context.strokeStyle = "#d55e00";
    context.lineWidth = 2;
    context.strokeRect(hand[0] - 4, hand[1] - 4, 8, 8);
  });

  live.drag(canvas, { start: begin, move: go, end: update });

  function begin(x, y) { given = null; strokes.push([[x, y]]); update(); }
  function go(x, y) { strokes.at(-1).push([x, y]); update(); }

  // Paint the strokes with a pen of this width, moved and enlarged.
  function paint(context, width, scale = 1, dx = 0, dy = 0) {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = "#fff";
    context.fillRect(0, 0, context.canvas.width, context.canvas.height);
    context.setTransform(scale, 0, 0, scale, dx, dy);
    context.strokeStyle = context.fillStyle = "#000";
    context.lineWidth = width / scale;
    context.lineCap = context.lineJoin = "round";
    for (const points of strokes) {
      context.beginPath();
      context.moveTo(...points[0]);
      for (const point of points) context.lineTo(...point);
      context.lineTo(points.at(-1)[0], points.at(-1)[1] + 0.01); // a dot is a stroke, too
      context.stroke();
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
  }

  // The drawing, its strokes as wide as MNIST's are for their size, then centred as MNIST was.
  const fine = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  fine.canvas.width = fine.canvas.height = FINE;
  function asImage() {
    if (given) return given;
    const points = strokes.flat();
    if (!points.length) return new Float32Array(784);
    const [x0, x1] = range(points.map((p) => p[0])), [y0, y1] = range(points.map((p) => p[1]));
    const size = Math.max(x1 - x0, y1 - y0, 1); // of the pen's way
    const inImage = (pen.value * 20) / (size + pen.value); // its width, once all ink fills 20 pixels
    const width = Math.max(THIN, Math.min(THICK, inImage)) / 20;
    const scale = (0.9 * FINE * (1 - width)) / size;
    paint(fine, 0.9 * FINE * width, scale,
      FINE / 2 - (scale * (x0 + x1)) / 2, FINE / 2 - (scale * (y0 + y1)) / 2);
    const { data } = fine.getImageData(0, 0, FINE, FINE);
    return live.centred(Float32Array.from({ length: FINE * FINE }, (_, k) => 1 - data[4 * k] / 255), FINE, FINE);
  }
  const range = (numbers) => [Math.min(...numbers), Math.max(...numbers)];

  function update() {
    image = asImage();
    if (given) {
      live.draw(fine2(28), given);
      context.imageSmoothingEnabled = false;
      context.drawImage(small.canvas, 0, 0, SIZE, SIZE);
    } else paint(context, pen.value);
    live.draw(seen, image);
    const empty = !image.some((x) => x > 0);
    const answers = readers.map(({ read, bars, canvases }) => {
      const layers = read(image), p = live.probabilities(layers);
      bars(empty ? p.map(() => 0) : p);
      const { data, shape } = layers[0];
      canvases.forEach((canvas, k) => {
        canvas.width = shape[1];
        canvas.height = shape[0];
        const map = data.filter((_, n) => n % canvases.length === k);
        live.draw(canvas, map, { largest: Math.max(0.5, ...map) });
      });
      return p.indexOf(Math.max(...p));
    });
    why.textContent = empty ? "Nothing yet." : explain(answers);
  }
  const small = document.createElement("canvas").getContext("2d");
  function fine2(n) { small.canvas.width = small.canvas.height = n; return small.canvas; }

  // Which mean image is nearest, and whether any image of the training set is as far from all.
  function explain(answers) {
    const from = Array.from({ length: 10 }, (_, j) => Math.sqrt(image.reduce((sum, x, k) => sum + (x - means[784 * j + k]) ** 2, 0)));
    const order = [...from.keys()].sort((a, b) => from[a] - from[b]);
    const far = distance.filter((d) => d < from[order[0]]).length / distance.length;
    return `The networks read ${answers.join(" and ")}. Of the ten mean images of MNIST, that of the `
      + `${order[0]} is nearest, then that of the ${order[1]}. `
      + (far > 0.99 ? "Hardly any image of the training set is so far from all means: this is not like what they have seen."
        : `${Math.round(100 * far)} % of the training images are nearer to a mean than yours.`);
  }
  live.read = () => ({ image, strokes });
  update();
}
