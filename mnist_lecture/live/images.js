// Images of 28 x 28 pixels, Float32Array(784), ink 1 on paper 0: centred, distorted, drawn, judged.

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

// --------------------------------------------------------------------------------------- distorted
// Distort as `augmentation.transform` does: scaled, sheared, rotated (degrees, counterclockwise) and
// shifted ([down, right]). Each pixel looks up, between four pixels of the image, the place that
// the map leads to it. A `field` (live.field) displaces these places, as in `augmentation.distort`.
live.transform = function (image, { shift = [0, 0], rotation = 0, scale = 1, shear = 0, field } = {}) {
  const [down, right] = shift, [tall, wide = tall] = [scale].flat();
  const angle = (rotation * Math.PI) / 180, lean = Math.tan((shear * Math.PI) / 180);
  const cos = Math.cos(angle), sin = Math.sin(angle);
  const a = (cos + sin * lean) * tall, b = -sin * wide; // the matrix of the map, y before x
  const c = (sin - cos * lean) * tall, d = cos * wide;
  const det = a * d - b * c, out = new Float32Array(784);
  const gray = (y, x) => (y < 0 || y > 27 || x < 0 || x > 27 ? 0 : image[28 * y + x]);
  for (let k = 0; k < 784; k++) {
    const toY = Math.floor(k / 28) - 13.5 - down, toX = (k % 28) - 13.5 - right;
    const y = 13.5 + (d * toY - b * toX) / det + (field ? field[k] : 0);
    const x = 13.5 + (a * toX - c * toY) / det + (field ? field[784 + k] : 0);
    const row = Math.floor(y), column = Math.floor(x), p = y - row, q = x - column;
    out[k] = (1 - p) * ((1 - q) * gray(row, column) + q * gray(row, column + 1))
      + p * ((1 - q) * gray(row + 1, column) + q * gray(row + 1, column + 1));
  }
  return out;
};

// The elastic field of `augmentation.distort` for elastic = 1: displacements down, then right, each
// a sum of all products of a wave in y and one in x with normal `strengths` (2 x waves x waves).
live.field = function (waves, strengths) {
  const n = waves.shape[0], field = new Float32Array(2 * 784);
  strengths.forEach((strength, k) => {
    const axis = Math.floor(k / n / n), i = Math.floor(k / n) % n, j = k % n;
    for (let y = 0; y < 28; y++) for (let x = 0; x < 28; x++) {
      field[784 * axis + 28 * y + x] += strength * waves[28 * i + y] * waves[28 * j + x];
    }
  });
  return field;
};

// Numbers from a normal distribution of mean 0 and variance 1 (Box and Muller).
live.normals = (n) => Float32Array.from({ length: n }, () =>
  Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random()));

// One of the images (n x 784, uint8), ink 1.
live.image = (images, k) => Float32Array.from(images.subarray(784 * k, 784 * (k + 1)), (x) => x / 255);
