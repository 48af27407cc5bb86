// Images of 28 x 28 pixels, Float32Array(784), ink 1 on paper 0: centred, distorted, filtered.

// Centre as MNIST's makers did: the ink, of any size, is scaled into a box of 20 x 20 pixels, its
// proportions kept, and placed so that its centre of mass is the centre (LeCun et al., 1998).
live.centred = function (ink, rows, columns) {
  let [top, left, bottom, right] = [rows, columns, -1, -1];
  for (let y = 0; y < rows; y++) for (let x = 0; x < columns; x++) {
    if (ink[y * columns + x] > 0) {
      if (y < top) top = y;
      if (y > bottom) bottom = y;
      if (x < left) left = x;
      if (x > right) right = x;
    }
  }
  const image = new Float32Array(784);
  if (bottom < 0) return image;
  const height = bottom - top + 1, width = right - left + 1;
  const scale = Math.max(height, width) / 20; // pixels of the drawing in one of the image
  const h = Math.max(1, Math.round(height / scale)), w = Math.max(1, Math.round(width / scale));
  const small = live.resized(ink, columns, { top, left, height, width }, h, w);
  let [mass, my, mx] = [0, 0, 0];
  for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) {
    const m = small[y * w + x];
    mass += m;
    my += m * y;
    mx += m * x;
  }
  // Their centre is the pixel 14, counted from 0. What would leave the image is kept in it.
  const shift = (n, mean) => Math.max(0, Math.min(28 - n, Math.round(14 - mean)));
  const dy = shift(h, my / mass), dx = shift(w, mx / mass);
  for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) {
    image[(y + dy) * 28 + x + dx] = small[y * w + x];
  }
  return image;
};

// Return a rectangle of `ink` as h x w pixels, each the mean over its area (or between pixels, if
// there are more of them than before).
live.resized = function (ink, columns, { top, left, height, width }, h, w) {
  const weights = (from, to) => Array.from({ length: to }, (_, k) => {
    const a = (k * from) / to, b = ((k + 1) * from) / to, parts = [];
    for (let n = Math.floor(a); n < Math.min(from, Math.ceil(b)); n++) {
      parts.push([n, (Math.min(b, n + 1) - Math.max(a, n)) / (b - a)]);
    }
    return parts;
  });
  const across = weights(width, w), down = weights(height, h), out = new Float32Array(h * w);
  for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) {
    let sum = 0;
    for (const [i, a] of down[y]) for (const [j, b] of across[x]) {
      sum += a * b * ink[(top + i) * columns + left + j];
    }
    out[y * w + x] = sum;
  }
  return out;
};
