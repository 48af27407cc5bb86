// Notebook 11: move a digit about its frame. Which networks follow it, and how far?
{
  const { images, labels, networks } = live.values;
  const FAR = 10, SIDE = 2 * FAR + 1, CELL = 10; // pixels of the shift; a map's cells and their size

  const mark = live.examples(live.figure, images, labels, take);
  live.add(document.head, "style", {}, `
    .cards { flex: 3 1 300px; display: grid; grid-template-columns: 1fr 1fr; gap: 16px; align-items: end }
    .here { position: absolute; width: ${100 / SIDE}%; aspect-ratio: 1; outline: 3px solid; pointer-events: none }
    @media (min-width: 700px) { .cards { grid-template-columns: repeat(${Object.keys(networks).length}, 1fr) } }`);
  const row = live.row();
  const left = live.section(row, "Move it");
  left.style.flexBasis = "200px";
  const how = "The image: drag the digit, or move it with the arrow keys, with Shift by a fifth of a pixel";
  const frame = live.canvas(left, 28, 28, 260, how,
    { class: "hand", tabindex: 0, role: "application", style: "cursor: move" });
  const words = live.add(left, "p", { "aria-live": "polite" });
  live.button(left, "to the middle", () => go(0, 0));
  const cards = live.add(row, "div", { class: "cards" });
  const judges = Object.entries(networks).map(([name, network]) => {
    const { section, update } = live.verdict(cards, name);
    const box = live.add(section, "div", { style: "position: relative; max-width: 200px; margin-top: 8px" });
    const map = live.canvas(box, CELL * SIDE, CELL * SIDE, 200,
      `${name}: where it is right; drag, or use the arrow keys`,
      { class: "hand", tabindex: 0, role: "application" });
    const here = live.add(box, "div", { class: "here" });
    const count = live.add(section, "p", { class: "note" });
    return { read: live.network(network), update, map, here, count, states: [] };
  });
  live.add(live.figure, "p", { class: "note" }, `Maps: the digit moved by up to ${FAR} pixels in all directions. `
    + "Blue: still right. Orange: wrong. What leaves the frame is lost.");

  let image, label, seen, down = 0, right = 0, stop = () => {};
  const soon = live.once(update);
  const limit = (x) => Math.max(-FAR, Math.min(FAR, x));
  function go(y, x) {
    [down, right] = [limit(y), limit(x)];
    soon();
  }

  let from; // the shift at which the digit was seized, minus the pointer's place
  live.drag(frame, {
    start: (x, y) => { from = [down - y, right - x]; },
    move: (x, y) => go(from[0] + y, from[1] + x),
  });
  const place = (x, y) => go(Math.floor(y / CELL) - FAR, Math.floor(x / CELL) - FAR);
  for (const { map } of judges) live.drag(map, { start: place, move: place });
  for (const canvas of [frame, ...judges.map(({ map }) => map)]) {
    canvas.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
      if (!step) return;
      event.preventDefault();
      const far = event.shiftKey ? 0.2 : 1;
      go(down + far * step[0], right + far * step[1]);
    });
  }

  function take(k) {
    mark(k);
    [image, label] = [live.image(images, k), labels[k]];
    for (const judge of judges) judge.states = Array(SIDE * SIDE).fill(undefined);
    judges.forEach(drawMap);
    update();
    stop();
    stop = live.meanwhile(maps());
  }

  const moved = (y, x) => live.transform(image, { shift: [y, x] });

  function update() {
    seen = moved(down, right);
    live.draw(frame, seen);
    for (const judge of judges) {
      judge.update(live.probabilities(judge.read(seen)), label);
      judge.here.style.left = `${(100 * (right + FAR)) / SIDE}%`;
      judge.here.style.top = `${(100 * (down + FAR)) / SIDE}%`;
    }
    const far = (x, [back, ahead]) => `${Math.abs(x).toFixed(1)} px ${x < 0 ? back : ahead}`;
    words.textContent = `${far(right, ["left", "right"])}, ${far(down, ["up", "down"])}`;
  }

  function drawMap({ map, states, count }) {
    live.cells(map, states, SIDE);
    const done = states.filter((state) => state !== undefined);
    count.textContent = `${done.filter(Boolean).length} of ${done.length} right`;
  }

  // Ask at all shifts, the nearest first.
  function* maps() {
    const shifts = Array.from({ length: SIDE * SIDE }, (_, k) => [Math.floor(k / SIDE) - FAR, (k % SIDE) - FAR]);
    shifts.sort(([a, b], [c, d]) => a * a + b * b - c * c - d * d);
    for (const [n, [y, x]] of shifts.entries()) {
      const there = moved(y, x);
      for (const judge of judges) {
        const p = live.probabilities(judge.read(there));
        judge.states[(y + FAR) * SIDE + x + FAR] = p.indexOf(Math.max(...p)) === label;
        yield;
      }
      if (n % SIDE === SIDE - 1) judges.forEach(drawMap);
    }
  }

  live.move = () => ({ down, right, image: seen, states: judges.map(({ states }) => states), update });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => judges.forEach(drawMap));
  take(0);
}
