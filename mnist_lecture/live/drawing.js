// Digits drawn by hand, chosen from examples, and judged by networks.

// Draw on a square canvas with mouse, finger or pen, or with the keyboard: the arrows move a pen, the
// space bar puts it down and lifts it. `image()` is the drawing as MNIST would show it, or the one
// that was `give`n; `changed` is called after each change, `width()` is that of the pen.
live.pad = function (canvas, changed, width = () => 16) {
  const context = canvas.getContext("2d"), size = canvas.width;
  let strokes = [], given = null, hand = [size / 2, size / 4], down = false;
  const begin = (x, y) => { given = null; strokes.push([[x, y]]); show(); };
  const go = (x, y) => { strokes.at(-1).push([x, y]); show(); };

  function show() {
    live.paint(context, strokes, width());
    if (given) {
      const small = document.createElement("canvas");
      small.width = small.height = 28;
      live.draw(small, given);
      context.imageSmoothingEnabled = false;
      context.drawImage(small, 0, 0, size, size);
    }
    changed();
  }

  live.drag(canvas, { start: begin, move: go });
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-8, 0], ArrowRight: [8, 0], ArrowUp: [0, -8], ArrowDown: [0, 8] }[event.key];
    if (!step && event.key !== " ") return;
    event.preventDefault();
    if (!step && (down = !down)) begin(...hand);
    if (step) {
      hand = hand.map((x, k) => Math.max(0, Math.min(size, x + step[k])));
      if (down) go(...hand);
    }
    show();
    context.strokeStyle = "#d55e00"; // where the pen is
    context.lineWidth = 2;
    context.strokeRect(hand[0] - 4, hand[1] - 4, 8, 8);
  });

  const give = (image) => { strokes = []; given = image; down = false; show(); };
  return {
    show,
    give,
    clear: () => give(null),
    undo: () => { down = false; given ? (given = null) : strokes.pop(); show(); },
    image: () => given ?? live.written(strokes, width()),
    get strokes() { return strokes; },
    get given() { return given; },
  };
};

// Paint strokes, lists of [x, y], with a round pen of this width; enlarge and move them first.
live.paint = function (context, strokes, width, scale = 1, dx = 0, dy = 0) {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.setTransform(scale, 0, 0, scale, dx, dy);
  context.strokeStyle = "#000";
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
};

// Strokes of a pen as an image: as wide as most of MNIST's for their size, then centred as MNIST was.
live.written = function (strokes, pen) {
  const FINE = 140, THIN = 1.7, THICK = 3.2; // pixels painted, in both directions; width in the image
  const points = strokes.flat();
  if (!points.length) return new Float32Array(784);
  const [[x0, x1], [y0, y1]] = [0, 1].map((axis) => {
    const places = points.map((point) => point[axis]);
    return [Math.min(...places), Math.max(...places)];
  });
  const size = Math.max(x1 - x0, y1 - y0, 1); // of the pen's way
  const inImage = (20 * pen) / (size + pen); // its width, once all ink fills 20 pixels
  const width = Math.max(THIN, Math.min(THICK, inImage)) / 20;
  const scale = (0.9 * FINE * (1 - width)) / size;
  live.fine ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  live.fine.canvas.width = live.fine.canvas.height = FINE;
  live.paint(live.fine, strokes, 0.9 * FINE * width, scale,
    (FINE - scale * (x0 + x1)) / 2, (FINE - scale * (y0 + y1)) / 2);
  const { data } = live.fine.getImageData(0, 0, FINE, FINE);
  return live.centred(Float32Array.from({ length: FINE * FINE }, (_, k) => 1 - data[4 * k] / 255), FINE, FINE);
};

// ---------------------------------------------------------------------------------- chosen, judged
live.an = (digit) => (digit === 8 ? "an 8" : `a ${digit}`);

// A row of small pictures; a click chooses one. It returns a function that marks one, or none.
live.examples = function (parent, images, labels, choose) {
  const box = live.add(parent, "div", { role: "group", "aria-label": "digits", class: "controls" });
  box.style.gap = "4px";
  const buttons = Array.from(labels, (label, k) => {
    const button = live.button(box, "", () => choose(k), { "aria-label": live.an(label), style: "padding: 3px" });
    live.draw(live.canvas(button, 28, 28, 34, "", { "aria-hidden": "true" }), live.image(images, k));
    return button;
  });
  return (chosen) => buttons.forEach((button, k) => button.setAttribute("aria-pressed", k === chosen));
};

// What a network says of an image: in words, and ten columns. Blue is right, orange wrong.
live.verdict = function (parent, name) {
  const section = live.section(parent, name);
  section.style.flexBasis = "120px"; // two beside each other on a phone
  const says = live.add(section, "p", { "aria-live": "polite" });
  says.style.cssText = "font-weight: 700; margin: 0; white-space: nowrap";
  const digit = live.add(says, "span", { style: "font-size: 1.7em; line-height: 1.2" });
  const much = live.add(says, "span");
  const svg = live.svg(section, "svg", { viewBox: "0 0 200 104", role: "img", style: "max-width: 240px" });
  live.svg(svg, "path", { class: "axis", d: "M0 84.5H200" });
  const columns = Array.from({ length: 10 }, (_, k) => {
    live.svg(svg, "text", { x: 20 * k + 10, y: 101, "text-anchor": "middle", style: "font-size: 17px" }, k);
    return live.svg(svg, "rect", { x: 20 * k + 2, width: 16 });
  });
  function update(p, label) {
    const best = p.indexOf(Math.max(...p)), color = (k) => `var(--${k === label ? "blue" : "orange"})`;
    digit.textContent = best;
    much.textContent = ` (${live.percent(p[best])})`;
    says.style.color = color(best);
    svg.setAttribute("aria-label", `${name}: ${p.map((x, k) => `${k} with ${live.percent(x)}`).join(", ")}`);
    columns.forEach((column, k) => {
      column.setAttribute("y", 84 - 84 * p[k]);
      column.setAttribute("height", 84 * p[k]);
      column.style.fill = color(k);
    });
  }
  return { section, update };
};

// Draw cells, `columns` in a row: blue and whole if true, orange and small if false, else nothing.
live.cells = function (canvas, states, columns) {
  const context = canvas.getContext("2d"), size = canvas.width / columns;
  const look = getComputedStyle(canvas); // as the theme of the page has it
  const colors = ["--orange", "--blue"].map((name) => look.getPropertyValue(name));
  context.clearRect(0, 0, canvas.width, canvas.height);
  states.forEach((state, k) => {
    if (state === undefined) return;
    const side = state ? size : size / 2, edge = (size - side) / 2;
    context.fillStyle = colors[+state];
    context.fillRect((k % columns) * size + edge, Math.floor(k / columns) * size + edge, side, side);
  });
};
