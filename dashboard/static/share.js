/* Pictures to share: a chart as it stands on the page, or a card of lyrics; on paper, with source and address.
   One listener for the whole document: whatever bears data-share opens the dialog of its chart. Nothing is asked of another host. */
const SIZES = { square: [1080, 1080], story: [1080, 1920], wide: [1200, 630] };
const TEXT = '"Bricolage Grotesque", sans-serif', VERSE = 'Newsreader, serif';
const [LATIN, OTHER] = [/./, /[\u0100-\u024f]/];
const FACES = [
  [TEXT, "bricolage-grotesque-latin-opsz-normal", LATIN], [TEXT, "bricolage-grotesque-latin-ext-opsz-normal", OTHER],
  [VERSE, "newsreader-latin-wght-normal", LATIN], [VERSE, "newsreader-latin-ext-wght-normal", OTHER],
];
const SVG = "http://www.w3.org/2000/svg";

export default function ({ data }) {
  if (data.card) return void openDialog(document.activeElement, data.card.title || data.card.by, data.card.name, (shape) => drawCard(data.card, shape));
  const known = window.seizeShare;
  window.seizeShare = data;
  if (known) return;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-share]");
    const plot = button && document.querySelector(`.st-key-figure-${CSS.escape(button.dataset.share)} .js-plotly-plot`);
    const title = button?.dataset.title;
    if (plot) openDialog(button, title, button.dataset.name, (shape) => drawChart(plot, title, window.seizeShare.source, shape));
  });
}

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function node(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/* The dialog: a preview, three shapes, two files. `picture` returns the SVG element of a shape. */
async function openDialog(opener, title, name, picture) {
  const words = window.seizeShare, preview = element("img", { alt: title });
  const dialog = element("dialog", { class: "share-dialog", "aria-label": words.share });
  let shown = null;
  const show = async (shape) => {
    for (const each of shapes.children) each.setAttribute("aria-pressed", each.dataset.shape === shape);
    shown = { shape, text: await withFonts(picture(shape)) };
    preview.src = address(shown.text);
  };
  const shapes = element("div", { role: "group", "aria-label": words.shape });
  for (const shape of Object.keys(SIZES)) {
    const choice = element("button", { type: "button", "data-shape": shape }, words[shape]);
    choice.addEventListener("click", () => show(shape));
    shapes.append(choice);
  }
  const save = (suffix, blob) => () => blob(shown).then((made) => {
    const link = element("a", { href: URL.createObjectURL(made), download: `${name}-${shown.shape}.${suffix}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
  const files = element("div", {});
  for (const [label, blob] of [["PNG", toPng], ["SVG", toSvg]]) {
    const file = element("button", { type: "button", class: "file" }, label);
    file.addEventListener("click", save(label.toLowerCase(), blob));
    files.append(file);
  }
  const close = element("button", { type: "button" }, words.close);
  close.addEventListener("click", () => dialog.close());
  files.append(close);
  dialog.append(shapes, preview, files);
  dialog.addEventListener("close", () => { dialog.remove(); opener?.focus(); });
  document.querySelector(".stApp").append(dialog);
  dialog.showModal();
  await Promise.all([TEXT, VERSE].map((family) => document.fonts.load(`700 40px ${family}`)));  // text is measured
  await show("square");
}

const address = (text) => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
const toSvg = async (picture) => new Blob([picture.text], { type: "image/svg+xml" });

async function toPng({ text, shape }) {
  const [width, height] = SIZES[shape];
  const image = new Image(width, height);
  image.src = address(text);
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").drawImage(image, 0, 0, width, height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

/* Paper of a shape; at its foot the sixteen bars, so many of them filled, the source, and the address. */
function paper(shape, title, description, source, where, filled = 16) {
  const [width, height] = SIZES[shape], margin = shape === "wide" ? 64 : 84, foot = height - margin;
  const svg = node("svg", { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "font-family": TEXT });
  const page = { svg, shape, margin, foot, inner: width - 2 * margin, ink: inks() };
  svg.append(node("title", {}, title), node("desc", {}, description), node("rect", { width, height, fill: page.ink.paper }));
  for (let bar = 0; bar < 16; bar += 1) fill(page, margin + bar * 12 + Math.floor(bar / 4) * 9, foot - 30, 7, 30, bar < filled ? "accent" : "rule");
  write(page, width - margin, foot - (where ? 38 : 0), shortened(source, 24, page.inner - 290, 600), { size: 24, weight: 600, end: true });
  write(page, width - margin, foot, shortened(where, 24, page.inner - 290, 400), { size: 24, ink: "grey", end: true });
  return page;
}

function write(page, x, y, text, { size, weight = 400, ink = "ink", family = TEXT, end = false }) {
  const look = { x, y, "font-size": size, "font-weight": weight, "font-family": family, fill: page.ink[ink], "xml:space": "preserve" };
  page.svg.append(node("text", end ? { ...look, "text-anchor": "end" } : look, text));
}

function fill(page, x, y, width, height, ink) {
  page.svg.append(node("rect", { x, y, width, height, fill: page.ink[ink] }));
}

function drawChart(plot, title, source, shape) {
  const isOwn = /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[|[^.]+$|.*\.(local|internal|lan)$)/.test(location.hostname);
  const where = isOwn ? "" : readable(location.host + location.pathname + location.search);  // as `is_public` in share.py
  const page = paper(shape, title, "", source, where), size = { square: 44, story: 56, wide: 36 }[shape];
  let y = page.margin + size * 0.6;
  for (const line of rows(title.split(/\s+/), " ", size, page.inner, 700).slice(0, 4)) {
    write(page, page.margin, y, line, { size, weight: 700 });
    y += size * 1.2;
  }
  const top = y - size * 0.4;
  page.svg.append(chart(plot, page.margin, top, page.inner, page.foot - 74 - top));
  return page.svg;
}

/* The chart itself: the layers that were drawn, without those that only answer the mouse. */
function chart(plot, x, y, width, height) {
  const layers = [...plot.querySelectorAll(".main-svg")];
  const own = layers[0].getBoundingClientRect();
  const tall = own.height / own.width > (1.4 * height) / width;
  const fit = tall ? "xMidYMin slice" : "xMidYMid meet";
  const view = { x, y, width, height, viewBox: `0 0 ${own.width} ${own.height}`, preserveAspectRatio: fit };
  const frame = node("svg", view);
  for (const layer of layers) {
    const copy = layer.cloneNode(true);
    copy.querySelectorAll(".draglayer, .hoverlayer, .modebar, .zoomlayer").forEach((each) => each.remove());
    frame.append(copy);
  }
  return frame;
}

/* A card, as `dashboard/queries/cards.py` describes it: from its head down, the lyrics in the room that is left. */
function drawCard(card, shape) {
  const isWide = shape === "wide", isVerse = !card.figures.length;
  const most = isVerse ? { square: 12, story: 16, wide: 6 } : { square: 4, story: 8, wide: 2 };
  const lines = card.lines.slice(0, most[shape]);
  const said = [...card.figures.map((each) => each.join(": ")), ...card.words.map(([label, words]) => `${label}: ${words.join(", ")}`), ...lines.map((line) => line.text), card.note];
  const title = [card.title, card.by].filter(Boolean).join(", ");
  const page = paper(shape, title, said.filter(Boolean).join("\n"), card.source, card.address, isVerse ? lines.length : 16);
  const left = page.margin, largest = isVerse ? 46 : card.lines.length || isWide ? 60 : 96;
  let y = page.margin + 20;
  if (card.title) {
    const size = fitted([card.title], page.inner, 34, largest, 700);
    y += size * 0.6;
    write(page, left, y, shortened(card.title, size, page.inner, 700), { size, weight: 700 });
    y += 14;
  }
  if (card.by) {
    write(page, left, y + 30, shortened(card.by, 28, page.inner, 400), { size: 28, ink: "grey" });
    y += 44;
  }
  y += 16;
  const total = card.sections.reduce((sum, [, count]) => sum + count, 0), high = { square: 34, story: 44, wide: 24 }[shape];
  let x = left;
  for (const [colour, count] of card.sections) {
    fill(page, x, y + 8, Math.max((page.inner * count) / total - 3, 1), high, colour);
    x += (page.inner * count) / total;
  }
  y += total ? high + 40 : 0;
  y = drawFigures(page, card.figures, y, isWide ? 36 : 50);
  for (const [label, words, ink] of card.words) y = drawWords(page, label, words, ink, y, { square: 38, story: 60, wide: 32 }[shape]);
  if (lines.length) drawLines(page, lines, y, page.foot - (card.note ? 114 : 74));
  if (card.note) write(page, left, page.foot - 74, shortened(card.note, 26, page.inner, 400), { size: 26, ink: "accent" });
  return page.svg;
}

function drawFigures(page, figures, y, largest) {
  if (!figures.length) return y;
  const room = (page.inner - 28 * (figures.length - 1)) / figures.length;
  const size = fitted(figures.map(([, value]) => value), room, 24, largest, 650);
  figures.forEach(([name, value], at) => {
    const x = page.margin + at * (room + 28);
    fill(page, x, y, room, 3, "ink");
    write(page, x, y + 36, shortened(name, 22, room, 400), { size: 22, ink: "grey" });
    write(page, x, y + 50 + size * 0.8, shortened(value, size, room, 650), { size, weight: 650 });
  });
  return y + 80 + size;
}

/* Words under their label, in as many rows as end above the foot; returns where what follows may begin. */
function drawWords(page, label, words, ink, y, size) {
  const bottom = page.foot - 66;
  if (!words.length || y + 40 + size > bottom) return y;
  write(page, page.margin, y + 26, label, { size: 22, ink: "grey" });
  y += 26 + size * 1.25;
  for (const row of rows(words, " · ", size, page.inner, 500, VERSE)) {
    if (y > bottom) break;
    write(page, page.margin, y, shortened(row, size, page.inner, 500, VERSE), { size, weight: 500, ink, family: VERSE });
    y += size * 1.3;
  }
  return y + 12;
}

/* Lyrics between two heights, as large as they fit: what rhymes at line ends underlined in the colour of its group, syllables beside. */
function drawLines(page, lines, top, bottom) {
  const gutter = 56, high = (bottom - top) / lines.length, most = Math.min(page.shape === "wide" ? 40 : 58, high / 1.5);
  const size = fitted(lines.map((line) => line.text), page.inner - gutter, Math.min(22, most), most, 500, VERSE);
  const step = Math.min(size * 1.9, high), first = top + (bottom - top - step * lines.length) / 2 + size;
  const said = lines.flatMap((line) => line.rhymes.map(([, , group]) => group));
  const groups = [...new Set(said)].filter((group) => said.indexOf(group) !== said.lastIndexOf(group));  // of two lines that are shown
  const texts = lines.map((line) => shortened(line.text, size, page.inner - gutter, 500, VERSE));
  const beside = page.margin + Math.min(Math.max(...texts.map((text) => measure(text, size, 500, VERSE))) + gutter + 24, page.inner);
  lines.forEach((line, row) => {
    const text = texts[row], y = first + row * step, at = (end) => page.margin + measure(text.slice(0, end), size, 500, VERSE);
    for (const [start, stop, group] of line.rhymes.filter(([, stop, group]) => stop <= text.length && groups.includes(group)))
      fill(page, at(start), y + size * 0.16, at(stop) - at(start), Math.max(2, size * 0.08), RHYMES[groups.indexOf(group) % RHYMES.length]);
    write(page, page.margin, y, text, { size, weight: 500, family: VERSE });
    write(page, beside, y, String(line.syllables), { size: 22, ink: "grey", end: true });
  });
}

/* An address as people read it; as it stands where its escapes are broken. */
function readable(address) {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

const RHYMES = ["blue", "orange", "green", "purple", "sky", "vermilion"];

/* Colours of the page in the theme of the moment. */
function inks() {
  const probe = document.querySelector(".stApp").appendChild(element("i"));
  const found = {};
  for (const name of ["paper", "ink", "grey", "accent", "rule", ...RHYMES]) {
    probe.style.color = `var(--${name})`;
    found[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return found;
}

const pen = document.createElement("canvas").getContext("2d");

function measure(text, size, weight, family = TEXT) {
  pen.font = `${weight} ${size}px ${family}`;
  return pen.measureText(text).width;
}

/* The largest size, between two, at which every text fits into a width: letters are not as wide at one size as at another. */
function fitted(texts, room, least, most, weight, family = TEXT) {
  let size = most;
  while (size > least && texts.some((text) => measure(text, size, weight, family) > room)) size = Math.max(least, size * 0.97);
  return size;
}

function shortened(text, size, room, weight, family = TEXT) {
  if (measure(text, size, weight, family) <= room) return text;
  let end = text.length;
  while (end && measure(`${text.slice(0, end)}…`, size, weight, family) > room) end -= 1;
  return `${text.slice(0, end)}…`;
}

/* Words joined into rows that fit into a width. */
function rows(words, between, size, room, weight, family = TEXT) {
  const made = [];
  for (const word of words) {
    const longer = `${made.at(-1)}${between}${word}`;
    if (made.length && measure(longer, size, weight, family) <= room) made[made.length - 1] = longer;
    else made.push(word);
  }
  return made;
}

/* The text of an SVG, the fonts that it needs inside. */
async function withFonts(svg) {
  const drawn = new XMLSerializer().serializeToString(svg);
  const wanted = FACES.filter(([family, , letters]) => drawn.includes(family.split(",")[0].replaceAll('"', "")) && letters.test(drawn));
  const rules = await Promise.all(wanted.map(async ([family, name]) => {
    const bytes = new Uint8Array(await (await fetch(`app/static/fonts/${name}.woff2`)).arrayBuffer());
    const code = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    return `@font-face{font-family:${family.split(",")[0]};font-weight:200 800;src:url(data:font/woff2;base64,${code}) format("woff2")}`;
  }));
  return drawn.replace(/(<svg[^>]*>)/, `$1<style>${rules.reverse().join("")}</style>`);
}
